/** What stands on its own (types, functions, views …) and what Drizzle has no word for, as catalogue objects. */
import type { Address } from '../../../catalog/address.ts';
import { compareText } from '../../../catalog/address.ts';
import type { CatalogObject, Expression, Opaque, Policy, Sequence } from '../../../catalog/objects.ts';
import type { OpaqueKind } from '../../../catalog/opaque-kinds.ts';
import { quoteLiteral } from '../quote.ts';
import {
  describeAggregate,
  describeCast,
  describeCollation,
  describeDictionary,
  describeOperator,
  describePublication,
  describeServer,
  describeSubscription,
  describeWrapper,
  printOptions,
  printValues,
} from './describe.ts';
import { canonicalise, createExpression, printName } from '../syntax/canonical.ts';
import { canonicaliseType } from '../syntax/types.ts';
import { decodeCollation, decodeSequence } from './decode-tables.ts';
import type { Owned, Privileges, ReadPrivileges } from './privileges-others.ts';
import type { Catalogue, PolicyRow, RareRow, RelationRow, SequenceRow, TriggerRow } from './rows.ts';

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
    ...(row.inherited ? { inherited: true } : {}),
    enabled: enabledStates[row.enabled] ?? 'origin',
    comment: row.comment,
  };
}

/** How owner and grants are read, of functions, of types, and of the objects of any other kind among themselves. */
interface PrivilegesReaders {
  readonly function: ReadPrivileges;
  readonly type: ReadPrivileges;
  readonly other: (all: readonly Owned[]) => ReadPrivileges;
}

/** Every kind that is compared by its definition alone. */
export function decodeOpaque(
  catalogue: Catalogue,
  tables: ReadonlyMap<number, RelationRow>,
  readPrivileges: PrivilegesReaders,
): readonly CatalogObject[] {
  return [
    ...decodeRoutines(catalogue, readPrivileges.function),
    ...decodeTypes(catalogue, readPrivileges),
    ...decodeDatabaseObjects(catalogue, readPrivileges),
    ...decodeRare(catalogue.rare, readPrivileges),
    ...catalogue.rules.flatMap((row) => {
      const table = tables.get(row.relation);
      if (!table) return [];
      const state = enabledStates[row.enabled] ?? 'origin';
      const definition = `${row.definition}${state === 'origin' ? '' : ` -- ${state}`}`;
      const address = { namespace: table.namespace, table: table.name, name: row.name };
      return [opaque('rule', address, definition, row.comment, `${canonicalise(row.definition)} ${state}`)];
    }),
    ...withPrivileges(catalogue.statistics, readPrivileges, (row) =>
      opaque(
        'statistics',
        addressOf(row),
        `${row.definition}${row.target === null ? '' : ` SET STATISTICS ${String(row.target)}`}`,
        row.comment,
      ),
    ),
  ];
}

interface OwnedRow {
  readonly namespace?: string;
  readonly owner: string | null;
  readonly acl?: Owned['acl'];
}

/** Decodes the objects of a kind of which others are as good as nobody's business: what is usual is told by themselves. */
function withPrivileges<R extends OwnedRow>(
  rows: readonly R[],
  { other }: PrivilegesReaders,
  decode: (row: R) => Opaque,
): readonly CatalogObject[] {
  if (rows.length === 0) return [];
  const read = other(rows.map(asOwned));
  return rows.map((row) => ({ ...decode(row), ...read(asOwned(row)) }));
}

function asOwned({ namespace, owner, acl }: OwnedRow): Owned {
  return { namespace: namespace ?? '', owner: owner ?? '', acl: acl ?? null };
}

/** What the query tells of rare kinds, as it is. */
function decodeRare(rows: readonly RareRow[], readPrivileges: PrivilegesReaders): readonly CatalogObject[] {
  const types = rows.filter(({ kind }) => kind === 'baseType');
  const kinds = [...new Set(rows.map(({ kind }) => kind))].filter((kind) => kind !== 'baseType');
  const decode = (row: RareRow): Opaque => opaque(row.kind, addressOf(row), row.definition, row.comment);
  return [
    ...types.map((row) => ({ ...decode(row), ...readPrivileges.type(asOwned(row)) })),
    ...kinds.flatMap((kind) => {
      const members = rows.filter((row) => row.kind === kind);
      return members.every(({ owner }) => owner === null)
        ? members.map(decode)
        : withPrivileges(members, readPrivileges, decode);
    }),
  ];
}

