import { describe, expect, it } from 'vitest';
import { journalFolder } from '../migrations/folders.ts';
import { makeProject } from './project.ts';

describe('a database that drizzle-kit push made', () => {
  it('is not run into, and the way out is drift stamp', async () => {
    const project = makeProject(
      journalFolder([
        ['0000_init', 'CREATE TABLE users (id integer PRIMARY KEY);'],
        ['0001_posts', 'CREATE TABLE posts (id integer PRIMARY KEY);'],
      ]),
    );
    project.database((db) =>
      db.exec('CREATE TABLE users (id integer PRIMARY KEY); CREATE TABLE posts (id integer PRIMARY KEY)'),
    );
    const refused = await project.drift('migrate', '--no-check');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('error MIGRATE_ALREADY_THERE');
    expect(refused.stderr).toContain(
      'next: Mark the migrations as applied, which compares first: drift stamp 0001_posts',
    );
    const dry = await project.drift('migrate', '--dry-run');
    expect(dry.code).toBe(1);
    expect(dry.stdout).not.toContain('would be applied;');
    expect(dry.stdout).toContain('Next: drift stamp 0001_posts');
    const json = await project.drift('migrate', '--dry-run', '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      status: 'dry-run',
      error: { code: 'MIGRATE_ALREADY_THERE' },
    });
    expect(await project.drift('stamp', '0001_posts')).toMatchObject({ code: 0 });
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
  });

  it('a dry run that finds an objection does not say that it would be applied', async () => {
    const project = makeProject(
      journalFolder([
        [
          '0000_init',
          "CREATE TABLE users (id integer PRIMARY KEY, a text); INSERT INTO users VALUES (1, 'x'), (2, 'x');",
        ],
        ['0001_unique', 'CREATE UNIQUE INDEX u ON users (a);'],
      ]),
    );
    await project.drift('migrate', '--no-check', '--to', '0000_init');
    const dry = await project.drift('migrate', '--dry-run');
    expect(dry.code).toBe(1);
    expect(dry.stdout).toContain('1 migration would be refused; nothing was changed');
  });
});
