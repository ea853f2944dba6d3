/** Two schemas in a temporary folder, compared on the command line of this process. */
import Database from 'better-sqlite3';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { runLine, type Kept } from '../cli/environment.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** A folder with these files (paths with `/`), with the packages of the repository; removed after the test. */
export function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'drift-diff-')));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** Makes a database file of SQL. */
export function makeDatabase(folder: string, name: string, sql: string): void {
  const database = new Database(path.join(folder, name));
  database.exec(sql);
  database.close();
}

/** Runs a command line in a folder. */
export function drift(folder: string, line: string | readonly string[]): Promise<Kept> {
  return runLine(line, { cwd: folder, variables: { XDG_CACHE_HOME: path.join(folder, '.cache') } });
}

export interface Found {
  readonly code: number;
  readonly status: string;
  /** Each change in short: `column.alter users.age type int→bigint`. */
  readonly changes: readonly string[];
  readonly document: DiffDocument;
}

interface DiffDocument {
  readonly status: string;
  readonly dialect: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly changes: readonly {
    readonly kind: string;
    readonly address: { readonly namespace: string; readonly table?: string; readonly name: string };
    readonly fields: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
    readonly message: string;
    readonly hazards: readonly { readonly code: string }[];
  }[];
  readonly unmanaged: readonly { readonly kind: string; readonly address: { readonly name: string } }[];
  readonly error?: { readonly code: string; readonly message: string; readonly next: string };
}

/** Compares, and reads the JSON. */
export async function compare(
  folder: string,
  from: string,
  to: string,
  ...flags: readonly string[]
): Promise<Found> {
  const { code, stdout } = await drift(folder, ['diff', from, to, '--format', 'json', ...flags]);
  const document = JSON.parse(stdout) as DiffDocument;
  return { code, status: document.status, changes: document.changes.map(summarise), document };
}

function summarise({ kind, address, fields }: DiffDocument['changes'][number]): string {
  const space = ['main', 'public', ''].includes(address.namespace) ? '' : `${address.namespace}.`;
  const name = address.table === undefined ? address.name : `${address.table}.${address.name}`;
  return [
    kind,
    `${space}${name}`,
    ...fields.map(({ field, from, to }) => `${field} ${show(from)}→${show(to)}`),
  ].join(' ');
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Two scripts as files of a new folder, compared. */
export function compareScripts(
  dialect: 'sqlite' | 'postgres',
  from: string,
  to: string,
  ...flags: readonly string[]
): Promise<Found> {
  const folder = makeFolder({ 'a.sql': from, 'b.sql': to });
  return compare(folder, 'a.sql', 'b.sql', '--dialect', dialect, ...flags);
}
