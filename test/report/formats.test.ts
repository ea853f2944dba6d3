import { plainPalette } from '../../src/report/palette.ts';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Drift } from '../../src/diff/drift.ts';
import { wordings } from '../../src/diff/wording.ts';
import { formatNames, formats, type FormatName, type RenderOptions } from '../../src/report/format.ts';
import { createReport, type Report } from '../../src/report/report.ts';
import { assertWellFormed } from './markup.ts';
import { sample } from './sample.ts';

const options: RenderOptions = {
  width: 80,
  color: plainPalette,
  verbose: false,
  quiet: false,
  version: '1.2.3',
  configFile: 'drizzle.config.ts',
};

async function render(
  format: FormatName,
  report: Report,
  others: Partial<RenderOptions> = {},
): Promise<string> {
  return (await formats[format]())(report, { ...options, ...others });
}

const nastyName = 'a"b\'c<script>&]]>|`x`\n::error::\u001b[31m\r@everyone # *b* \\|';
const nastyDrift: Drift = {
  kind: 'column.alter',
  address: { namespace: 'main', table: nastyName, name: nastyName },
  fields: [
    { field: 'default', database: nastyName, expected: null },
    { field: 'type', database: 'text', expected: '\ud800\uffff' },
  ],
  cause: 'unapplied',
  migration: nastyName,
  expectedBy: 'models',
  message: nastyName,
  source: { file: `a,b:c%d ${nastyName}.ts`, line: 1, column: 1 },
  hazards: [{ code: 'data-loss', severity: 'danger', message: nastyName, instead: nastyName }],
};
const nasty = createReport({
  dialect: 'sqlite',
  target: nastyName,
  drifts: [
    nastyDrift,
    {
      ...nastyDrift,
      kind: 'view.drop',
      address: { namespace: 'main', name: nastyName },
      fields: [],
      definition: nastyName,
      renamed: { namespace: 'main', name: nastyName },
    },
  ],
  migrations: {
    folder: nastyName,
    pending: [nastyName],
    problems: [{ code: 'missing-file', file: nastyName, message: nastyName, next: nastyName }],
  },
  unmanaged: [{ kind: 'trigger', address: { namespace: 'main', table: nastyName, name: nastyName } }],
  undetermined: [
    {
      kind: 'check',
      address: { namespace: 'main', table: nastyName, name: nastyName },
      field: 'expression',
      database: nastyName,
      expected: `${nastyName}!`,
      reason: nastyName,
    },
  ],
  ignored: [{ kind: 'index.drop', address: { namespace: 'main', table: nastyName, name: nastyName } }],
  notes: [{ kind: 'column-order', address: { namespace: 'main', name: nastyName }, message: nastyName }],
});

const unread = (line: number) =>
  ({
    kind: 'not-replayed',
    migration: '0002_rows',
    file: 'migrations/0002_rows.sql',
    line,
    message: `migrations/0002_rows.sql:${String(line)} cannot be replayed: no such row.`,
  }) as const;

/** Up to date, with what the replay could not do. */
const replayed = createReport({
  dialect: 'sqlite',
  target: 'a.db',
  drifts: [],
  migrations: { folder: 'migrations', applied: 3 },
  notes: [...sample.drifted.notes, unread(7), unread(2)],
});

describe('notes', () => {
  it('of what was not replayed are no drift, and everybody reads of them', async () => {
    expect(replayed.status).toBe('up-to-date');
    const first = 'migrations/0002_rows.sql:2 cannot be replayed: no such row. And 1 more';
    for (const format of ['human', 'markdown'] as const) {
      const text = (await render(format, replayed)).replaceAll('\n', ' ').replaceAll('\\', '');
      expect(text).toContain(first);
      expect(text).not.toContain('another order');
      expect(await render(format, replayed, { verbose: true })).toContain(':7 cannot be');
    }
    expect(await render('html', replayed)).toContain(':7 cannot be');
  });
});

describe('every format', () => {
  const reports = Object.entries({ ...sample, nasty, replayed });
  const pairs = formatNames.flatMap((format) =>
    reports.map(([name, report]) => [format, name, report] as const),
  );

  it.each(pairs)('%s of %s ends its lines and acts on no terminal', async (format, name, report) => {
    const text = await render(format, report, { verbose: true });
    if (format === 'human' && name === 'failed') expect(text).toBe('');
    else expect(text).toMatch(/[^\n]\n$/);
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).not.toMatch(/undefined|\[object/);
    expect(await render(format, report, { verbose: true })).toBe(text);
  });

  it('does not depend on the order in which things were found', async () => {
    const { drifted } = sample;
    const { notes, ignored, unmanaged, migrations, dialect, target } = drifted;
    const shuffled = createReport({
      ...{ notes, ignored, migrations, dialect, target },
      drifts: [...drifted.drifts].reverse(),
      unmanaged: [...unmanaged].reverse(),
    });
    for (const format of formatNames) {
      expect(await render(format, shuffled)).toBe(await render(format, drifted));
    }
  });
});

