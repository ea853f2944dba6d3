import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMigrationFiles as readV0 } from 'drizzle-orm/migrator';
import { DriftError } from '../../src/errors.ts';
import { readMigrationsFolder } from '../../src/project/migrations/folder.ts';
import type { FolderProblem } from '../../src/project/migrations/migration.ts';
import { inspectSnapshots } from '../../src/project/migrations/snapshots.ts';
import { datedFolder, journalFolder, makeDirectory, runKit, writeFiles } from './folders.ts';

const users = "import { sqliteTable, integer, text } from 'drizzle-orm/sqlite-core';\n";
const schemaOf = (columns: string): string =>
  `${users}export const users = sqliteTable('users', { id: integer().primaryKey(), ${columns} });\n`;

async function read(directory: string) {
  const folder = await readMigrationsFolder(directory, 'sqlite');
  if (!folder) throw new Error('there is no folder');
  return folder;
}

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly FolderProblem[]> {
  return (await read(makeDirectory(files))).problems;
}

async function refusal(directory: string): Promise<DriftError> {
  try {
    await readMigrationsFolder(directory, 'sqlite');
  } catch (error) {
    if (error instanceof DriftError) return error;
    throw error;
  }
  throw new Error('it was read');
}

const codes = (problems: readonly FolderProblem[]): readonly string[] => problems.map((one) => one.code);

describe('folders made by drizzle-kit', () => {
  for (const prefix of ['index', 'timestamp', 'supabase', 'unix', 'none'] as const) {
    it(`reads one of 0.31 with prefix ${prefix} as drizzle-orm does`, async () => {
      const directory = makeDirectory({ 'schema.ts': schemaOf('name: text()') });
      runKit('v0', directory, [
        'generate',
        '--dialect',
        'sqlite',
        '--schema',
        'schema.ts',
        '--out',
        'out',
        '--prefix',
        prefix,
        '--name',
        'first',
      ]);
      const folder = await read(path.join(directory, 'out'));
      const peer = readV0({ migrationsFolder: path.join(directory, 'out') });
      expect(folder.layout).toBe('journal');
      expect(folder.migrations.map(({ hash, when }) => ({ hash, when }))).toEqual(
        peer.map(({ hash, folderMillis }) => ({ hash, when: folderMillis })),
      );
      expect(folder.migrations[0]?.tag).toMatch(/_first$/);
      expect(folder.problems).toEqual([]);
      expect(readFileSync(folder.migrations[0]?.snapshotFile ?? '', 'utf8')).toContain('"prevId"');
      expect(await inspectSnapshots(folder, 'sqlite')).toEqual([]);
    });
  }

  it('reads one of 1.0 in order, with the times of the names', async () => {
    const directory = makeDirectory({ 'schema.ts': schemaOf('name: text()') });
    const generate = ['generate', '--dialect', 'sqlite', '--schema', 'schema.ts', '--out', 'out', '--name'];
    runKit('v1', directory, [...generate, 'first']);
    writeFileSync(path.join(directory, 'schema.ts'), schemaOf('name: text(), age: integer()'));
    runKit('v1', directory, [...generate, 'second']);
    const folder = await read(path.join(directory, 'out'));
    expect(folder.layout).toBe('dated');
    expect(folder.migrations.map(({ tag }) => tag.slice(15))).toEqual(['first', 'second']);
    expect(folder.problems).toEqual([]);
    expect(await inspectSnapshots(folder, 'sqlite')).toEqual([]);
    for (const { tag, when, sql, hash } of folder.migrations) {
      expect(new Date(when).toISOString().replace(/\D/g, '').slice(0, 14)).toBe(tag.slice(0, 14));
      expect(hash).toBe(createHash('sha256').update(sql).digest('hex'));
    }
  });

  it('sees the two branches that a merge leaves in a folder of 0.31', async () => {
    const directory = makeDirectory({ 'schema.ts': schemaOf('name: text()') });
    const generate = ['generate', '--dialect', 'sqlite', '--schema', 'schema.ts', '--out', 'out', '--name'];
    runKit('v0', directory, [...generate, 'first']);
    writeFileSync(path.join(directory, 'schema.ts'), schemaOf('name: text(), age: integer()'));
    runKit('v0', directory, [...generate, 'ages']);
    const snapshot = readFileSync(path.join(directory, 'out/meta/0001_snapshot.json'), 'utf8');
    const journal = JSON.parse(readFileSync(path.join(directory, 'out/meta/_journal.json'), 'utf8'));
    journal.entries.push({
      ...journal.entries[1],
      idx: 2,
      when: journal.entries[1].when + 1,
      tag: '0002_towns',
    });
    writeFiles(path.join(directory, 'out'), {
      '0002_towns.sql': 'ALTER TABLE users ADD town text;',
      'meta/0002_snapshot.json': snapshot.replace(
        /"id": "[^"]*"/,
        '"id": "11111111-1111-4111-8111-111111111111"',
      ),
      'meta/_journal.json': JSON.stringify(journal),
    });
    const found = await inspectSnapshots(await read(path.join(directory, 'out')), 'sqlite');
    expect(found).toMatchObject([
      { code: 'two-branches', severity: 'error', tags: ['0001_ages', '0002_towns'] },
    ]);
    expect(found[0]?.message).toBe(
      '0001_ages and 0002_towns both follow 0000_first: two branches were merged, and neither migration knows of the other.',
    );
  });
});

