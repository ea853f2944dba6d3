/** What the rows of a table have against the rules that it is going to have. Everything here only reads. */
import type { Address } from '../../catalog/address.ts';
import type { Check, Column, ForeignKey, Index, PrimaryKey, Unique } from '../../catalog/objects.ts';
import { writeBackfill } from '../../plan/flags.ts';
import type { Finding, FindingCode } from '../migrator.ts';
import type { Connection } from './drivers/load.ts';
import {
  findColumn,
  findParentKey,
  findRowidAlias,
  isGenerated,
  nameRowid,
  type TableParts,
  type Tables,
} from './plan/parts.ts';
import type { Lineage, Lineages } from './preflight-lineage.ts';
import { findChangedValues } from './preflight-values.ts';
import { affinity } from './syntax/affinity.ts';
import { foldName, quoteIdentifier, sameName } from './syntax/names.ts';

/** A table before and after, with the way between. */
interface Passage {
  readonly before: TableParts;
  readonly after: TableParts;
  readonly lineage: Lineage;
  /** The rows as they will be, as a query over the rows as they are. */
  readonly rows: string;
  /** Expressions of `rows` that say which row it is, with the names of the columns. */
  readonly key: readonly { readonly column: string; readonly expression: string }[];
}

interface Question {
  readonly code: FindingCode;
  readonly severity: Finding['severity'];
  readonly address: Address;
  /** A query for the offending rows with the key's columns, `k0`, `k1` … */
  readonly query: string;
  readonly says: (count: number) => string;
  readonly answer: string;
  readonly allow?: string;
}

const sampled = 5;

/** Asks the rows of a database what they have against the schema that migrations will leave. */
export function examineRows(
  connection: Connection,
  before: Tables,
  after: Tables,
  lineages: Lineages,
): readonly Finding[] {
  const passages = [...after.values()].flatMap((parts): Passage[] => {
    const lineage = lineages.get(foldName(parts.name));
    const origin = lineage && before.get(foldName(lineage.origin));
    return lineage && origin ? [describePassage(origin, parts, lineage)] : [];
  });
  const questions = passages.flatMap((passage) => [
    ...askNulls(passage),
    ...askMissing(passage),
    ...askUniques(passage),
    ...askForeignKeys(passage, passages),
    ...askChecks(passage),
    ...askCasts(passage),
  ]);
  return questions.flatMap((question) => ask(connection, question));
}

const keyPrefix = '__drift_key_';

function describePassage(before: TableParts, after: TableParts, lineage: Lineage): Passage {
  const keyColumns = before.primaryKey?.columns ?? [];
  const rowid = nameRowid(before);
  const names = keyColumns.length > 0 ? keyColumns : rowid === null ? [] : [rowid];
  const key = names.map((column, index) => ({ column, expression: `${keyPrefix}${String(index)}` }));
  const columns = after.columns.flatMap((column) => {
    const value = valueOf(lineage, column);
    return value === null ? [] : [`${value} AS ${quoteIdentifier(column.address.name)}`];
  });
  const keys = names.map((column, index) => `${quoteIdentifier(column)} AS ${keyPrefix}${String(index)}`);
  const list = [...columns, ...keys].join(', ');
  return { before, after, lineage, key, rows: `(SELECT ${list} FROM ${quoteIdentifier(before.name)})` };
}

/** What a column will hold, over the columns of the table as it is; null where that cannot be said. */
function valueOf(lineage: Lineage, column: Column): string | null {
  if (isGenerated(column) || lineage.unknown.has(foldName(column.address.name))) return null;
  const source = lineage.columns.get(foldName(column.address.name));
  if (source) return 'column' in source ? quoteIdentifier(source.column) : `(${source.expression})`;
  return column.value.kind === 'default' ? `(${column.value.expression.text})` : 'NULL';
}

function offending({ rows, key }: Passage, condition: string): string {
  const list = key.map(({ expression }, index) => `${expression} AS k${String(index)}`);
  return `SELECT ${list.length === 0 ? '1' : list.join(', ')} FROM ${rows} WHERE ${condition}`;
}

/** One query for the count, one for the samples; a query that this SQLite cannot run asks nothing. */
function ask(connection: Connection, question: Question): readonly Finding[] {
  try {
    const count = connection.prepare(`SELECT count(*) FROM (${question.query})`).pluck().get() as number;
    if (count === 0) return [];
    const rows = connection
      .prepare(`${question.query} LIMIT ${String(sampled)}`)
      .raw()
      .all() as unknown[][];
    const { code, severity, address, says, answer, allow } = question;
    const message = says(count);
    return [
      {
        code,
        severity,
        address,
        count,
        samples: rows.map((row) => row.map(String).join(', ')),
        message,
        answer,
        allow: allow ?? null,
      },
    ];
  } catch (error) {
    // An expression over a generated column or with a function that is not here: the migration itself will tell.
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR') return [];
    throw error;
  }
}

function severityOf({ lineage }: Passage): Finding['severity'] {
  return lineage.certain ? 'error' : 'warning';
}

