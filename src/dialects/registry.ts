import type { DialectName } from '../catalog/schema.ts';
import type { Dialect } from './dialect.ts';
import type { Linter } from './linter.ts';
import type { Planner } from './planner.ts';
import type { Recorder } from './recorder.ts';

/** Every dialect by name; each is loaded when it is asked for. */
const dialects: Readonly<Partial<Record<DialectName, () => Promise<Dialect>>>> = {
  postgres: async () => (await import('./postgres/postgres.ts')).postgres,
  sqlite: async () => (await import('./sqlite/sqlite.ts')).sqlite,
};

/** Loads a dialect and nothing of the others. */
export async function loadDialect(name: DialectName): Promise<Dialect> {
  const load = dialects[name];
  if (load === undefined) throw new TypeError(`There is no dialect ${name}.`);
  return load();
}

const planners: Readonly<Partial<Record<DialectName, () => Promise<Planner>>>> = {
  sqlite: async () => (await import('./sqlite/plan/planner.ts')).sqlitePlanner,
};

/** Loads what plans migrations of a dialect; null where drift cannot plan them yet. */
export async function loadPlanner(name: DialectName): Promise<Planner | null> {
  return (await planners[name]?.()) ?? null;
}

/** What drift does with a dialect beyond reading it. Advice asks here, so that it never names a command that refuses. */
export interface Abilities {
  readonly generate: boolean;
  readonly migrate: boolean;
}

export function listAbilities(dialect: Dialect): Abilities {
  return { generate: planners[dialect.name] !== undefined, migrate: dialect.openMigrator !== undefined };
}

const recorders: Readonly<Partial<Record<DialectName, () => Promise<Recorder>>>> = {
  postgres: async () => (await import('./postgres/recorder.ts')).postgresRecorder,
  sqlite: async () => (await import('./sqlite/recorder.ts')).sqliteRecorder,
};

/** Loads what writes rows of applied migrations; null where drift cannot write them yet. */
export async function loadRecorder(name: DialectName): Promise<Recorder | null> {
  return (await recorders[name]?.()) ?? null;
}

const linters: Readonly<Partial<Record<DialectName, () => Promise<Linter>>>> = {
  sqlite: async () => (await import('./sqlite/lint/lint.ts')).sqliteLinter,
};

/** Loads what finds hazards in migrations of a dialect; null where drift has no rules for it. */
export async function loadLinter(name: DialectName): Promise<Linter | null> {
  return (await linters[name]?.()) ?? null;
}
