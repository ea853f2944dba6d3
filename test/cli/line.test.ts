import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../src/errors.ts';
import { commandDefinitions } from '../../src/cli/program.ts';
import { findPage, listPages } from '../../src/cli/pages.ts';
import { formatNames } from '../../src/report/format.ts';
import { hazardTitles } from '../../src/plan/hazards.ts';
import { runLine } from './environment.ts';

/** Every word that a JSON Schema allows. */
function enumsOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'enum' in schema && Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [];
  const words = own.filter((word) => typeof word === 'string');
  return [...words, ...Object.values(schema).flatMap(enumsOf)];
}

describe('a wrong command line', () => {
  it.each([
    ['', 'CLI_COMMAND_MISSING', 'drift check'],
    ['chekc', 'CLI_UNKNOWN_COMMAND', 'Did you mean drift check?'],
    ['zzzzzz', 'CLI_UNKNOWN_COMMAND', 'The commands are check'],
    ['check --fromat json', 'CLI_UNKNOWN_OPTION', 'Did you mean --format?'],
    ['check --offlin', 'CLI_UNKNOWN_OPTION', 'Did you mean --offline?'],
    ['check --zzzzzzzzzzz', 'CLI_UNKNOWN_OPTION', 'See drift check --help.'],
    ['--verbos check', 'CLI_UNKNOWN_OPTION', 'Did you mean --verbose?'],
    ['check extra', 'CLI_EXTRA_ARGUMENT', "does not take the argument 'extra'"],
    ['check offline', 'CLI_EXTRA_ARGUMENT', 'Did you mean --offline?'],
    ['explain DATA extra', 'CLI_EXTRA_ARGUMENT', "does not take the argument 'extra'"],
    ['check --config', 'CLI_VALUE_MISSING', '--config'],
    ['check --url=', 'CLI_VALUE_MISSING', 'leave --url out'],
    ['check --output --quiet', 'CLI_VALUE_MISSING', '--output'],
    ['check --timeout abc', 'CLI_INVALID_VALUE', "not 'abc'"],
    ['check --timeout 0', 'CLI_INVALID_VALUE', "not '0'"],
    ['check --timeout -5', 'CLI_INVALID_VALUE', "not '-5'"],
    ['check --timeout 1e3', 'CLI_INVALID_VALUE', "not '1e3'"],
    ['check --timeout Infinity', 'CLI_INVALID_VALUE', "not 'Infinity'"],
    ['check --format jsn', 'CLI_INVALID_VALUE', 'Did you mean --format json?'],
    ['check --format sarif=', 'CLI_VALUE_MISSING', '--format sarif=FILE'],
    ['check --format json --format sarif', 'CLI_FORMAT_CONFLICT', '--format sarif=FILE'],
    ['check --cwd nowhere', 'CLI_DIRECTORY_MISSING', 'There is no directory nowhere.'],
    ['explain --format html', 'CLI_INVALID_VALUE', 'human or json'],
    ['status --format sarif', 'CLI_INVALID_VALUE', 'one of human, json, markdown for drift status'],
    ['status --format json=status.json', 'CLI_INVALID_VALUE', '--output'],
    ['lint --format html', 'CLI_INVALID_VALUE', 'for drift lint'],
    ['explain --format human --format json=x.json', 'CLI_INVALID_VALUE', '--output'],
    ['explain CONFIG_NOT_FOND', 'EXPLAIN_UNKNOWN', 'Did you mean drift explain CONFIG_NOT_FOUND?'],
  ])('%s: %s', async (line, code, hint) => {
    const { code: exit, stdout, stderr } = await runLine(line);
    expect(exit).toBe(2);
    expect(stdout.replace(/^\{.*\}\n$/s, '')).toBe('');
    expect(stderr).toMatch(new RegExp(`^error ${code}: .+\nnext: .+\n$`));
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('    at ');
  });

  it('shows the stack with --verbose only', async () => {
    expect((await runLine('explain nothing-like-it --verbose')).stderr).toContain('    at ');
  });

  it('names the suggestion with another path for --cwd', async () => {
    const { stderr } = await runLine('check --cwd ../cil', { cwd: import.meta.dirname });
    expect(stderr).toContain('Did you mean --cwd');
  });

  it('answers in JSON where JSON was asked for, wherever on the line', async () => {
    for (const line of [
      'check --format json --timeout abc',
      'check --timeout abc --format json',
      'check --bogus --format=json',
      '--format json check extra',
    ]) {
      const { stdout, code } = await runLine(line);
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({
        formatVersion: 1,
        status: 'undetermined',
        drifts: [],
        error: { code: expect.stringMatching(/^CLI_/) as string },
      });
    }
  });
});

