/** Rows and values that a migration deletes. */
import type { Column } from '../../../../catalog/objects.ts';
import type { Hazard } from '../../../../plan/hazards.ts';
import { findColumn, isGenerated, type TableParts } from '../../plan/parts.ts';
import { quote } from '../../quote.ts';
import { foldName, sameName } from '../../syntax/names.ts';
import type { InsertStatement } from '../../syntax/query-ast.ts';
import {
  finalName,
  findCopiedTerm,
  namesWord,
  type DroppedTable,
  type Examination,
  type Found,
} from '../examination.ts';

export function findLostRows(examination: Examination): readonly Found[] {
  return [
    ...examination.dropped.flatMap((drop) =>
      drop.after === null
        ? judgeDroppedTable(examination, drop)
        : [...judgeEmptied(examination, drop, drop.after), ...findLostColumns(examination, drop, drop.after)],
    ),
    ...findDroppedColumns(examination),
    ...findDroppedVirtualTables(examination),
    ...findEmptying(examination),
  ];
}

function judgeDroppedTable(examination: Examination, drop: DroppedTable): readonly Found[] {
  // A statement that failed would have put another in its place.
  if (examination.missing.made.has(foldName(drop.before.name))) return [];
  const kept = [...drop.copies, ...drop.updates].find(({ into }) =>
    examination.after.has(foldName(finalName(examination, into))),
  );
  const { name } = drop.before;
  const hazard =
    kept === undefined
      ? loss(
          `DROP TABLE ${drop.name} deletes all its rows.`,
          'Keep the table until nobody needs its rows any more, or copy them first.',
        )
      : moved(
          `DROP TABLE ${drop.name} deletes its rows; line ${String(lineOf(examination, kept.at))} has copied some or all of them to ${finalName(examination, kept.into)}.`,
        );
  return [{ at: drop.at, table: name, hazard }];
}

function lineOf({ statements }: Examination, at: number): number {
  return statements[at]?.line ?? 1;
}

/** Made anew, but its rows are not in it. */
function judgeEmptied(examination: Examination, drop: DroppedTable, after: TableParts): readonly Found[] {
  const { name } = drop.before;
  const ignoring = drop.copies.find(
    ({ insert }) => insert?.conflict === 'ignore' || insert?.conflict === 'replace',
  );
  const found: Found[] = [];
  const isUnfilled = [...examination.missing.filled].some(
    ([into, at]) => at < drop.at && sameName(finalName(examination, into), after.name),
  );
  if (!isUnfilled && !keepsRows(examination, drop, after)) {
    const message = `${name} is dropped and made anew without its rows.`;
    found.push({
      at: drop.at,
      table: name,
      hazard: loss(message, 'Copy the rows into the new table before the old one is dropped.'),
    });
  }
  if (ignoring !== undefined) {
    const word = ignoring.insert?.conflict === 'ignore' ? 'OR IGNORE leaves out' : 'OR REPLACE overwrites';
    const message = `INSERT ${word} rows of ${name} that break a rule of the new table, without a word.`;
    found.push({
      at: ignoring.at,
      table: name,
      hazard: {
        ...loss(message, 'Copy with a plain INSERT, and settle such rows first.'),
        severity: 'warning',
      },
    });
  }
  return found;
}

function keepsRows(examination: Examination, drop: DroppedTable, after: TableParts): boolean {
  // Which rows a condition keeps, sample rows cannot tell.
  if (drop.copies.some(({ insert }) => insert !== null && hasCondition(insert))) return true;
  const count = `SELECT count(*) FROM ${quote(after.name)}`;
  const rehearsal = examination.rehearse({ foreignKeys: false }, [count]);
  const rows = examination.sample()?.counts.get(foldName(drop.before.name)) ?? 0;
  if (rehearsal === null || rehearsal.failures.size > 0 || rows === 0) return drop.copies.length > 0;
  return rehearsal.after[0]?.[0] !== 0;
}

function hasCondition(insert: InsertStatement): boolean {
  const first = insert.source?.first;
  return (
    first?.type === 'select' && (first.where !== undefined || first.having !== undefined || first.distinct)
  );
}

/** Columns that the new table does not have, and whose values nothing carries on. */
function findLostColumns(examination: Examination, drop: DroppedTable, after: TableParts): readonly Found[] {
  const { before } = drop;
  return before.columns.flatMap((column): readonly Found[] => {
    const { name } = column.address;
    if (isGenerated(column) || findColumn(after, name) !== undefined) return [];
    if (isNamedInAlter(examination, before.name, name)) return [];
    const user = drop.copies.find(({ at }) => namesInSource(examination, at, name));
    if (user !== undefined && carries(drop, after, name)) return [];
    const reader = user ?? findReader(examination, drop.at, name);
    return [
      {
        at: drop.at,
        table: before.name,
        name,
        hazard: describeColumnLoss(examination, before, column, reader?.at),
      },
    ];
  });
}

/** Whether some new column is filled from the old one. */
function carries(drop: DroppedTable, after: TableParts, column: string): boolean {
  return drop.copies.some((copy) =>
    after.columns.some((target) => {
      const term = findCopiedTerm(copy, after, target.address.name);
      if (term === null) return true;
      if (term?.type !== 'expression') return false;
      const { expression } = term;
      return expression.type !== 'column' || sameName(expression.column.value, column);
    }),
  );
}

