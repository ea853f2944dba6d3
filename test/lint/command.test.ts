import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { runLine, type Kept } from '../cli/environment.ts';
import { withBreakpoints as b } from './linting.ts';
import { writeFolder, type Major } from './migrators.ts';

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

interface Files {
  readonly migrations?: readonly string[];
  readonly major?: Major;
  readonly dialect?: string;
  readonly driftConfig?: string;
}

function makeProject({ migrations, major = 'v0', dialect = 'sqlite', driftConfig }: Files): string {
  const root = mkdtempSync(path.join(tmpdir(), 'drift-lint-'));
  roots.push(root);
  symlinkSync(path.resolve(import.meta.dirname, '../../node_modules'), path.join(root, 'node_modules'));
  const config = `export default { dialect: '${dialect}', schema: './schema.ts', out: './drizzle', dbCredentials: { url: 'app.db' } };`;
  writeFileSync(path.join(root, 'drizzle.config.ts'), config);
  if (driftConfig !== undefined) writeFileSync(path.join(root, 'drift.config.json'), driftConfig);
  if (migrations !== undefined) {
    mkdirSync(path.join(root, 'drizzle'));
    writeFolder(major, path.join(root, 'drizzle'), migrations);
  }
  return root;
}

const first = 'CREATE TABLE p (id integer PRIMARY KEY, name text, n text);';
const drop = b('ALTER TABLE p DROP COLUMN name;\n\nDROP TRIGGER IF EXISTS x;');
const safe = 'ALTER TABLE p ADD note text;';

function lint(root: string, ...words: readonly string[]): Promise<Kept> {
  return runLine(['lint', ...words], { cwd: root });
}

async function lintJson(root: string, ...words: readonly string[]) {
  const kept = await lint(root, '--format', 'json', ...words);
  return { ...kept, report: JSON.parse(kept.stdout) as Report };
}

