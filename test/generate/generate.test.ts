import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DriftError } from '../../src/errors.ts';
import {
  copySample,
  generate,
  makeProject,
  runKit,
  type DrizzleMajor,
  type TestProject,
} from './projects.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

function keep(project: TestProject): TestProject {
  projects.push(project);
  return project;
}

const before = `
import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  email: text('email').notNull().unique(),
  name: text('name'),
  active: integer('active', { mode: 'boolean' }).notNull().default(true),
}, (t) => [index('users_name').on(t.name), check('name_long', sql\`length(\${t.name}) > 1\`)]);
export const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  author: integer('author').notNull().references(() => users.id, { onDelete: 'cascade' }),
  title: text('title').notNull().default('x'),
});
`;

describe.each<DrizzleMajor>(['v0', 'v1'])('drift generate beside drizzle-kit %s', (major) => {
  it('writes the first migration, which drizzle-kit takes for its own', async () => {
    const project = keep(makeProject(major, before));
    const result = await generate(project, { name: 'first' });
    expect(result.status).toBe('written');
    const nothing = major === 'v0' ? /No schema changes/ : /No schema changes|no_changes/;
    expect(await runKit(project, 'generate')).toMatch(nothing);
    expect(await runKit(project, 'check')).toMatch(/Everything's fine|fine/);
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
  });

  it('writes what has a BigInt for a default', async () => {
    const project = keep(
      makeProject(
        major,
        `import { blob, sqliteTable } from 'drizzle-orm/sqlite-core';
         export const t = sqliteTable('t', {
           small: blob('small', { mode: 'bigint' }).default(10n),
           large: blob('large', { mode: 'bigint' }).default(9007199254740993n),
         });`,
      ),
    );
    expect((await generate(project)).status).toBe('written');
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
  });

  it('goes on from what drizzle-kit wrote, and drizzle-kit from what drift wrote', async () => {
    const project = keep(makeProject(major, before));
    await runKit(project, 'generate', '--name', 'init');
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
    project.write(
      'schema.ts',
      before.replace("text('name')", "text('name').notNull()").replace('> 1', '> 2'),
    );
    const result = await generate(project);
    expect(result).toMatchObject({ status: 'written' });
    expect(await runKit(project, 'generate')).toMatch(/No schema changes/);
    expect(await runKit(project, 'check')).toMatch(/fine/);
    project.write(
      'schema.ts',
      before
        .replace("text('name')", "text('name').notNull()")
        .replace('> 1', '> 2')
        .replace("title: text('title')", "body: text('body'),\n  title: text('title')"),
    );
    expect(await runKit(project, 'generate', '--name', 'theirs')).not.toMatch(/not 0/);
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
  });
});

describe('drift generate', () => {
  it('leaves a key NOT NULL where the models do not say whether it is', async () => {
    const keyed = (key: string): string => `
      import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
      export const settings = sqliteTable('settings', { key: text('key').primaryKey()${key}, value: text('value') });`;
    const project = keep(makeProject('v1', keyed('.notNull()')));
    expect(await generate(project)).toMatchObject({ status: 'written' });
    project.write('schema.ts', keyed(''));
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
  });

  it('says what is to be answered, and writes nothing', async () => {
    const project = keep(makeProject('v0', before));
    await generate(project);
    project.write(
      'schema.ts',
      before
        .replace("name: text('name'),", "fullName: text('full_name').notNull(),")
        .replaceAll('t.name', 't.fullName'),
    );
    const files = listFiles(project);
    await expect(generate(project)).rejects.toMatchObject({
      code: 'GENERATE_UNANSWERED',
      next: expect.stringContaining('--rename column:users.name=full_name') as string,
    });
    expect(listFiles(project)).toEqual(files);
    const result = await generate(project, { renames: ['column:users.name=full_name'], down: true });
    expect(result).toMatchObject({ status: 'written', downProblems: [] });
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
  });

  it('takes the flag that it offers for a column of a table that is renamed too', async () => {
    const project = keep(makeProject('v0', before));
    await generate(project);
    project.write(
      'schema.ts',
      before
        .replace("sqliteTable('users'", "sqliteTable('people'")
        .replace("name: text('name'),", "fullName: text('full_name').notNull(),")
        .replaceAll('t.name', 't.fullName'),
    );
    const renames = ['table:users=people'];
    const refused: unknown = await generate(project, { renames }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'GENERATE_UNANSWERED' });
    const offered = /--rename (column:\S+)/.exec((refused as DriftError).next)?.[1] ?? '';
    expect(await generate(project, { renames: [...renames, offered] })).toMatchObject({ status: 'written' });
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
  });

  it('asks for a backfill of a NOT NULL column, and takes it', async () => {
    const project = keep(makeProject('v0', before));
    await generate(project);
    project.write(
      'schema.ts',
      before.replace("name: text('name'),", "name: text('name'), nick: text('nick').notNull(),"),
    );
    await expect(generate(project)).rejects.toMatchObject({
      code: 'GENERATE_UNANSWERED',
      next: expect.stringContaining('--backfill "users.nick=SQL"') as string,
    });
    const result = await generate(project, { backfills: ['users.nick=lower(email)'], down: true });
    expect(result).toMatchObject({ status: 'written', down: null });
    expect(result.status === 'written' && result.sql).toContain('lower(email)');
  });

  it('writes an empty migration for statements by hand', async () => {
    const project = keep(makeProject('v0', before));
    await generate(project);
    const result = await generate(project, { custom: true, name: 'audit trigger' });
    expect(result).toMatchObject({ status: 'written', tag: '0001_audit_trigger' });
    expect(existsSync(path.join(project.root, 'drizzle/meta/0001_snapshot.json'))).toBe(true);
    expect(await runKit(project, 'generate')).toMatch(/No schema changes/);
  });

  it('gives two that run at once one number, and the other a coded refusal', async () => {
    const project = keep(makeProject('v0', before));
    const results = await Promise.allSettled([generate(project), generate(project)]);
    const written = results.filter((one) => one.status === 'fulfilled' && one.value.status === 'written');
    const locked = results.filter((one) => one.status === 'rejected');
    expect(written).toHaveLength(1);
    expect(locked).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'MIGRATIONS_LOCKED' }) as unknown },
    ]);
    expect(listFiles(project).filter((name) => name.endsWith('.sql'))).toHaveLength(1);
  });

  it.each([
    ['--rename column:users.nam=x', { renames: ['column:users.nam=x'] }, 'users.name'],
    ['--rename table:user=x', { renames: ['table:user=x'] }, 'users'],
    ['--rename users=x', { renames: ['users=x'] }, undefined],
    ['--rename column:users.name=nam', { renames: ['column:users.name=nam'] }, 'name'],
    ['--backfill users.emial=1', { backfills: ['users.emial=1'] }, 'users.email'],
    ['--backfill users.email=', { backfills: ['users.email='] }, undefined],
    ['--backfill users.email=1', { backfills: ['users.email=1'] }, undefined],
  ])('refuses an answer about nothing: %s', async (flag, options, nearest) => {
    const project = keep(makeProject('v0', before));
    await generate(project);
    await expect(generate(project, options)).rejects.toMatchObject({
      code: 'GENERATE_ANSWER_UNKNOWN',
      details: nearest === undefined ? { flag } : { flag, nearest },
    });
  });

  it('chooses the form that fits who runs the migrations', async () => {
    const change = (project: TestProject) =>
      project.write('schema.ts', before.replace("text('name')", "text('name').notNull()"));
    const guarded = /pragma_foreign_keys/;
    const project = keep(makeProject('v0', before));
    await generate(project);
    change(project);
    const plain = await generate(project, { dryRun: true });
    expect(plain).toMatchObject({ status: 'dry-run', runner: { runner: 'drizzle' } });
    expect('sql' in plain && plain.sql).not.toMatch(guarded);
    project.write('package.json', JSON.stringify({ type: 'module', scripts: { migrate: 'drift migrate' } }));
    const own = await generate(project, { dryRun: true });
    expect(own).toMatchObject({ runner: { runner: 'drift' } });
    expect('sql' in own && own.sql).toMatch(guarded);
    project.write(
      'drizzle.config.ts',
      `export default { dialect: 'sqlite', driver: 'd1-http', schema: './schema.ts', out: './drizzle', dbCredentials: { accountId: 'a', databaseId: 'd', token: 't' } };`,
    );
    const d1 = await generate(project, { dryRun: true });
    expect(d1).toMatchObject({ runner: { runner: 'd1' } });
    expect('sql' in d1 && d1.sql).not.toMatch(/TEMP/);
  });

  it('leaves alone what the filter or an ignore rule keeps out', async () => {
    const project = keep(makeProject('v0', before));
    await generate(project);
    await generate(project, { custom: true, name: 'legacy' });
    project.write(
      'drizzle/0001_legacy.sql',
      'CREATE TABLE legacy (id integer PRIMARY KEY, u integer REFERENCES users(id) ON DELETE CASCADE);',
    );
    await expect(generate(project)).rejects.toMatchObject({ code: 'GENERATE_UNANSWERED' });
    project.write('drift.config.json', JSON.stringify({ ignore: [{ name: 'legacy' }] }));
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
    project.write('drift.config.json', '{}');
    project.write(
      'drizzle.config.ts',
      `export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle', tablesFilter: ['!legacy'], dbCredentials: { url: 'app.db' } };`,
    );
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
    project.write('schema.ts', before.replace("text('name')", "text('name').notNull()"));
    const result = await generate(project, { runner: 'drizzle' });
    // The child is not in scope, and its rows are kept all the same.
    expect('sql' in result && result.sql).toContain('__drift_keep_delete_legacy');
  });

  it('keeps what the models cannot say', async () => {
    const project = keep(copySample());
    const file = path.join(project.root, 'schema/catalogue.ts');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain("name: text('name').notNull(),\n    description");
    project.write(
      'schema/catalogue.ts',
      text.replace("name: text('name').notNull(),\n    description", "name: text('name'),\n    description"),
    );
    const result = await generate(project, { runner: 'drift' });
    expect(result.status).toBe('written');
    if (result.status !== 'written') return;
    expect(result.sql).toContain('CREATE TRIGGER');
    expect(result.proofs[0]?.empty).toEqual([]);
    expect(await generate(project)).toEqual({ status: 'nothing-to-do' });
    expect(await runKit(project, 'generate')).toMatch(/No schema changes/);
  });
});

function listFiles(project: TestProject): readonly string[] {
  return readdirSync(path.join(project.root, 'drizzle'), { recursive: true }).map(String).sort();
}
