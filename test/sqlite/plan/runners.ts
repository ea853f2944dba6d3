/** The runners that migrations meet: drift's own way, drizzle-orm's real migrators, and one like Cloudflare D1. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Database from 'better-sqlite3';
import type { RunnerForm } from '../../../src/plan/plan.ts';

type Db = Database.Database;

export interface TestRunner {
  readonly name: string;
  readonly form: RunnerForm;
  /** Throws where the migration fails. */
  readonly run: (db: Db, sql: string) => void;
}

const peers = path.resolve(import.meta.dirname, '../../peers/drizzle-v1/package.json');
const requireV0 = createRequire(import.meta.url);
const requireV1 = createRequire(peers);

const breakpoint = '--> statement-breakpoint';

function inTransaction(db: Db, sql: string): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const piece of sql.split(breakpoint)) db.prepare(piece).run();
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function withFolder(write: (folder: string) => void, use: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'drift-runner-'));
  try {
    write(folder);
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface DrizzleOrm {
  readonly drizzle: (options: { readonly client: Db }) => unknown;
  readonly migrate: (db: unknown, config: { readonly migrationsFolder: string }) => unknown;
}

function loadOrm(load: NodeJS.Require): DrizzleOrm {
  const { drizzle } = load('drizzle-orm/better-sqlite3') as DrizzleOrm;
  const { migrate } = load('drizzle-orm/better-sqlite3/migrator') as DrizzleOrm;
  return { drizzle, migrate };
}

const ormV0 = loadOrm(requireV0);
const ormV1 = loadOrm(requireV1);

export const runners: readonly TestRunner[] = [
  {
    name: 'drift',
    form: 'drift',
    run(db, sql) {
      db.pragma('foreign_keys = OFF');
      inTransaction(db, sql);
      db.pragma('foreign_keys = ON');
    },
  },
  {
    name: 'drizzle-orm 0.45',
    form: 'drizzle',
    run(db, sql) {
      db.pragma('foreign_keys = ON');
      const entry = { idx: 0, version: '6', when: 1, tag: '0000_test', breakpoints: true };
      withFolder(
        (folder) => {
          mkdirSync(path.join(folder, 'meta'));
          writeFileSync(
            path.join(folder, 'meta/_journal.json'),
            JSON.stringify({ version: '7', dialect: 'sqlite', entries: [entry] }),
          );
          writeFileSync(path.join(folder, '0000_test.sql'), sql);
        },
        (folder) => void ormV0.migrate(ormV0.drizzle({ client: db }), { migrationsFolder: folder }),
      );
    },
  },
  {
    name: 'drizzle-orm 1.0',
    form: 'drizzle',
    run(db, sql) {
      db.pragma('foreign_keys = ON');
      withFolder(
        (folder) => {
          mkdirSync(path.join(folder, '20300101000000_test'));
          writeFileSync(path.join(folder, '20300101000000_test/migration.sql'), sql);
        },
        (folder) => void ormV1.migrate(ormV1.drizzle({ client: db }), { migrationsFolder: folder }),
      );
    },
  },
  {
    name: 'one like D1',
    form: 'd1',
    run(db, sql) {
      db.pragma('foreign_keys = ON');
      if (/\bTEMP(?:ORARY)?\b/i.test(sql)) throw new Error('D1 has no temporary tables');
      inTransaction(db, sql);
    },
  },
];
