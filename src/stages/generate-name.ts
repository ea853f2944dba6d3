import type { Change } from '../diff/changes.ts';
import type { Rename } from '../diff/renames.ts';
import { cleanName } from '../project/migration-names.ts';

/** A name for a migration that says what it does: `add_nickname_to_users`, `create_orders`, `change_3_tables`. */
export function nameChanges(changes: readonly Change[], renames: readonly Rename[]): string {
  const [rename] = renames;
  if (rename !== undefined && renames.length + changes.length === 1) {
    return cleanName(`rename_${rename.from.table ?? 'table'}_${rename.from.name}_to_${rename.to}`);
  }
  const [only] = changes;
  if (only !== undefined && changes.length === 1) return cleanName(nameChange(only));
  const tables = [...new Set(changes.map((change) => change.address.table ?? change.address.name))];
  const verb = changes.every((change) => change.type === 'create' && change.kind === 'table')
    ? 'create'
    : 'change';
  if (tables.length === 0) return 'renames';
  return cleanName(
    tables.length <= 2 ? `${verb}_${tables.join('_and_')}` : `${verb}_${String(tables.length)}_tables`,
  );
}

function nameChange({ type, kind, address }: Change): string {
  const verbs = { create: 'add', drop: 'drop', alter: 'change', rename: 'rename' } as const;
  if (address.table === undefined) return `${type === 'create' ? 'create' : verbs[type]}_${address.name}`;
  const what = kind === 'column' ? address.name : `${kind.toLowerCase()}_${address.name}`;
  const link = { create: 'to', drop: 'from', alter: 'of', rename: 'of' } as const;
  return `${verbs[type]}_${what}_${link[type]}_${address.table}`;
}
