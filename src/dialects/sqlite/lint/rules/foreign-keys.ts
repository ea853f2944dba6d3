/** What foreign keys do to rows and tables when a table is dropped. sqlite.org/foreignkeys.html#fk_schemacommands */
import type { ForeignKey } from '../../../../catalog/objects.ts';
import { showAddress } from '../../../../diff/show-parts.ts';
import type { Hazard } from '../../../../plan/hazards.ts';
import { findReferencing, type Tables } from '../../plan/parts.ts';
import { quote } from '../../quote.ts';
import { foldName, sameName } from '../../syntax/names.ts';
import {
  findMissedTable,
  isForeignKeysPragma,
  type DroppedTable,
  type Examination,
  type Found,
} from '../examination.ts';
import { findDependents, type Dependent, type Loss, type Rehearsal } from '../rehearsal.ts';
import type { LintStatement } from '../script.ts';
import { traceTransactions } from './transactions.ts';

/** DROP TABLE deletes the rows first where foreign keys are on, and drizzle-orm's migrators leave them on. */
export function findDropEffects(examination: Examination): readonly Found[] {
  // The migrator for libSQL turns foreign keys off before it begins.
  if (examination.isLibsql) return [];
  return examination.dropped.flatMap((drop) => {
    const dependents = findDependents(drop.tables, drop.name);
    if (dependents.length === 0) return [];
    const { affected, refused } = judge(examination, drop, dependents);
    const at = { at: drop.at, table: drop.before.name };
    return [
      ...(affected.length === 0 ? [] : [{ ...at, hazard: describeCascade(examination, drop, affected) }]),
      ...(refused.length === 0 ? [] : [{ ...at, hazard: describeRefusal(examination, drop, refused) }]),
    ];
  });
}

interface Verdict {
  /** One phrase for each table. */
  readonly affected: readonly string[];
  readonly refused: readonly Dependent[];
}

const harmless: Verdict = { affected: [], refused: [] };

/** The engine decides where it can be asked: triggers, copies and guards may well keep the rows. */
function judge(examination: Examination, drop: DroppedTable, dependents: readonly Dependent[]): Verdict {
  const assumed = assume(examination, drop, dependents);
  const on = examination.rehearse({ foreignKeys: true });
  const off = examination.rehearse({ foreignKeys: false });
  if (on === null || off === null || !hasRows(examination, drop.before.name)) return assumed;
  // A guard stops the migration where foreign keys are on, before anything has happened.
  if (on.firstFailure < drop.at) return off.firstFailure > on.firstFailure ? harmless : assumed;
  if (off.failures.has(drop.at)) return harmless;
  const isRefused = on.failures.has(drop.at) || isForeignKeyError(on.commitError);
  const refused = isRefused ? dependents.filter(({ effect }) => effect === 'refused') : [];
  const unblocked = isRefused ? rehearseWithout(examination, refused) : on;
  return {
    refused,
    affected: describeAffected(examination, drop, dependents, unblocked),
  };
}

function isForeignKeyError(error: string | null): boolean {
  return error !== null && /foreign key/i.test(error);
}

/** The tables whose rows stand in the way may be empty; then the others are not safe. */
function rehearseWithout(examination: Examination, refused: readonly Dependent[]): Rehearsal | null {
  const tables = [...new Set(refused.map(({ key }) => key.address.table ?? ''))];
  const known = tables.filter((table) => hasRows(examination, table));
  const prepare = known.map((table) => `DELETE FROM ${quote(table)}`);
  return examination.rehearse({ foreignKeys: true, prepare });
}

function hasRows(examination: Examination, table: string): boolean {
  return (examination.sample()?.counts.get(foldName(table)) ?? 0) > 0;
}

function describeAffected(
  examination: Examination,
  drop: DroppedTable,
  dependents: readonly Dependent[],
  rehearsal: Rehearsal | null,
): readonly string[] {
  const losses = rehearsal?.losses.get(drop.at);
  // It could not be tried, or it did not get that far.
  if (losses === undefined && rehearsal?.failures.has(drop.at) !== true) {
    return assume(examination, drop, dependents).affected;
  }
  const seen = (losses ?? []).map((loss) => describeLoss(drop, dependents, loss));
  // A child that got no sample rows, for a CHECK that none was found for, could not show any loss.
  const mute = dependents.filter(({ key }) => {
    const { table = '' } = key.address;
    return examination.before.has(foldName(table)) && !hasRows(examination, table);
  });
  return [...seen, ...assume(examination, drop, mute).affected];
}

