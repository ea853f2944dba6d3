/** The sample shop in a temporary folder of its own, for the examples. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Path of the drift command of this checkout. */
export const drift = join(root, 'bin/drift.js');

/**
 * Copies the sample project and builds its database with drizzle-orm's own migrator; removes everything at the end.
 * @param {(shop: { folder: string, database: import('better-sqlite3').Database }) => void | Promise<void>} use
 */
export async function withSampleShop(use) {
  const folder = mkdtempSync(join(tmpdir(), 'drift-example-'));
  try {
    for (const part of ['schema', 'migrations', 'drizzle.config.ts']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const database = new Database(join(folder, 'shop.db'));
    migrate(drizzle(database), { migrationsFolder: join(folder, 'migrations') });
    await use({ folder, database });
    database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