describe('the folder of Drizzle 0.x', () => {
  it('is null where there is none', async () => {
    expect(await readMigrationsFolder(path.join(makeDirectory(), 'drizzle'), 'sqlite')).toBeNull();
  });

  it('is empty where nothing is in it', async () => {
    expect(await read(makeDirectory())).toMatchObject({ layout: 'empty', migrations: [], problems: [] });
  });

  it('follows the journal and not the names', async () => {
    const folder = await read(
      makeDirectory(
        journalFolder([
          ['0001_b', 'SELECT 1'],
          ['0000_a', 'SELECT 2'],
        ]),
      ),
    );
    expect(folder.migrations.map(({ tag }) => tag)).toEqual(['0001_b', '0000_a']);
  });

  it('hashes the decoded text, as Drizzle does, where the bytes are no UTF-8', async () => {
    const directory = makeDirectory(journalFolder([['0000_a', '']]));
    writeFileSync(path.join(directory, '0000_a.sql'), Buffer.from([0x53, 0xff, 0x0d, 0x0a]));
    const folder = await read(directory);
    expect(folder.migrations[0]?.hash).toBe(readV0({ migrationsFolder: directory })[0]?.hash);
  });

  it('reports a file that the journal names and that is gone', async () => {
    const files = {
      ...journalFolder([
        ['0000_a', 'SELECT 1'],
        ['0001_b', 'SELECT 1'],
      ]),
    } as Record<string, string>;
    delete files['0001_b.sql'];
    const folder = await read(makeDirectory(files));
    expect(folder.problems).toMatchObject([{ code: 'missing-file', severity: 'error', tags: ['0001_b'] }]);
    expect(folder.migrations.map(({ tag }) => tag)).toEqual(['0000_a']);
  });

  it('reports a .sql file without an entry', async () => {
    const problems = await problemsOf({ ...journalFolder([['0000_a', '']]), '0001_b.sql': 'SELECT 1' });
    expect(problems).toMatchObject([{ code: 'file-without-entry', severity: 'warning', tags: ['0001_b'] }]);
  });

  it('reports two entries with one index, and one tag twice', async () => {
    const entry = { version: '6', breakpoints: true };
    const files = {
      '0000_a.sql': '',
      '0001_b.sql': '',
      '0001_c.sql': '',
      'meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'sqlite',
        entries: [
          { ...entry, idx: 0, when: 1, tag: '0000_a' },
          { ...entry, idx: 1, when: 2, tag: '0001_b' },
          { ...entry, idx: 1, when: 3, tag: '0001_c' },
          { ...entry, idx: 2, when: 4, tag: '0000_a' },
        ],
      }),
    };
    const problems = await problemsOf(files);
    expect(problems).toMatchObject([
      { code: 'duplicate-index', tags: ['0001_b', '0001_c'] },
      { code: 'duplicate-tag', tags: ['0000_a'] },
    ]);
  });

  it('warns of a `when` that does not grow', async () => {
    const problems = await problemsOf(
      journalFolder([
        ['0000_a', '', 50],
        ['0001_b', '', 40],
      ]),
    );
    expect(problems).toMatchObject([{ code: 'when-not-increasing', severity: 'warning', tags: ['0001_b'] }]);
  });

  it('reports conflict markers in a migration, with the line', async () => {
    const sql = 'SELECT 1;\n<<<<<<< HEAD\nSELECT 2;\n=======\nSELECT 3;\n>>>>>>> other\n';
    expect(await problemsOf(journalFolder([['0000_a', sql]]))).toMatchObject([
      { code: 'conflict-markers', severity: 'error', tags: ['0000_a'], line: 2 },
    ]);
  });

  it('does not take a line of equals signs for a conflict', async () => {
    const sql = '-- Title\n-- =======\n=======\n<<<<<<<<<< x\n';
    expect(await problemsOf(journalFolder([['0000_a', sql]]))).toEqual([]);
  });

  it('refuses a journal with conflict markers, naming the line', async () => {
    const text = journalFolder([['0000_a', '']])['meta/_journal.json'] ?? '';
    const broken = text.replace('"entries": [', '"entries": [\n<<<<<<< HEAD').concat('\n>>>>>>> b\n');
    const error = await refusal(makeDirectory({ '0000_a.sql': '', 'meta/_journal.json': broken }));
    expect(error.code).toBe('JOURNAL_CONFLICT');
    expect(error.details).toMatchObject({ line: 5 });
  });

  it.each([
    ['{\n  "entries": [\n    {"tag": "a" "when": 1}\n  ]\n}', 3, '"\\"" where , or } must be'],
    ['{\n  "entries": [\n', 3, 'the end of the file where a value must be'],
    ['{"entries": [],}', 1, '"}" where a key in quotes must be'],
    ['', 1, 'the end of the file where a value must be'],
    ['{"entries": []} x', 1, '"x" after the end of the JSON'],
    ['{"entries": "a\nb"}', 1, 'a string that does not end on its line'],
    ['[]', 1, 'the journal must be an object'],
    ['{"version": "7"}', 1, 'the list "entries" is missing'],
    ['{"entries": [\n{"when": 1}]}', 1, 'entry 0 of "entries" has no "tag"'],
    ['{"entries": [\n{"tag": "x", "when": "1"}]}', 2, 'entry 0 of "entries" has no number "when"'],
  ])('refuses the journal %j with its line', async (text, line, problem) => {
    const error = await refusal(makeDirectory({ 'meta/_journal.json': text }));
    expect(error.code).toBe('JOURNAL_INVALID');
    expect(error.details).toMatchObject({ line, problem });
  });

  it('refuses a journal of a version to come', async () => {
    const error = await refusal(makeDirectory({ 'meta/_journal.json': '{"version":"8","entries":[]}' }));
    expect(error.code).toBe('JOURNAL_VERSION');
  });

  it('reads a journal with a byte order mark and says that Drizzle cannot', async () => {
    const files = journalFolder([['0000_a', '\uFEFFSELECT 1']]);
    const folder = await read(
      makeDirectory({ ...files, 'meta/_journal.json': `\uFEFF${files['meta/_journal.json'] ?? ''}` }),
    );
    expect(folder.problems).toMatchObject([
      { code: 'byte-order-mark', severity: 'error', line: 1 },
      { code: 'byte-order-mark', severity: 'warning', tags: ['0000_a'] },
    ]);
    expect(folder.migrations).toHaveLength(1);
  });

  it('reports .sql files whose journal is gone', async () => {
    expect(await problemsOf({ '0000_a.sql': 'SELECT 1' })).toMatchObject([
      { code: 'journal-missing', severity: 'error', tags: ['0000_a'] },
    ]);
  });

  it('reports migrations of both layouts in one folder', async () => {
    const files = { ...journalFolder([['0000_a', '']]), ...datedFolder([['20250101000000_b', '']]) };
    expect(codes(await problemsOf(files))).toEqual(['mixed-layouts']);
  });

  it('warns of a journal of another dialect', async () => {
    expect(codes(await problemsOf(journalFolder([], 'postgresql')))).toEqual(['other-dialect']);
    expect(codes(await problemsOf(journalFolder([], 'turso')))).toEqual([]);
  });

  it('refuses a folder that is a file', async () => {
    const error = await refusal(path.join(makeDirectory({ drizzle: '' }), 'drizzle'));
    expect(error.code).toBe('MIGRATIONS_UNREADABLE');
    expect(error.message).toContain('it is a file and not a folder');
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that may not be read', async () => {
    const directory = makeDirectory();
    chmodSync(directory, 0);
    expect((await refusal(directory)).code).toBe('MIGRATIONS_UNREADABLE');
    chmodSync(directory, 0o700);
  });
});

