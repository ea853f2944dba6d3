import type { Located } from '../../../catalog/schema.ts';
import type { Scope } from '../../dialect.ts';
import { compileTableFilter } from '../../table-filter.ts';
import { foldName } from '../syntax/names.ts';

/** {@link Dialect.createScopeFilter} of SQLite: `tablesFilter`, and never Drizzle's own table of migrations. */
export function createScopeFilter(scope: Scope): (object: Located) => boolean {
  const isNameInScope = compileTableFilter(scope.tables);
  const migrations = foldName(scope.migrationsTable.table);
  // Objects mostly come table by table.
  let last: string | undefined;
  let isInScope = false;
  return ({ address: { table, name } }) => {
    const owner = table ?? name;
    if (owner !== last) {
      last = owner;
      isInScope = foldName(owner) !== migrations && isNameInScope(owner);
    }
    return isInScope;
  };
}
