/** SQL that makes what stands by itself, and what is told of an object after it is there. */
import type { Address } from '../../../catalog/address.ts';
import { tableAddress } from '../../../catalog/address.ts';
import type {
  CatalogObject,
  Enum,
  MaterializedView,
  Opaque,
  Policy,
  Role,
  Sequence,
  Trigger,
  View,
} from '../../../catalog/objects.ts';
import { quoteAddress, quoteLiteral, quoteName } from '../quote.ts';
import { commentParts, createRare, rareName } from './rare.ts';
import { withStorage, writeSequence } from './tables.ts';

export function createEnum(object: Enum): string {
  return `CREATE TYPE ${quoteAddress(object.address)} AS ENUM (${object.values.map(quoteLiteral).join(', ')})`;
}

export function createSequence(sequence: Sequence): string {
  const persistence = sequence.unlogged ? 'UNLOGGED ' : '';
  return `CREATE ${persistence}SEQUENCE ${quoteAddress(sequence.address)} AS ${sequence.type} ${writeSequence(sequence.options)}`;
}

export function ownSequence(sequence: Sequence): readonly string[] {
  if (!sequence.ownedBy) return [];
  return [`ALTER SEQUENCE ${quoteAddress(sequence.address)} OWNED BY ${sequence.ownedBy}`];
}

export function createView(view: View | MaterializedView): string {
  const options = withStorage(view.options);
  const name = quoteAddress(view.address);
  if (view.kind === 'view') {
    const columns =
      view.columns && view.columns.length > 0 ? ` (${view.columns.map(quoteName).join(', ')})` : '';
    return `CREATE VIEW ${name}${columns} ${options} AS ${view.definition.text}`;
  }
  const method = view.accessMethod ? `USING ${quoteName(view.accessMethod)} ` : '';
  const tablespace = view.tablespace ? `TABLESPACE ${quoteName(view.tablespace)} ` : '';
  const data = view.populated === false ? '\nWITH NO DATA' : '';
  return `CREATE MATERIALIZED VIEW ${name} ${method}${options} ${tablespace}AS ${view.definition.text}${data}`;
}

