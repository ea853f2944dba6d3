/** Foreign keys that the migration makes, or leaves, so that rows can no longer be written or deleted. */
import { findFaultyKeys } from '../../plan/faulty-keys.ts';
import { sameName } from '../../syntax/names.ts';
import { finalName, type Examination, type Found } from '../examination.ts';

export function findFaultyForeignKeys(examination: Examination): readonly Found[] {
  return findFaultyKeys(examination.before, examination.after).map(({ child, hazard }) => ({
    at: findMaking(examination, child),
    table: child,
    hazard,
  }));
}

/** The statement that makes the table, or else the last that alters it; the parent may be altered instead. */
function findMaking(examination: Examination, table: string): number {
  const { statements } = examination;
  const makes = statements.findLastIndex(
    ({ tree }) => tree?.kind === 'table' && sameName(finalName(examination, tree.name.value), table),
  );
  if (makes !== -1) return makes;
  const alters = statements.findLastIndex(
    ({ tree }) => tree?.kind === 'alter-table' && sameName(finalName(examination, tree.table.value), table),
  );
  return alters === -1 ? Math.max(statements.length - 1, 0) : alters;
}