describe('status', () => {
  it('is decided by what is certain before what is not', () => {
    expect(sample.upToDate.status).toBe('up-to-date');
    expect(sample.drifted.status).toBe('not-up-to-date');
    expect(sample.unclean.status).toBe('not-up-to-date');
    expect(sample.undetermined.status).toBe('undetermined');
    expect(nasty.status).toBe('not-up-to-date');
  });

  it('does not count what is unmanaged, ignored or noted', () => {
    const { unmanaged, ignored, notes } = sample.drifted;
    const report = createReport({ dialect: 'sqlite', target: 'x', drifts: [], unmanaged, ignored, notes });
    expect(report.status).toBe('up-to-date');
  });
});

describe('json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>;
  // The published schema lets keys be added; here every key that is printed must be described.
  const closed = JSON.parse(
    JSON.stringify(schema, (_key, value: unknown) =>
      isObjectSchema(value) ? { additionalProperties: false, ...value } : value,
    ),
  ) as Record<string, unknown>;

  function isObjectSchema(value: unknown): value is object {
    return typeof value === 'object' && value !== null && 'properties' in value;
  }

  it.each(Object.entries({ ...sample, nasty, replayed }))(
    '%s is as the published schema says',
    async (_name, report) => {
      for (const rules of [schema, closed]) {
        const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(rules);
        for (const verbose of [false, true]) {
          validate(JSON.parse(await render('json', report, { verbose })));
          expect(validate.errors).toBeNull();
        }
      }
    },
  );

  it('is refused by the schema where it is wrong', async () => {
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
    const good = JSON.parse(await render('json', sample.drifted)) as { drifts: { kind: string }[] };
    expect(validate(good)).toBe(true);
    const drifts = good.drifts.map((drift) => ({ ...drift, kind: 'column.mend' }));
    expect(validate({ ...good, drifts })).toBe(false);
    expect(validate({ ...good, status: 'fine' })).toBe(false);
    expect(validate({ ...good, drifts: undefined })).toBe(false);
  });

  it('has a schema that knows every kind of object', () => {
    const { $defs } = schema as { $defs: Record<string, { enum: string[] }> };
    expect([...($defs['object']?.enum ?? [])].sort()).toEqual(Object.keys(wordings).sort());
    for (const kind of Object.keys(wordings)) expect(JSON.stringify($defs['drift'])).toContain(kind);
  });

  it('is the contract, key by key', async () => {
    const report = JSON.parse(await render('json', sample.drifted)) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual([
      'formatVersion',
      'status',
      'dialect',
      'target',
      'offline',
      'drifts',
      'migrations',
      'unmanaged',
      'undetermined',
      'ignored',
      'notes',
      'next',
    ]);
    expect((report['drifts'] as unknown[])[4]).toEqual({
      kind: 'column.create',
      address: { namespace: 'main', table: 'users', name: 'phone_number' },
      fields: [],
      cause: 'unapplied',
      migration: '0012_widen_email',
      expectedBy: 'models',
      message:
        'users.phone_number (text) is missing in the database; schema/users.ts:21 has it. Pending migration 0012_widen_email creates it.',
      definition: 'text',
      source: { file: 'schema/users.ts', line: 21, column: 3 },
      hazards: [],
    });
  });

  it('shows the order of columns with --verbose alone, and what was not replayed always', async () => {
    const kinds = async (verbose: boolean) => {
      const text = await render('json', replayed, { verbose });
      return (JSON.parse(text) as { notes: { kind: string }[] }).notes.map(({ kind }) => kind);
    };
    expect(await kinds(false)).toEqual(['not-replayed', 'not-replayed']);
    expect(await kinds(true)).toEqual(['not-replayed', 'not-replayed', 'column-order']);
  });
});

