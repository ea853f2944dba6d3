/** What only a real process can show: streams, exit codes, and code of the user's that misbehaves. */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildOnce, driftScript, runDrift } from '../support/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

let project: string;

beforeAll(buildOnce);
beforeEach(() => {
  project = realpathSync(mkdtempSync(path.join(tmpdir(), 'drift-cli-')));
  for (const folder of ['schema', 'node_modules']) mkdirSync(path.join(project, folder));
  symlinkSync(path.join(root, 'node_modules/drizzle-orm'), path.join(project, 'node_modules/drizzle-orm'));
  write('drizzle.config.ts', config());
  write(
    'schema/users.ts',
    `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', {
  id: integer().primaryKey(),
  email: text().notNull(),
});
`,
  );
  build('create table users (id integer primary key not null, email text not null)');
});
afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

function config(before = ''): string {
  return `${before}
export default { dialect: 'sqlite', schema: './schema', out: './migrations', dbCredentials: { url: './shop.db' } };
`;
}

function write(file: string, text: string): void {
  writeFileSync(path.join(project, file), text);
}

function build(sql: string): void {
  const database = new Database(path.join(project, 'shop.db'));
  database.exec(sql);
  database.close();
}

function drift(line: string, env: Readonly<Record<string, string>> = {}) {
  return runDrift(line.split(' '), { cwd: project, env });
}

describe('drift --version', () => {
  it('answers from the launcher alone', async () => {
    for (const word of ['--version', '-v']) {
      expect(await drift(word)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    }
    // Beside package.json and nothing else: there is no dist to load.
    const alone = path.join(project, 'alone');
    mkdirSync(path.join(alone, 'bin'), { recursive: true });
    writeFileSync(path.join(alone, 'package.json'), '{"version":"9.9.9","type":"module"}');
    writeFileSync(path.join(alone, 'bin/drift.js'), readFileSync(driftScript));
    const child = spawn(process.execPath, [path.join(alone, 'bin/drift.js'), '--version']);
    let stdout = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    await new Promise((resolve) => child.on('close', resolve));
    expect(stdout).toBe('9.9.9\n');
  });

  it('works through the link that npm makes', async () => {
    const link = path.join(project, 'drift');
    symlinkSync(driftScript, link);
    const child = spawn(process.execPath, [link, 'explain', 'data-loss']);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(0);
  });
});

describe('drift check', () => {
  it('exits 0 where everything is in order', async () => {
    const { code, stdout, stderr } = await drift('check');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Up to date: .*shop\.db is as the models say \(sqlite\)\.\n$/);
  });

  it('exits 1 on drift, and prints the same bytes twice', async () => {
    build('create index hotfix on users (email)');
    const first = await drift('check --format json');
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toMatchObject({
      status: 'not-up-to-date',
      drifts: [{ kind: 'index.drop', address: { namespace: 'main', table: 'users', name: 'hotfix' } }],
    });
    expect((await drift('check --format json')).stdout).toBe(first.stdout);
  });

  it('exits 2 where it could not tell, with a report for the machine', async () => {
    rmSync(path.join(project, 'shop.db'));
    const { code, stdout, stderr } = await drift('check --format json');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error [A-Z_]+: .+\nnext: .+\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'undetermined',
      error: { code: /^error (\w+)/.exec(stderr)?.[1] },
    });
    expect(readdirSync(project)).not.toContain('shop.db');
  });

  it('prints nothing on standard output where people read the error', async () => {
    rmSync(path.join(project, 'drizzle.config.ts'));
    const { code, stdout, stderr } = await drift('check');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error CONFIG_NOT_FOUND: .+\nnext: .+\n$/);
  });

  it('writes every format to its file, and one to the screen', async () => {
    const { code, stdout } = await drift(
      'check --format json --format sarif=out/drift.sarif --format junit=out/drift.xml',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'up-to-date' });
    expect(readdirSync(path.join(project, 'out')).sort()).toEqual(['drift.sarif', 'drift.xml']);
    expect((await drift('check --format html=drift.html')).stdout).toMatch(/^Up to date/);
    expect((await drift('check --format json --output drift.json')).stdout).toBe('');
    expect(readFileSync(path.join(project, 'drift.json'), 'utf8')).toBe(stdout);
  });

  it('works in another directory with --cwd', async () => {
    const words = ['check', '--cwd', path.relative(root, project), '--output', 'here.txt'];
    expect((await runDrift(words)).code).toBe(0);
    expect(readdirSync(project)).toContain('here.txt');
  });

  it('colours where it is told to', async () => {
    expect((await drift('check', { FORCE_COLOR: '1' })).stdout).toContain('\u001b[');
    expect((await drift('check --no-color', { FORCE_COLOR: '1' })).stdout).not.toContain('\u001b[');
  });
});

describe('code of the user', () => {
  it('that prints while it is loaded does not spoil the report', async () => {
    write('drizzle.config.ts', config("console.log('tip of the day'); process.stdout.write('more\\n');"));
    const { code, stdout, stderr } = await drift('check --format json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'up-to-date' });
    expect(stderr).toBe('tip of the day\nmore\n');
  });

  it('that ends the process does not end it with success', async () => {
    write('drizzle.config.ts', config('process.exit(0);'));
    const { code, stdout, stderr } = await drift('check');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error CODE_THREW: .*process\.exit\(0\)/);
  });

  it('that ends the process behind the back of everybody does not either', async () => {
    const bundle = pathToFileURL(path.join(root, 'dist/cli.js')).href;
    const script = `import { main } from '${bundle}'; void main('1'); process.exit(0);`;
    const words = ['--input-type=module', '-e', script, '--', 'check'];
    const child = spawn(process.execPath, words, { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error PROCESS_EXITED: The process was ended \(exit code 0\) while starting\.\nnext: /,
    );
  });

  it('that leaves a timer open does not keep the process alive', async () => {
    write('drizzle.config.ts', config('setInterval(() => undefined, 1000);'));
    expect((await drift('check')).code).toBe(0);
  });

  it('that never finishes loading meets the deadline', async () => {
    write('drizzle.config.ts', config('await new Promise(() => undefined);'));
    const { code, stderr } = await drift('check --timeout 0.5');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error TIMEOUT: Not finished within 0\.5 s; it stopped while reading the config\.\nnext: /,
    );
  });

  it('that fails in the background is a warning, and the result stands', async () => {
    write(
      'drizzle.config.ts',
      config("void Promise.reject(new Error('no route to postgres://app:hunter2@db'));"),
    );
    const { code, stdout, stderr } = await drift('check');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Up to date/);
    expect(stderr).toMatch(/^warning BACKGROUND_FAILURE: .*no route to postgres:\/\/app:\*\*\*@db/);
    expect((await drift('check --quiet')).stderr).toBe('');
  });

  it('is bound by the deadline of drift.config where no flag says otherwise', async () => {
    write('drift.config.json', '{ "timeouts": { "command": 0.4 } }');
    write('schema/users.ts', 'await new Promise(() => undefined);\nexport const x = 1;\n');
    const { code, stderr } = await drift('check');
    expect(code).toBe(2);
    expect(stderr).toContain('error TIMEOUT: Not finished within 0.4 s; it stopped while ');
  });
});

describe('a reader that goes away', () => {
  it('changes nothing of the exit code and brings no stack', async () => {
    const child = spawn(process.execPath, [driftScript, 'explain'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
