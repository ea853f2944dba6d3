/** What stands on its own (types, functions, views …) and what Drizzle has no word for, as catalogue objects. */
import type { Address } from '../../../catalog/address.ts';
import { compareText } from '../../../catalog/address.ts';
import type { CatalogObject, Expression, OpaqueKind, Policy, Sequence } from '../../../catalog/objects.ts';
import { quoteLiteral } from '../quote.ts';
import {
  describeAggregate,
  describeCast,
  describeCollation,
  describeDictionary,
  describeOperator,
  describePublication,
  describeSubscription,
  describeWrapper,
  printOptions,
} from './describe.ts';
import { canonicalise, createExpression, printName } from '../syntax/canonical.ts';
import { canonicaliseType } from '../syntax/types.ts';
import { decodeCollation, decodeSequence } from './decode-tables.ts';
import type { Owned, Privileges } from './privileges-others.ts';
import type { Catalogue, PolicyRow, RelationRow, SequenceRow, TriggerRow } from './rows.ts';

export function decodeFreeSequence(row: SequenceRow, privileges: Privileges): Sequence {
  return {
    kind: 'sequence',
    address: { namespace: row.namespace, name: row.name },
    type: row.type,
    options: decodeSequence(row),
    unlogged: row.persistence === 'u',
    ownedBy:
      row.owned === null
        ? null
        : row.owned
            .map(printName)
            .join('.')
            .replace(/^public\./, ''),
    ...privileges,
    comment: row.comment,
  };
}

const commands: Readonly<Record<PolicyRow['command'], Policy['for']>> = {
  '*': 'all',
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
};

export function decodePolicy(row: PolicyRow, table: RelationRow): Policy {
  return {
    kind: 'policy',
    address: { namespace: table.namespace, table: table.name, name: row.name },
    as: row.permissive ? 'permissive' : 'restrictive',
    for: commands[row.command],
    to: [...row.roles].sort(compareText),
    using: row.using === null ? null : createExpression(row.using),
    withCheck: row.withCheck === null ? null : createExpression(row.withCheck),
    comment: row.comment,
  };
}

const enabledStates: Readonly<Record<string, 'origin' | 'disabled' | 'replica' | 'always'>> = {
  O: 'origin',
  D: 'disabled',
  R: 'replica',
  A: 'always',
};

export function decodeTrigger(row: TriggerRow, table: RelationRow): CatalogObject {
  return {
    kind: 'trigger',
    address: { namespace: table.namespace, table: table.name, name: row.name },
    definition: createExpression(row.definition),
    enabled: enabledStates[row.enabled] ?? 'origin',
    comment: row.comment,
  };
}

/** Tells what is part of the schema of an object's owner and grants. */
export type ReadPrivileges = (object: Owned) => Privileges;

/** Every kind that is compared by its definition alone. */
export function decodeOpaque(
  catalogue: Catalogue,
  tables: ReadonlyMap<number, RelationRow>,
  readPrivileges: { readonly function: ReadPrivileges; readonly type: ReadPrivileges },
): readonly CatalogObject[] {
  return [
    ...decodeRoutines(catalogue, readPrivileges.function),
    ...decodeTypes(catalogue, readPrivileges.type),
    ...decodeDatabaseObjects(catalogue),
    ...catalogue.rules.flatMap((row) => {
      const table = tables.get(row.relation);
      if (!table) return [];
      const state = enabledStates[row.enabled] ?? 'origin';
      const definition = `${row.definition}${state === 'origin' ? '' : ` -- ${state}`}`;
      const address = { namespace: table.namespace, table: table.name, name: row.name };
      return [opaque('rule', address, definition, row.comment, `${canonicalise(row.definition)} ${state}`)];
    }),
    ...catalogue.statistics.map((row) =>
      opaque(
        'statistics',
        addressOf(row),
        `${row.definition}${row.target === null ? '' : ` SET STATISTICS ${String(row.target)}`}`,
        row.comment,
      ),
    ),
  ];
}

function decodeRoutines(catalogue: Catalogue, readPrivileges: ReadPrivileges): readonly CatalogObject[] {
  return catalogue.routines.map((row): CatalogObject => {
    const address = { namespace: row.namespace, name: `${printName(row.name)}(${row.arguments})` };
    if (row.kind === 'a')
      return opaque('aggregate', address, describeAggregate(row.aggregate ?? []), row.comment);
    // A body is compared to the letter: inside it white space and comments can be what somebody changed.
    const definition = (row.definition ?? '').trimEnd();
    return {
      kind: 'function',
      address,
      definition: { text: definition, canonical: definition },
      ...readPrivileges(row),
      comment: row.comment,
    };
  });
}