function describeLoss(drop: DroppedTable, dependents: readonly Dependent[], loss: Loss): string {
  const own = dependents.find(
    ({ key }) =>
      sameName(key.address.table ?? '', loss.table) &&
      (loss.are === 'deleted' || loss.columns.some((column) => key.columns.includes(column))),
  );
  if (own !== undefined) return describeDependent(own, loss.table);
  // The copy that takes its place points at it.
  if (sameName(loss.table, drop.before.name)) return describeOwnRows(drop.before.name, loss.are);
  return loss.are === 'deleted'
    ? `the rows of ${loss.table} are deleted`
    : `${loss.columns.map((column) => `${loss.table}.${column}`).join(', ')} is changed`;
}

function describeOwnRows(table: string, are: Loss['are']): string {
  const what = are === 'deleted' ? 'are deleted again' : 'lose their parents';
  return `the rows just copied ${what}, since the new ${table} points at the old one`;
}

function describeDependent({ key, effect }: Dependent, table = key.address.table ?? ''): string {
  const columns = key.columns.map((column) => showAddress({ ...key.address, name: column })).join(', ');
  const action = `ON DELETE ${key.onDelete.toUpperCase()}`;
  if (effect === 'deleted') return `the rows of ${table} are deleted (${columns}, ${action})`;
  if (effect === 'refused') return `${columns} (${action})`;
  return `${columns} becomes ${key.onDelete === 'set null' ? 'NULL' : 'its default'} (${action})`;
}

