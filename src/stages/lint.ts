/** `drift lint`: hazards in migrations on disk, whoever wrote them. */
import { readFile } from 'node:fs/promises';
import type { HazardPolicy } from '../config.ts';
import type { Linter, LintFinding, LintMigration } from '../dialects/linter.ts';
import { loadLinter } from '../dialects/registry.ts';
import { DriftError } from '../errors.ts';
import type { Hazard, HazardCode } from '../plan/hazards.ts';
import { displayPath, isFile } from '../project/paths.ts';
import type {
  FolderProblem,
  FolderProblemCode,
  Migration,
  MigrationsFolder,
} from '../project/migrations/migration.ts';
import {
  createLintReport,
  type AllowedHazard,
  type LintHazard,
  type LintLevel,
  type LintProblem,
  type LintReport,
} from '../report/lint-report.ts';
import { selectMigrations, type LintChoice, type LintSelection } from './lint-files.ts';
import { readWholeFolder } from './migrations.ts';
import { openProject, type Project, type ProjectRequest } from './project.ts';

export interface LintCommandRequest extends ProjectRequest, LintChoice {}

/**
 * @throws DriftError LINT_UNSUPPORTED, LINT_NO_MIGRATIONS, LINT_FILE_UNKNOWN, MIGRATION_NOT_FOUND, HAZARD_UNKNOWN, and
 * those of the config and the folder
 */
export async function runLint(request: LintCommandRequest): Promise<LintReport> {
  const project = await openProject(request, { models: false });
  const { config } = project;
  const linter = await loadLinter(config.dialect);
  if (linter === null) throw new DriftError('LINT_UNSUPPORTED', { dialect: 'PostgreSQL' });
  const policies = project.settings.hazards;
  const folder = await openFolder(project, request.files.length > 0);
  const selection = await selectMigrations(project, folder, request);
  const problems = findProblems(folder, selection, request.files.length > 0);
  const findings = await lintMigrations(project, linter, selection, problems);
  const hazards: LintHazard[] = [];
  const allowed: AllowedHazard[] = [];
  for (const finding of findings) {
    const hazard = describe(finding);
    const allowance = findAllowance(finding, policies);
    if (allowance === null) hazards.push({ ...hazard, level: levelOf(hazard, policies) });
    else allowed.push({ ...hazard, ...allowance });
  }
  return createLintReport({
    dialect: config.dialect,
    target: displayPath(config.root, folder.directory),
    migrations: selection.migrations.filter((one) => selection.examined.has(one)).map(({ tag }) => tag),
    hazards,
    allowed,
    problems: problems.map((problem) => describeProblem(project, problem)),
  });
}

type Policies = ReadonlyMap<HazardCode, HazardPolicy>;

/** Files that are named need no folder around them. */
async function openFolder(project: Project, isNamed: boolean): Promise<MigrationsFolder> {
  const { config } = project;
  const folder = await readWholeFolder(project);
  if (folder !== null) return folder;
  if (isNamed) return { layout: 'empty', directory: config.out, migrations: [], problems: [] };
  throw new DriftError('LINT_NO_MIGRATIONS', { directory: displayPath(config.root, config.out) });
}

/** Problems of the folder that keep a migration from being looked at; the others are for `drift status`. */
const blocking: ReadonlySet<FolderProblemCode> = new Set([
  'journal-missing',
  'missing-file',
  'conflict-markers',
  'mixed-layouts',
  'other-dialect',
]);

function findProblems(
  folder: MigrationsFolder,
  { examined }: LintSelection,
  isNamed: boolean,
): readonly FolderProblem[] {
  const tags = new Set([...examined].map(({ tag }) => tag));
  return folder.problems.filter(
    (problem) => blocking.has(problem.code) && (!isNamed || problem.tags.some((tag) => tags.has(tag))),
  );
}

function describeProblem({ config }: Project, { code, file, message, next }: FolderProblem): LintProblem {
  return { code, file: file === undefined ? null : displayPath(config.root, file), message, next };
}

/** Tries the migrations of a selection. Those with conflict markers are left out. */
export async function lintMigrations(
  project: Project,
  linter: Linter,
  { migrations, examined }: LintSelection,
  problems: readonly FolderProblem[],
): Promise<readonly LintFinding[]> {
  const torn = new Set(problems.flatMap(({ code, tags }) => (code === 'conflict-markers' ? tags : [])));
  const request = await Promise.all(
    migrations.map(async (migration, at): Promise<LintMigration> => {
      const isExamined = examined.has(migration) && !torn.has(migration.tag);
      return {
        tag: migration.tag,
        file: displayPath(project.config.root, migration.file),
        sql: migration.sql,
        isExamined,
        snapshots: {
          before: isExamined ? await readSnapshot(migrations[at - 1]) : null,
          after: isExamined ? await readSnapshot(migration) : null,
        },
      };
    }),
  );
  const isLibsql = project.config.kitDialect === 'turso';
  return project.step('trying the migrations', () => linter.lint({ migrations: request, isLibsql }));
}

/** Null where there is none. */
async function readSnapshot(migration: Migration | undefined): Promise<string | null> {
  if (migration === undefined || !isFile(migration.snapshotFile)) return null;
  return readFile(migration.snapshotFile, 'utf8');
}

function describe({ migration, hazard, line, column, table, name }: LintFinding): Omit<LintHazard, 'level'> {
  const { code, severity, message, instead = null } = hazard;
  return {
    code,
    severity,
    migration: migration.tag,
    file: migration.file,
    line,
    column,
    table,
    name,
    message,
    instead,
  };
}

function findAllowance(
  { hazard, allowed }: LintFinding,
  policies: Policies,
): Pick<AllowedHazard, 'by' | 'reason'> | null {
  if (allowed !== null) return { by: 'comment', reason: allowed };
  return policies.get(hazard.code) === 'allow' ? { by: 'config', reason: '' } : null;
}

const levels: Readonly<Record<Hazard['severity'], LintLevel>> = {
  danger: 'error',
  warning: 'error',
  info: 'note',
};

/** A policy decides; without one, all but mere information fails the command. */
function levelOf({ code, severity }: Pick<LintHazard, 'code' | 'severity'>, policies: Policies): LintLevel {
  const policy = policies.get(code);
  if (policy === 'error') return 'error';
  return policy === 'warn' ? 'warning' : levels[severity];
}
