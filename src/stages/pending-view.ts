/** What pending migrations do about the drift that they are to resolve: its risks, and what they rename. */
import { addressKey, type Address } from '../catalog/address.ts';
import type { ExplainedChange } from '../diff/causes.ts';
import type { LintFinding } from '../dialects/linter.ts';
import { loadLinter } from '../dialects/registry.ts';
import { DriftError } from '../errors.ts';
import type { Hazard } from '../plan/hazards.ts';
import type { Migration, MigrationsFolder } from '../project/migrations/migration.ts';
import { readRename, type StatedRename } from '../project/migrations/renames.ts';
import type { AppliedState } from '../project/migrations/state.ts';
import { splitAtSemicolons, splitForReplay } from '../project/migrations/statements.ts';
import { lintMigrations } from './lint.ts';
import type { Project } from './project.ts';

export interface PendingView {
  /** The risks that the migration itself has, and not those of a change that nobody has thought of. */
  hazardsOf(explained: ExplainedChange): readonly Hazard[];
  /** What a pending migration renames it to, or makes it of by renaming. */
  renamedOf(explained: ExplainedChange): Address | undefined;
}

/** Looks at the pending migrations where a drift comes from one of them. */
export async function viewPending(
  project: Project,
  folder: MigrationsFolder,
  state: AppliedState,
  changes: readonly ExplainedChange[],
): Promise<PendingView> {
  const tags = new Set(changes.flatMap(({ migration }) => migration ?? []));
  if (tags.size === 0) return { hazardsOf: () => [], renamedOf: () => undefined };
  const { dialect } = project;
  const statements = state.pending.flatMap((migration) => readStatements(migration, dialect.name));
  const renames = statements.flatMap((statement) => readRename(statement) ?? []);
  // A new database has hundreds of migrations before it, and nothing that they could harm.
  const isAtRisk = changes.some(
    ({ change, migration }) =>
      migration !== undefined && (change.type !== 'create' || dialect.assessChange(change).length > 0),
  );
  const findings = isAtRisk ? await lintPending(project, folder, state) : [];
  const hazardsOf = ({ change, migration }: ExplainedChange): readonly Hazard[] => {
    if (migration === undefined) return [];
    if (findings === null) return dialect.assessPending?.(change, statements) ?? [];
    const among = changes.filter((one) => one.migration === migration).map((one) => one.change.address);
    return chooseFindings(findings, migration, change.address, among);
  };
  return { hazardsOf, renamedOf: (explained) => findRenamed(explained, renames) };
}

function readStatements(migration: Migration, dialect: Project['dialect']['name']): readonly string[] {
  return splitForReplay(migration, dialect)
    .flatMap(splitAtSemicolons)
    .map(({ text }) => text);
}

/** Null where there are no rules for the dialect, or they cannot be asked. */
async function lintPending(
  project: Project,
  folder: MigrationsFolder,
  state: AppliedState,
): Promise<readonly LintFinding[] | null> {
  const linter = await loadLinter(project.config.dialect);
  if (linter === null) return null;
  const selection = { migrations: folder.migrations, examined: new Set(state.pending) };
  try {
    const findings = await lintMigrations(project, linter, selection, folder.problems);
    return findings.filter(
      ({ allowed, hazard }) => allowed === null && project.settings.hazards.get(hazard.code) !== 'allow',
    );
  } catch (error) {
    // What it does not like about the files is for drift lint to say.
    if (error instanceof DriftError) return [];
    throw error;
  }
}

/** Those of the object; and those of its table that are about no object that drifts. */
function chooseFindings(
  findings: readonly LintFinding[],
  tag: string,
  { table, name }: Address,
  among: readonly Address[],
): readonly Hazard[] {
  const own = table ?? name;
  const ofTable = findings.filter((finding) => finding.migration.tag === tag && finding.table === own);
  const isDrifting = (object: string): boolean =>
    among.some((one) => (one.table ?? one.name) === own && one.name === object);
  const chosen = ofTable.filter((one) => one.name === null || one.name === name || !isDrifting(one.name));
  return [...new Map(chosen.map(({ hazard }) => [`${hazard.code} ${hazard.message}`, hazard])).values()];
}

function findRenamed({ change }: ExplainedChange, renames: readonly StatedRename[]): Address | undefined {
  const { kind, address, type } = change;
  if ((kind !== 'table' && kind !== 'column') || (type !== 'create' && type !== 'drop')) return undefined;
  const isOf = (rename: StatedRename): boolean => rename.kind === kind && rename.table === address.table;
  const [before, after] = type === 'drop' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  let { name } = address;
  for (const rename of type === 'drop' ? renames : [...renames].reverse()) {
    if (isOf(rename) && rename[before] === name) name = rename[after];
  }
  const other = { ...address, name };
  // drizzle-kit makes a table anew under another name, and takes the old one back.
  const isReal = addressKey(other) !== addressKey(address) && !name.startsWith('__new_');
  return isReal ? other : undefined;
}
