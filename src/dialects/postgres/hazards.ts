/** The risks of bringing a PostgreSQL database to what is expected. postgresql.org: ALTER TABLE, Notes; Explicit Locking. */
import type { CatalogObject, Column, ObjectKind } from '../../catalog/objects.ts';
import type { AlterChange, Change } from '../../diff/changes.ts';
import type { Hazard, HazardCode } from '../../plan/hazards.ts';
import { showAddress } from '../../diff/show-parts.ts';

/** {@link Dialect.assessChange} of PostgreSQL. */
export function assessChange(change: Change): readonly Hazard[] {
  switch (change.type) {
    case 'create':
      return assessCreate(change.expected);
    case 'drop':
      return assessDrop(change.database);
    case 'rename':
      return [
        warn(
          'behaviour-change',
          `Statements that use the name ${change.database.address.name} fail afterwards.`,
        ),
      ].filter(() => isNamedInQueries(change.kind));
    case 'alter':
      return assessAlter(change);
  }
}

function isNamedInQueries(kind: ObjectKind): boolean {
  return ['table', 'column', 'view', 'materializedView', 'enum', 'sequence', 'schema', 'role'].includes(kind);
}

function assessCreate(object: CatalogObject): readonly Hazard[] {
  const table = object.address.table ?? object.address.name;
  switch (object.kind) {
    case 'column':
      return assessNewColumn(object);
    case 'index':
      return [
        warn(
          'blocks-writes',
          `Writes to ${table} wait until the index is built.`,
          'CREATE INDEX CONCURRENTLY, outside a transaction.',
        ),
        ...(object.unique ? [violation(table, 'the unique index')] : []),
      ];
    case 'primaryKey':
    case 'unique':
    case 'exclusion':
      return [
        warn(
          'blocks-reads',
          `Reads and writes of ${table} wait until the index behind the constraint is built.`,
          'CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX.',
        ),
        violation(table, 'the constraint'),
      ];
    case 'foreignKey':
      return [
        warn(
          'blocks-writes',
          `Writes to ${table} and ${object.references.table} wait while the rows are checked.`,
          'ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT.',
        ),
        violation(table, 'the foreign key'),
      ];
    case 'check':
      return [
        warn(
          'blocks-reads',
          `Reads and writes of ${table} wait while the rows are checked.`,
          'ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT.',
        ),
        violation(table, 'the check'),
      ];
    case 'policy':
    case 'trigger':
    case 'rule':
      return [info('behaviour-change', `Statements on ${table} give other results from then on.`)];
    default:
      return [];
  }
}

function violation(table: string, what: string): Hazard {
  return warn('constraint-validation', `It fails if rows of ${table} violate ${what}.`);
}

function assessNewColumn(column: Column): readonly Hazard[] {
  const name = showAddress(column.address);
  const { value } = column;
  const rewrites =
    value.kind === 'identity' ||
    value.kind === 'serial' ||
    (value.kind === 'generated' && value.storage === 'stored') ||
    (value.kind === 'default' && isVolatile(value.expression.text));
  return [
    ...(rewrites ? [rewrite(name)] : []),
    ...(!column.nullable && value.kind === 'none'
      ? [
          danger(
            'not-null-without-default',
            `${name} is NOT NULL without a default: it fails if the table has rows.`,
            'Add the column as nullable, fill it, then SET NOT NULL.',
          ),
        ]
      : []),
  ];
}

