import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/dialects/migrator.ts';
import { journalFolder } from '../migrations/folders.ts';
import { hashFile, makeProject, type TestProject } from './project.ts';

const init = `
CREATE TABLE users (id integer PRIMARY KEY, email text, age text);
CREATE INDEX users_age ON users (age);
CREATE TABLE posts (id integer PRIMARY KEY, user_id integer REFERENCES users(id) ON DELETE CASCADE);
CREATE VIEW known AS SELECT email FROM users;
`;

/** As drizzle-kit writes it: the index is dropped without a word, as the models have it no more. */
const kit = `PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE \`__new_users\` (\`id\` integer PRIMARY KEY, \`email\` text NOT NULL, \`age\` text);
--> statement-breakpoint
INSERT INTO \`__new_users\`("id", "email", "age") SELECT "id", "email", "age" FROM \`users\`;--> statement-breakpoint
DROP TABLE \`users\`;--> statement-breakpoint
ALTER TABLE \`__new_users\` RENAME TO \`users\`;--> statement-breakpoint
PRAGMA foreign_keys=ON;`;

/** Somebody who knows of the view. */
const byHand = `DROP VIEW known;\n--> statement-breakpoint\n${kit}\n--> statement-breakpoint\nCREATE VIEW known AS SELECT email FROM users;`;

const rows = `
INSERT INTO users VALUES (1, 'a@x', '7'), (2, 'b@x', '8');
INSERT INTO posts VALUES (1, 1), (2, 2);
`;

/** The rows there, something made by hand, and one migration pending. */
async function prepare(handMade: string, sql = byHand): Promise<TestProject> {
  const project = makeProject(
    journalFolder([
      ['0000_init', init],
      ['0001_rebuild', sql],
    ]),
  );
  await project.drift('migrate', '--no-check', '--to', '0000_init');
  project.database((db) => db.exec(`${rows} ${handMade}`));
  return project;
}

const migrate = ['migrate', '--no-check'] as const;

function texts(project: TestProject): readonly string[] {
  return project.database(
    (db) =>
      db
        .prepare("SELECT sql FROM sqlite_schema WHERE name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name")
        .pluck()
        .all() as string[],
  );
}

async function dryRun(project: TestProject): Promise<readonly Finding[]> {
  const { stdout } = await project.drift('migrate', '--dry-run', '--format', 'json');
  return (JSON.parse(stdout) as { preflight: { findings: Finding[] } }).preflight.findings;
}

describe('what was made by hand on a table that a migration makes anew', () => {
  it.each([
    ['an index', 'CREATE INDEX made ON users (email)'],
    ['a partial index', "CREATE INDEX made ON users (lower(email)) WHERE age <> '' /* as it is */"],
    ['a unique index', 'CREATE UNIQUE INDEX made ON users (email)'],
    [
      'a trigger',
      'CREATE TRIGGER made AFTER UPDATE ON users BEGIN UPDATE posts SET user_id = 2 WHERE id = 0; END',
    ],
    [
      'a trigger of another table',
      'CREATE TRIGGER made AFTER INSERT ON posts BEGIN UPDATE users SET age = 1 WHERE id = 0; END',
    ],
    ['a view', 'CREATE VIEW made AS SELECT id, email FROM users'],
    ['a view over a known view', 'CREATE VIEW made AS SELECT * FROM known'],
  ])('%s stays as it was', async (_what, sql) => {
    const project = await prepare(sql);
    const [finding] = await dryRun(project);
    expect(finding).toMatchObject({ code: 'hand-made', severity: 'warning' });
    expect(finding?.message).toContain('made');
    const outcome = await project.drift(...migrate);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(texts(project)).toContain(sql);
    // What the migrations know of goes as they say.
    expect(texts(project).join()).not.toContain('users_age');
    expect(project.database((db) => db.prepare('SELECT count(*) FROM posts').pluck().get())).toBe(2);
  });

  it('views over views and their triggers stay, in whatever order they were made', async () => {
    const handMade = [
      'CREATE VIEW b AS SELECT * FROM a',
      'CREATE VIEW a AS SELECT email FROM users',
      'CREATE TRIGGER c INSTEAD OF INSERT ON b BEGIN INSERT INTO users (email) VALUES (NEW.email); END',
    ];
    const project = await prepare(
      handMade.join(';'),
      kit.replace('DROP TABLE', 'DROP VIEW known; DROP TABLE'),
    );
    const outcome = await project.drift(...migrate);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(texts(project)).toEqual(expect.arrayContaining(handMade));
    expect(project.database((db) => db.prepare('SELECT count(*) FROM b').pluck().get())).toBe(2);
  });

  it('a view that did not work before does not stop anything', async () => {
    const project = await prepare('CREATE VIEW made AS SELECT nowhere FROM users');
    const outcome = await project.drift(...migrate);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(texts(project)).toContain('CREATE VIEW made AS SELECT nowhere FROM users');
  });

  it('what the migration drops by name is gone', async () => {
    const project = await prepare('CREATE INDEX made ON users (email)', `DROP INDEX made;\n${byHand}`);
    const outcome = await project.drift(...migrate);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(texts(project).join()).not.toContain('made');
  });

  it('is not what an earlier pending migration makes', async () => {
    const project = makeProject(
      journalFolder([
        ['0000_init', init],
        ['0001_index', 'CREATE INDEX later ON users (email)'],
        ['0002_rebuild', byHand],
      ]),
    );
    const outcome = await project.drift(...migrate);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(texts(project).join()).not.toContain('later');
  });
});

