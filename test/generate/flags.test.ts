import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import type { DriftError } from '../../src/errors.ts';
import { writeBackfill, writeRename } from '../../src/plan/flags.ts';
import { generate, makeProject, type TestProject } from './projects.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

/** What a shell makes of a flag: its words. */
function split(flag: string): readonly string[] {
  const script = `printf '%s\\0' ${flag}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe.skipIf(process.platform === 'win32')('a flag that is printed can be typed as it is', () => {
  it.each([
    'users.name',
    'order.a b',
    'a.q"t',
    "a.it's",
    'a.$HOME',
    'a.`x`',
    'a.back\\slash',
    `"a"."b's"`,
    'größe.naïve',
  ])('%s', (column) => {
    expect(split(writeBackfill(column))).toEqual(['--backfill', `${column}=SQL`]);
    expect(split(writeBackfill(column, `CAST("x" AS text)`))).toEqual([
      '--backfill',
      `${column}=CAST("x" AS text)`,
    ]);
    expect(split(writeRename(`column:${column}=${column}`))).toEqual([
      '--rename',
      `column:${column}=${column}`,
    ]);
  });

  it('where the refusal of a migration offers it, and answers', async () => {
    const models = (columns: string): string =>
      `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
       export const t = sqliteTable('my table', { id: integer('id').primaryKey(), ${columns} });`;
    const project = makeProject('v0', models('a: text(\'a "b"\')'));
    projects.push(project);
    await generate(project, { name: 'first' });
    project.write('schema.ts', models("c: text('c d'), n: text('n \"m\"').notNull()"));
    const error: unknown = await generate(project).catch((thrown: unknown) => thrown);
    const { next } = error as DriftError;
    const flags = [...next.matchAll(/--(?:rename|backfill) ('[^']*'|"[^"]*")/g)].map(([flag]) => split(flag));
    expect(flags).toContainEqual(['--rename', 'column:my table.a "b"=c d']);
    expect(flags).toContainEqual(['--backfill', 'my table.n "m"=SQL']);
    const answers = { renames: ['column:my table.a "b"=c d'], backfills: ['my table.n "m"=1'] };
    expect(await generate(project, answers)).toMatchObject({ status: 'written' });
  });
});
