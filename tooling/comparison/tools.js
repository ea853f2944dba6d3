/** The tools that are compared: how each writes its migration, and how it is usually run. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import Database from 'better-sqlite3';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = {
  v0: join(root, 'node_modules'),
  v1: join(root, 'test/peers/drizzle-v1/node_modules'),
};
const breakpoint = '\n--> statement-breakpoint\n';

/**
 * What a tool makes of a change of the models.
 * @typedef {{ sql: string } | { refused: string } | { nothing: true, said?: string }} Written
 */

/** A copy of Drizzle: its migrator and its kit. */
async function loadDrizzle(line) {
  const load = createRequire(join(modules[line], 'drizzle-orm/package.json'));
  const kit =
    line === 'v0'
      ? await import(pathToFileURL(join(modules.v0, 'drizzle-kit/api.mjs')).href)
      : await import(pathToFileURL(join(modules.v1, 'drizzle-kit/payload-sqlite.mjs')).href);
  return {
    line,
    version: versionOf(join(modules[line], 'drizzle-kit')),
    ormVersion: versionOf(join(modules[line], 'drizzle-orm')),
    drizzle: load(join(modules[line], 'drizzle-orm/better-sqlite3/index.cjs')).drizzle,
    migrate: load(join(modules[line], 'drizzle-orm/better-sqlite3/migrator.cjs')).migrate,
    describe: kit.generateSQLiteDrizzleJson ?? kit.generateDrizzleJson,
    compare: kit.generateSQLiteMigration ?? kit.generateMigration,
  };
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** Makes a folder for the projects of either copy of Drizzle. */
export function linkDrizzle(folder) {
  for (const [line, packages] of Object.entries(modules)) {
    mkdirSync(join(folder, line));
    symlinkSync(packages, join(folder, line, 'node_modules'));
  }
}

/**
 * @param {{ runGenerate: Function, runMigrate: Function, DriftError: Function }} stages the stages of drift
 * @param {string} folder where drift may keep what it caches
 */
export async function loadTools(stages, folder) {
  const [v0, v1] = [await loadDrizzle('v0'), await loadDrizzle('v1')];
  const drift = { ...stages, env: { XDG_CACHE_HOME: folder } };
  const kit = (kitOf) => ({
    title: `drizzle-kit ${kitOf.version}`,
    short: `drizzle-kit ${kitOf.line === 'v0' ? '0.31' : '1.0-rc'}`,
    runner: `migrator of drizzle-orm ${kitOf.ormVersion}`,
    drizzle: kitOf,
    write: (project, answer) => writeWithKit(kitOf, project, answer),
    apply: (project) => applyWithDrizzle(kitOf, project),
  });
  const ours = (runner, title, name, apply) => ({
    title,
    short: title,
    runner: name,
    drizzle: v0,
    write: (project, answer) => writeWithDrift(drift, runner, project, answer),
    apply,
  });
  return [
    kit(v0),
    kit(v1),
    ours('drift', 'drift', '`drift migrate`', (project) => applyWithDrift(drift, project)),
    ours('drizzle', 'drift, `--runner drizzle`', `migrator of drizzle-orm ${v0.ormVersion}`, (project) =>
      applyWithDrizzle(v0, project),
    ),
  ];
}

/** A project with its first migration applied and rows in it. */
export async function makeProject(scenario, tool, directory) {
  const { drizzle } = tool;
  const project = { directory, file: join(directory, 'app.db'), scenario, count: 0 };
  mkdirSync(join(directory, 'drizzle/meta'), { recursive: true });
  const before = await importModels(drizzle, directory, 'before', scenario.models);
  project.before = await drizzle.describe(before);
  const empty = await drizzle.describe({});
  const statements = await listening([], () => drizzle.compare(empty, project.before));
  const sql = [editByHand(scenario, statements.join(breakpoint)), ...(scenario.custom ?? [])].join(
    breakpoint,
  );
  addMigration(drizzle.line, project, sql, project.before);
  writeProjectFiles(project, scenario.models);
  applyWithDrizzle(drizzle, project);
  withDatabase(project.file, (db) => db.exec(scenario.rows));
  project.models = changeModels(scenario);
  project.after = await drizzle.describe(await importModels(drizzle, directory, 'after', project.models));
  return project;
}

function editByHand({ name, edited = [] }, sql) {
  return edited.reduce((text, [from, to]) => replaceOnce(name, text, from, to), sql);
}

function changeModels({ name, models, change }) {
  return change.reduce((text, [from, to]) => replaceOnce(name, text, from, to), models);
}

/** An edit that finds nothing would make a scenario that shows nothing. */
function replaceOnce(name, text, from, to) {
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${name}: ${from} is not in ${text}`);
  return edited;
}

const builders = 'sqliteTable, sqliteView, integer, text, index, uniqueIndex, primaryKey, foreignKey, check';
const header = `import { sql } from 'drizzle-orm';\nimport { ${builders} } from 'drizzle-orm/sqlite-core';\n`;

function importModels(drizzle, directory, name, models) {
  const file = join(directory, `${name}.mjs`);
  writeFileSync(file, header + models);
  return import(pathToFileURL(file).href);
}

function writeProjectFiles(project, models) {
  const config = {
    dialect: 'sqlite',
    schema: './schema.ts',
    out: './drizzle',
    dbCredentials: { url: './app.db' },
  };
  writeFileSync(join(project.directory, 'drizzle.config.json'), JSON.stringify(config));
  writeFileSync(join(project.directory, 'schema.ts'), header + models);
}

/** Writes a file where the kit itself would. */
function addMigration(line, project, sql, snapshot) {
  const at = project.count++;
  const folder = join(project.directory, 'drizzle');
  if (line === 'v1') {
    const own = join(folder, `2030010100000${at}_m`);
    mkdirSync(own);
    writeFileSync(join(own, 'migration.sql'), sql);
    return;
  }
  writeFileSync(join(folder, `000${at}_m.sql`), sql);
  writeFileSync(join(folder, `meta/000${at}_snapshot.json`), JSON.stringify(snapshot));
  const entry = {
    idx: at,
    version: '6',
    when: Date.UTC(2030, 0, 1) + at,
    tag: `000${at}_m`,
    breakpoints: true,
  };
  const journal = { version: '7', dialect: 'sqlite', entries: [...(project.entries ?? []), entry] };
  project.entries = journal.entries;
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify(journal));
}

/** @returns {Promise<Written>} */
async function writeWithKit(drizzle, project, answer) {
  let statements;
  const said = [];
  try {
    const options = answer?.kit && drizzle.line === 'v1' ? [{ hints: answer.kit }] : [];
    statements = await listening(said, () => drizzle.compare(project.before, project.after, ...options));
  } catch (error) {
    return { refused: error.message };
  }
  if (statements.length === 0) return { nothing: true, said: said.join('') };
  const sql = statements.join(breakpoint);
  addMigration(drizzle.line, project, sql, project.after);
  return { sql };
}

/** Keeps what is printed meanwhile. */
async function listening(said, work) {
  const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write]);
  for (const [stream] of streams) stream.write = (text) => said.push(stripVTControlCharacters(String(text)));
  try {
    return await work();
  } finally {
    for (const [stream, write] of streams) stream.write = write;
  }
}

/** @returns {Promise<Written>} */
async function writeWithDrift({ runGenerate, DriftError, env }, runner, project, answer) {
  writeProjectFiles(project, project.models);
  let ids = 0;
  try {
    const result = await runGenerate({
      cwd: project.directory,
      env,
      renames: [],
      backfills: [],
      allowDataLoss: false,
      runner,
      name: 'change',
      now: () => Date.UTC(2030, 0, 2),
      randomId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
      pid: process.pid,
      ...answer?.drift,
    });
    return result.status === 'nothing-to-do' ? { nothing: true } : { sql: result.sql };
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    return { refused: `${error.message.replaceAll(`${project.directory}/`, '')} ${error.next}` };
  }
}

async function applyWithDrift({ runMigrate, env }, project) {
  await runMigrate({
    cwd: project.directory,
    env,
    dryRun: false,
    to: undefined,
    allow: new Set(),
    backup: false,
    preflight: true,
    rehearse: 'auto',
    lock: 5000,
    holder: { pid: process.pid, command: null },
    now: () => performance.now(),
    clock: () => new Date(Date.UTC(2030, 0, 2)),
    onEvent: () => undefined,
  });
}

/** As in Drizzle's documentation: the database is opened as better-sqlite3 opens it, with foreign keys on. */
function applyWithDrizzle({ drizzle, migrate }, project) {
  withDatabase(project.file, (client) => {
    migrate(drizzle({ client }), { migrationsFolder: join(project.directory, 'drizzle') });
  });
}

export function withDatabase(file, use) {
  const db = new Database(file);
  try {
    return use(db);
  } finally {
    db.close();
  }
}