describe('sarif', () => {
  interface Log {
    readonly version: string;
    readonly runs: readonly {
      readonly tool: {
        readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] };
      };
      readonly invocations: readonly { readonly executionSuccessful: boolean }[];
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly kind: string;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string };
            readonly region?: { readonly startLine: number; readonly startColumn: number };
          };
        }[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
    }[];
  }

  it.each(Object.entries({ ...sample, nasty, replayed }))('of %s holds together', async (_name, report) => {
    const log = JSON.parse(await render('sarif', report)) as Log;
    expect(log.version).toBe('2.1.0');
    expect(log.runs).toHaveLength(1);
    const [run] = log.runs;
    const rules = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    expect(new Set(rules).size).toBe(rules.length);
    const prints = run?.results.map((result) => Object.values(result.partialFingerprints)[0]);
    expect(new Set(prints).size).toBe(run?.results.length);
    for (const result of run?.results ?? []) {
      expect(rules[result.ruleIndex]).toBe(result.ruleId);
      // SARIF 2.1.0, 3.27.10: where kind is not "fail", level is "none".
      expect(result.level).toBe(result.kind === 'fail' ? 'error' : 'none');
      expect(result.message.text).not.toBe('');
      const [location] = result.locations;
      expect(location?.physicalLocation.artifactLocation.uri).toMatch(/^[\w.~%!'()*/-]+$/);
      expect(location?.physicalLocation.region?.startLine ?? 1).toBeGreaterThan(0);
    }
  });

  it('puts a drift at its line, and what has none at the config', async () => {
    const log = JSON.parse(await render('sarif', sample.drifted)) as Log;
    const places = log.runs[0]?.results.map(({ ruleId, locations }) => [
      ruleId,
      locations[0]?.physicalLocation,
    ]);
    expect(places).toContainEqual([
      'column.alter',
      {
        artifactLocation: { uri: 'schema/users.ts', uriBaseId: '%SRCROOT%' },
        region: { startLine: 14, startColumn: 3 },
      },
    ]);
    expect(places).toContainEqual([
      'index.drop',
      { artifactLocation: { uri: 'drizzle.config.ts', uriBaseId: '%SRCROOT%' } },
    ]);
  });

  it('says whether the check could be made', async () => {
    const successful = async (report: Report) =>
      (JSON.parse(await render('sarif', report)) as Log).runs[0]?.invocations[0]?.executionSuccessful;
    expect(await successful(sample.drifted)).toBe(true);
    expect(await successful(sample.undetermined)).toBe(false);
    expect(await successful(sample.failed)).toBe(false);
  });
});

