/** What `drift diff` compares: each of its two words, understood before anything is opened. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DialectName } from '../catalog/schema.ts';
import type { DatabaseTarget } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import { targetOfUrl } from '../project/credentials.ts';
import { displayPath, findNearestPath, isDirectory } from '../project/paths.ts';
import { nearest } from '../spelling.ts';

/** The schemas of a project, by the words for them. */
export const projectWords = ['models', 'migrations', 'database'] as const;

export type ProjectWord = (typeof projectWords)[number];

/** One of the two schemas that are compared. */
export type Endpoint =
  | { readonly is: ProjectWord; readonly dialect: null; readonly shown: string; readonly name: string }
  | {
      readonly is: 'target';
      readonly dialect: DialectName;
      readonly target: DatabaseTarget;
      readonly shown: string;
      readonly name: string;
    }
  | {
      readonly is: 'script';
      readonly dialect: null;
      /** Absolute. */
      readonly file: string;
      /** What reports call it. */
      readonly shown: string;
      /** What sentences call it. */
      readonly name: string;
    };

/**
 * Understands a word of the command line.
 * @throws DriftError DIFF_SIDE_UNKNOWN, DIFF_FILE_MISSING, DIFF_FILE_UNSUPPORTED, DATABASE_IN_MEMORY, DATABASE_NOT_LOCAL
 */
export function readEndpoint(word: string, cwd: string): Endpoint {
  const own = projectWords.find((known) => known === word);
  if (own !== undefined) return { is: own, dialect: null, shown: own, name: `the ${own}` };
  if (/^postgres(?:ql)?:\/\//i.test(word)) {
    return atTarget('postgres', { driver: 'pg', url: word }, hidePassword(word));
  }
  if (/^(?:libsql|https?|wss?):/i.test(word)) throw new DriftError('DATABASE_NOT_LOCAL', { target: word });
  if (word === ':memory:') throw new DriftError('DATABASE_IN_MEMORY', { target: word });
  const isFileUrl = /^(?:file|sqlite):/i.test(word);
  if (!isFileUrl && /^[a-z][a-z0-9+.-]*:\/\//i.test(word)) throw unknownWord(word, cwd);
  return readPath(word, isFileUrl, cwd);
}

function readPath(word: string, isFileUrl: boolean, cwd: string): Endpoint {
  const file = isFileUrl ? pathOfUrl(word, cwd) : path.resolve(cwd, word);
  const shown = displayPath(cwd, file);
  if (isDirectory(file)) {
    if (!existsSync(path.join(file, 'PG_VERSION'))) {
      throw new DriftError('DIFF_FILE_UNSUPPORTED', { file: shown, is: 'a folder' });
    }
    return atTarget('postgres', { driver: 'pglite', folder: file }, shown);
  }
  if (!existsSync(file)) throw missingFile(word, file, isFileUrl, cwd);
  if (!isFileUrl && /\.sql$/i.test(file)) {
    return { is: 'script', dialect: null, file, shown, name: shown };
  }
  if (isFileUrl || isSqliteFile(file)) {
    return atTarget('sqlite', { driver: 'better-sqlite3', file }, shown);
  }
  throw new DriftError('DIFF_FILE_UNSUPPORTED', { file: shown, is: 'neither .sql nor a SQLite database' });
}

function atTarget(dialect: DialectName, target: DatabaseTarget, shown: string): Endpoint {
  return { is: 'target', dialect, target, shown, name: shown };
}

function pathOfUrl(word: string, cwd: string): string {
  const target = targetOfUrl('sqlite', word, cwd);
  if (target.driver === 'better-sqlite3' && target.file !== ':memory:') return target.file;
  throw new DriftError('DATABASE_IN_MEMORY', { target: word });
}

function hidePassword(url: string): string {
  return url.replace(/\?.*$/s, '').replace(/^([a-z]+:\/\/[^:@/]*):.*@/i, '$1@');
}

/** sqlite.org/fileformat.html, "The Database Header". An ending is believed too: whoever opens it says what is wrong. */
function isSqliteFile(file: string): boolean {
  if (/\.(?:db|db3|sqlite|sqlite3)$/i.test(file)) return true;
  return statSync(file).isFile() && readStart(file, 16) === 'SQLite format 3\0';
}

function readStart(file: string, length: number): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.toString('latin1', 0, readSync(handle, bytes, 0, length, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}

function missingFile(word: string, file: string, isFileUrl: boolean, cwd: string): DriftError {
  // A bare word is more likely one of the known words, misspelt, than the name of a file.
  if (!isFileUrl && !/[./\\]/.test(word)) return unknownWord(word, cwd);
  const near = findNearestPath(cwd, file);
  return new DriftError('DIFF_FILE_MISSING', {
    file: displayPath(cwd, file),
    nearest: near === undefined ? undefined : displayPath(cwd, near),
  });
}

function unknownWord(word: string, cwd: string): DriftError {
  const files = readdirSync(cwd).filter((name) => /\.(?:sql|db|db3|sqlite|sqlite3)$/i.test(name));
  return new DriftError('DIFF_SIDE_UNKNOWN', {
    word,
    valid: projectWords,
    nearest: nearest(word, [...projectWords, ...files, ...files.map((name) => path.parse(name).name)]),
  });
}

const dialectNames: Readonly<Record<DialectName, string>> = { postgres: 'PostgreSQL', sqlite: 'SQLite' };

/**
 * The one engine of both sides.
 * @param known what else tells it, first wins: `--dialect`, the config
 * @returns null where nothing tells it
 * @throws DriftError DIFF_DIALECTS_DIFFER
 */
export function chooseDialect(
  sides: readonly Endpoint[],
  known: readonly { readonly dialect: DialectName; readonly shown: string }[],
): DialectName | null {
  const told = [...known, ...sides.flatMap((side) => (side.dialect === null ? [] : [side]))];
  const [first] = told;
  if (first === undefined) return null;
  const other = told.find(({ dialect }) => dialect !== first.dialect);
  if (other === undefined) return first.dialect;
  throw new DriftError('DIFF_DIALECTS_DIFFER', {
    from: first.shown,
    fromDialect: dialectNames[first.dialect],
    to: other.shown,
    toDialect: dialectNames[other.dialect],
  });
}