export function createPolicy(policy: Policy): string {
  return [
    `CREATE POLICY ${quoteName(policy.address.name)} ON ${quoteAddress(tableAddress(policy.address))}`,
    policy.as === 'restrictive' ? 'AS RESTRICTIVE' : '',
    `FOR ${policy.for.toUpperCase()}`,
    `TO ${policy.to.map(writeRole).join(', ')}`,
    policy.using === null ? '' : `USING (${policy.using.text}\n)`,
    policy.withCheck === null ? '' : `WITH CHECK (${policy.withCheck.text}\n)`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function writeRole(role: string): string {
  return /^(?:public|current_user|current_role|session_user)$/i.test(role)
    ? role.toUpperCase()
    : quoteName(role);
}

export function createRole(role: Role): string {
  return `CREATE ROLE ${quoteName(role.address.name)} ${role.createDb ? 'CREATEDB' : 'NOCREATEDB'} ${role.createRole ? 'CREATEROLE' : 'NOCREATEROLE'} ${role.inherit ? 'INHERIT' : 'NOINHERIT'}`;
}

const triggerStates = { disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' } as const;

export function createTrigger(trigger: Trigger): readonly string[] {
  const { enabled, inherited } = trigger;
  const target = `ALTER TABLE ${quoteAddress(tableAddress(trigger.address))}`;
  return [
    ...(inherited ? [] : [trigger.definition.text]),
    ...(inherited && enabled === 'origin'
      ? [`${target} ENABLE TRIGGER ${quoteName(trigger.address.name)}`]
      : []),
    ...(enabled === undefined || enabled === 'origin'
      ? []
      : [`${target} ${triggerStates[enabled]} TRIGGER ${quoteName(trigger.address.name)}`]),
  ];
}

/** Objects that are compared by their definition. */
export function createOpaque(object: Opaque): readonly string[] {
  const { text } = object.definition;
  const name = quoteAddress(object.address);
  switch (object.kind) {
    case 'function':
      return [text];
    case 'rule':
      return createRule(object);
    case 'statistics':
      return createStatistics(text, name);
    case 'domain':
      return [`CREATE DOMAIN ${name} AS ${text}`];
    case 'compositeType':
      return [`CREATE TYPE ${name} AS ${text}`];
    case 'rangeType':
      return [`CREATE TYPE ${name} AS RANGE ${text}`];
    case 'collation':
      return [`CREATE COLLATION ${name} ${text}`];
    case 'extension':
      return [`CREATE EXTENSION IF NOT EXISTS ${name} ${text.replace(/ VERSION '[^']*'$/, '')}`];
    case 'foreignServer':
      return [`CREATE SERVER ${name} ${text}`];
    case 'foreignTable':
      return [`CREATE FOREIGN TABLE ${name} ${text}`];
    case 'aggregate':
      return [`CREATE AGGREGATE ${writeSignature(object.address)} ${text}`];
    case 'operator':
      return [
        `CREATE OPERATOR ${quoteName(object.address.namespace)}.${operatorName(object.address)} ${text}`,
      ];
    case 'cast':
      return [`CREATE CAST (${object.address.name}) ${text}`];
    case 'publication':
      return [`CREATE PUBLICATION ${name} ${text}`];
    case 'foreignDataWrapper':
      return [`CREATE FOREIGN DATA WRAPPER ${name} ${text}`];
    case 'textSearchDictionary':
      return [`CREATE TEXT SEARCH DICTIONARY ${name} ${text}`];
    case 'subscription':
      return createSubscription(name, text);
    case 'eventTrigger':
      return createEventTrigger(name, text);
    case 'textSearchConfiguration':
      return createSearchConfiguration(name, text);
    case 'defaultPrivileges':
      return grantDefaults(object.address, text);
    default:
      return createRare(object);
  }
}

/** The state that is not the usual one stands behind the definition, as a comment. */
function splitState(text: string): { readonly definition: string; readonly state: string | undefined } {
  const found = / -- (disabled|replica|always)$/.exec(text);
  return found
    ? { definition: text.slice(0, found.index), state: found[1] }
    : { definition: text, state: undefined };
}

function createRule(rule: Opaque): readonly string[] {
  const { definition, state } = splitState(rule.definition.text);
  const made = definition.replace(/;\s*$/, '');
  if (state === undefined) return [made];
  const word = triggerStates[state as keyof typeof triggerStates];
  const table = quoteAddress(tableAddress(rule.address));
  return [made, `ALTER TABLE ${table} ${word} RULE ${quoteName(rule.address.name)}`];
}

/** Where the publisher is, no catalogue tells to everybody: made so that it connects to nothing until somebody says. */
function createSubscription(name: string, text: string): readonly string[] {
  const idle = 'connect = false, enabled = false, slot_name = NONE, create_slot = false';
  const options = text.replace(/WITH \(enabled = \w+/, `WITH (${idle}`);
  return [`CREATE SUBSCRIPTION ${name} CONNECTION '' ${options}`];
}

function createEventTrigger(name: string, text: string): readonly string[] {
  const { definition, state } = splitState(text);
  const made = `CREATE EVENT TRIGGER ${name} ${definition}`;
  if (state === undefined) return [made];
  return [made, `ALTER EVENT TRIGGER ${name} ${triggerStates[state as keyof typeof triggerStates]}`];
}

function createStatistics(text: string, name: string): readonly string[] {
  const found = / SET STATISTICS (\d+)$/.exec(text);
  if (!found) return [text];
  return [text.slice(0, found.index), `ALTER STATISTICS ${name} SET STATISTICS ${found[1] ?? ''}`];
}

/** `name(arguments)` with the name in its namespace. */
export function writeSignature({ namespace, name }: Address): string {
  return `${quoteName(namespace)}.${name}`;
}

function operatorName({ name }: Address): string {
  return name.replace(/\([^(]*\)$/, '');
}

function createSearchConfiguration(name: string, text: string): readonly string[] {
  const [parser, ...mappings] = JSON.parse(text) as [string, ...(readonly [string, string])[]];
  const byToken = new Map<string, string[]>();
  for (const [token, dictionary] of mappings) {
    byToken.set(token, [...(byToken.get(token) ?? []), dictionary]);
  }
  return [
    `CREATE TEXT SEARCH CONFIGURATION ${name} (PARSER = ${quoteName(parser)})`,
    ...[...byToken].map(
      ([token, dictionaries]) =>
        `ALTER TEXT SEARCH CONFIGURATION ${name} ADD MAPPING FOR ${token} WITH ${dictionaries.join(', ')}`,
    ),
  ];
}

const privilegeTargets: Readonly<Record<string, string>> = {
  r: 'TABLES',
  S: 'SEQUENCES',
  f: 'FUNCTIONS',
  T: 'TYPES',
  n: 'SCHEMAS',
  L: 'LARGE OBJECTS',
};

function grantDefaults({ namespace, name }: Address, text: string): readonly string[] {
  const [role = '', type = ''] = name.split(/ (?=\S+$)/);
  const where = namespace === '' ? '' : ` IN SCHEMA ${quoteName(namespace)}`;
  const on = `ON ${privilegeTargets[type] ?? 'TABLES'}`;
  const change = `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteName(role)}${where}`;
  // For the whole database they stand in place of what is usual; for a schema they come to it.
  const revoked = namespace === '' ? [`${change} REVOKE ALL ${on} FROM PUBLIC, ${quoteName(role)}`] : [];
  const granted = text
    .split(', ')
    .filter((item) => item !== '')
    .map((item) => {
      const [, grantee = '', privilege = '', star = ''] = /^(.*)=([A-Z ]+)(\*?)$/.exec(item) ?? [];
      return `${change} GRANT ${privilege} ${on} TO ${writeGrantee(grantee)}${star === '' ? '' : ' WITH GRANT OPTION'}`;
    });
  return [...revoked, ...granted];
}

function writeGrantee(grantee: string): string {
  return grantee === 'PUBLIC' ? 'PUBLIC' : quoteName(grantee);
}

/** GRANT and REVOKE for privileges as the catalogue shows them. */
export function writeGrants(
  target: string,
  owner: string | null | undefined,
  grants: readonly string[],
): readonly string[] {
  return grants.flatMap((item) => {
    // What is usual in a database is made by the database.
    if (item.startsWith('~')) return [];
    const [, not, grantee = '', list = ''] = /^(not )?(.*)=(.*)$/.exec(item) ?? [];
    if (not !== undefined) {
      const from = grantee === 'owner' ? (owner ?? 'CURRENT_USER') : grantee;
      return [
        `REVOKE ${list.replaceAll('*', '')} ON ${target} FROM ${from === 'CURRENT_USER' ? from : writeGrantee(from)}`,
      ];
    }
    const words = list.split(',');
    const plain = words.filter((word) => !word.endsWith('*'));
    const passing = words.filter((word) => word.endsWith('*')).map((word) => word.slice(0, -1));
    return [
      ...(plain.length === 0 ? [] : [`GRANT ${plain.join(', ')} ON ${target} TO ${writeGrantee(grantee)}`]),
      ...(passing.length === 0
        ? []
        : [`GRANT ${passing.join(', ')} ON ${target} TO ${writeGrantee(grantee)} WITH GRANT OPTION`]),
    ];
  });
}

/** COMMENT ON, for every kind that has one. */
export function writeComment(object: CatalogObject): readonly string[] {
  const target = object.comment ? commentTarget(object) : null;
  return [
    ...(target === null ? [] : [`COMMENT ON ${target} IS ${quoteLiteral(object.comment ?? '')}`]),
    ...commentParts(object),
  ];
}

/** ALTER … OWNER TO, for the kinds that are called there as they are in COMMENT ON. */
export function writeOwner(object: CatalogObject): readonly string[] {
  const target = 'owner' in object && object.owner ? commentTarget(object) : null;
  return target === null || !('owner' in object)
    ? []
    : [`ALTER ${target} OWNER TO ${quoteName(object.owner ?? '')}`];
}

function commentTarget(object: CatalogObject): string | null {
  const { address } = object;
  const name = quoteAddress(address);
  const onTable = (word: string): string =>
    `${word} ${quoteName(address.name)} ON ${quoteAddress(tableAddress(address))}`;
  switch (object.kind) {
    case 'column':
      return `COLUMN ${quoteAddress(tableAddress(address))}.${quoteName(address.name)}`;
    case 'primaryKey':
    case 'unique':
    case 'foreignKey':
    case 'check':
    case 'exclusion':
      return onTable('CONSTRAINT');
    case 'policy':
      return onTable('POLICY');
    case 'trigger':
      return onTable('TRIGGER');
    case 'rule':
      return onTable('RULE');
    case 'index':
      return `INDEX ${quoteAddress({ namespace: address.namespace, name: address.name })}`;
    case 'function':
    case 'aggregate': {
      const word = object.kind === 'aggregate' ? 'AGGREGATE' : 'ROUTINE';
      return `${word} ${writeSignature(address)}`;
    }
    case 'operator':
      return `OPERATOR ${quoteName(address.namespace)}.${address.name}`;
    case 'cast':
      return `CAST (${address.name})`;
    case 'virtualTable':
    case 'defaultPrivileges':
    case 'userMapping':
    case 'securityLabel':
      return null;
    case 'operatorClass':
    case 'operatorFamily':
    case 'transform':
      return `${commentWords[object.kind]} ${rareName(object.address)}`;
    default:
      return `${commentWords[object.kind]} ${name}`;
  }
}

const commentWords = {
  table: 'TABLE',
  enum: 'TYPE',
  sequence: 'SEQUENCE',
  view: 'VIEW',
  materializedView: 'MATERIALIZED VIEW',
  role: 'ROLE',
  schema: 'SCHEMA',
  extension: 'EXTENSION',
  domain: 'DOMAIN',
  statistics: 'STATISTICS',
  foreignTable: 'FOREIGN TABLE',
  foreignServer: 'SERVER',
  compositeType: 'TYPE',
  rangeType: 'TYPE',
  collation: 'COLLATION',
  textSearchConfiguration: 'TEXT SEARCH CONFIGURATION',
  eventTrigger: 'EVENT TRIGGER',
  publication: 'PUBLICATION',
  subscription: 'SUBSCRIPTION',
  foreignDataWrapper: 'FOREIGN DATA WRAPPER',
  textSearchDictionary: 'TEXT SEARCH DICTIONARY',
  baseType: 'TYPE',
  operatorClass: 'OPERATOR CLASS',
  operatorFamily: 'OPERATOR FAMILY',
  conversion: 'CONVERSION',
  transform: 'TRANSFORM',
  language: 'LANGUAGE',
  accessMethod: 'ACCESS METHOD',
  textSearchParser: 'TEXT SEARCH PARSER',
  textSearchTemplate: 'TEXT SEARCH TEMPLATE',
} as const;