describe('the folder of Drizzle 1.0', () => {
  it('reports a snapshot without its migration, a name without a time, and stray files', async () => {
    const problems = await problemsOf({
      ...datedFolder([
        ['20250101000000_a', 'SELECT 1'],
        ['init', 'SELECT 1'],
      ]),
      '20250102000000_b/snapshot.json': '{}',
      'seed.sql': 'SELECT 1',
    });
    expect(codes(problems)).toEqual(['file-without-entry', 'missing-file', 'name-without-time']);
  });
});

describe('snapshots', () => {
  const snapshot = (id: string, prevId: string, version = '6'): string =>
    JSON.stringify({ id, prevId, version, dialect: 'sqlite', tables: {} }, null, 2);
  const dated = (id: string, prevIds: readonly string[], version = '7'): string =>
    JSON.stringify({ version, dialect: 'sqlite', id, prevIds, ddl: [], renames: [] }, null, 2);
  const origin = '00000000-0000-0000-0000-000000000000';

  async function inspect(files: Readonly<Record<string, string>>): Promise<readonly FolderProblem[]> {
    return inspectSnapshots(await read(makeDirectory(files)), 'sqlite');
  }

  const two = journalFolder([
    ['0000_a', ''],
    ['0001_b', ''],
  ]);

  it('are in order where each follows the one before, and where a migration has none', async () => {
    expect(await inspect({ ...two, 'meta/0000_snapshot.json': snapshot('A', origin) })).toEqual([]);
  });

  it('are in order where drizzle-kit wrote who they are behind the schema, as it does on an update', async () => {
    const upgraded = (id: string, prevId: string): string => {
      const columns = Object.fromEntries(
        Array.from({ length: 200 }, (_, at) => [`c${String(at)}`, { name: `c${String(at)}` }]),
      );
      const { version, ...rest } = { version: '6', dialect: 'sqlite', tables: { t: { columns } } };
      return JSON.stringify({ version, ...rest, id, prevId, internal: {} }, null, 2);
    };
    const files = {
      ...two,
      'meta/0000_snapshot.json': upgraded('A', origin),
      'meta/0001_snapshot.json': upgraded('B', 'A'),
    };
    expect(await inspect(files)).toEqual([]);
    const branched = await inspect({ ...files, 'meta/0001_snapshot.json': upgraded('B', origin) });
    expect(branched).toMatchObject([{ code: 'two-branches' }]);
  });

  it('of a version to come are reported', async () => {
    const problems = await inspect({ ...two, 'meta/0001_snapshot.json': snapshot('B', origin, '9') });
    expect(problems).toMatchObject([{ code: 'snapshot-version', severity: 'error', tags: ['0001_b'] }]);
  });

  it('that are cut off or in conflict are reported with the line', async () => {
    const problems = await inspect({
      ...two,
      'meta/0000_snapshot.json': `{\n<<<<<<< HEAD\n"id": "A"\n=======\n"id": "B"\n>>>>>>> b\n}`,
      'meta/0001_snapshot.json': snapshot('B', 'A').slice(0, -3),
    });
    expect(problems).toMatchObject([
      { code: 'conflict-markers', line: 2, tags: ['0000_a'] },
      { code: 'snapshot-invalid', line: 6, tags: ['0001_b'] },
    ]);
  });

  it('with a parent that is not there break the chain; a shortened history does not', async () => {
    const problems = await inspect({
      ...two,
      'meta/0000_snapshot.json': snapshot('A', 'long gone'),
      'meta/0001_snapshot.json': snapshot('B', 'nobody'),
    });
    expect(problems).toMatchObject([{ code: 'broken-chain', severity: 'warning', tags: ['0001_b'] }]);
  });

  it('of 1.0 part in branches and meet again', async () => {
    const files = datedFolder([
      ['20250101000000_a', ''],
      ['20250102000000_b', ''],
      ['20250103000000_c', ''],
    ]);
    const parted = {
      ...files,
      '20250101000000_a/snapshot.json': dated('A', [origin]),
      '20250102000000_b/snapshot.json': dated('B', ['A']),
      '20250103000000_c/snapshot.json': dated('C', ['A']),
    };
    expect(await inspect(parted)).toMatchObject([
      { code: 'two-branches', severity: 'warning', tags: ['20250102000000_b', '20250103000000_c'] },
    ]);
    const met = {
      ...parted,
      ...datedFolder([['20250104000000_d', '']]),
      '20250104000000_d/snapshot.json': dated('D', ['B', 'C']),
    };
    expect(await inspect(met)).toEqual([]);
  });
});
