/** Foreign keys that point at no key. SQLite takes them, and then refuses every write to the child. */
import type { ForeignKey } from '../../../catalog/objects.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import { foldName } from '../syntax/names.ts';
import { hasParentKey, type Tables } from './parts.ts';

/** One hazard for each key that a migration leaves without a parent key and that had one before, or was not there. */
export function hazardsOfUnkeyed(before: Tables, after: Tables): readonly Hazard[] {
  const old = new Set(listUnkeyed(before).map(({ child, key }) => keyOf(child, key)));
  return listUnkeyed(after)
    .filter(({ child, key }) => !old.has(keyOf(child, key)))
    .map(({ child, key }) => describe(child, key));
}

interface Unkeyed {
  readonly child: string;
  readonly key: ForeignKey;
}

function listUnkeyed(tables: Tables): readonly Unkeyed[] {
  return [...tables.values()].flatMap((parts) =>
    parts.foreignKeys
      .filter((key) => tables.has(foldName(key.references.table)) && !hasParentKey(key, tables))
      .map((key) => ({ child: parts.name, key })),
  );
}

function keyOf(child: string, { columns, references }: ForeignKey): string {
  const names = [columns.map(foldName), foldName(references.table), references.columns.map(foldName)];
  return JSON.stringify([foldName(child), ...names]);
}

function describe(child: string, { columns, references }: ForeignKey): Hazard {
  const target = `${references.table} (${references.columns.join(', ')})`;
  return {
    code: 'foreign-key-mismatch',
    severity: 'danger',
    message: `The foreign key ${child} (${columns.join(', ')}) points at ${target}, which is no key: SQLite then refuses every write to ${child} where foreign keys are on.`,
    instead: `Make ${target} the primary key, UNIQUE, or a unique index without WHERE and with the collations of its columns.`,
  };
}
