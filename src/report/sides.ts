import { showField } from '../diff/describe.ts';
import type { Drift } from '../diff/drift.ts';
import { makePrintable } from '../diff/printable.ts';
import { objectOfDrift } from './report.ts';

/** What stands on the two sides of a drift, in words. */
export type Sides =
  | { readonly is: 'missing' | 'unexpected'; readonly words: string; readonly definition: string }
  | { readonly is: 'different'; readonly values: readonly ValueSides[] };

export interface ValueSides {
  readonly before: string;
  readonly after: string;
}

/**
 * Puts both sides of a drift into words; long values are cut to `length` letters around their first difference.
 * Where a report of the database tells of a difference in the migrations, the words say so.
 */
export function showSides(drift: Drift, length: number, isOffline: boolean): Sides {
  const inMigrations = drift.observed === 'migrations' && !isOffline;
  const definition = makePrintable(drift.definition ?? '');
  const alike =
    drift.lookalike === undefined ? '' : `, looks like ${makePrintable(drift.lookalike.name)} renamed`;
  const renamed = drift.renamed === undefined ? null : makePrintable(drift.renamed.name);
  if (drift.kind.endsWith('.create')) {
    const words = inMigrations ? 'missing in the migrations' : 'missing';
    return {
      is: 'missing',
      words: renamed === null ? `${words}${alike}` : `renamed from ${renamed}`,
      definition,
    };
  }
  if (drift.kind.endsWith('.drop')) {
    const words = inMigrations ? 'in the migrations, not expected' : 'not expected';
    return {
      is: 'unexpected',
      words: renamed === null ? `${words}${alike}` : `renamed to ${renamed}`,
      definition,
    };
  }
  const values = drift.fields.map((field) => {
    const shown = showField(
      objectOfDrift(drift.kind),
      field.recorded === undefined ? field : { ...field, database: field.recorded },
      length,
    );
    const before = field.field === 'name' ? `called ${shown.database}` : shown.database;
    return { before: inMigrations ? `${before} (in the migrations)` : before, after: shown.expected };
  });
  return { is: 'different', values };
}