interface Report {
  readonly status: string;
  readonly formatVersion: number;
  readonly migrations: readonly string[];
  readonly hazards: readonly {
    readonly code: string;
    readonly level: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly allowed: readonly { readonly code: string; readonly by: string; readonly reason: string }[];
  readonly problems: readonly { readonly code: string }[];
  readonly error?: { readonly code: string };
}

describe('drift lint', () => {
  it('exits 0 where there is nothing, 1 where there is a hazard', async () => {
    const clean = await lint(makeProject({ migrations: [first, safe] }));
    expect({ code: clean.code, stdout: clean.stdout }).toEqual({
      code: 0,
      stdout: 'No hazards in 2 migrations.\n',
    });
    const found = await lint(makeProject({ migrations: [first, drop] }));
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('drizzle/0001_m1.sql:1  error data-loss');
    expect(found.stdout).toContain('1 hazard in 1 of 2 migrations.');
  });

  it('reads the folders of 1.0 too', async () => {
    const { report, code } = await lintJson(makeProject({ migrations: [first, drop], major: 'v1' }));
    expect(code).toBe(1);
    expect(report.hazards).toMatchObject([
      { code: 'data-loss', file: 'drizzle/20300101000001_m1/migration.sql', line: 1 },
    ]);
  });

  it('shows what is merely worth knowing, and exits 0', async () => {
    const trigger = 'CREATE TRIGGER t AFTER INSERT ON p BEGIN SELECT 1; END;';
    const { report, code } = await lintJson(makeProject({ migrations: [first, trigger, 'DROP TRIGGER t;'] }));
    expect({ code, status: report.status }).toEqual({ code: 0, status: 'clean' });
    expect(report.hazards).toMatchObject([{ code: 'dropped-trigger', level: 'note' }]);
  });

  it('looks only at the files that are named, in every way to name them', async () => {
    const root = makeProject({ migrations: [first, drop, safe] });
    for (const word of [
      '0001_m1',
      'drizzle/0001_m1.sql',
      path.join(root, 'drizzle/0001_m1.sql'),
      '0001*',
      'drizzle/*_m1.sql',
    ]) {
      const { report } = await lintJson(root, word);
      expect([word, report.migrations, report.hazards.length]).toEqual([word, ['0001_m1'], 1]);
    }
    const { report, code } = await lintJson(root, '0000_m0', '0002_m2');
    expect([report.migrations, code]).toEqual([['0000_m0', '0002_m2'], 0]);
    expect((await lintJson(root, 'drizzle')).report.migrations).toHaveLength(3);
  });

  it('looks at a file that no journal names, as if it came last', async () => {
    const root = makeProject({ migrations: [first] });
    writeFileSync(path.join(root, 'draft.sql'), 'DROP TABLE p;');
    const { report, code } = await lintJson(root, 'draft.sql');
    expect(code).toBe(1);
    expect(report.hazards).toMatchObject([{ code: 'data-loss', file: 'draft.sql' }]);
  });

  it('names the nearest where a file, tag or hazard does not exist', async () => {
    const root = makeProject({ migrations: [first, safe] });
    const file = await lint(root, '0001_ml');
    expect([file.code, file.stderr]).toEqual([2, expect.stringContaining('LINT_FILE_UNKNOWN')]);
    expect(file.stderr).toContain('Did you mean 0001_m1?');
    expect((await lint(root, '--since', '0001_ml')).stderr).toContain('Did you mean 0001_m1?');
    expect((await lint(root, 'x*')).code).toBe(2);
    const policy = await lint(
      makeProject({ migrations: [first], driftConfig: '{"hazards":{"data-los":"allow"}}' }),
    );
    expect([policy.code, policy.stderr]).toEqual([2, expect.stringContaining('CONFIG_UNKNOWN_KEY')]);
    expect(policy.stderr).toContain('Did you mean data-loss?');
  });

  it('leaves out what came before --since, and what the database has with --pending', async () => {
    const root = makeProject({ migrations: [first, drop, safe] });
    expect((await lintJson(root, '--since', '0001_m1')).report.migrations).toEqual(['0002_m2']);
    const database = new Database(path.join(root, 'app.db'));
    database.exec('CREATE TABLE __drizzle_migrations (id, hash, created_at); CREATE TABLE p (id)');
    const insert = database.prepare('INSERT INTO __drizzle_migrations VALUES (NULL, ?, ?)');
    for (const at of [0, 1]) insert.run(String(at), 1_700_000_000_000 + at);
    database.close();
    expect((await lintJson(root, '--pending')).report.migrations).toEqual(['0002_m2']);
  });

  it('heeds the policy of drift.config', async () => {
    const policy = (word: string): string => JSON.stringify({ hazards: { 'data-loss': word } });
    const allowed = await lintJson(makeProject({ migrations: [first, drop], driftConfig: policy('allow') }));
    expect([allowed.code, allowed.report.hazards]).toEqual([0, []]);
    expect(allowed.report.allowed).toMatchObject([{ code: 'data-loss', by: 'config' }]);
    const warned = await lintJson(makeProject({ migrations: [first, drop], driftConfig: policy('warn') }));
    expect([warned.code, warned.report.hazards[0]?.level]).toEqual([0, 'warning']);
    const raised = makeProject({
      migrations: [first, 'CREATE VIEW v AS SELECT 1;', 'DROP VIEW v;'],
      driftConfig: '{"hazards":{"dropped-view":"error"}}',
    });
    expect((await lintJson(raised)).code).toBe(1);
  });

  it.each([
    ['-- drift: allow data-loss: nobody reads it\n', 'nobody reads it'],
    ['-- drift: allow data-loss (nobody reads it)\n', 'nobody reads it'],
    ['-- drift: allow lossy-cast, data-loss - nobody reads it\n', 'nobody reads it'],
    ['/* drift: allow data-loss */ ', ''],
    ['-- first\n-- drift:allow data-loss\n-- last\n', ''],
  ])('%s before a statement allows it', async (comment, reason) => {
    const sql = b(`${safe}\n\n${comment}ALTER TABLE p DROP COLUMN name;`);
    const { report, code } = await lintJson(makeProject({ migrations: [first, sql] }));
    expect(code).toBe(0);
    expect(report.allowed).toMatchObject([{ code: 'data-loss', by: 'comment', reason }]);
  });

  it('a comment behind a statement is about that one, and none about the next or another hazard', async () => {
    const behind =
      'ALTER TABLE p DROP COLUMN name; -- drift: allow data-loss\n--> statement-breakpoint\nALTER TABLE p DROP COLUMN n;';
    const { report } = await lintJson(makeProject({ migrations: [first, behind] }));
    expect(report.hazards.map(({ line }) => line)).toEqual([3]);
    const other = '-- drift: allow lossy-cast\nALTER TABLE p DROP COLUMN name;';
    expect((await lintJson(makeProject({ migrations: [first, other] }))).code).toBe(1);
    const text =
      "UPDATE p SET n = '-- drift: allow data-loss';\n--> statement-breakpoint\nALTER TABLE p DROP COLUMN name;";
    expect((await lintJson(makeProject({ migrations: [first, text] }))).code).toBe(1);
  });

  it('a comment that allows a hazard which does not exist is an error', async () => {
    const kept = await lint(makeProject({ migrations: [first, '-- drift: allow dataloss\nDROP TABLE p;'] }));
    expect([kept.code, kept.stderr]).toEqual([2, expect.stringContaining('drizzle/0001_m1.sql:2')]);
    expect(kept.stderr).toContain('Did you mean data-loss?');
  });

  it('says so where nothing, or not everything, can be looked at', async () => {
    const postgres = await lint(makeProject({ dialect: 'postgresql', migrations: [first] }));
    expect([postgres.code, postgres.stderr]).toEqual([2, expect.stringContaining('LINT_UNSUPPORTED')]);
    const none = await lint(makeProject({}));
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('LINT_NO_MIGRATIONS')]);
    const gone = makeProject({ migrations: [first, safe] });
    rmSync(path.join(gone, 'drizzle/0001_m1.sql'));
    const { report, code } = await lintJson(gone);
    expect([code, report.status]).toEqual([2, 'undetermined']);
    expect(report.problems).toMatchObject([{ code: 'missing-file' }]);
    const torn = makeProject({
      migrations: [first, `<<<<<<< ours\n${drop}\n=======\n${safe}\n>>>>>>> theirs\n`],
    });
    expect((await lintJson(torn)).report).toMatchObject({ status: 'undetermined', hazards: [] });
  });