function namesInSource({ statements }: Examination, at: number, column: string): boolean {
  const statement = statements[at];
  return statement !== undefined && namesWord(statement, column);
}

function isNamedInAlter({ statements }: Examination, table: string, column: string): boolean {
  return statements.some(({ tree }) => {
    if (tree?.kind !== 'alter-table' || !sameName(tree.table.value, table)) return false;
    const { alteration } = tree;
    if (alteration.type !== 'drop-column' && alteration.type !== 'rename-column') return false;
    return sameName(alteration.column.value, column);
  });
}

/** A statement before it that writes something and names the column: the values may have been taken along. */
function findReader(
  { statements }: Examination,
  before: number,
  column: string,
): { readonly at: number } | undefined {
  const at = statements
    .slice(0, before)
    .findIndex((statement) => isWrite(statement.tree?.kind) && namesWord(statement, column));
  return at === -1 ? undefined : { at };
}

function isWrite(kind: string | undefined): boolean {
  return kind === 'insert' || kind === 'update' || kind === 'table-as';
}

function describeColumnLoss(
  examination: Examination,
  table: TableParts,
  column: Column,
  reader: number | undefined,
): Hazard {
  const where = `${table.name}.${column.address.name}`;
  if (reader === undefined) {
    return loss(
      `All values of ${where} are deleted.`,
      'Keep the column until nobody needs its values any more, or copy them first.',
    );
  }
  const line = String(lineOf(examination, reader));
  return moved(`The values of ${where} are deleted; line ${line} may have taken them along.`);
}

function findDroppedColumns(examination: Examination): readonly Found[] {
  const { statements, before } = examination;
  return statements.flatMap(({ tree }, at): readonly Found[] => {
    if (tree?.kind !== 'alter-table' || tree.alteration.type !== 'drop-column') return [];
    const table = before.get(foldName(originalName(examination, tree.table.value, at)));
    const column = table && findColumn(table, tree.alteration.column.value);
    // What the migration itself has added a moment ago holds nothing.
    if (table === undefined || column === undefined || isGenerated(column)) return [];
    const reader = findReader(examination, at, column.address.name);
    const hazard = describeColumnLoss(examination, table, column, reader?.at);
    return [{ at, table: table.name, name: column.address.name, hazard }];
  });
}

/** The name that a table had before renames of the migration. */
function originalName({ statements }: Examination, name: string, at: number): string {
  let now = name;
  for (const { tree } of statements.slice(0, at).reverse()) {
    if (tree?.kind !== 'alter-table' || tree.alteration.type !== 'rename-table') continue;
    if (sameName(tree.alteration.to.value, now)) now = tree.table.value;
  }
  return now;
}

/** A virtual table that is made anew and filled again has lost nothing. */
function findDroppedVirtualTables({ statements, schemas }: Examination): readonly Found[] {
  return statements.flatMap(({ tree }, at): readonly Found[] => {
    if (tree?.kind !== 'drop' || tree.object !== 'table') return [];
    const { value } = tree.name;
    const known = schemas.before.objects.find(
      (object) => object.kind === 'virtualTable' && sameName(object.address.name, value),
    );
    const isFilled = statements
      .slice(at + 1)
      .some((later) => later.tree?.kind === 'insert' && sameName(later.tree.target.name.value, value));
    if (known === undefined || isFilled) return [];
    const hazard = loss(
      `DROP TABLE ${value} deletes what the virtual table holds.`,
      'Fill it again from its source afterwards.',
    );
    return [{ at, table: value, hazard: { ...hazard, severity: 'warning' } }];
  });
}

/** DELETE without a condition. */
function findEmptying(examination: Examination): readonly Found[] {
  const { statements, before, dropped } = examination;
  return statements.flatMap(({ tree }, at): readonly Found[] => {
    if (tree?.kind !== 'delete' || tree.where !== undefined) return [];
    const table = before.get(foldName(originalName(examination, tree.target.name.value, at)));
    if (
      table === undefined ||
      dropped.some((drop) => drop.at > at && drop.before === table && drop.after === null)
    ) {
      return [];
    }
    if (isFilledAgain(examination, table)) return [];
    const hazard = loss(
      `DELETE without WHERE deletes all rows of ${table.name}.`,
      'Say which rows with WHERE.',
    );
    return [{ at, table: table.name, hazard: { ...hazard, severity: 'warning' } }];
  });
}

/** The rows may be put back from a copy. */
function isFilledAgain(examination: Examination, table: TableParts): boolean {
  const rows = examination.sample()?.counts.get(foldName(table.name)) ?? 0;
  const rehearsal = examination.rehearse({ foreignKeys: false }, [
    `SELECT count(*) FROM ${quote(table.name)}`,
  ]);
  return rows > 0 && rehearsal !== null && rehearsal.failures.size === 0 && rehearsal.after[0]?.[0] === rows;
}

function loss(message: string, instead: string): Hazard {
  return { code: 'data-loss', severity: 'danger', message, instead };
}

function moved(message: string): Hazard {
  return { code: 'data-loss', severity: 'info', message, instead: 'Make sure that all of it has arrived.' };
}
