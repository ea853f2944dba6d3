import { expect, it } from 'vitest';
import { runCheck } from '../../src/stages/check.ts';
import { makeProject } from '../migrations/project.ts';

it.each([
  ["id integer PRIMARY KEY, note text DEFAULT 'none', size integer", 5],
  ["id integer PRIMARY KEY, note text NOT NULL DEFAULT 'other', size integer", 6],
  ["id integer PRIMARY KEY, note text NOT NULL DEFAULT 'none', size integer", 9],
  ["id integer PRIMARY KEY, note text NOT NULL DEFAULT 'none', size integer AS (length(note))", 9],
  ["id integer PRIMARY KEY, note blob NOT NULL DEFAULT 'none', size integer AS (length(note)) STORED", 4],
])('a difference is traced to the call that says otherwise: %s', async (columns, line) => {
  const project = makeProject(
    `export const t = sqliteTable('t', { id: integer('id').primaryKey(),

note: text('note')
  .notNull()
  .default('none'),

size: integer('size')
  .generatedAlwaysAs(sql\`length(note)\`, { mode: 'stored' }) });
import { sql } from 'drizzle-orm';`,
    {},
  );
  project.run(`CREATE TABLE t (${columns})`);
  const { drifts } = await runCheck({ cwd: project.cwd, env: project.env });
  expect(drifts.map(({ source }) => source?.line)).toContain(line);
});
