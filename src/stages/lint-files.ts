/** Which migrations `drift lint` is to look at. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DriftError } from '../errors.ts';
import { hashMigration } from '../project/migrations/hash.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import { matchApplied } from '../project/migrations/state.ts';
import { displayPath, isDirectory, isFile } from '../project/paths.ts';
import { nearest } from '../spelling.ts';
import type { Project } from './project.ts';

export interface LintChoice {
  /** Tags, paths or patterns; empty for all of the folder. */
  readonly files: readonly string[];
  /** Only migrations that come after this one. */
  readonly since: string | undefined;
  /** Only migrations that the database does not have. */
  readonly pending: boolean;
}

export interface LintSelection {
  /** In the order in which they run; those that are not of the folder come last. */
  readonly migrations: readonly Migration[];
  readonly examined: ReadonlySet<Migration>;
}

/** @throws DriftError LINT_FILE_UNKNOWN, MIGRATION_NOT_FOUND, and those of the database where it is asked */
export async function selectMigrations(
  project: Project,
  folder: MigrationsFolder,
  choice: LintChoice,
): Promise<LintSelection> {
  const named = await findNamed(project, folder, choice.files);
  const strangers = named.filter((migration) => !folder.migrations.includes(migration));
  const migrations = [...folder.migrations, ...strangers];
  const later =
    choice.since === undefined ? migrations : takeAfter(project, folder, migrations, choice.since);
  const pending = choice.pending ? await readPending(project, folder) : null;
  const examined = (choice.files.length === 0 ? migrations : named).filter(
    (migration) =>
      later.includes(migration) &&
      (pending === null || pending.includes(migration) || strangers.includes(migration)),
  );
  return { migrations, examined: new Set(examined) };
}

async function findNamed(
  project: Project,
  folder: MigrationsFolder,
  words: readonly string[],
): Promise<readonly Migration[]> {
  const found = await Promise.all(words.map((word) => findWord(project, folder, word)));
  return [...new Map(found.flat().map((migration) => [migration.file, migration])).values()];
}

async function findWord(
  project: Project,
  folder: MigrationsFolder,
  word: string,
): Promise<readonly Migration[]> {
  const { root } = project.config;
  const byTag = folder.migrations.filter(({ tag }) => tag === word);
  if (byTag.length > 0) return byTag;
  const place = path.resolve(root, word);
  const byPath = folder.migrations.filter(
    ({ file }) => file === place || (folder.layout === 'dated' && path.dirname(file) === place),
  );
  if (byPath.length > 0) return byPath;
  if (isDirectory(place) && place === folder.directory) return folder.migrations;
  if (isFile(place) && place.endsWith('.sql')) return [await readStranger(place)];
  const byPattern = /[*?]/.test(word) ? matchPattern(root, folder, word) : [];
  if (byPattern.length > 0) return byPattern;
  throw new DriftError('LINT_FILE_UNKNOWN', {
    word,
    directory: displayPath(root, folder.directory),
    nearest: nearestName(root, folder, word),
  });
}

/** A file that no journal names, such as one that is still being written, runs after all the others. */
async function readStranger(file: string): Promise<Migration> {
  const sql = await readFile(file, 'utf8');
  return {
    tag: path.basename(file, '.sql'),
    file,
    when: NaN,
    hash: hashMigration(sql),
    sql,
    snapshotFile: '',
  };
}

function matchPattern(root: string, folder: MigrationsFolder, pattern: string): readonly Migration[] {
  const glob = compileGlob(pattern.replace(/^\.\//, ''));
  return folder.migrations.filter(
    ({ tag, file }) =>
      glob.test(tag) ||
      glob.test(displayPath(root, file)) ||
      glob.test(displayPath(root, path.dirname(file))),
  );
}

/** `*` and `?` stop at a slash, `**` does not. */
function compileGlob(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/?|\*|\?|[\\^$.+()[\]{}|]/g, (token) => {
    if (token.startsWith('**')) return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return new RegExp(`^${source}$`, 'u');
}

function nearestName(root: string, folder: MigrationsFolder, word: string): string | undefined {
  const tags = folder.migrations.map(({ tag }) => tag);
  return nearest(word, [...tags, ...folder.migrations.map(({ file }) => displayPath(root, file))]);
}

function takeAfter(
  project: Project,
  folder: MigrationsFolder,
  migrations: readonly Migration[],
  tag: string,
): readonly Migration[] {
  const at = folder.migrations.findIndex((migration) => migration.tag === tag);
  if (at !== -1) return migrations.slice(at + 1);
  const directory = displayPath(project.config.root, folder.directory);
  const tags = folder.migrations.map((migration) => migration.tag);
  throw new DriftError('MIGRATION_NOT_FOUND', { tag, directory, nearest: nearest(tag, tags) });
}

async function readPending(project: Project, folder: MigrationsFolder): Promise<readonly Migration[]> {
  const session = await project.step('connecting', () =>
    project.dialect.connect(project.target(), project.limits),
  );
  try {
    return matchApplied(folder, await session.readAppliedMigrations(project.scope)).pending;
  } finally {
    await session.close();
  }
}
