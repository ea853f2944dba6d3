import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DriftError } from '../../src/errors.ts';
import { runWithin } from '../../src/cli/deadline.ts';
import { describeFailure, printFailure } from '../../src/cli/failure.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { findSecrets, redact } from '../../src/cli/redaction.ts';
import { createStep } from '../../src/stages/step.ts';
import { writeFileAtomically } from '../../src/cli/write-file.ts';

describe('the deadline', () => {
  const forever = (): Promise<never> => new Promise(() => undefined);

  it('names the stage in progress', async () => {
    const outcome = runWithin(
      5,
      true,
      () => 0,
      (deadline) => {
        deadline.begin('reading the database');
        return forever();
      },
    );
    await expect(outcome).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'Not finished within 0.005 s; it stopped while reading the database.',
    });
  });

  it('names what hangs, where other stages ran beside it and have ended', async () => {
    const outcome = runWithin(
      5,
      true,
      () => 0,
      async (deadline) => {
        const step = createStep(deadline.begin);
        const models = step('loading the models', forever);
        await step('reading the migrations', () => Promise.resolve());
        await models;
      },
    );
    await expect(outcome).rejects.toMatchObject({
      message: 'Not finished within 0.005 s; it stopped while loading the models.',
    });
  });

  it('is moved by drift.config, unless a flag has fixed it', async () => {
    const shortened = (isFixed: boolean) =>
      runWithin(
        50,
        isFixed,
        () => 0,
        (deadline) => {
          deadline.limit(1);
          return new Promise((resolve) => setTimeout(resolve, 20, 'done'));
        },
      );
    await expect(shortened(false)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(shortened(true)).resolves.toBe('done');
  });

  it('does not fire at once where it is further away than a timer reaches', async () => {
    const outcome = runWithin(
      1e12,
      true,
      () => 0,
      () => new Promise((resolve) => setTimeout(resolve, 10, 'done')),
    );
    await expect(outcome).resolves.toBe('done');
  });

  it('lets errors and results through', async () => {
    await expect(
      runWithin(
        1000,
        true,
        () => 0,
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no');
    await expect(
      runWithin(
        1000,
        true,
        () => 0,
        () => Promise.resolve(7),
      ),
    ).resolves.toBe(7);
  });
});

describe('passwords', () => {
  it.each([
    ['cannot reach postgres://app:hunter2@db:5432/shop', 'hunter2'],
    ['postgres://app:p@ss/w:rd@db/shop refused', 'p@ss/w:rd'],
    ['libsql://x.turso.io?authToken=eyJhbGciOi now', 'eyJhbGciOi'],
    ["{ user: 'app', password: 'hunter2' }", 'hunter2'],
    ['connection failed: host=db user=app password=hunter2', 'hunter2'],
    ['{"target":"postgres://app:hun\\"ter2@db/shop"}', 'ter2'],
  ])('%s', (text, password) => {
    expect(redact(text)).not.toContain(password);
  });

  it('are found in --url and in the environment, also where they stand alone', () => {
    const secrets = findSecrets({
      words: ['check', '--url', 'postgres://app:s3cret%21x@db/shop'],
      variables: { PGPASSWORD: 'Tr0ub4dor' },
    });
    expect(redact('tried s3cret!x, s3cret%21x and Tr0ub4dor', secrets)).toBe('tried ***, *** and ***');
  });

  it('that are ordinary words or names are not taken out of ordinary text', () => {
    const secrets = findSecrets({
      words: ['--url=postgres://postgres:postgres@db/shop'],
      variables: { PGPASSWORD: 'password' },
    });
    expect(redact('users.password in schema postgres', secrets)).toBe('users.password in schema postgres');
    expect(redact('postgres://postgres:postgres@db/shop', secrets)).toBe('postgres://postgres:***@db/shop');
  });

  it('are not in what is printed of an error, its cause or its stack', () => {
    const cause = new Error('connect postgres://app:hunter2@db/shop');
    const error = new Error('failed for postgres://app:hunter2@db/shop', { cause });
    const printed = printFailure(describeFailure(error, []), 'error', error, []);
    expect(printed).toContain('caused by Error: connect postgres://app:***@db/shop');
    expect(printed).not.toContain('hunter2');
  });
});

describe('errors', () => {
  it('that drift did not foresee ask for a report', () => {
    expect(describeFailure(new TypeError("Cannot read 'x' of undefined."), [])).toEqual({
      code: 'INTERNAL',
      message: "drift failed in a way it should not have: Cannot read 'x' of undefined.",
      next: 'Please report this, with what drift prints when it is run again with --verbose.',
    });
    expect(describeFailure(undefined, []).message).toContain('undefined');
    expect(describeFailure(new Error(''), []).message).toContain('no message');
  });

  it('keep the lines of a message and nothing that acts on a terminal', () => {
    const error = new DriftError('CODE_SYNTAX', {
      where: 'schema.ts:1:2',
      problem: 'bad \u001b[31mtoken',
      frame: '> 1 | x',
      others: 0,
    });
    expect(printFailure(describeFailure(error, []), 'error', undefined, [])).toBe(
      'error CODE_SYNTAX: schema.ts:1:2: bad \\u{1b}[31mtoken\n> 1 | x\nnext: Correct the file.\n',
    );
  });

  it('with a cause that leads back to itself are printed once', () => {
    const error = new Error('round');
    error.cause = error;
    expect(printFailure(describeFailure(error, []), 'error', error, []).match(/Error: round/g)).toHaveLength(
      1,
    );
  });
});

describe('progress', () => {
  function watch(settings: { quiet: boolean; verbose: boolean }, isTerminal: boolean) {
    let text = '';
    const output = {
      isTerminal,
      columns: 80,
      write: (more: string) => {
        text += more;
        return Promise.resolve();
      },
    };
    let time = 0;
    const progress = createProgress({ stderr: output, stdout: output, now: () => (time += 5) }, settings);
    const endFirst = progress.begin('a');
    const endSecond = progress.begin('b');
    endSecond();
    endFirst();
    progress.end();
    if (settings.verbose) progress.begin('c')();
    return text;
  }

  it('is a line that clears itself, on a terminal only', () => {
    expect(watch({ quiet: false, verbose: false }, true)).toBe('\r\u001b[2Ka…\r\u001b[2Kb…\r\u001b[2K');
    expect(watch({ quiet: false, verbose: false }, false)).toBe('');
    expect(watch({ quiet: true, verbose: true }, true)).toBe('');
  });

  it('is a list of times with --verbose: when each stage began and how long it took, and the whole', () => {
    expect(watch({ quiet: false, verbose: true }, false)).toBe(
      '    10 ms +     5 ms  b\n     5 ms +    15 ms  a\n    25 ms            in all\n',
    );
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'drift-output-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are put in their place whole, with the folders they need', async () => {
    const file = path.join(folder, 'a/b/report.json');
    await writeFileAtomically(file, 'first', 1);
    await writeFileAtomically(file, 'second', 1);
    expect(readFileSync(file, 'utf8')).toBe('second');
    expect(readdirSync(path.dirname(file))).toEqual(['report.json']);
  });

  it('keep their permissions, and links stay links', async () => {
    const file = path.join(folder, 'real.json');
    const link = path.join(folder, 'link.json');
    writeFileSync(file, 'old');
    chmodSync(file, 0o600);
    symlinkSync(file, link);
    await writeFileAtomically(link, 'new', 1);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['link.json', 'real.json']);
  });

  it('that cannot be written are a coded error and leave nothing behind', async () => {
    await expect(writeFileAtomically(folder, 'x', 1)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
      message: `${folder} could not be written: it is a directory.`,
    });
    writeFileSync(path.join(folder, 'file'), '');
    await expect(writeFileAtomically(path.join(folder, 'file/report'), 'x', 1)).rejects.toMatchObject({
      code: 'OUTPUT_NOT_WRITTEN',
    });
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