function decodeTypes(catalogue: Catalogue, readPrivileges: ReadPrivileges): readonly CatalogObject[] {
  const type = (
    kind: 'domain' | 'compositeType' | 'rangeType',
    row: Catalogue['domains' | 'composites' | 'ranges'][number],
    text: string,
  ): CatalogObject => ({ ...opaque(kind, addressOf(row), text, row.comment), ...readPrivileges(row) });
  return [
    ...catalogue.domains.map((row) => type('domain', row, describeDomain(row))),
    ...catalogue.composites.map((row) => {
      const attributes = (row.attributes ?? []).map(([name, type, collation]) =>
        `${printName(name)} ${canonicaliseType(type)} ${collate(decodeCollation(collation))}`.trimEnd(),
      );
      return type('compositeType', row, `(${attributes.join(', ')})`);
    }),
    ...catalogue.ranges.map((row) => {
      const parts: readonly (readonly [string, string | null])[] = [
        ['subtype', row.subtype],
        ['subtype_opclass', row.opclass],
        ['collation', row.collation],
        ['canonical', row.canonical],
        ['subtype_diff', row.subdiff],
        ['multirange_type_name', row.multirange],
      ];
      const options = parts.filter(([, value]) => value !== null && value !== '-');
      const text = `(${options.map(([name, value]) => `${name} = ${value ?? ''}`).join(', ')})`;
      return type('rangeType', row, text);
    }),
    ...catalogue.collations.map((row) =>
      opaque('collation', addressOf(row), describeCollation(row.definition), row.comment),
    ),
    ...catalogue.operators.map((row) => {
      const name = `${row.name}(${row.left ?? 'NONE'}, ${row.right ?? 'NONE'})`;
      return opaque('operator', { namespace: row.namespace, name }, describeOperator(row), row.comment);
    }),
    ...catalogue.searchDictionaries.map((row) =>
      opaque('textSearchDictionary', addressOf(row), describeDictionary(row), row.comment),
    ),
    ...catalogue.searchConfigurations.map((row) =>
      opaque(
        'textSearchConfiguration',
        addressOf(row),
        describe([row.parser, ...(row.mappings ?? [])]),
        row.comment,
      ),
    ),
  ];
}

function describeDomain(row: Catalogue['domains'][number]): string {
  const checks = (row.checks ?? []).map(([name, check]) => `CONSTRAINT ${printName(name)} ${check}`);
  return [
    canonicaliseType(row.base),
    collate(decodeCollation(row.collation)),
    row.default === null ? '' : `DEFAULT ${row.default}`,
    row.notNull ? 'NOT NULL' : '',
    ...checks,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Objects that belong to the database and to none of its schemas. */
function decodeDatabaseObjects(catalogue: Catalogue): readonly CatalogObject[] {
  const global = (name: string): Address => ({ namespace: '', name });
  return [
    ...catalogue.extensions.map((row) => {
      const schema = `SCHEMA ${printName(row.namespace)}`;
      // The comment is the extension's own, and the version that of the installation.
      return opaque('extension', global(row.name), `${schema} VERSION '${row.version}'`, null, schema);
    }),
    ...catalogue.servers.map((row) =>
      opaque(
        'foreignServer',
        global(row.name),
        `${row.type === null ? '' : `TYPE ${quoteLiteral(row.type)} `}${row.version === null ? '' : `VERSION ${quoteLiteral(row.version)} `}FOREIGN DATA WRAPPER ${printName(row.wrapper)}${printOptions(row.options)}`,
        row.comment,
      ),
    ),
    ...catalogue.wrappers.map((row) =>
      opaque('foreignDataWrapper', global(row.name), describeWrapper(row), row.comment),
    ),
    ...catalogue.subscriptions.map((row) =>
      opaque('subscription', global(row.name), describeSubscription(row), row.comment),
    ),
    ...catalogue.casts.map((row) =>
      opaque('cast', global(`${row.source} AS ${row.target}`), describeCast(row.definition), row.comment),
    ),
    ...catalogue.eventTriggers.map((row) =>
      opaque(
        'eventTrigger',
        global(row.name),
        `ON ${row.event}${row.tags === null ? '' : ` WHEN TAG IN (${row.tags.map(quoteLiteral).join(', ')})`} EXECUTE FUNCTION ${row.function}()${row.enabled === 'O' ? '' : ` -- ${enabledStates[row.enabled] ?? row.enabled}`}`,
        row.comment,
        describe([row.event, row.function, row.enabled, ...(row.tags ?? [])]),
      ),
    ),
    ...catalogue.publications.map((row) =>
      opaque('publication', global(row.name), describePublication(row.definition), row.comment),
    ),
    ...catalogue.defaultPrivileges.map((row) => {
      const items = (row.acl ?? []).map(
        ([grantee, privilege, grantable]) => `${grantee}=${privilege}${grantable ? '*' : ''}`,
      );
      const name = `${row.role} ${row.objectType}`;
      return opaque(
        'defaultPrivileges',
        { namespace: row.namespace, name },
        items.sort(compareText).join(', '),
        null,
      );
    }),
  ];
}

/** A foreign table as one object, with its columns. */
export function decodeForeignTable(row: RelationRow, columns: readonly string[]): CatalogObject {
  const { foreign, comment = null } = row.unusual ?? {};
  const server = `SERVER ${printName(foreign?.server ?? '')}${printOptions(foreign?.options ?? null)}`;
  return opaque('foreignTable', addressOf(row), `(${columns.join(', ')}) ${server}`, comment);
}

function collate(collation: string | null): string {
  return collation === null ? '' : `COLLATE ${collation}`;
}

function addressOf(row: { readonly namespace: string; readonly name: string }): Address {
  return { namespace: row.namespace, name: row.name };
}

/** A definition that PostgreSQL has no function to print: its parts, in a fixed order. */
function describe(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

function opaque(
  kind: OpaqueKind,
  address: Address,
  text: string,
  comment: string | null,
  canonical?: string,
): CatalogObject {
  const definition: Expression = canonical === undefined ? createExpression(text) : { text, canonical };
  return { kind, address, definition, comment };
}
