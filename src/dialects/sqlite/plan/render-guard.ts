/**
 * A guard is a table of which each column stands for one thing that has to be so. A CHECK that fails aborts the
 * statement and with it the migration, and its name is in the error: plain SQL has no other way to stop.
 */
import { writeAddress } from '../../../plan/refusals.ts';
import type { Affinity, Assertion, Guard } from '../../../plan/plan.ts';
import { raw, sql } from '../quote.ts';
import { foldName, quoteIdentifier, quoteString } from '../syntax/names.ts';

export function renderGuard(guard: Guard): string {
  // A table that is made anew twice has its rows counted twice, for the same reason, and may be spelt anew in between.
  const columns = new Map(guard.assertions.map((assertion) => [foldName(nameOf(assertion)), assertion]));
  const lines = [...columns.values()].map((assertion) => renderColumn(assertion));
  const temporary = raw(guard.temporary ? 'TEMP ' : '');
  return sql`CREATE ${temporary}TABLE ${guard.name} ${raw(`(\n\t${lines.join(',\n\t')}\n)`)}`;
}

function renderColumn(assertion: Assertion): string {
  const column = nameOf(assertion);
  const rule = ruleOf(assertion);
  if (rule === null) return sql`${column} integer`;
  return sql`${column} integer CONSTRAINT ${raw(quoteIdentifier(rule.sentence))} CHECK (${column} ${raw(rule.must)})`;
}

function nameOf(assertion: Assertion): string {
  switch (assertion.is) {
    case 'foreignKeysOff':
      return 'foreign_keys';
    case 'sameRowCount':
      return `${assertion.table} rows`;
    case 'castExact':
      return `${assertion.table}.${assertion.column}`;
    case 'orphansBefore':
      return 'orphans_before';
    case 'noNewOrphans':
      return 'new_orphans';
  }
}

interface Rule {
  /** Stands in the engine's error. */
  readonly sentence: string;
  readonly must: string;
}

function ruleOf(assertion: Assertion): Rule | null {
  switch (assertion.is) {
    case 'foreignKeysOff':
      return { sentence: 'foreign keys must be off: run this migration with drift migrate', must: '= 0' };
    case 'sameRowCount':
      return { sentence: `every row of ${assertion.table} is copied`, must: '= 0' };
    case 'castExact': {
      const column = writeAddress({ namespace: '', table: assertion.table, name: assertion.column });
      return {
        sentence: `${column} has values that would change as ${assertion.affinity}: convert them with --backfill`,
        must: '= 0',
      };
    }
    case 'orphansBefore':
      return null;
    case 'noNewOrphans':
      return { sentence: 'no row breaks a foreign key that it did not break before', must: '<= 0' };
  }
}

export function renderAssertion(guard: Guard, assertion: Assertion): string {
  const table = raw(`${guard.temporary ? 'temp.' : ''}${quoteIdentifier(guard.name, '`')}`);
  return sql`INSERT INTO ${table} (${nameOf(assertion)})\n${raw(renderQuery(guard, assertion))}`;
}

function renderQuery(guard: Guard, assertion: Assertion): string {
  switch (assertion.is) {
    case 'foreignKeysOff':
      return 'SELECT foreign_keys FROM pragma_foreign_keys';
    case 'sameRowCount':
      return sql`SELECT (SELECT count(*) FROM ${assertion.table}) - (SELECT count(*) FROM ${assertion.copy})`;
    case 'castExact':
      return renderCastQuery(assertion);
    case 'orphansBefore':
      return `SELECT ${countOrphans(assertion.tables)}`;
    case 'noNewOrphans': {
      const hasBefore = guard.assertions.some((other) => other.is === 'orphansBefore');
      const table = `${guard.temporary ? 'temp.' : ''}${quoteIdentifier(guard.name, '`')}`;
      const before = hasBefore ? ` - (SELECT max(orphans_before) FROM ${table})` : '';
      return `SELECT ${countOrphans(assertion.tables)}${before}`;
    }
  }
}

function countOrphans(tables: readonly string[]): string {
  return tables
    .map((table) => `(SELECT count(*) FROM pragma_foreign_key_check(${quoteString(table)}))`)
    .join('\n\t+ ');
}

function renderCastQuery(assertion: Extract<Assertion, { is: 'castExact' }>): string {
  const column = quoteIdentifier(assertion.column, '`');
  const bad = changedValues[assertion.affinity](column);
  return sql`SELECT count(*) FROM ${assertion.table} WHERE ${raw(bad)}`;
}

// A number that is written out and read again has to be the text it came from. The column's own collation must not
// decide: under NOCASE two texts could be equal that are not.
const changedText = (column: string): string =>
  `CAST(CAST(${column} AS NUMERIC) AS TEXT) COLLATE BINARY IS NOT ${column}`;

/** True for a value that would not be the same under the affinity. */
const changedValues: Readonly<Record<Affinity, (column: string) => string>> = {
  integer: (column) =>
    `typeof(${column}) = 'text' AND (${changedText(column)} OR typeof(CAST(${column} AS NUMERIC)) <> 'integer')`,
  numeric: (column) => `typeof(${column}) = 'text' AND ${changedText(column)}`,
  real: (column) =>
    [
      `(typeof(${column}) = 'text' AND (${changedText(column)} OR CAST(${column} AS REAL) <> CAST(${column} AS NUMERIC)))`,
      `(typeof(${column}) = 'integer' AND CAST(CAST(${column} AS REAL) AS INTEGER) IS NOT ${column})`,
    ].join(' OR '),
  text: (column) => `typeof(${column}) = 'real' AND CAST(CAST(${column} AS TEXT) AS REAL) IS NOT ${column}`,
  blob: () => '0',
};
