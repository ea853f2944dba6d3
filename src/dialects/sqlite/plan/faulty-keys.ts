/** Foreign keys that SQLite takes, and that then stand in the way of those who write rows. */
import type { ForeignKey } from '../../../catalog/objects.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import { foldName, sameName } from '../syntax/names.ts';
import { findColumn, findRowidAlias, hasParentKey, type TableParts, type Tables } from './parts.ts';

export interface FaultyKey {
  /** The table that it belongs to. */
  readonly child: string;
  readonly hazard: Hazard;
}

/** The foreign keys that are faulty after a migration, and were not so before, or not there. */
export function findFaultyKeys(before: Tables, after: Tables): readonly FaultyKey[] {
  const old = new Set(listFaults(before).map(({ id }) => id));
  return listFaults(after).filter(({ id }) => !old.has(id));
}

interface Fault extends FaultyKey {
  /** Equal for the same fault before and after. */
  readonly id: string;
}

function listFaults(tables: Tables): readonly Fault[] {
  return [...tables.values()].flatMap((parts) =>
    parts.foreignKeys.flatMap((key) =>
      [findMismatch(parts, key, tables), findRefusal(parts, key, 'delete'), findRefusal(parts, key, 'update')]
        .filter((hazard) => hazard !== null)
        .map((hazard) => ({ child: parts.name, hazard, id: identify(parts.name, key, hazard) })),
    ),
  );
}

function identify(child: string, { columns, references }: ForeignKey, { code, message }: Hazard): string {
  const names = [columns.map(foldName), foldName(references.table), references.columns.map(foldName)];
  return JSON.stringify([code === 'foreign-key-mismatch' ? code : message, foldName(child), ...names]);
}

function findMismatch(parts: TableParts, key: ForeignKey, tables: Tables): Hazard | null {
  const { columns, references } = key;
  if (!tables.has(foldName(references.table)) || hasParentKey(key, tables)) return null;
  const target = `${references.table} (${references.columns.join(', ')})`;
  return {
    code: 'foreign-key-mismatch',
    severity: 'danger',
    message: `The foreign key ${parts.name} (${columns.join(', ')}) points at ${target}, which is no key: SQLite then refuses every write to ${parts.name} where foreign keys are on.`,
    instead: `Make ${target} the primary key, UNIQUE, or a unique index without WHERE and with the collations of its columns.`,
  };
}

/** NULL where none may be: sqlite.org/foreignkeys.html#fk_actions */
function findRefusal(parts: TableParts, key: ForeignKey, event: 'delete' | 'update'): Hazard | null {
  const action = event === 'delete' ? key.onDelete : key.onUpdate;
  if (action !== 'set null' && action !== 'set default') return null;
  const refusing = key.columns.filter(
    (name) => isNeverNull(parts, name) && (action === 'set null' || hasNoDefault(parts, name)),
  );
  if (refusing.length === 0) return null;
  const columns = refusing.map((name) => `${parts.name}.${name}`).join(', ');
  const what = event === 'delete' ? 'deleted' : 'given another key';
  return {
    code: 'impossible-action',
    severity: 'warning',
    message: `ON ${event.toUpperCase()} ${action.toUpperCase()} would put NULL into ${columns}, which must not be NULL: no row of ${key.references.table} can be ${what} while a row of ${parts.name} points at it.`,
    instead: `Let ${columns} be NULL, or choose CASCADE or RESTRICT, which says what happens anyway.`,
  };
}

function isNeverNull(parts: TableParts, name: string): boolean {
  const column = findColumn(parts, name);
  if (column === undefined) return false;
  const isInKey = parts.primaryKey?.columns.some((own) => sameName(own, name)) === true;
  return (
    !column.nullable || findRowidAlias(parts) === column || (parts.table.withoutRowid === true && isInKey)
  );
}

function hasNoDefault(parts: TableParts, name: string): boolean {
  const value = findColumn(parts, name)?.value;
  return (
    value?.kind === 'none' ||
    (value?.kind === 'default' && /^\s*\(?\s*null\s*\)?\s*$/i.test(value.expression.text))
  );
}