/** What the foreign keys say, where it cannot be tried. */
function assume(examination: Examination, drop: DroppedTable, dependents: readonly Dependent[]): Verdict {
  const remaining = dependents.filter(({ key }) => isThereLater(examination, drop, key));
  const copy = drop.copies.find(({ into }) => !examination.before.has(foldName(into)))?.into;
  return {
    affected: unique(
      remaining
        .filter(({ effect }) => effect !== 'refused')
        .map((dependent) =>
          copy !== undefined && sameName(dependent.key.address.table ?? '', copy)
            ? describeOwnRows(drop.before.name, dependent.effect === 'deleted' ? 'deleted' : 'changed')
            : describeDependent(dependent),
        ),
    ),
    refused: remaining.filter(({ effect, key }) => effect === 'refused' && key.deferral !== 'deferred'),
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** Rows of a table that is dropped too are no loss of this statement. */
function isThereLater({ statements }: Examination, drop: DroppedTable, key: ForeignKey): boolean {
  const { table = '' } = key.address;
  const rest = statements.slice(drop.at + 1);
  const isDropped = rest.some(
    ({ tree }) => tree?.kind === 'drop' && tree.object === 'table' && sameName(tree.name.value, table),
  );
  const comesBack = rest.some(
    ({ tree }) =>
      tree?.kind === 'alter-table' &&
      tree.alteration.type === 'rename-table' &&
      sameName(tree.alteration.to.value, table),
  );
  return !isDropped || comesBack;
}

function describeCascade(examination: Examination, drop: DroppedTable, affected: readonly string[]): Hazard {
  const pragma = findPragma(examination, drop.at);
  const note =
    pragma === null
      ? ''
      : ` PRAGMA foreign_keys=OFF on line ${String(pragma.line)} does nothing within the transaction of the migrator.`;
  return {
    code: 'drop-cascades',
    severity: 'danger',
    message: `DROP TABLE ${drop.name} deletes its rows first where foreign keys are on, as they are in Drizzle's migrators: ${affected.join('; ')}.${note}`,
    instead:
      drop.after === null
        ? 'Make the tables that point at it anew without the foreign key before it is dropped.'
        : 'Run it with drift migrate, which turns foreign keys off outside of the transaction, or let drift generate --runner drizzle write it: that form keeps the rows.',
  };
}

function describeRefusal(
  examination: Examination,
  drop: DroppedTable,
  refused: readonly Dependent[],
): Hazard {
  const keys = unique(refused.map((dependent) => describeRefusedKey(drop, dependent)));
  const pragma =
    findPragma(examination, drop.at) === null ? '' : ', whatever PRAGMA foreign_keys says in the file';
  return {
    code: 'drop-refused',
    severity: 'warning',
    message: `DROP TABLE ${drop.name} fails where foreign keys are on, as they are in Drizzle's migrators${pragma}, as soon as rows point at it: ${keys.join('; ')}.`,
    instead:
      drop.after === null
        ? 'Drop the tables that point at it first, or make them anew without the foreign key.'
        : 'Run it with drift migrate, which turns foreign keys off outside of the transaction, or let drift generate --runner drizzle write it.',
  };
}

function describeRefusedKey(drop: DroppedTable, dependent: Dependent): string {
  const { table = '' } = dependent.key.address;
  const isCopy = drop.copies.some(({ into }) => sameName(into, table));
  return isCopy ? `the copy of ${drop.before.name} itself` : describeDependent(dependent);
}

function findPragma({ statements }: Examination, before: number): { readonly line: number } | null {
  const last = statements.slice(0, before).findLast(isForeignKeysPragma);
  return last !== undefined && isOff(last) ? last : null;
}

function isOff({ tree }: LintStatement): boolean {
  return tree?.kind === 'pragma' && /^['"]?(?:0|off|no|false)['"]?$/i.test(tree.value?.text.trim() ?? '');
}

/** `PRAGMA foreign_keys=OFF` matters only where rows are deleted or changed that others point at. */
export function findIdlePragmas(examination: Examination): readonly Found[] {
  const { statements, before, isLibsql } = examination;
  if (isLibsql) return [];
  const open = traceTransactions(statements);
  const at = statements.findIndex(
    (statement, index) => isForeignKeysPragma(statement) && isOff(statement) && open[index] === true,
  );
  const isRelevant = statements.some(({ tree }, index) => {
    if (index < at) return false;
    const table =
      tree?.kind === 'drop' && tree.object === 'table'
        ? tree.name.value
        : tree?.kind === 'delete' || tree?.kind === 'update'
          ? tree.target.name.value
          : null;
    return table !== null && findReferencing(before.values(), table).length > 0;
  });
  if (at === -1 || !isRelevant) return [];
  // A guard asks the pragma and stops the migration where it is still on.
  if (statements.some(({ text }) => /\bpragma_foreign_keys\b/i.test(text))) return [];
  return [
    {
      at,
      hazard: {
        code: 'pragma-without-effect',
        severity: 'info',
        message:
          "Drizzle's migrator runs the file within a transaction, in which PRAGMA foreign_keys=OFF does nothing: foreign keys stay on.",
        instead: 'drift migrate turns them off before the transaction begins, for whatever file it runs.',
      },
    },
  ];
}

/** Foreign keys that point at a table which the migration has taken away. */
export function findDanglingKeys(examination: Examination): readonly Found[] {
  const { after, before, statements, missing } = examination;
  const dangling = allKeys(after).filter(({ references }) => {
    const parent = foldName(references.table);
    return !after.has(parent) && !missing.made.has(parent);
  });
  return dangling.flatMap((key): readonly Found[] => {
    const { table } = key.references;
    const at = statements.findLastIndex(
      ({ tree }) => tree?.kind === 'drop' && tree.object === 'table' && sameName(tree.name.value, table),
    );
    const wasThere = before.has(foldName(table)) || isRenamedTo(examination, table) !== -1;
    if (at === -1 || !wasThere) return [];
    const renamed = isRenamedTo(examination, table);
    const child = key.address.table ?? '';
    const why =
      renamed === -1
        ? `${child} still points at ${table}, which is dropped`
        : `the foreign key of ${child} follows the table when it is renamed away, and then points at ${table}, which is dropped`;
    return [
      {
        at: renamed === -1 ? at : renamed,
        table: child,
        hazard: {
          code: 'destructive-order',
          severity: 'danger',
          message: `After the migration ${why}: every INSERT into ${child} fails where foreign keys are on.`,
          instead:
            renamed === -1
              ? `Make ${child} anew without the foreign key, or keep ${table}.`
              : 'Make the new table under another name, copy, drop the old one, and rename the new one last.',
        },
      },
    ];
  });
}

function allKeys(tables: Tables): readonly ForeignKey[] {
  return [...tables.values()].flatMap((parts) => parts.foreignKeys);
}

function isRenamedTo({ statements }: Examination, table: string): number {
  return statements.findIndex(
    ({ tree }) =>
      tree?.kind === 'alter-table' &&
      tree.alteration.type === 'rename-table' &&
      sameName(tree.alteration.to.value, table),
  );
}

/** The rows are taken away before they are copied: the copy then finds no table. */
export function findLateCopies(examination: Examination): readonly Found[] {
  const { dropped, statements, missing } = examination;
  return dropped.flatMap((drop): readonly Found[] => {
    if (missing.made.has(foldName(drop.name))) return [];
    const late = statements.findIndex(
      (_, index) => index > drop.at && sameName(findMissedTable(examination, index) ?? '', drop.name),
    );
    const statement = statements[late];
    if (statement === undefined) return [];
    return [
      {
        at: drop.at,
        table: drop.before.name,
        hazard: {
          code: 'destructive-order',
          severity: 'danger',
          message: `${drop.name} is dropped before line ${String(statement.line)} reads it: outside of a transaction its rows are gone by then.`,
          instead: 'Copy the rows first, drop the old table after that, and rename the new one last.',
        },
      },
    ];
  });
}