describe('help', () => {
  it.each(['--help', '-h', 'help', 'check --help', 'help check', '--version', '-v'])(
    'drift %s goes to standard output and succeeds',
    async (line) => {
      const { code, stdout, stderr } = await runLine(line);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(line.includes('v') ? /^1\.2\.3\n$/ : /^Usage: drift/);
      for (const row of stdout.split('\n')) expect(row.length).toBeLessThanOrEqual(80);
    },
  );

  it.each(commandDefinitions.map((definition) => [definition.name, definition] as const))(
    'of %s lists the formats it has, its own deadline, and what its exit codes mean',
    async (name, { formats, timeout, exits }) => {
      const { stdout } = await runLine(`${name} --help`);
      const text = stdout.replace(/\s+/g, ' ');
      expect(text).toContain(`${formats.join(', ')}`);
      for (const format of formatNames) {
        if (!formats.includes(format))
          expect(text).not.toMatch(new RegExp(`--format <[^>]+>> [^-]*\\b${format}\\b`));
      }
      expect(text).toContain(`(default: ${String(timeout)})`);
      expect(text).toContain(`Exit codes: 0 ${exits.done}, `);
      for (const row of stdout.split('\n')) expect(row.length).toBeLessThanOrEqual(80);
    },
  );

  it('lists the commands that work, and the options that all of them take', async () => {
    const { stdout } = await runLine('check --help');
    for (const option of 'config cwd url format output timeout no-color quiet verbose help'.split(' ')) {
      expect(stdout).toContain(`--${option}`);
    }
    const all = (await runLine('--help')).stdout;
    for (const { name, summary } of commandDefinitions) {
      expect(all).toContain(`  ${name}`);
      expect(summary).toMatch(/^[a-z].*[^.]$/);
    }
  });
});

describe('drift explain', () => {
  it('has a page for every error, hazard, cause and kind of change', async () => {
    const codes = listPages().map((page) => page.code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toEqual(
      expect.arrayContaining([
        ...Object.keys(errorCatalogue),
        ...Object.keys(hazardTitles),
        ...['unapplied', 'ungenerated', 'out-of-band'],
        ...['column.alter', 'index.rename', 'trigger.drop', 'virtualTable.create'],
      ]),
    );
    for (const page of listPages()) {
      expect(page.title).not.toBe('');
      for (const paragraph of page.paragraphs) expect(paragraph).toMatch(/^[^\n]+[.:]$/);
    }
    const { stdout } = await runLine('explain');
    for (const code of codes) expect(stdout).toContain(`  ${code}\n`);
  });

  it('has a page for every word that the code prints as one', () => {
    // The unions themselves are held to their pages by the compiler; this finds a word that is in none of them.
    const root = path.resolve(import.meta.dirname, '../../src');
    // What a plan refuses is told in sentences, never by its code.
    const internal = new Set(['backfill-required', 'hand-written', 'rows']);
    const missing = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('refusals.ts'))
      .flatMap((name) => {
        const text = readFileSync(path.join(root, name), 'utf8');
        return [...text.matchAll(/\bcode: '([a-z][a-z-]*)'/g)].map((found) => found[1] ?? '');
      })
      .filter((code) => !internal.has(code) && !findPage(code));
    expect(missing).toEqual([]);
  });

  it('has a page for every word of the published schemas', () => {
    const schema = JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, '../../src/report/report.schema.json'), 'utf8'),
    ) as unknown;
    const about = new Set(['sqlite', 'postgres', 'info', 'warning', 'danger', 'models', 'migrations']);
    expect(enumsOf(schema).filter((word) => !about.has(word) && !findPage(word))).toEqual([]);
  });

  it.each([
    ['partly-aplied', 'partly-applied'],
    ['already-in-databse', 'already-in-database'],
    ['missing_file', 'missing-file'],
    ['out-of-oder', 'out-of-order'],
    ['collumn', 'column'],
  ])('suggests for %s the page %s', async (typed, code) => {
    const { stderr } = await runLine(`explain ${typed}`);
    expect(stderr).toContain(`Did you mean drift explain ${code}?`);
  });

  it('prints a page within the width, whatever the case of the code', async () => {
    const { code, stdout } = await runLine('explain COLUMN.alter', { columns: 60 });
    expect(code).toBe(0);
    expect(stdout).toContain('column.alter  change');
    expect(stdout).toContain('collation');
    for (const row of stdout.split('\n')) expect(row.length).toBeLessThanOrEqual(60);
  });

  it('prints a page as JSON', async () => {
    const { stdout } = await runLine('explain data-loss --format json');
    expect(JSON.parse(stdout)).toEqual(findPage('data-loss'));
  });
});

describe('colour', () => {
  const painted = async (line: string, variables: Record<string, string>, terminal = true) =>
    // eslint-disable-next-line no-control-regex -- colour sequences begin with the control character ESC
    /\u001b\[/.test((await runLine(line, { variables, terminal })).stdout);

  it('is there on a terminal, and where it is forced', async () => {
    expect(await painted('explain data-loss', {})).toBe(true);
    expect(await painted('explain data-loss', { FORCE_COLOR: '1' }, false)).toBe(true);
    expect(await painted('explain data-loss', { FORCE_COLOR: '1', NO_COLOR: '1' }, false)).toBe(true);
  });

  it('is not there elsewhere, nor where it is not wanted', async () => {
    expect(await painted('explain data-loss', {}, false)).toBe(false);
    expect(await painted('explain data-loss', { NO_COLOR: '1' })).toBe(false);
    expect(await painted('explain data-loss', { NO_COLOR: '' })).toBe(true);
    expect(await painted('explain data-loss', { FORCE_COLOR: '0' })).toBe(false);
    expect(await painted('explain data-loss', { TERM: 'dumb' })).toBe(false);
    expect(await painted('explain data-loss --no-color', { FORCE_COLOR: '1' })).toBe(false);
  });
});
