/** Views and indexes that only a migration written by hand made. */
import { appendFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { generate, makeProject, type DrizzleMajor, type TestProject } from './projects.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

const models = `
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer('id').primaryKey(),
  email: text('email'),
  name: text('name'),
}, (t) => [index('users_name').on(t.name)]);
`;
const changed = models.replace("name: text('name'),", "name: text('name'), born: integer('born'),");

async function makeCustomised(line: DrizzleMajor): Promise<TestProject> {
  const project = makeProject(line, models);
  projects.push(project);
  await generate(project, { name: 'init', preflight: false });
  const custom = await generate(project, { custom: true, name: 'by_hand' });
  const [file = ''] = custom.status === 'written' ? custom.files : [];
  appendFileSync(
    file,
    '\nCREATE VIEW mails AS SELECT email FROM users;\n--> statement-breakpoint\nCREATE INDEX users_email ON users (email);\n',
  );
  return project;
}

describe.each(['v0', 'v1'] as const)('in a project of Drizzle %s', (line) => {
  it('they are asked about before they are dropped', async () => {
    const project = await makeCustomised(line);
    project.write('schema.ts', changed);
    await expect(generate(project, { preflight: false })).rejects.toMatchObject({
      code: 'GENERATE_UNANSWERED',
      message: expect.stringMatching(
        /view mails[\s\S]*index users_email on users|index users_email on users[\s\S]*view mails/,
      ) as string,
      next: 'Answer with --allow hand-made',
    });
    const result = await generate(project, { preflight: false, allowHandMade: true });
    expect(result).toMatchObject({ status: 'written' });
    expect(result.status === 'written' && result.sql).toContain('DROP VIEW `mails`');
  });

  it('what the models had is dropped as they say', async () => {
    const project = makeProject(line, models);
    projects.push(project);
    await generate(project, { name: 'init', preflight: false });
    project.write('schema.ts', models.replace("index('users_name').on(t.name)", ''));
    const result = await generate(project, { preflight: false });
    expect(result.status === 'written' && result.sql).toContain('DROP INDEX `users_name`');
  });

  it('an ignore rule keeps them', async () => {
    const project = await makeCustomised(line);
    project.write('schema.ts', changed);
    project.write(
      'drift.config.json',
      JSON.stringify({
        ignore: [
          { kind: 'view.drop', name: 'mails' },
          { kind: 'index.drop', name: 'users_email' },
        ],
      }),
    );
    const result = await generate(project, { preflight: false });
    expect(result.status === 'written' && result.sql).not.toContain('DROP');
  });
});