  it('prints errors as a report where JSON was asked for', async () => {
    const { report, code } = await lintJson(makeProject({ dialect: 'postgresql', migrations: [first] }));
    expect([code, report.status, report.error?.code]).toEqual([2, 'undetermined', 'LINT_UNSUPPORTED']);
  });

  it('prints every format, several at once', async () => {
    const root = makeProject({ migrations: [first, drop] });
    const kept = await lint(
      root,
      '--format',
      'github',
      '--format',
      'sarif=out.sarif',
      '--format',
      'junit=out.xml',
      '--format',
      'markdown=out.md',
    );
    expect(kept.stdout).toContain(
      '::error file=drizzle/0001_m1.sql,line=1,col=1,title=drift lint data-loss::',
    );
    const { readFileSync } = await import('node:fs');
    const sarif = JSON.parse(readFileSync(path.join(root, 'out.sarif'), 'utf8')) as {
      runs: { results: unknown[] }[];
    };
    expect(sarif.runs[0]?.results).toMatchObject([
      {
        ruleId: 'data-loss',
        level: 'error',
        locations: [{ physicalLocation: { region: { startLine: 1 } } }],
      },
    ]);
    expect(readFileSync(path.join(root, 'out.xml'), 'utf8')).toContain('tests="2" failures="1"');
    expect(readFileSync(path.join(root, 'out.md'), 'utf8')).toContain('`data-loss`');
    const html = await lint(root, '--format', 'html');
    expect([html.code, html.stderr]).toEqual([2, expect.stringContaining('CLI_INVALID_VALUE')]);
  });

  it('prints the same bytes every time', async () => {
    const root = makeProject({ migrations: [first, drop, 'DROP TABLE p;'] });
    const runs = [await lint(root, '--format', 'json'), await lint(root, '--format', 'json')];
    expect(runs[0]?.stdout).toBe(runs[1]?.stdout);
  });
});