/** Functions that give another value for each row; a default made of anything else is stored once. */
function isVolatile(text: string): boolean {
  return /\b(?:random|gen_random_uuid|uuid_generate_v\w+|uuidv\d|nextval|clock_timestamp|timeofday|setval)\s*\(/i.test(
    text,
  );
}

function rewrite(name: string): Hazard {
  return warn(
    'table-rewrite',
    `The table of ${name} is written anew; reads and writes wait until that is done.`,
    'Add the column without it, fill the rows in batches, then set it.',
  );
}

function assessDrop(object: CatalogObject): readonly Hazard[] {
  const name = showAddress(object.address);
  switch (object.kind) {
    case 'table':
      return [danger('data-loss', `All rows of ${name} are deleted.`)];
    case 'column':
      return [danger('data-loss', `All values of ${name} are deleted.`)];
    case 'materializedView':
      return [info('data-loss', `The stored rows of ${name} are deleted; they can be computed again.`)];
    case 'schema':
      return [danger('data-loss', `Everything in the schema ${name} must go with it.`)];
    case 'sequence':
      return [warn('data-loss', `The position of the sequence ${name} is lost.`)];
    case 'enum':
      return [warn('blocks-reads', `It fails as long as a column is of type ${name}.`)];
    case 'index':
      return [
        warn(
          'blocks-reads',
          `Reads and writes of the table wait for a moment.`,
          'DROP INDEX CONCURRENTLY, outside a transaction.',
        ),
      ];
    case 'policy':
    case 'trigger':
    case 'rule':
    case 'function':
    case 'view':
      return [info('behaviour-change', `Statements that relied on ${name} give other results or fail.`)];
    default:
      return [];
  }
}

/** Fields of an index or a constraint that are altered at once, without building or checking anything anew. */
const costless: ReadonlySet<string> = new Set(['comment', 'name', 'clustered']);

function assessAlter(change: AlterChange): readonly Hazard[] {
  const { database, expected } = change;
  if (database.kind === 'column' && expected.kind === 'column')
    return assessColumn(change, database, expected);
  const name = showAddress(change.address);
  switch (change.kind) {
    case 'primaryKey':
    case 'unique':
    case 'foreignKey':
    case 'check':
    case 'exclusion':
    case 'index':
      if (change.fields.every(({ field }) => costless.has(field))) return [];
      return assessCreate(expected);
    case 'enum':
      return assessEnum(change, name);
    case 'table':
      return assessTable(change, name);
    case 'policy':
    case 'trigger':
    case 'function':
    case 'view':
      return [info('behaviour-change', `Statements that use ${name} give other results from then on.`)];
    case 'materializedView':
      return [
        warn('blocks-reads', `${name} is dropped and computed again; reads of it fail or wait meanwhile.`),
      ];
    default:
      return [];
  }
}

function assessEnum(change: AlterChange, name: string): readonly Hazard[] {
  const values = change.fields.find(({ field }) => field === 'values');
  const before = Array.isArray(values?.database) ? (values.database as readonly string[]) : [];
  const after = new Set(Array.isArray(values?.expected) ? (values.expected as readonly string[]) : []);
  const removed = before.filter((value) => !after.has(value));
  if (removed.length === 0) return [];
  return [
    danger(
      'data-loss',
      `PostgreSQL cannot remove values of an enum: ${name} is made anew, and rows that hold ${removed.join(', ')} must be changed first.`,
    ),
    warn('table-rewrite', `Every table with a column of type ${name} is written anew.`),
  ];
}

function assessTable(change: AlterChange, name: string): readonly Hazard[] {
  const fields = new Set(change.fields.map(({ field }) => field));
  return [
    ...(fields.has('unlogged') || fields.has('accessMethod') || fields.has('tablespace')
      ? [warn('table-rewrite', `${name} is written anew; reads and writes wait until that is done.`)]
      : []),
    ...(fields.has('rowSecurity') || fields.has('forceRowSecurity')
      ? [warn('behaviour-change', `Who sees which rows of ${name} changes at once.`)]
      : []),
    ...(fields.has('partitionBy')
      ? [
          danger(
            'table-rewrite',
            `A table cannot be turned into a partitioned one or back: ${name} has to be made anew.`,
          ),
        ]
      : []),
  ];
}

function assessColumn(change: AlterChange, database: Column, expected: Column): readonly Hazard[] {
  const name = showAddress(change.address);
  const fields = new Set(change.fields.map(({ field }) => field));
  return [
    // A step on the way leads to another type than the one that is expected in the end.
    ...change.fields
      .filter(({ field }) => field === 'type')
      .flatMap((type) => assessType(name, String(type.database), String(type.expected))),
    ...(fields.has('nullable') && !expected.nullable
      ? [
          warn('constraint-validation', `It fails if ${name} holds NULL.`),
          warn(
            'blocks-reads',
            `Reads and writes wait while the rows are checked.`,
            `Add CHECK (${expected.address.name} IS NOT NULL) NOT VALID, validate it, then SET NOT NULL.`,
          ),
        ]
      : []),
    ...(fields.has('generated') && expected.value.kind === 'generated' ? [rewrite(name)] : []),
    ...(fields.has('generated') && database.value.kind === 'generated' && expected.value.kind !== 'generated'
      ? [info('behaviour-change', `${name} keeps its values and is computed no more.`)]
      : []),
    ...(fields.has('collation')
      ? [warn('blocks-reads', `Indexes on ${name} are built anew; reads and writes wait.`)]
      : []),
  ];
}

/** postgresql.org: ALTER TABLE, Notes: binary coercible changes and longer limits need no rewrite. */
function assessType(name: string, before: string, after: string): readonly Hazard[] {
  if (isWidening(before, after))
    return [info('blocks-reads', `Reads and writes of ${name}'s table wait for a moment.`)];
  return [
    warn('table-rewrite', `The table of ${name} is written anew; reads and writes wait until that is done.`),
    ...(isLossless(before, after)
      ? []
      : [
          danger(
            'lossy-cast',
            `Values of ${name} may not fit from ${before} to ${after}: they are changed, or it fails.`,
          ),
        ]),
  ];
}

function isWidening(before: string, after: string): boolean {
  const text = /^(?:text|character varying(?:\((\d+)\))?)$/;
  const [from, to] = [text.exec(before), text.exec(after)];
  if (from && to) return limitOf(to[1]) >= limitOf(from[1]);
  const numeric = /^numeric(?:\((\d+),(-?\d+)\))?$/;
  const [narrow, wide] = [numeric.exec(before), numeric.exec(after)];
  if (!narrow || !wide) return false;
  return wide[1] === undefined || (narrow[2] === wide[2] && limitOf(wide[1]) >= limitOf(narrow[1]));
}

function limitOf(digits: string | undefined): number {
  return digits === undefined ? Infinity : Number(digits);
}

const integerRanks: readonly string[] = ['smallint', 'integer', 'bigint', 'numeric'];

function isLossless(before: string, after: string): boolean {
  const [from, to] = [integerRanks.indexOf(before), integerRanks.indexOf(after)];
  if (from !== -1 && to !== -1) return to >= from;
  return (
    after === 'text' ||
    (before === 'real' && after === 'double precision') ||
    (before === 'json' && after === 'jsonb')
  );
}

function info(code: HazardCode, message: string): Hazard {
  return { code, severity: 'info', message };
}

function warn(code: HazardCode, message: string, instead?: string): Hazard {
  return { code, severity: 'warning', message, ...(instead === undefined ? {} : { instead }) };
}

function danger(code: HazardCode, message: string, instead?: string): Hazard {
  return { code, severity: 'danger', message, ...(instead === undefined ? {} : { instead }) };
}
