/** The whole schema as SQL, in an order in which every statement finds what it needs. */
import { addressKey, tableAddress } from '../../catalog/address.ts';
import type { CatalogObject, Column, ObjectKind, Opaque, Table } from '../../catalog/objects.ts';
import { objectsOf, type Schema } from '../../catalog/schema.ts';
import { quoteAddress, quoteName } from './quote.ts';
import {
  createEnum,
  createOpaque,
  createPolicy,
  createRole,
  createSequence,
  createTrigger,
  createView,
  ownSequence,
  writeComment,
  writeGrants,
  writeOwner,
  writeSignature,
} from './render/objects.ts';
import { alterViewColumns, grantOnColumn, grantOnColumns } from './render/view-columns.ts';
import { orderByMention } from './render/order.ts';
import { announceTypes, isCalledBy, stopOwnTriggers } from './render/rare.ts';
import {
  addConstraint,
  alterColumn,
  alterIndex,
  alterTable,
  createIndex,
  createTable,
} from './render/tables.ts';
import { collectNames } from './syntax/rewrite.ts';

/** {@link Dialect.renderSchema} of PostgreSQL. */
export function renderSchema(schema: Schema): readonly string[] {
  const of = <K extends ObjectKind>(kind: K): ReturnType<typeof objectsOf<K>> => objectsOf(schema, kind);
  const opaque = (...kinds: readonly Opaque['kind'][]): readonly Opaque[] =>
    kinds.flatMap((kind) => of(kind) as readonly Opaque[]);
  const columns = groupColumns(of('column'));
  const derived = findDerived(schema);
  const isOwn = (object: CatalogObject): boolean =>
    !derived.has(`${object.kind} ${addressKey(object.address)}`);
  const [early, late] = splitRoutines(schema);
  const bases = opaque('baseType');
  const views = orderByMention([...of('view'), ...of('materializedView')], (view) => view.definition.text);
  return [
    // A body may mention what comes later.
    ...(early.length + late.length > 0 ? ['SET check_function_bodies = off'] : []),
    ...of('schema')
      .filter(({ address }) => address.name !== 'public')
      .map((object) => `CREATE SCHEMA ${quoteName(object.address.name)}`),
    ...findUndeclared(schema).map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(name)}`),
    ...of('role').map(createRole),
    ...opaque('extension', 'collation').flatMap(createOpaque),
    ...announceTypes(bases),
    ...early.filter((routine) => isCalledBy(bases, routine)).flatMap(createOpaque),
    ...bases.flatMap(createOpaque),
    ...opaque('language', 'accessMethod').flatMap(createOpaque),
    ...renderTypes(schema),
    ...of('sequence').map(createSequence),
    ...early.filter((routine) => !isCalledBy(bases, routine)).flatMap(createOpaque),
    ...opaque('operator', 'operatorFamily', 'operatorClass', 'aggregate', 'cast').flatMap(createOpaque),
    ...opaque('conversion', 'transform').flatMap(createOpaque),
    ...orderTables(of('table')).map((table) =>
      createTable(table, columns.get(addressKey(table.address)) ?? []),
    ),
    ...of('column').flatMap(alterColumn),
    ...late.flatMap(createOpaque),
    ...opaque('textSearchParser', 'textSearchTemplate').flatMap(createOpaque),
    ...opaque('textSearchDictionary', 'textSearchConfiguration').flatMap(createOpaque),
    ...opaque('foreignDataWrapper', 'foreignServer', 'userMapping', 'foreignTable').flatMap(createOpaque),
    ...[...of('primaryKey'), ...of('unique'), ...of('check'), ...of('exclusion')]
      .filter(isOwn)
      .map(addConstraint),
    ...views.map(createView),
    ...of('index').filter(isOwn).map(createIndex),
    ...of('index').flatMap(alterIndex),
    ...[...of('index'), ...of('primaryKey'), ...of('unique')]
      .filter((index) => index.clustered === true)
      .map(
        (index) =>
          `ALTER TABLE ${quoteAddress(tableAddress(index.address))} CLUSTER ON ${quoteName(index.address.name)}`,
      ),
    ...of('foreignKey').filter(isOwn).map(addConstraint),
    ...of('table').flatMap(alterTable),
    ...of('sequence').flatMap(ownSequence),
    ...of('policy').map(createPolicy),
    ...opaque('statistics', 'rule').flatMap(createOpaque),
    // All triggers of a table at once: those that people made follow, and are enabled as they are told to be.
    ...new Set(schema.objects.flatMap(stopOwnTriggers)),
    ...of('trigger').flatMap(createTrigger),
    ...opaque('eventTrigger', 'publication', 'subscription', 'defaultPrivileges').flatMap(createOpaque),
    ...schema.objects.flatMap(renderPrivileges),
    ...schema.objects.flatMap(writeComment),
  ];
}

/** Schemas that something lies in and that are no objects themselves: models may use one without exporting it. */
function findUndeclared(schema: Schema): readonly string[] {
  const declared = new Set(['', 'public', ...objectsOf(schema, 'schema').map(({ address }) => address.name)]);
  const used = new Set(schema.objects.map(({ address }) => address.namespace));
  return [...used].filter((name) => !declared.has(name));
}

function groupColumns(columns: readonly Column[]): ReadonlyMap<string, readonly Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const key = addressKey(tableAddress(column.address));
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.position - b.position);
  return groups;
}

/** Enums need nothing; domains, composite and range types may need each other. */
function renderTypes(schema: Schema): readonly string[] {
  const kinds = ['domain', 'compositeType', 'rangeType'] as const;
  const types: readonly Opaque[] = kinds.flatMap((kind) => objectsOf(schema, kind) as readonly Opaque[]);
  return [
    ...objectsOf(schema, 'enum').map(createEnum),
    ...orderByMention(types, (type) => type.definition.text).flatMap(createOpaque),
  ];
}

/** Functions that tables may call come before them; those that take or return rows of tables come after. */
function splitRoutines(schema: Schema): readonly [early: readonly Opaque[], late: readonly Opaque[]] {
  const relations = new Set(
    schema.objects
      .filter(({ kind }) => kind === 'table' || kind === 'view' || kind === 'materializedView')
      .map(({ address }) => address.name),
  );
  const ordered = orderByMention(
    objectsOf(schema, 'function') as readonly Opaque[],
    ({ definition }) => definition.text,
  );
  const isLate = ({ address, definition }: Opaque): boolean => {
    const [head = ''] = definition.text.split(/\n\s*LANGUAGE /);
    const result = /\n RETURNS ([^\n]*)/.exec(head)?.[1] ?? '';
    // Names of arguments are not types, but taking one for a table only makes the function come later.
    return [...collectNames(`${address.name.replace(/^[^(]*/, '')} ${result}`)].some((name) =>
      relations.has(name),
    );
  };
  return [ordered.filter((routine) => !isLate(routine)), ordered.filter(isLate)];
}

/** Parents before their partitions and heirs. */
function orderTables(tables: readonly Table[]): readonly Table[] {
  const byKey = new Map(tables.map((table) => [addressKey(table.address), table]));
  const done = new Set<Table>();
  const result: Table[] = [];
  const visit = (table: Table): void => {
    if (done.has(table)) return;
    done.add(table);
    const parents = [...(table.inherits ?? []), ...(table.partitionOf ? [table.partitionOf.parent] : [])];
    for (const parent of parents) {
      const object = byKey.get(addressKey(parent));
      if (object) visit(object);
    }
    result.push(table);
  };
  for (const table of tables) visit(table);
  return result;
}

/** Constraints and indexes that a partition or heir gets from its parent by itself. */
function findDerived(schema: Schema): ReadonlySet<string> {
  const parents = new Map(
    objectsOf(schema, 'table').map((table) => [
      addressKey(table.address),
      [...(table.partitionOf ? [table.partitionOf.parent] : []), ...(table.inherits ?? [])].map(addressKey),
    ]),
  );
  const meanings = new Map<string, Set<string>>();
  for (const object of schema.objects) {
    if (object.address.table === undefined) continue;
    const key = addressKey(tableAddress(object.address));
    meanings.set(key, (meanings.get(key) ?? new Set()).add(meaningOf(object)));
  }
  const isPartition = new Set(
    objectsOf(schema, 'table')
      .filter(({ partitionOf }) => partitionOf)
      .map(({ address }) => addressKey(address)),
  );
  return new Set(
    schema.objects
      .filter((object) => {
        const key = addressKey(tableAddress(object.address));
        const inherits = isPartition.has(key) || (object.kind === 'check' && object.noInherit !== true);
        return (
          inherits &&
          object.address.table !== undefined &&
          (parents.get(key) ?? []).some((parent) => meanings.get(parent)?.has(meaningOf(object)))
        );
      })
      .map((object) => `${object.kind} ${addressKey(object.address)}`),
  );
}

/** What an inherited object has in common with its origin: everything but the name. */
function meaningOf(object: CatalogObject): string {
  switch (object.kind) {
    case 'primaryKey':
    case 'unique':
      return JSON.stringify([object.kind, object.columns]);
    case 'foreignKey':
      return JSON.stringify([object.kind, object.columns, object.references]);
    case 'check':
      return JSON.stringify([object.kind, object.address.name]);
    case 'index':
      return JSON.stringify([
        object.kind,
        object.method,
        object.unique,
        object.parts,
        object.where?.canonical,
      ]);
    default:
      return JSON.stringify([object.kind, object.address]);
  }
}

function grantOnSequence({ address, value, sequenceGrants }: Column): readonly string[] {
  if (sequenceGrants === undefined || !('sequenceName' in value) || value.sequenceName === undefined)
    return [];
  const sequence = quoteAddress({ namespace: address.namespace, name: value.sequenceName });
  return writeGrants(`SEQUENCE ${sequence}`, null, sequenceGrants);
}

function renderPrivileges(object: CatalogObject): readonly string[] {
  const name = quoteAddress(object.address);
  switch (object.kind) {
    case 'table':
    case 'view':
    case 'materializedView': {
      const word = object.kind === 'table' ? 'TABLE' : object.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW';
      return [
        ...(object.owner ? [`ALTER ${word} ${name} OWNER TO ${quoteName(object.owner)}`] : []),
        ...writeGrants(`TABLE ${name}`, object.owner, object.grants ?? []),
        ...(object.kind === 'table' ? [] : alterViewColumns(object)),
      ];
    }
    case 'schema':
      return [
        ...(object.owner ? [`ALTER SCHEMA ${name} OWNER TO ${quoteName(object.owner)}`] : []),
        ...writeGrants(`SCHEMA ${name}`, object.owner, object.grants ?? []),
      ];
    case 'sequence':
      return [
        ...(object.owner ? [`ALTER SEQUENCE ${name} OWNER TO ${quoteName(object.owner)}`] : []),
        ...writeGrants(`SEQUENCE ${name}`, object.owner, object.grants ?? []),
      ];
    case 'aggregate':
    case 'function': {
      const routine = `ROUTINE ${writeSignature(object.address)}`;
      return [
        ...(object.owner ? [`ALTER ${routine} OWNER TO ${quoteName(object.owner)}`] : []),
        ...writeGrants(routine, object.owner, object.grants ?? []),
      ];
    }
    case 'enum':
    case 'domain':
    case 'compositeType':
    case 'rangeType':
    case 'baseType':
      return [
        ...(object.owner ? [`ALTER TYPE ${name} OWNER TO ${quoteName(object.owner)}`] : []),
        ...writeGrants(`TYPE ${name}`, object.owner, object.grants ?? []),
      ];
    case 'column':
      return [
        ...grantOnColumn(tableAddress(object.address), quoteName(object.address.name), object.grants ?? []),
        ...grantOnSequence(object),
      ];
    case 'foreignTable':
      return [
        ...writeOwner(object),
        ...writeGrants(`TABLE ${name}`, object.owner, object.grants ?? []),
        ...grantOnColumns(object.address, object.columnGrants),
      ];
    case 'foreignServer':
      return [
        ...writeOwner(object),
        ...writeGrants(`FOREIGN SERVER ${name}`, object.owner, object.grants ?? []),
      ];
    case 'foreignDataWrapper':
    case 'language': {
      const word = object.kind === 'language' ? 'LANGUAGE' : 'FOREIGN DATA WRAPPER';
      return [...writeOwner(object), ...writeGrants(`${word} ${name}`, object.owner, object.grants ?? [])];
    }
    default:
      return writeOwner(object);
  }
}
