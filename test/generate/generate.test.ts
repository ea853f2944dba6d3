import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
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
