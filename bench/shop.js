/** Writes a project of any number of tables, twelve columns each, for both dialects. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dialects = {
  sqlite: {
    dialect: 'sqlite',
    core: 'sqlite-core',
    table: 'sqliteTable',
    columns: (n) => `
    id: integer('id').primaryKey({ autoIncrement: true }),
    parentId: integer('parent_id')${n > 0 ? `.references(() => table${n - 1}.id, { onDelete: 'cascade' })` : ''},
    name: text('name').notNull(),
    email: text('email').notNull(),
    note: text('note'),
    amount: integer('amount').notNull().default(0),
    ratio: real('ratio').notNull().default(0.5),
    active: integer('active', { mode: 'boolean' }).notNull().default(true),
    payload: blob('payload'),
    kind: text('kind', { enum: ['a', 'b'] }).notNull().default('a'),
    createdAt: integer('created_at', { mode: 'timestamp' }).notNull().default(sql\`(unixepoch())\`),
    updatedAt: integer('updated_at', { mode: 'timestamp' }),`,
    imports: 'blob, check, index, integer, real, sqliteTable, text, uniqueIndex',
  },
  postgresql: {
    dialect: 'postgresql',
    core: 'pg-core',
    table: 'pgTable',
    columns: (n) => `
    id: serial('id').primaryKey(),
    parentId: integer('parent_id')${n > 0 ? `.references(() => table${n - 1}.id, { onDelete: 'cascade' })` : ''},
    name: text('name').notNull(),
    email: varchar('email', { length: 255 }).notNull(),
    note: text('note'),
    amount: integer('amount').notNull().default(0),
    ratio: numeric('ratio', { precision: 10, scale: 2 }).notNull().default('0.50'),
    active: boolean('active').notNull().default(true),
    payload: jsonb('payload').notNull().default({}),
    kind: varchar('kind', { length: 10 }).notNull().default('a'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at'),`,
    imports:
      'boolean, check, index, integer, jsonb, numeric, pgTable, serial, text, timestamp, uniqueIndex, varchar',
  },
};

/**
 * Writes config and models to `folder` and links `node_modules` there.
 * @param {{ folder: string, dialect: 'sqlite' | 'postgresql', tables: number, url: string, nodeModules: string }} project
 */
export function writeProject({ folder, dialect, tables, url, nodeModules }) {
  const { core, table, columns, imports } = dialects[dialect];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(nodeModules, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const config = { dialect, schema: './schema.ts', dbCredentials: { url } };
  writeFileSync(join(folder, 'drizzle.config.ts'), `export default ${JSON.stringify(config)};\n`);
  const models = Array.from(
    { length: tables },
    (_, n) => `
export const table${n} = ${table}(
  'table_${n}',
  {${columns(n)}
  },
  (t) => [
    uniqueIndex('table_${n}_email').on(t.email),
    index('table_${n}_name').on(t.name, t.createdAt),
    check('table_${n}_amount', sql\`\${t.amount} >= 0\`),
  ],
);`,
  );
  const text = `import { sql } from 'drizzle-orm';\nimport { ${imports} } from 'drizzle-orm/${core}';\n${models.join('\n')}\n`;
  writeFileSync(join(folder, 'schema.ts'), text);
}
