/** One migration with all that the rules ask about it. */
import type { Schema } from '../../../catalog/schema.ts';
import type { Change } from '../../../diff/changes.ts';
import { diffSchemas } from '../../../diff/compare.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import type { LintMigration } from '../../linter.ts';
import type { Connection } from '../drivers/load.ts';
import { normalise } from '../normalise.ts';
import { collectTables, type TableParts, type Tables } from '../plan/parts.ts';
import { columnKey } from '../plan/sample-values.ts';
import { introspect } from '../plan/workbench.ts';
import { foldName, sameName } from '../syntax/names.ts';
import type { InsertStatement, ResultColumn } from '../syntax/query-ast.ts';
import { copyDatabase, executeStatement, isTransactionControl, type Execution } from './execute.ts';
import { findMissing, type Failed, type Missing } from './missing.ts';
import { makeSample, rehearse, type Conditions, type Rehearsal, type Sample } from './rehearsal.ts';
import type { LintStatement, Script } from './script.ts';

/** What a rule has found. */
export interface Found {
  /** Number of the statement, or the place itself where there is no statement. */
  readonly at: number | { readonly line: number; readonly column: number };
  readonly hazard: Hazard;
  readonly table?: string | undefined;
  readonly name?: string | undefined;
}

export type Rule = (examination: Examination) => readonly Found[];

/** A table of before the migration that a DROP TABLE takes away. */
export interface DroppedTable {
  /** Number of the statement. */
  readonly at: number;
  /** As it was before the migration. */
  readonly before: TableParts;
  /** Its name when it is dropped. */
  readonly name: string;
  /** The table that has its name when the migration is done; null where it is gone for good. */
  readonly after: TableParts | null;
  /** All tables at the moment before. */
  readonly tables: Tables;
  /** INSERT and CREATE TABLE AS that read its rows before it is dropped. */
  readonly copies: readonly Copy[];
  /** UPDATE of other tables that read its rows before it is dropped. */
  readonly updates: readonly Copy[];
}

export interface Copy {
  readonly at: number;
  /** The table that is written to. */
  readonly into: string;
  /** Null for CREATE TABLE AS and UPDATE. */
  readonly insert: InsertStatement | null;
}

export interface Examination {
  readonly migration: LintMigration;
  readonly script: Script;
  readonly statements: readonly LintStatement[];
  /** What became of each statement on the scratch database, which has no rows of the user's. */
  readonly executions: readonly Execution[];
  readonly before: Tables;
  readonly after: Tables;
  readonly schemas: { readonly before: Schema; readonly after: Schema };
  /** What the migration changes in schemas of comparable form. */
  readonly changes: readonly Change[];
  readonly dropped: readonly DroppedTable[];
  /** What is not there only since a statement failed, which is said where it did. */
  readonly missing: Missing;
  /** Names of tables and views that the folder has made up to here, folded. */
  readonly known: ReadonlySet<string>;
  /** True where the folder begins with a database that was there before it. */
  readonly isPartial: boolean;
  readonly isLibsql: boolean;
  /** The database before and after, to be asked and not to be changed; only while the rules run. */
  readonly databases: { readonly before: Connection; readonly after: Connection };
  /** Rows before the migration; null where none can be made. */
  readonly sample: () => Sample | null;
  /** Null where it cannot be rehearsed under these conditions. */
  readonly rehearse: (conditions: Conditions, queries?: readonly string[]) => Rehearsal | null;
}

export interface ExamineOptions {
  readonly known: KnownNames;
  readonly isLibsql: boolean;
  /** The schema of the stage where it is known already. */
  readonly schema: Schema | null;
}

/** Runs the migration on the stage and takes down what happens; the rules then ask. */
export function examine<T>(
  stage: Connection,
  migration: LintMigration,
  script: Script,
  options: ExamineOptions,
  use: (examination: Examination) => T,
): T {
  const before = copyDatabase(stage);
  try {
    const schemaBefore = options.schema ?? introspect(stage);
    const log = runOnStage(stage, script.statements, collectTables(schemaBefore), options.known);
    const schemaAfter = introspect(stage);
    const after = collectTables(schemaAfter);
    const changes = compare(schemaBefore, schemaAfter);
    return use({
      migration,
      script,
      statements: script.statements,
      executions: log.executions,
      before: collectTables(schemaBefore),
      after,
      schemas: { before: schemaBefore, after: schemaAfter },
      changes,
      dropped: log.drops.map((drop) => finishDrop(drop, after, script.statements, log.origins)),
      missing: findMissing(log.failed),
      known: options.known.names,
      isPartial: options.known.isPartial,
      isLibsql: options.isLibsql,
      databases: { before, after: stage },
      ...makeRehearser(before, schemaBefore, script.statements, findNumeric(changes)),
    });
  } finally {
    before.close();
  }
}