function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${String(count)} rows`;
}

function nameOf(passage: Passage, column: string): string {
  return `${passage.after.name}.${column}`;
}

function askNulls(passage: Passage): readonly Question[] {
  const { before, after, lineage } = passage;
  return after.columns.flatMap((column): Question[] => {
    if (column.nullable || isGenerated(column) || findRowidAlias(after) === column) return [];
    const source = lineage.columns.get(foldName(column.address.name));
    if (!source) return [];
    const old = 'column' in source ? findColumn(before, source.column) : undefined;
    // What could not be NULL before is not.
    if (old && (!old.nullable || findRowidAlias(before) === old)) return [];
    const name = nameOf(passage, column.address.name);
    return [
      {
        code: 'null-values',
        severity: severityOf(passage),
        address: column.address,
        query: offending(passage, `${quoteIdentifier(column.address.name)} IS NULL`),
        says: (count) =>
          `${rowsOf(count)} of ${before.name} ${count === 1 ? 'has' : 'have'} NULL for ${name}, which becomes NOT NULL.`,
        answer: `Fill them: drift generate ${writeBackfill(name)}`,
      },
    ];
  });
}

/** A column that is new, NOT NULL and without default leaves the copy nothing to write. */
function askMissing(passage: Passage): readonly Question[] {
  const { before, after, lineage } = passage;
  if (!lineage.copied) return [];
  return after.columns.flatMap((column): Question[] => {
    const name = foldName(column.address.name);
    const isFilled =
      lineage.columns.has(name) || lineage.unknown.has(name) || column.value.kind === 'default';
    if (column.nullable || isGenerated(column) || isFilled || findRowidAlias(after) === column) return [];
    const shown = nameOf(passage, column.address.name);
    return [
      {
        code: 'no-value',
        severity: severityOf(passage),
        address: column.address,
        query: offending(passage, 'true'),
        says: (count) =>
          `${shown} is new, NOT NULL and has no default, and ${before.name} has ${rowsOf(count)}.`,
        answer: `Say what they shall hold: drift generate ${writeBackfill(shown)}`,
      },
    ];
  });
}

type Key = PrimaryKey | Unique | Index;

interface KeyTerms {
  readonly terms: readonly string[];
  /** Folded names; null where an expression is among them. */
  readonly columns: readonly string[] | null;
  readonly where: string | null;
}

function readKey(parts: TableParts, key: Key): KeyTerms {
  const collate = (name: string): string => {
    const collation = findColumn(parts, name)?.collation;
    return collation ? ` COLLATE ${quoteIdentifier(collation)}` : '';
  };
  if (key.kind !== 'index') {
    const terms = key.columns.map((name) => `${quoteIdentifier(name)}${collate(name)}`);
    return { terms, columns: key.columns.map(foldName), where: null };
  }
  const terms = key.parts.map(({ on, collation }) => {
    if ('expression' in on) return `(${on.expression.text})`;
    return `${quoteIdentifier(on.column)}${collation === null ? collate(on.column) : ` COLLATE ${quoteIdentifier(collation)}`}`;
  });
  const columns = key.parts.flatMap(({ on }) => ('column' in on ? [foldName(on.column)] : []));
  return { terms, columns: columns.length === terms.length ? columns : null, where: key.where?.text ?? null };
}

function keysOf(parts: TableParts): readonly Key[] {
  const uniqueIndexes = parts.indexes.filter((index) => index.unique);
  return [...(parts.primaryKey ? [parts.primaryKey] : []), ...parts.uniques, ...uniqueIndexes];
}

function askUniques(passage: Passage): readonly Question[] {
  const { before, after } = passage;
  const old = keysOf(before).map((key) => readKey(before, key));
  return keysOf(after).flatMap((key): Question[] => {
    const { terms, columns, where } = readKey(after, key);
    const sources = columns && columns.map((name) => sourceColumn(passage, name));
    const isOld = old.some((other) => isImplied(other, { columns: sources, terms, where }, passage));
    if (isOld || terms.length === 0) return [];
    const present = terms.map((term) => `${term} IS NOT NULL`);
    const condition = [...present, ...(where === null ? [] : [`(${where})`])].join(' AND ');
    const group = terms.join(', ');
    const values = terms.map((term, index) => `${term} AS k${String(index)}`).join(', ');
    const what = columns === null ? key.address.name : `${after.name} (${columns.join(', ')})`;
    return [
      {
        code: 'duplicates',
        severity: severityOf(passage),
        address: key.address,
        query: `SELECT ${values} FROM ${passage.rows} WHERE ${condition} GROUP BY ${group} HAVING count(*) > 1`,
        says: (count) =>
          `${String(count)} ${count === 1 ? 'value is' : 'values are'} in ${before.name} more than once, and ${what} becomes unique.`,
        answer: 'Make the rows differ, or delete those that are too many.',
      },
    ];
  });
}

function sourceColumn({ lineage }: Passage, column: string): string | null {
  const source = lineage.columns.get(column);
  return source && 'column' in source ? foldName(source.column) : null;
}

/** Whether rows that keep the old key keep the new one as well. */
function isImplied(
  old: KeyTerms,
  fresh: {
    readonly columns: readonly (string | null)[] | null;
    readonly terms: readonly string[];
    readonly where: string | null;
  },
  { lineage }: Passage,
): boolean {
  const sameWhere = old.where === null || (old.where === fresh.where && lineage.sameNames);
  if (!sameWhere) return false;
  if (old.columns === null || fresh.columns === null) {
    return lineage.sameNames && JSON.stringify(old.terms) === JSON.stringify(fresh.terms);
  }
  const { columns } = fresh;
  const hasColumns = old.columns.every((column) => columns.includes(column));
  // Under another collation other values are equal.
  const sameCollations = !lineage.sameNames || old.terms.every((term) => fresh.terms.includes(term));
  return hasColumns && sameCollations;
}

function askForeignKeys(passage: Passage, all: readonly Passage[]): readonly Question[] {
  const { before, after } = passage;
  return after.foreignKeys.flatMap((key): Question[] => {
    const parent = all.find(({ after: other }) => sameName(other.name, key.references.table));
    if (!parent || isOldForeignKey(passage, parent, key)) return [];
    // SQLite looks at no row where the other end is no key; that is said of the schema.
    if (findParentKey(parent.after, key.references.columns) === null) return [];
    const target = key.references.columns;
    const pairs = key.columns.map((column, at) => ({
      child: quoteIdentifier(column),
      parent: quoteIdentifier(target[at] ?? ''),
    }));
    const keyList = passage.key.map(({ expression }, index) => `c.${expression} AS k${String(index)}`);
    const join = pairs.map((pair) => `p.${pair.parent} = c.${pair.child}`).join(' AND ');
    const present = pairs.map((pair) => `c.${pair.child} IS NOT NULL`);
    const absent = pairs.slice(0, 1).map((pair) => `p.${pair.parent} IS NULL`);
    return [
      {
        code: 'orphans',
        severity: passage.lineage.certain && parent.lineage.certain ? 'error' : 'warning',
        address: key.address,
        // A join, for which SQLite makes an index of its own where the parent has none yet.
        query: `SELECT ${keyList.length === 0 ? '1' : keyList.join(', ')} FROM ${passage.rows} AS c LEFT JOIN ${parent.rows} AS p ON ${join} WHERE ${[...present, ...absent].join(' AND ')}`,
        says: (count) =>
          `${rowsOf(count)} of ${before.name} ${count === 1 ? 'points' : 'point'} at no row of ${key.references.table}, and ${after.name} (${key.columns.join(', ')}) becomes a foreign key.`,
        answer: 'Mend or delete these rows first, or set the column to NULL.',
      },
    ];
  });
}

function isOldForeignKey(passage: Passage, parent: Passage, key: ForeignKey): boolean {
  const columns = key.columns.map((column) => sourceColumn(passage, foldName(column)));
  const targets = key.references.columns.map((column) => sourceColumn(parent, foldName(column)));
  const same = (names: readonly string[], sources: readonly (string | null)[]): boolean =>
    names.length === sources.length && names.every((name, at) => foldName(name) === sources[at]);
  return passage.before.foreignKeys.some(
    (old) =>
      sameName(old.references.table, parent.before.name) &&
      same(old.columns, columns) &&
      same(old.references.columns, targets),
  );
}

function askChecks(passage: Passage): readonly Question[] {
  const { before, after, lineage } = passage;
  const old = new Set(before.checks.map((check: Check) => check.expression.canonical));
  return after.checks.flatMap((check): Question[] => {
    if (lineage.sameNames && old.has(check.expression.canonical)) return [];
    return [
      {
        code: 'check-violations',
        severity: severityOf(passage),
        address: check.address,
        query: offending(passage, `NOT (${check.expression.text})`),
        says: (count) =>
          `${rowsOf(count)} of ${before.name} ${count === 1 ? 'does' : 'do'} not keep the new CHECK ${check.address.name}: ${check.expression.text}.`,
        answer: 'Change these rows first.',
      },
    ];
  });
}

function askCasts(passage: Passage): readonly Question[] {
  const { before, after, lineage } = passage;
  if (!lineage.copied) return [];
  return after.columns.flatMap((column): Question[] => {
    const source = lineage.columns.get(foldName(column.address.name));
    const old = source && 'column' in source ? findColumn(before, source.column) : undefined;
    if (!old || isGenerated(column)) return [];
    const from = affinity(old.type, before.table.strict === true);
    const to = affinity(column.type, after.table.strict === true);
    const condition = findChangedValues(quoteIdentifier(column.address.name), from, to);
    if (condition === null) return [];
    const name = nameOf(passage, column.address.name);
    return [
      {
        code: 'lossy-cast',
        severity: severityOf(passage),
        address: column.address,
        query: offending(passage, condition),
        says: (count) =>
          `${rowsOf(count)} of ${before.name} ${count === 1 ? 'has a value' : 'have values'} in ${name} that ${count === 1 ? 'is' : 'are'} not the same as ${column.type || 'BLOB'}, such as '007' or 'abc' as a number.`,
        answer: `Say how to convert them: drift generate ${writeBackfill(name)}; or let it pass: --allow lossy-cast`,
        allow: 'lossy-cast',
      },
    ];
  });
}
