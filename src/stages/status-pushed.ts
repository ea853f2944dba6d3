/** Tables that are there though no migration is recorded as applied: drizzle-kit push, a dump or a hand made them. */
import { objectsOf, type Schema } from '../catalog/schema.ts';
import { makePrintable } from '../diff/printable.ts';
import type { Migration } from '../project/migrations/migration.ts';
import type { AppliedState } from '../project/migrations/state.ts';
import type { MigrationProblem } from '../report/report.ts';

/** So many tables are named. */
const mostNames = 3;

/** True where nothing at all is recorded, so that the tables alone can tell whether the database is new. */
export function isUnrecorded({ applied, missing, unknown, pending }: AppliedState): boolean {
  return applied.length + missing.length + unknown.length === 0 && pending.length > 0;
}

/** Null where none of the tables that the pending migrations make is there. */
export function describePushed(schema: Schema, pending: readonly Migration[]): MigrationProblem | null {
  const made = new Set(pending.flatMap(({ sql }) => findCreatedTables(sql)));
  const there = objectsOf(schema, 'table').filter(({ address }) => made.has(address.name.toLowerCase()));
  const last = pending.at(-1)?.tag;
  if (there.length === 0 || last === undefined) return null;
  const names = there.map(({ address }) => makePrintable(address.name));
  const shown = [
    ...names.slice(0, mostNames),
    ...(names.length > mostNames ? [`${String(names.length - mostNames)} more`] : []),
  ].join(', ');
  const [has, it] = names.length === 1 ? ['a table', 'it'] : ['tables', 'them'];
  return {
    code: 'already-in-database',
    migration: last,
    message: `The database has ${has} that pending migrations make (${shown}), and no migration is recorded as applied: drizzle-kit push made ${it}, or somebody by hand.`,
    next: `Mark the migrations as applied, which compares first: drift stamp ${last}`,
  };
}

/** Names without their schema, in lower case. A name that only a comment mentions does no harm: it must be there, too. */
function findCreatedTables(sql: string): readonly string[] {
  const name = '(?:"(?:[^"]|"")+"|`[^`]+`|\\[[^\\]]+\\]|[\\p{L}_][\\p{L}\\p{N}_$]*)';
  const create = new RegExp(
    `\\bcreate\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(?:${name}\\s*\\.\\s*)?(${name})`,
    'giu',
  );
  return [...sql.matchAll(create)].map(([, quoted = '']) =>
    quoted
      .replace(/^["`[]|["`\]]$/g, '')
      .replaceAll('""', '"')
      .toLowerCase(),
  );
}