function compare(before: Schema, after: Schema): readonly Change[] {
  const pair = normalise({ database: before, expected: after });
  return diffSchemas(pair.database, pair.expected);
}

/** Texts that are to become numbers must be such, or a careful migration would stop at the sample. */
function findNumeric(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(
    changes.flatMap((change) => {
      if (change.type !== 'alter' || change.database.kind !== 'column') return [];
      const isRetyped = change.fields.some(({ field }) => field === 'type');
      return isRetyped ? [columnKey(change.database.address.table ?? '', change.database.address.name)] : [];
    }),
  );
}

type DropNote = Omit<DroppedTable, 'after' | 'copies' | 'updates'>;

interface StageLog {
  readonly executions: readonly Execution[];
  readonly drops: readonly DropNote[];
  /** Tables of before by the name that they have in the end, folded. */
  readonly origins: ReadonlyMap<string, TableParts>;
  readonly failed: readonly Failed[];
}

/** Runs statements without rows to protect: what is there before each DROP TABLE is taken down. */
function runOnStage(
  stage: Connection,
  statements: readonly LintStatement[],
  before: Tables,
  known: KnownNames,
): StageLog {
  const origins = new Map(before);
  const executions: Execution[] = [];
  const drops: DropNote[] = [];
  const failed: Failed[] = [];
  for (const [at, statement] of statements.entries()) {
    const { tree } = statement;
    const dropped = tree?.kind === 'drop' && tree.object === 'table' ? tree.name.value : null;
    const origin = dropped === null ? undefined : origins.get(foldName(dropped));
    const tables = origin === undefined ? null : collectTables(introspect(stage));
    const execution = runOutside(stage, statement);
    executions.push(execution);
    known.note(statement, execution);
    if (execution.error !== null && !insist(stage, statement, execution.error)) {
      failed.push({ at, statement, error: execution.error });
      continue;
    }
    if (dropped !== null && origin !== undefined && tables !== null) {
      origins.delete(foldName(dropped));
      drops.push({ at, before: origin, name: dropped, tables });
    }
    if (tree?.kind !== 'alter-table' || tree.alteration.type !== 'rename-table') continue;
    const moved = origins.get(foldName(tree.table.value));
    origins.delete(foldName(tree.table.value));
    if (moved !== undefined) origins.set(foldName(tree.alteration.to.value), moved);
  }
  return { executions, drops, origins, failed };
}

/** On the stage, where there is nothing to undo, every statement stands by itself. */
export function runOutside(stage: Connection, statement: LintStatement): Execution {
  return isTransactionControl(statement) || isForeignKeysPragma(statement)
    ? { error: null, misquoted: [] }
    : executeStatement(stage, statement);
}

/** `PRAGMA foreign_keys = …` */
export function isForeignKeysPragma({ tree }: LintStatement): boolean {
  return tree?.kind === 'pragma' && foldName(tree.name.value) === 'foreign_keys' && tree.value !== undefined;
}

/** A RENAME that a view or a trigger prevents is made all the same, so that what follows can be judged. */
function insist(stage: Connection, statement: LintStatement, error: string): boolean {
  if (statement.tree?.kind !== 'alter-table' || !/^error in (?:view|trigger) /.test(error)) return false;
  stage.pragma('legacy_alter_table = ON');
  const again = executeStatement(stage, statement);
  stage.pragma('legacy_alter_table = OFF');
  return again.error === null;
}

/** What the migrations of the folder have made up to now. */
export class KnownNames {
  /** Tables and views that ever were, folded. */
  readonly names = new Set<string>();
  #isPartial = false;

  /** True once a statement was about a table that no migration made. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** Takes down what a statement has made, or has missed. */
  note({ tree }: LintStatement, { error }: Execution): void {
    const missing = /^no such table: (?:main\.)?(.+)$/s.exec(error ?? '')?.[1];
    if (missing !== undefined && !this.names.has(foldName(missing))) this.#isPartial = true;
    const name = nameMade(tree);
    if (name !== null) this.names.add(foldName(name));
  }
}

function nameMade(tree: LintStatement['tree']): string | null {
  switch (tree?.kind) {
    case 'table':
    case 'table-as':
    case 'view':
    case 'virtual-table':
      return tree.name.value;
    case 'alter-table':
      return tree.alteration.type === 'rename-table' ? tree.alteration.to.value : null;
    default:
      return null;
  }
}