function decodeRoutines(catalogue: Catalogue, readPrivileges: ReadPrivileges): readonly CatalogObject[] {
  return catalogue.routines.map((row): CatalogObject => {
    const address = { namespace: row.namespace, name: `${printName(row.name)}(${row.arguments})` };
    if (row.kind === 'a') {
      const text = describeAggregate(row.aggregate ?? []);
      return { ...opaque('aggregate', address, text, row.comment), ...readPrivileges(row) };
    }
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

function decodeTypes(catalogue: Catalogue, readPrivileges: PrivilegesReaders): readonly CatalogObject[] {
  const type = (
    kind: 'domain' | 'compositeType' | 'rangeType',
    row: Catalogue['domains' | 'composites' | 'ranges'][number],
    text: string,
  ): CatalogObject => ({
    ...opaque(kind, addressOf(row), text, row.comment),
    ...readPrivileges.type(row),
    ...('remarks' in row && row.remarks !== null ? { partComments: Object.fromEntries(row.remarks) } : {}),
  });
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
    ...withPrivileges(catalogue.collations, readPrivileges, (row) =>
      opaque('collation', addressOf(row), describeCollation(row.definition), row.comment),
    ),
    ...withPrivileges(catalogue.operators, readPrivileges, (row) => {
      const name = `${row.name}(${row.left ?? 'NONE'}, ${row.right ?? 'NONE'})`;
      return opaque('operator', { namespace: row.namespace, name }, describeOperator(row), row.comment);
    }),
    ...withPrivileges(catalogue.searchDictionaries, readPrivileges, (row) =>
      opaque('textSearchDictionary', addressOf(row), describeDictionary(row), row.comment),
    ),
    ...withPrivileges(catalogue.searchConfigurations, readPrivileges, (row) =>
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
function decodeDatabaseObjects(
  catalogue: Catalogue,
  readPrivileges: PrivilegesReaders,
): readonly CatalogObject[] {
  const global = (name: string): Address => ({ namespace: '', name });
  return [
    ...catalogue.extensions.map((row) => {
      const schema = `SCHEMA ${printName(row.namespace)}`;
      // The comment is the extension's own, and the version that of the installation.
      return opaque('extension', global(row.name), `${schema} VERSION '${row.version}'`, null, schema);
    }),
    ...withPrivileges(catalogue.servers, readPrivileges, (row) =>
      opaque(
        'foreignServer',
        global(row.name),
        describeServer(row, printOptions),
        row.comment,
        describeServer(row, printValues),
      ),
    ),
    ...withPrivileges(catalogue.wrappers, readPrivileges, (row) =>
      opaque(
        'foreignDataWrapper',
        global(row.name),
        describeWrapper(row, printOptions),
        row.comment,
        describeWrapper(row, printValues),
      ),
    ),
    ...withPrivileges(catalogue.subscriptions, readPrivileges, (row) =>
      opaque('subscription', global(row.name), describeSubscription(row), row.comment),
    ),
    ...catalogue.casts.map((row) =>
      opaque('cast', global(`${row.source} AS ${row.target}`), describeCast(row.definition), row.comment),
    ),
    ...withPrivileges(catalogue.eventTriggers, readPrivileges, (row) =>
      opaque(
        'eventTrigger',
        global(row.name),
        `ON ${row.event}${row.tags === null ? '' : ` WHEN TAG IN (${row.tags.map(quoteLiteral).join(', ')})`} EXECUTE FUNCTION ${row.function}()${row.enabled === 'O' ? '' : ` -- ${enabledStates[row.enabled] ?? row.enabled}`}`,
        row.comment,
        describe([row.event, row.function, row.enabled, ...(row.tags ?? [])]),
      ),
    ),
    ...withPrivileges(catalogue.publications, readPrivileges, (row) =>
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

export function opaque(
  kind: OpaqueKind,
  address: Address,
  text: string,
  comment: string | null,
  canonical?: string,
): Opaque {
  const definition: Expression = canonical === undefined ? createExpression(text) : { text, canonical };
  // A kind of a union is not a union of kinds to the compiler.
  return { kind, address, definition, comment } as Opaque;
}
