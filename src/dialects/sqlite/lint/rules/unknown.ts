/**
 * Statements about tables that no migration of the folder has made: it may begin with a database that was there before
 * it. What such a statement does to them can only be read from its words.
 */
import type { Hazard } from '../../../../plan/hazards.ts';
import { nearest } from '../../../../spelling.ts';
import { foldName, sameName } from '../../syntax/names.ts';
import { findMissedTable, type Examination, type Found } from '../examination.ts';
import type { LintStatement } from '../script.ts';

export function findBlindHazards(examination: Examination): readonly Found[] {
  return examination.statements.flatMap((statement, at): readonly Found[] => {
    const table = findUnknownTable(examination, at);
    // That the statement fails is said elsewhere.
    if (table === null || findMeantTable(examination, table) !== undefined) return [];
    const hazard = judge(examination, statement, at, table);
    return hazard === null ? [] : [{ at, table, hazard }];
  });
}

/** The table that SQLite misses, where no migration has ever made one of that name. */
export function findUnknownTable(examination: Examination, at: number): string | null {
  const missing = findMissedTable(examination, at);
  return missing !== null && !examination.known.has(foldName(missing)) ? missing : null;
}

/** The table that was meant, where the unknown one looks like a slip of the pen. */
export function findMeantTable({ before, after }: Examination, unknown: string): string | undefined {
  return nearest(
    unknown,
    [...before.values(), ...after.values()].map(({ name }) => name),
  );
}

function judge(
  { statements }: Examination,
  { tree }: LintStatement,
  at: number,
  table: string,
): Hazard | null {
  if (tree?.kind === 'drop' && tree.object === 'table') {
    const isMadeAnew = statements
      .slice(at + 1)
      .some(
        ({ tree: later }) =>
          later?.kind === 'alter-table' &&
          later.alteration.type === 'rename-table' &&
          sameName(later.alteration.to.value, table),
      );
    if (isMadeAnew || tree.ifExists) return null;
    return {
      code: 'data-loss',
      severity: 'danger',
      message: `DROP TABLE ${table} deletes all its rows.`,
      instead: 'Keep the table until nobody needs its rows any more, or copy them first.',
    };
  }
  if (tree?.kind !== 'alter-table') return null;
  const { alteration } = tree;
  if (alteration.type === 'drop-column') {
    return {
      code: 'data-loss',
      severity: 'danger',
      message: `All values of ${table}.${alteration.column.value} are deleted.`,
      instead: 'Keep the column until nobody needs its values any more, or copy them first.',
    };
  }
  if (alteration.type !== 'add-column') return null;
  const kinds = new Set(alteration.column.constraints.map(({ kind }) => kind));
  if (!kinds.has('not-null') || kinds.has('default') || kinds.has('generated')) return null;
  return {
    code: 'not-null-without-default',
    severity: 'danger',
    message: `${table}.${alteration.column.name.value} becomes NOT NULL without a default, which SQLite refuses as soon as the table has rows.`,
    instead: 'Give it a default.',
  };
}