function finishDrop(
  drop: DropNote,
  after: Tables,
  statements: readonly LintStatement[],
  origins: ReadonlyMap<string, TableParts>,
): DroppedTable {
  const key = foldName(drop.before.name);
  // Another table of before may have taken the name.
  const successor = origins.has(key) ? undefined : after.get(key);
  const readers = findReaders(drop, statements);
  const isUpdate = ({ at }: Copy): boolean => statements[at]?.tree?.kind === 'update';
  return {
    ...drop,
    after: successor ?? null,
    copies: readers.filter((reader) => !isUpdate(reader)),
    updates: readers.filter(isUpdate),
  };
}

/** A table that is renamed away first is copied under that name, one that is dropped later too. */
function findReaders(
  drop: Pick<DroppedTable, 'at' | 'name' | 'before'>,
  statements: readonly LintStatement[],
): readonly Copy[] {
  return statements.slice(0, drop.at).flatMap((statement, at): readonly Copy[] => {
    const { tree } = statement;
    if (tree?.kind !== 'insert' && tree?.kind !== 'table-as' && tree?.kind !== 'update') return [];
    const target = tree.kind === 'table-as' ? tree.name : tree.target.name;
    const reads = statement.tokens.some(
      (token) =>
        token.start > target.start &&
        (token.kind === 'word' || token.kind === 'quoted') &&
        (sameName(token.value, drop.name) || sameName(token.value, drop.before.name)),
    );
    if (!reads || sameName(target.value, drop.name)) return [];
    return [{ at, into: target.value, insert: tree.kind === 'insert' ? tree : null }];
  });
}

/** The table that SQLite missed when a statement ran; null where it missed none. */
export function findMissedTable({ executions }: Pick<Examination, 'executions'>, at: number): string | null {
  return /^no such table: (?:main\.)?(.+)$/s.exec(executions[at]?.error ?? '')?.[1] ?? null;
}

/** The name of a table when the migration is done. */
export function finalName({ statements }: Pick<Examination, 'statements'>, name: string): string {
  let now = name;
  for (const { tree } of statements) {
    if (tree?.kind !== 'alter-table' || tree.alteration.type !== 'rename-table') continue;
    if (sameName(tree.table.value, now)) now = tree.alteration.to.value;
  }
  return now;
}

/** The statement in which the rows come into the table that takes the place of the old one: there they meet its rules. */
export function findCopy(examination: Examination, { at, copies, after }: DroppedTable): number {
  const copy = copies.find(
    ({ into }) => after !== null && sameName(finalName(examination, into), after.name),
  );
  return (copy ?? copies[0])?.at ?? at;
}

/** The terms that a copy puts into a column; null where that is not plain. */
export function findCopiedTerm(
  copy: Copy,
  into: TableParts,
  column: string,
): ResultColumn | null | undefined {
  const source = copy.insert?.source;
  if (copy.insert === null || source === undefined || source.first.type !== 'select') return null;
  const names =
    copy.insert.columns.length > 0
      ? copy.insert.columns.map(({ value }) => value)
      : into.columns.map(({ address }) => address.name);
  const terms = source.first.columns;
  if (terms.some((term) => term.type === 'star') || source.compounds.length > 0) return null;
  const place = names.findIndex((name) => sameName(name, column));
  return place === -1 ? undefined : terms[place];
}

function makeRehearser(
  before: Connection,
  schema: Schema,
  statements: readonly LintStatement[],
  numeric: ReadonlySet<string>,
): Pick<Examination, 'sample' | 'rehearse'> {
  let sample: Sample | null | undefined;
  const plain = new Map<boolean, Rehearsal | null>();
  const getSample = (): Sample | null =>
    sample === undefined ? (sample = makeSample(before, schema, numeric)) : sample;
  return {
    sample: getSample,
    rehearse(conditions, queries) {
      const filled = getSample();
      if (filled === null) return null;
      const isPlain = conditions.prepare === undefined && queries === undefined;
      const known = isPlain ? plain.get(conditions.foreignKeys) : undefined;
      if (known !== undefined) return known;
      const rehearsal = rehearse(filled, statements, conditions, queries);
      if (isPlain) plain.set(conditions.foreignKeys, rehearsal);
      return rehearsal;
    },
  };
}

/** The statement in which a word stands that is no keyword of SQL, as a table or column is named. */
export function namesWord({ tokens }: LintStatement, name: string): boolean {
  return tokens.some(
    (token) => (token.kind === 'word' || token.kind === 'quoted') && sameName(token.value, name),
  );
}
