import Database from 'better-sqlite3';
import { showAddress } from '../../../src/diff/show-parts.ts';
import { diffSchemas } from '../../../src/diff/compare.ts';
import type { Change, FieldValue } from '../../../src/diff/changes.ts';
import type { Schema } from '../../../src/catalog/schema.ts';
import type { Scope } from '../../../src/dialects/dialect.ts';
import { readSchema } from '../../../src/dialects/sqlite/introspect/read-schema.ts';
import { normalise } from '../../../src/dialects/sqlite/normalise.ts';

export const wholeDatabase: Scope = {
  tables: undefined,
  schemas: undefined,
  extensions: undefined,
  migrationsTable: { schema: '', table: '__drizzle_migrations' },
};

/** The schema of a real database in memory that the statements built. */
export function buildSchema(statements: string | readonly string[], scope: Scope = wholeDatabase): Schema {
  const database = new Database(':memory:');
  try {
    // As a person with the sqlite3 shell would have it: schema texts may be edited.
    database.unsafeMode(true);
    for (const statement of typeof statements === 'string' ? [statements] : statements) {
      database.exec(statement);
    }
    return readSchema(database, scope);
  } finally {
    database.close();
  }
}

/** What a test says about one change: type, kind, address, and every field with both values. */
export type Summary = readonly [
  change: string,
  address: string,
  fields?: Readonly<Record<string, readonly [database: FieldValue, expected: FieldValue]>>,
];

/** Everything that would bring the first schema to the second. */
export function compare(database: Schema, expected: Schema): readonly Change[] {
  const pair = normalise({ database, expected });
  return diffSchemas(pair.database, pair.expected);
}

export function summarise(changes: readonly Change[]): readonly Summary[] {
  return changes.map((change) => {
    const head = [`${change.kind}.${change.type}`, showAddress(change.address)] as const;
    if (change.type === 'create' || change.type === 'drop') return head;
    return [
      ...head,
      Object.fromEntries(change.fields.map(({ field, database, expected }) => [field, [database, expected]])),
    ];
  });
}
