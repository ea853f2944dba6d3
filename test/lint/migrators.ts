/** Migration folders in temporary places, and the migrators of both versions of drizzle-orm that run them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { loadDrizzle, type Loose } from '../drizzle/versions.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const modules = {
  v0: path.join(repository, 'node_modules'),
  v1: path.join(repository, 'test/peers/drizzle-v1/node_modules'),
} as const;

export type Major = keyof typeof modules;

/** Table builders of drizzle-orm's sqlite-core, and `sql`. */
export async function loadBuilders(major: Major): Promise<Loose> {
  const copy = await loadDrizzle(major === 'v0' ? '0.45' : '1.0');
  return { ...copy.sqlite, sql: copy.orm.sql };
}

/** What drizzle-kit generates between two sets of models, as the file it would write. */
export async function generateWithKit(major: Major, before: Loose, after: Loose): Promise<string> {
  const kit = path.join(modules[major], 'drizzle-kit');
  let statements: readonly string[];
  if (major === 'v0') {
    const api = (await import(/* @vite-ignore */ path.join(kit, 'api.mjs'))) as Loose;
    const [from, to] = [
      await api.generateSQLiteDrizzleJson(before),
      await api.generateSQLiteDrizzleJson(after),
    ];
    statements = await api.generateSQLiteMigration(from, to);
  } else {
    const api = (await import(/* @vite-ignore */ path.join(kit, 'payload-sqlite.mjs'))) as Loose;
    statements = await api.generateMigration(
      await api.generateDrizzleJson(before),
      await api.generateDrizzleJson(after),
    );
  }
  return statements.join('\n--> statement-breakpoint\n');
}

export interface Migrated {
  readonly error: string | null;
  /** Rows of a query after the migrations. */
  readonly rows: readonly unknown[];
}

/**
 * Runs the first migrations, then the statements that fill the database, and then the last one, each under
 * drizzle-orm's migrator for better-sqlite3.
 */
export async function runUnderDrizzle(
  major: Major,
  migrations: readonly string[],
  fill: string,
  query: string,
): Promise<Migrated> {
  const folder = mkdtempSync(path.join(tmpdir(), 'drift-lint-'));
  const client = new Database(':memory:');
  try {
    const { drizzle } = (await import(
      /* @vite-ignore */ path.join(modules[major], 'drizzle-orm/better-sqlite3/index.js')
    )) as Loose;
    const { migrate } = (await import(
      /* @vite-ignore */ path.join(modules[major], 'drizzle-orm/better-sqlite3/migrator.js')
    )) as Loose;
    const db = major === 'v0' ? drizzle(client) : drizzle({ client });
    writeFolder(major, folder, migrations.slice(0, -1));
    migrate(db, { migrationsFolder: folder });
    client.exec(fill);
    writeFolder(major, folder, migrations);
    const error = tryRun(() => migrate(db, { migrationsFolder: folder }));
    return { error, rows: client.prepare(query).all() };
  } finally {
    client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tryRun(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

export function writeFolder(major: Major, folder: string, migrations: readonly string[]): void {
  if (major === 'v1') {
    for (const [index, sql] of migrations.entries()) {
      const own = path.join(folder, `2030010100000${String(index)}_m${String(index)}`);
      mkdirSync(own, { recursive: true });
      writeFileSync(path.join(own, 'migration.sql'), sql);
    }
    return;
  }
  mkdirSync(path.join(folder, 'meta'), { recursive: true });
  const entries = migrations.map((sql, idx) => {
    const tag = `000${String(idx)}_m${String(idx)}`;
    writeFileSync(path.join(folder, `${tag}.sql`), sql);
    return { idx, version: '6', when: 1_700_000_000_000 + idx, tag, breakpoints: true };
  });
  const journal = { version: '7', dialect: 'sqlite', entries };
  writeFileSync(path.join(folder, 'meta/_journal.json'), JSON.stringify(journal));
}
