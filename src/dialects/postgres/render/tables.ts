/** SQL that makes tables and what belongs to them. */
import type {
  Check,
  Column,
  Deferral,
  Exclusion,
  ForeignKey,
  Index,
  PrimaryKey,
  SequenceOptions,
  Table,
  Unique,
} from '../../../catalog/objects.ts';
import { tableAddress } from '../../../catalog/address.ts';
import { quoteAddress, quoteLiteral, quoteName } from '../quote.ts';
import { writePart } from '../referee/carriers.ts';

/** CREATE TABLE with its columns; constraints come later, by themselves. */
export function createTable(table: Table, columns: readonly Column[]): string {
  const name = quoteAddress(table.address);
  const persistence = table.unlogged ? 'UNLOGGED ' : '';
  const tail = [
    table.partitionBy ? `PARTITION BY ${table.partitionBy}` : '',
    table.inherits && table.inherits.length > 0
      ? `INHERITS (${table.inherits.map(quoteAddress).join(', ')})`
      : '',
    table.accessMethod ? `USING ${quoteName(table.accessMethod)}` : '',
    withStorage(table.storage),
    table.tablespace ? `TABLESPACE ${quoteName(table.tablespace)}` : '',
  ];
  const body = table.partitionOf
    ? `PARTITION OF ${quoteAddress(table.partitionOf.parent)} ${table.partitionOf.bound}`
    : `(${columns.map(writeColumn).join(', ')})`;
  // What stands of a column of a typed table beside its type is said later.
  return [
    `CREATE ${persistence}TABLE ${name} ${table.ofType ? writeTyped(table.ofType, columns) : body}`,
    ...tail,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** A table OF a type says of its columns everything but their types. */
function writeTyped(type: string, columns: readonly Column[]): string {
  const said = columns.flatMap((column) => {
    const words = [column.nullable ? '' : 'NOT NULL', writeValue(column)].filter((word) => word !== '');
    return words.length === 0 ? [] : [`${quoteName(column.address.name)} WITH OPTIONS ${words.join(' ')}`];
  });
  return `OF ${type}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
}

/** WITH (…); nothing for no parameters. */
export function withStorage(storage: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(storage ?? {});
  if (entries.length === 0) return '';
  return `WITH (${entries.map(([name, value]) => `${name} = ${quoteLiteral(value)}`).join(', ')})`;
}

export function writeColumn(column: Column): string {
  const { value } = column;
  return [
    quoteName(column.address.name),
    value.kind === 'serial' ? serialType(column.type) : column.type,
    column.compression ? `COMPRESSION ${column.compression}` : '',
    column.collation === null ? '' : `COLLATE ${column.collation}`,
    column.nullable || column.notNullOptions !== undefined ? '' : 'NOT NULL',
    writeValue(column),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function serialType(type: string): string {
  return type === 'smallint' ? 'smallserial' : type === 'bigint' ? 'bigserial' : 'serial';
}

function writeValue({ value }: Column): string {
  switch (value.kind) {
    case 'none':
    case 'serial':
      return '';
    case 'default':
      return `DEFAULT ${value.expression.text}`;
    case 'generated':
      return `GENERATED ALWAYS AS (${value.expression.text}\n) ${value.storage.toUpperCase()}`;
    case 'identity': {
      const generation = value.generation === 'always' ? 'ALWAYS' : 'BY DEFAULT';
      const name = value.sequenceName === undefined ? '' : `SEQUENCE NAME ${quoteName(value.sequenceName)} `;
      return `GENERATED ${generation} AS IDENTITY (${name}${writeSequence(value.sequence)})`;
    }
  }
}

export function writeSequence(options: SequenceOptions): string {
  return [
    `INCREMENT BY ${options.increment}`,
    `MINVALUE ${options.minValue}`,
    `MAXVALUE ${options.maxValue}`,
    `START WITH ${options.startWith}`,
    `CACHE ${options.cache}`,
    options.cycle ? 'CYCLE' : 'NO CYCLE',
  ].join(' ');
}

type Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclusion;

/** ALTER TABLE … ADD CONSTRAINT. */
export function addConstraint(constraint: Constraint): string {
  const table = quoteAddress(tableAddress(constraint.address));
  return `ALTER TABLE ${table} ADD CONSTRAINT ${quoteName(constraint.address.name)} ${writeConstraint(constraint)}`;
}

function writeConstraint(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'primaryKey':
      return `PRIMARY KEY ${writeKey(constraint)}`;
    case 'unique':
      return `UNIQUE ${constraint.nullsNotDistinct ? 'NULLS NOT DISTINCT ' : ''}${writeKey(constraint)}`;
    case 'check':
      return [
        `CHECK (${constraint.expression.text}\n)`,
        constraint.noInherit ? 'NO INHERIT' : '',
        // NOT ENFORCED constraints are not valid either, and say so by themselves.
        constraint.enforced === false ? 'NOT ENFORCED' : constraint.validated === false ? 'NOT VALID' : '',
      ]
        .filter((part) => part !== '')
        .join(' ');
    case 'exclusion':
      return constraint.definition.text;
    case 'foreignKey':
      return writeForeignKey(constraint);
  }
}

function writeKey(key: PrimaryKey | Unique): string {
  const columns = key.columns.map(quoteName);
  if (key.withoutOverlaps) columns.push(`${columns.pop() ?? ''} WITHOUT OVERLAPS`);
  return [
    `(${columns.join(', ')})`,
    key.include && key.include.length > 0 ? `INCLUDE (${key.include.map(quoteName).join(', ')})` : '',
    withStorage(key.storage),
    key.tablespace ? `USING INDEX TABLESPACE ${quoteName(key.tablespace)}` : '',
    writeDeferral(key.deferral),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function writeDeferral(deferral: Deferral | undefined): string {
  if (deferral === 'deferred') return 'DEFERRABLE INITIALLY DEFERRED';
  return deferral === 'deferrable' ? 'DEFERRABLE' : '';
}

function writeForeignKey(key: ForeignKey): string {
  const { references } = key;
  const target = quoteAddress({ namespace: references.namespace, name: references.table });
  const onDelete = key.onDeleteColumns ?? [];
  return [
    `FOREIGN KEY (${writeReferenced(key.columns, key.period)})`,
    `REFERENCES ${target} (${writeReferenced(references.columns, key.period)})`,
    key.match === 'simple' ? '' : `MATCH ${key.match.toUpperCase()}`,
    key.onDelete === 'no action' ? '' : `ON DELETE ${key.onDelete.toUpperCase()}`,
    onDelete.length === 0 ? '' : `(${onDelete.map(quoteName).join(', ')})`,
    key.onUpdate === 'no action' ? '' : `ON UPDATE ${key.onUpdate.toUpperCase()}`,
    writeDeferral(key.deferral),
    key.enforced === false ? 'NOT ENFORCED' : key.validated === false ? 'NOT VALID' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function writeReferenced(columns: readonly string[], period: boolean | undefined): string {
  const names = columns.map(quoteName);
  if (period) names.push(`PERIOD ${names.pop() ?? ''}`);
  return names.join(', ');
}

export function createIndex(index: Index): string {
  const table = quoteAddress(tableAddress(index.address));
  return [
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoteName(index.address.name)} ON ${index.only ? 'ONLY ' : ''}${table}`,
    `USING ${quoteName(index.method ?? 'btree')} (${index.parts.map(writePart).join(', ')})`,
    index.include && index.include.length > 0 ? `INCLUDE (${index.include.map(quoteName).join(', ')})` : '',
    index.nullsNotDistinct ? 'NULLS NOT DISTINCT' : '',
    withStorage(index.storage),
    index.tablespace ? `TABLESPACE ${quoteName(index.tablespace)}` : '',
    index.where === null ? '' : `WHERE (${index.where.text}\n)`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** What CREATE INDEX has no word for. */
export function alterIndex({ address, columnStatistics }: Index): readonly string[] {
  const name = quoteAddress({ namespace: address.namespace, name: address.name });
  return Object.entries(columnStatistics ?? {}).map(
    ([place, target]) => `ALTER INDEX ${name} ALTER COLUMN ${place} SET STATISTICS ${target}`,
  );
}

/** What CREATE TABLE has no word for: one ALTER TABLE per column attribute. */
export function alterColumn(column: Column): readonly string[] {
  const target = `ALTER TABLE ${quoteAddress(tableAddress(column.address))} ALTER COLUMN ${quoteName(column.address.name)}`;
  const options = Object.entries(column.options ?? {});
  const table = quoteAddress(tableAddress(column.address));
  return [
    ...(column.notNullOptions === undefined
      ? []
      : [`ALTER TABLE ${table} ADD ${writeNotNull(column.address.name, column.notNullOptions)}`]),
    ...(column.storageMode ? [`${target} SET STORAGE ${column.storageMode}`] : []),
    ...(column.statisticsTarget === null || column.statisticsTarget === undefined
      ? []
      : [`${target} SET STATISTICS ${String(column.statisticsTarget)}`]),
    ...(options.length === 0
      ? []
      : [`${target} SET (${options.map(([name, value]) => `${name} = ${quoteLiteral(value)}`).join(', ')})`]),
    ...alterSerial(column),
  ];
}

/** A constraint with its name before it and its options behind it. */
function writeNotNull(column: string, options: string): string {
  const [, name = '', rest = ''] = /^(CONSTRAINT (?:"(?:[^"]|"")*"|\S+))?(.*)$/s.exec(options) ?? [];
  return [name, 'NOT NULL', quoteName(column), rest.trim()].filter((word) => word !== '').join(' ');
}

/** serial makes a sequence with the usual options and the usual name. */
function alterSerial(column: Column): readonly string[] {
  const { value, address } = column;
  if (value.kind !== 'serial') return [];
  const { startWith, increment, minValue, cache, cycle } = value.sequence;
  const isUsual = startWith === '1' && increment === '1' && minValue === '1' && cache === '1' && !cycle;
  if (isUsual) return [];
  const made = `${address.table ?? ''}_${address.name}_seq`;
  const name = quoteAddress({ namespace: address.namespace, name: made });
  return [`ALTER SEQUENCE ${name} ${writeSequence(value.sequence)}`];
}

/** Everything about a table that is said after its indexes are there. */
export function alterTable(table: Table): readonly string[] {
  const target = `ALTER TABLE ${quoteAddress(table.address)}`;
  const identity = table.replicaIdentity;
  const replica =
    identity === undefined || identity === 'default'
      ? []
      : identity.startsWith('index ')
        ? [`${target} REPLICA IDENTITY USING INDEX ${quoteName(identity.slice('index '.length))}`]
        : [`${target} REPLICA IDENTITY ${identity.toUpperCase()}`];
  return [
    ...replica,
    ...(table.rowSecurity ? [`${target} ENABLE ROW LEVEL SECURITY`] : []),
    ...(table.forceRowSecurity ? [`${target} FORCE ROW LEVEL SECURITY`] : []),
  ];
}
