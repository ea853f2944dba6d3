import { createHash } from 'node:crypto';

/**
 * The hash that Drizzle writes into its table: SHA-256, hex, of the whole text of the .sql file. Drizzle hashes the
 * decoded text and not the bytes (drizzle-orm, `migrator.js`), so this does too.
 */
export function hashMigration(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/**
 * The hashes under which the same migration may have been applied elsewhere: git turns line endings around on
 * checkout, and editors add a final newline. Neither changes what the migration does.
 */
export function hashVariants(sql: string): ReadonlySet<string> {
  const unix = sql.replaceAll('\r\n', '\n');
  const bodies = [unix, unix.replace(/[\r\n]+$/, ''), unix.replace(/[\r\n]*$/, '\n')];
  return new Set([sql, ...bodies, ...bodies.map((body) => body.replaceAll('\n', '\r\n'))].map(hashMigration));
}