describe('what cannot be kept', () => {
  it.each([
    [
      'a column',
      "ALTER TABLE users ADD COLUMN extra text; UPDATE users SET extra = 'precious' WHERE id = 2",
      1,
      /users\.extra .*1 row holds a value.*precious/,
    ],
    [
      'a column without values',
      'ALTER TABLE users ADD COLUMN extra text',
      0,
      /users\.extra .*no row holds a value/,
    ],
    [
      'an index on such a column',
      'ALTER TABLE users ADD COLUMN extra text; CREATE INDEX made ON users (extra)',
      0,
      /index made .*cannot be made again: no such column: extra/,
    ],
    [
      'a view over such a column',
      'ALTER TABLE users ADD COLUMN extra text; CREATE VIEW made AS SELECT extra FROM users',
      0,
      /view made .*cannot be made again/,
    ],
  ])('%s stops the migration, and --allow hand-made lets it go', async (_what, sql, count, words) => {
    const project = await prepare(sql);
    const hash = hashFile(project.file);
    const findings = await dryRun(project);
    const lost = findings.filter(({ severity }) => severity === 'error');
    expect(lost[0]).toMatchObject({ code: 'hand-made', allow: 'hand-made', count });
    const refused = await project.drift(...migrate);
    expect(refused.code).toBe(2);
    expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(words);
    expect(refused.stderr).toContain('--allow hand-made');
    expect(hashFile(project.file)).toBe(hash);
    const blind = await project.drift(...migrate, '--no-preflight');
    expect(blind.code).toBe(2);
    expect(blind.stderr).toContain('MIGRATE_HAND_MADE');
    expect(
      project.database((db) => db.prepare('SELECT count(*) FROM pragma_table_info(?)').pluck().get('users')),
    ).toBe(4);
    const allowed = await project.drift(...migrate, '--allow', 'hand-made');
    expect(allowed.code, allowed.stderr).toBe(0);
    // It is done: neither an error, nor anything left to answer.
    expect(allowed.stdout).toContain('allowed: ');
    expect(allowed.stdout).not.toMatch(/^error: |--allow hand-made/m);
  });

  it('a constraint stops the migration too', async () => {
    const project = await prepare(`
      PRAGMA foreign_keys = OFF;
      DROP VIEW known;
      CREATE TABLE n (id integer PRIMARY KEY, email text CHECK (email <> ''), age text);
      INSERT INTO n SELECT * FROM users; DROP TABLE users; ALTER TABLE n RENAME TO users;
      CREATE INDEX users_age ON users (age);
      CREATE VIEW known AS SELECT email FROM users`);
    const refused = await project.drift(...migrate);
    expect(refused.code).toBe(2);
    expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(/check .* on users was made by hand/);
  });
});