describe('junit', () => {
  it.each(Object.entries({ ...sample, nasty, replayed }))(
    'of %s is well-formed XML whose counts are right',
    async (_name, report) => {
      const xml = await render('junit', report);
      const tags = assertWellFormed(xml, 'xml');
      const count = (name: string) => tags.filter((tag) => tag === name).length;
      expect(xml).toContain(
        `tests="${String(count('testcase'))}" failures="${String(count('failure'))}" errors="${String(count('error'))}"`,
      );
      expect(count('testcase')).toBeGreaterThan(0);
    },
  );

  it('fails a case a drift', async () => {
    expect(await render('junit', sample.twoWay)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="drift" tests="1" failures="1" errors="0">
  <testsuite name="drift check ./shop.db" tests="1" failures="1" errors="0" skipped="0">
    <testcase classname="users" name="column.alter email" file="schema/users.ts" line="14">
      <failure type="ungenerated" message="users.email allows NULL in the database; schema/users.ts:14 says NOT NULL. There is no migrations folder, so drift cannot tell which side moved.">users.email allows NULL in the database; schema/users.ts:14 says NOT NULL. There is no migrations folder, so drift cannot tell which side moved. schema/users.ts:14</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});

describe('html', () => {
  it.each(Object.entries({ ...sample, nasty, replayed }))(
    'of %s is closed, and brings nothing from elsewhere',
    async (_name, report) => {
      const html = await render('html', report);
      const tags = assertWellFormed(html, 'html');
      expect(tags.filter((tag) => tag === 'h1')).toHaveLength(1);
      expect(html).toContain('<html lang="en">');
      expect(html).not.toMatch(/<script|<img|<link|https?:|javascript:|\son\w+=/);
      for (const table of html.split('<table>').slice(1))
        expect(table).toMatch(/^\s*<caption>.*<th scope="col">/s);
    },
  );
});

describe('github', () => {
  it('annotates the lines of the models', async () => {
    expect(await render('github', sample.twoWay)).toBe(
      '::error file=schema/users.ts,line=14,col=3,title=column.alter users.email::users.email allows NULL in the database; schema/users.ts:14 says NOT NULL. There is no migrations folder, so drift cannot tell which side moved.\n1 difference in 1 table. Next: bring the database to the models, or take the difference into the models\n',
    );
    expect(await render('github', sample.undetermined)).toMatch(/^::warning file=schema\/users\.ts,line=30/);
    expect(await render('github', sample.failed)).toBe(
      '::error title=drift CONFIG_NOT_FOUND::No drizzle.config file in /app. Name it with --config.\n',
    );
  });

  it('lets no name begin a command of its own or a property', async () => {
    const lines = (await render('github', nasty)).trimEnd().split('\n');
    for (const line of lines.slice(0, -1)) {
      const [, properties = '', ...rest] = line.split('::');
      expect(properties).toMatch(/^(error|warning) ((file|line|col|title)=[^,:]*,?)+$/);
      expect(rest.length).toBeGreaterThan(0);
    }
    expect(lines.at(-1)).not.toMatch(/^::/);
    expect(lines).toHaveLength(6);
  });
});

describe('a finding of the migrations', () => {
  const tagged = (tags: readonly string[]) =>
    Object.fromEntries(tags.map((tag) => [tag, `drizzle/${tag}.sql`] as const));
  const report = createReport({
    dialect: 'postgres',
    target: 'x',
    drifts: [],
    migrations: {
      folder: 'drizzle',
      total: 6,
      applied: 2,
      pending: ['0002_late', '0003_half', '0004_new'],
      outOfOrder: ['0002_late'],
      edited: ['0001_edited'],
      unknown: ['0009_other'],
      problems: [
        {
          code: 'missing-file',
          migration: '0005_gone',
          file: 'drizzle/meta/_journal.json',
          line: 12,
          message: 'Gone.',
        },
        { code: 'partly-applied', migration: '0003_half', message: 'Half.', next: 'Mend it.' },
      ],
      files: tagged(['0001_edited', '0002_late', '0003_half', '0004_new']),
    },
    commands: {
      generate: { by: 'drizzle-kit', text: 'npx drizzle-kit generate' },
      migrate: { by: 'drizzle-kit', text: 'npx drizzle-kit migrate' },
    },
  });

  it('is an annotation at its file and line', async () => {
    const lines = (await render('github', report)).trimEnd().split('\n');
    expect(lines.map((line) => line.split('::')[1])).toEqual([
      'error file=drizzle/0004_new.sql,line=1,title=migrations pending 0004_new',
      'error file=drizzle/0002_late.sql,line=1,title=migrations outOfOrder 0002_late',
      'error file=drizzle/0001_edited.sql,line=1,title=migrations edited 0001_edited',
      'error title=migrations unknown 0009_other',
      'error file=drizzle/meta/_journal.json,line=12,title=migrations missing-file 0005_gone',
      'error file=drizzle/0003_half.sql,line=1,title=migrations partly-applied 0003_half',
      undefined,
    ]);
    expect(lines[0]).toContain('Run npx drizzle-kit migrate.');
    expect(lines[1]).toContain(', run npx drizzle-kit migrate; otherwise generate it again.');
    expect(lines[5]).toContain('Half. Mend it.');
  });

  it('is a result of SARIF and a failed case of JUnit at the same place', async () => {
    const log = JSON.parse(await render('sarif', report)) as {
      runs: [{ results: { ruleId: string; locations: unknown[]; partialFingerprints: object }[] }];
    };
    const { results } = log.runs[0];
    expect(results.map(({ ruleId }) => ruleId)).toEqual([
      'migrations.pending',
      'migrations.outOfOrder',
      'migrations.edited',
      'migrations.unknown',
      'migrations.missing-file',
      'migrations.partly-applied',
    ]);
    expect(results[4]?.locations).toMatchObject([
      {
        physicalLocation: {
          artifactLocation: { uri: 'drizzle/meta/_journal.json' },
          region: { startLine: 12 },
        },
      },
    ]);
    const prints = results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(prints).size).toBe(6);
    const junit = await render('junit', report);
    expect(junit).toContain('failures="6"');
    expect(junit).toContain('name="0001_edited" file="drizzle/0001_edited.sql" line="1"');
    expect(junit).toContain('name="0005_gone" file="drizzle/meta/_journal.json" line="12"');
  });
});

describe('markdown', () => {
  it('is a table a cause', async () => {
    expect(await render('markdown', sample.twoWay)).toBe(`## drift check: not up to date

\`./shop.db\` (sqlite)

1 difference in 1 table.

**Migrations**

- no folder, so drift cannot tell which side moved

### Database and models differ

Next: bring the database to the models, or take the difference into the models

| Object | Database | Expected | Source |
| --- | --- | --- | --- |
| \`users.email\` | \`NULL is allowed\` | \`NOT NULL\` | \`schema/users.ts:14\` |
`);
  });

  it('lets no name end a cell, a code span or mention anybody', async () => {
    const text = await render('markdown', nasty, { verbose: true });
    for (const row of text.split('\n').filter((line) => line.startsWith('| '))) {
      const cells = row.replace(/\\\|/g, '').split('|').length - 2;
      expect([4, 5]).toContain(cells);
    }
    // Outside code spans nothing is markup: what is left without them has no bare special character.
    const bare = text.replace(/(`+)( ?)[^\n]*?[^`]\2\1(?!`)/g, '');
    expect(bare).not.toMatch(/(?<!\\)<script|@everyone/);
  });
});
