import { plainPalette } from '../../src/report/palette.ts';
import { terminalPalette } from '../../src/cli/terminal-palette.ts';
import { describe, expect, it } from 'vitest';
import type { Drift } from '../../src/diff/drift.ts';
import type { RenderOptions } from '../../src/report/format.ts';
import { renderHuman } from '../../src/report/human.ts';
import { createReport } from '../../src/report/report.ts';
import { measureWidth, padTo, wrapText } from '../../src/report/width.ts';
import { sample } from './sample.ts';

const plain: RenderOptions = {
  width: 80,
  color: plainPalette,
  verbose: false,
  quiet: false,
  version: '1.2.3',
  configFile: 'drizzle.config.ts',
};

describe('the report for people', () => {
  it('shows migrations, then drifts by cause and table, then the rest, then the summary', () => {
    expect(`\n${renderHuman(sample.drifted, plain)}`).toBe(`
drift check  sqlite  ./shop.db                               database → expected
migrations  11 applied, 1 pending: 0012_widen_email

Pending migration 0012_widen_email
→ run drift migrate

users
  ~ email         varchar(255) → text                         schema/users.ts:14
                  NULL is allowed → NOT NULL
  + phone_number  missing: text                               schema/users.ts:21
  ! table-rebuild (email): SQLite cannot alter this in place, so the table is
    rebuilt. Run it while nobody writes to users.

Models ahead of the migrations
→ run drift generate

view active_users
  ~ database  select id, name, email from users where deleted_at is null and
              confirmed_at is not null
    expected  select id, name, email from users where deleted_at is null and
              confirmed_at is not null and confirmed_at > '2024-01-01'
    schema/views.ts:8

Changed by hand
→ put the database back, or take the change into the models

orders
  - index orders_hotfix_idx  not expected: (created_at desc)
  > index orders_user_index  called orders_user_index → orders_user_idx
                             schema/orders.ts:40

Not managed by Drizzle: 1 trigger and 1 virtual table (--verbose names them).
Ignored by drift.config: 1 (--verbose names them).

5 differences in 2 tables and 1 view: 2 from a pending migration, 1 not
generated yet and 2 made by hand. 1 migration pending.
Next: run drift migrate
`);
  });

  it('names everything with --verbose', () => {
    const text = renderHuman(sample.drifted, { ...plain, verbose: true });
    expect(text).toContain(`Not managed by Drizzle:
  virtual table search
  trigger audit on users
Ignored by drift.config:
  index.drop index tmp_1 on users
Note: The columns of users stand in another order than in the models.
`);
  });

  it('is one line where everything is in order', () => {
    expect(renderHuman(sample.upToDate, plain)).toBe(
      'Up to date: ./shop.db is as the models say (sqlite, 11 migrations applied).\n',
    );
    const unmanaged = [
      { kind: 'trigger', address: { namespace: 'main', table: 'users', name: 'audit' } },
    ] as const;
    const report = createReport({ dialect: 'sqlite', target: 'a.db', drifts: [], unmanaged });
    expect(renderHuman(report, plain)).toBe(
      'Not managed by Drizzle: 1 trigger (--verbose names them).\n\nUp to date: a.db is as the models say (sqlite).\n',
    );
  });

  it('is the summary alone with --quiet', () => {
    expect(renderHuman(sample.twoWay, { ...plain, quiet: true })).toBe(
      '1 difference in 1 table.\nNext: bring the database to the models, or take the difference into the models\n',
    );
  });

  it('says what could not be decided, and why', () => {
    expect(`\n${renderHuman(sample.undetermined, plain)}`).toBe(`
drift check  postgres  postgres://app@db:5432/shop
migrations  11 applied

Could not be decided

users
  ? check users_age_check  database  CHECK (age = ANY (ARRAY[1, 2, 3]))
                           expected  CHECK (age in (1, 2, 3))
                           The server is read-only and PGlite is not installed,
                           so nobody could be asked.
                           schema/users.ts:30

1 comparison could not be decided.
`);
  });

  it('shows what is wrong with the migrations where nothing else is', () => {
    expect(`\n${renderHuman(sample.unclean, plain)}`).toBe(`
drift check  postgres  postgres://app@db:5432/shop
migrations  11 applied
            applied but not in the folder: 0009_from_another_branch. The
            database is ahead of this checkout: deploy the code that has it, or
            check out the branch that it came from.
            edited after being applied: 0003_orders. Restore 0003_orders as it
            was applied from version control, and make the change in a new
            migration.
            out of order: 0007_late. If 0007_late does not depend on what was
            applied before it, run drift migrate --allow out-of-order; otherwise
            generate it again.
            The journal names 0005_gone, and there is no file
            migrations/0005_gone.sql. Restore the file from version control.

1 migration out of order. 1 migration edited after being applied. 1 migration
applied but not in the folder. 1 problem with the migrations.
Next: restore the file from version control
`);
  });

  it('names the commands that work in the project', () => {
    const migrate = { by: 'drizzle-kit', text: 'pnpm run db:migrate' } as const;
    const report = { ...sample.drifted, commands: { ...sample.drifted.commands, migrate } };
    const text = renderHuman(report, plain);
    expect(text).toContain('Next: run pnpm run db:migrate\n');
    expect(text).toContain('→ run drift generate\n');
  });

  it('speaks of the migrations where they are what differs', () => {
    const [drift] = sample.twoWay.drifts;
    const behind: Drift = {
      ...(drift as Drift),
      observed: 'migrations',
      fields: [{ field: 'nullable', database: false, expected: false, recorded: true }],
    };
    const missing: Drift = {
      ...behind,
      kind: 'index.create',
      address: { namespace: 'main', table: 'users', name: 'i' },
      fields: [],
    };
    const parts = { dialect: 'sqlite', migrations: { folder: 'migrations' } } as const;
    const report = createReport({ ...parts, target: 'a.db', drifts: [behind, missing] });
    const offline = createReport({ ...parts, target: 'migrations', offline: true, drifts: [missing] });
    const long = (value: string): string => `select ${value.repeat(60)} from users`;
    const view: Drift = {
      ...behind,
      kind: 'view.alter',
      address: { namespace: 'main', name: 'v' },
      fields: [{ field: 'definition', database: long('a'), expected: long('b') }],
    };
    const views = createReport({ ...parts, target: 'migrations', offline: true, drifts: [view] });
    expect(renderHuman(views, plain)).toMatch(/~ migrations {2}select.*\n[^]*expected {4}select/);
    const clean = createReport({ ...parts, target: './migrations', offline: true, drifts: [] });
    // Where the lines are broken is another matter: the words are the same however wide the screen is.
    for (const width of [80, 100, 120]) {
      const render = (shown: typeof report) =>
        renderHuman(shown, { ...plain, width })
          .replace(/\s+/g, ' ')
          .trim();
      expect(render(report)).toContain('NULL is allowed (in the migrations) → NOT NULL');
      expect(render(report)).toContain('+ index i missing in the migrations');
      expect(render(offline)).toMatch(/migrations → expected .*\+ index i missing schema/);
      expect(render(clean)).toBe(
        'Up to date: the migrations in ./migrations make what the models say (sqlite; no database was asked).',
      );
    }
  });

  it('reads the same with and without colour', () => {
    const painted = { ...plain, color: terminalPalette };
    for (const report of Object.values(sample)) {
      const text = renderHuman(report, painted);
      // eslint-disable-next-line no-control-regex -- colour sequences begin with the control character ESC
      expect(text.replace(/\u001b\[\d+m/g, '')).toBe(renderHuman(report, plain));
    }
    expect(renderHuman(sample.drifted, painted)).toContain('\u001b[31m');
  });

  it.each([40, 60, 80, 120])('fits a screen of %i columns', (width) => {
    const long: Drift = {
      ...(sample.drifted.drifts[0] as Drift),
      kind: 'check.alter',
      address: {
        namespace: 'main',
        table: '注文テーブル',
        name: `${'長い名前'.repeat(9)}_${'x'.repeat(60)}`,
      },
      fields: [{ field: 'expression', database: 'a'.repeat(500), expected: `${'a'.repeat(499)} 😀` }],
    };
    const report = createReport({
      dialect: 'sqlite',
      target: 'x.db',
      drifts: [...sample.drifted.drifts, long],
      migrations: sample.drifted.migrations,
      unmanaged: sample.drifted.unmanaged,
    });
    for (const each of [report, ...Object.values(sample)]) {
      for (const line of renderHuman(each, { ...plain, width, verbose: true }).split('\n')) {
        expect(measureWidth(line), line).toBeLessThanOrEqual(width);
      }
    }
  });
});

describe('width', () => {
  it('is that of a terminal', () => {
    expect(
      ['abc', 'é', 'e\u0301', '表', '한글', '😀', '👩‍👩‍👧', '→', '\u001b[31mab\u001b[39m'].map(measureWidth),
    ).toEqual([3, 1, 1, 2, 4, 2, 2, 1, 2]);
    expect(padTo('表', 4)).toBe('表  ');
  });

  it('breaks between words, and within one only where it must', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefgh ij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrapText('', 4)).toEqual(['']);
    expect(wrapText('表表表', 4)).toEqual(['表表', '表']);
  });
});
