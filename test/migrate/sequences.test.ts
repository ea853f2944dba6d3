/** AUTOINCREMENT goes on where it was when a table is made anew, whoever wrote the migration. */
import { describe, expect, it } from 'vitest';
import { journalFolder } from '../migrations/folders.ts';
import { makeProject } from './project.ts';

const b = (...statements: readonly string[]): string => statements.join(';\n--> statement-breakpoint\n');

const first = b(
  'CREATE TABLE `p` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL, `name` text)',
  'CREATE TABLE `other` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL)',
);
const made =
  "CREATE TABLE `__new_p` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL, `name` text DEFAULT 'x')";
const copy = 'INSERT INTO `__new_p`("id", "name") SELECT "id", "name" FROM `p`';
const recreate = b(
  'PRAGMA foreign_keys=OFF',
  made,
  copy,
  'DROP TABLE `p`',
  'ALTER TABLE `__new_p` RENAME TO `p`',
  'PRAGMA foreign_keys=ON',
);

interface Case {
  readonly says: string;
  readonly sql: string;
  readonly table?: string;
  readonly fill?: string;
  readonly expect: bigint | null;
}

const rows =
  "INSERT INTO p VALUES (1, 'a'), (500, 'b'); DELETE FROM p WHERE id = 500; INSERT INTO other VALUES (7)";

const cases: readonly Case[] = [
  { says: "drizzle-kit's recreate keeps it", sql: recreate, expect: 500n },
  {
    says: 'of a table that is empty, too',
    sql: recreate,
    fill: "INSERT INTO p VALUES (500, 'b'); DELETE FROM p",
    expect: 500n,
  },
  {
    says: 'beyond what a number of JavaScript holds',
    sql: recreate,
    fill: "INSERT INTO p VALUES (9007199254740993, 'b'); DELETE FROM p",
    expect: 9007199254740993n,
  },
  {
    says: 'where the copy lists no columns',
    sql: recreate.replace(copy, 'INSERT INTO __new_p SELECT * FROM p'),
    expect: 500n,
  },
  {
    says: 'where the old table is renamed away first',
    sql: b(
      'ALTER TABLE p RENAME TO p_old',
      made.replace('__new_p', 'p'),
      'INSERT INTO p (id, name) SELECT id, name FROM p_old',
      'DROP TABLE p_old',
    ),
    expect: 500n,
  },
  {
    says: 'where the new table is renamed once more',
    sql: b(recreate, 'ALTER TABLE p RENAME TO people'),
    table: 'people',
    expect: 500n,
  },
  {
    says: 'where the table is made anew twice',
    sql: b(recreate, recreate),
    expect: 500n,
  },
  {
    says: 'a table that is made anew without AUTOINCREMENT has none',
    sql: recreate.replace(' AUTOINCREMENT', ''),
    expect: null,
  },
  {
    says: 'a table that is dropped and made empty begins anew',
    sql: b('DROP TABLE p', made.replace('__new_p', 'p'), "INSERT INTO p (name) VALUES ('x')"),
    expect: 1n,
  },
  {
    says: 'a migration that sees to it itself is left to do so',
    sql: b(recreate, "UPDATE sqlite_sequence SET seq = 40 WHERE name = 'p'"),
    expect: 40n,
  },
  {
    says: 'another table with the same rows does not take it',
    sql: b(
      'CREATE TABLE q (id integer PRIMARY KEY AUTOINCREMENT, name text)',
      'INSERT INTO q SELECT id, name FROM p',
    ),
    table: 'q',
    expect: 1n,
  },
];

describe('drift migrate and AUTOINCREMENT', () => {
  it.each(cases)('$says', async ({ sql, table = 'p', fill = rows, expect: wanted }) => {
    const project = makeProject(journalFolder([['0000_first', first]]));
    expect(await project.drift('migrate', '--no-check')).toMatchObject({ code: 0 });
    project.database((database) => database.exec(fill));
    project.write(
      Object.fromEntries(
        Object.entries(
          journalFolder([
            ['0000_first', first],
            ['0001_next', sql],
          ]),
        ).map(([name, text]) => [`drizzle/${name}`, text]),
      ),
    );
    const migrated = await project.drift('migrate', '--no-check');
    expect(migrated.code, migrated.stderr).toBe(0);
    const sequence = project.database((database) =>
      database.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').safeIntegers().pluck().all(table),
    );
    expect(sequence).toEqual(wanted === null ? [] : [wanted]);
  });

  it('says that it did', async () => {
    const project = makeProject(
      journalFolder([
        ['0000_first', first],
        ['0001_next', recreate],
      ]),
    );
    await project.drift('migrate', '--no-check', '--to', '0000_first');
    project.database((database) => database.exec(rows));
    await project.drift('migrate', '--no-check', '--log', 'run.log');
    const { readFileSync } = await import('node:fs');
    const log = readFileSync(`${project.directory}/run.log`, 'utf8');
    expect(log).toContain('the AUTOINCREMENT sequence of p');
  });
});
