/** Statements that do not run, or not where Drizzle runs them. */
import type { Hazard } from '../../../../plan/hazards.ts';
import type { ColumnDefinition } from '../../syntax/ast.ts';
import { foldName, sameName } from '../../syntax/names.ts';
import { findMissedTable, type Examination, type Found } from '../examination.ts';
import type { LintStatement } from '../script.ts';
import { findMeantTable, findUnknownTable } from './unknown.ts';

/** drizzle-orm gives each part between breakpoints to the driver as one prepared statement. */
export function findOddParts({ statements, script }: Examination): readonly Found[] {
  const second = statements.flatMap((statement, at): readonly Found[] => {
    const isSecond =
      statements[at - 1]?.part === statement.part && statements[at - 2]?.part !== statement.part;
    if (!isSecond) return [];
    const count = statements.filter(({ part }) => part === statement.part).length;
    return [{ at, hazard: describeCrowd(count) }];
  });
  const odd = script.oddParts.map(({ line, column, problem, text }): Found => ({
    at: { line, column },
    hazard: problem === null ? describeEmptyPart(text) : describeUnreadable(problem),
  }));
  return [...second, ...odd];
}

function describeCrowd(count: number): Hazard {
  return {
    code: 'several-statements',
    severity: 'warning',
    message: `${String(count)} statements stand without a breakpoint between them: better-sqlite3 refuses all of them under Drizzle's migrator, and other drivers may run the first alone.`,
    instead: 'Put --> statement-breakpoint on a line of its own between the statements.',
  };
}

function describeEmptyPart(text: string): Hazard {
  const what = text.trim() === '' ? 'is nothing' : 'are only comments';
  return {
    code: 'no-statement',
    severity: 'warning',
    message: `There ${what} in this part of the file: better-sqlite3 refuses that under Drizzle's migrator, and the migration fails.`,
    instead: 'Take the breakpoint away, or write a statement that does nothing, such as SELECT 1.',
  };
}

function describeUnreadable(problem: string): Hazard {
  return {
    code: 'statement-fails',
    severity: 'danger',
    message: `SQLite cannot read this: ${problem}`,
    instead: 'Correct the statement.',
  };
}

/** What SQLite itself said when the statement ran on the scratch database. */
export function findFailures(examination: Examination): readonly Found[] {
  const { statements, executions } = examination;
  const failed = executions.findIndex(({ error }, at) => error !== null && !isForeign(statements[at], error));
  return [
    ...statements.flatMap((statement, at) => judgeDialect(examination, statement, at)),
    ...executions.flatMap(({ misquoted }, at) =>
      misquoted
        .filter((word) => !examination.missing.columns.has(foldName(word)))
        .map((word) => judgeMisquoted(examination, at, word)),
    ),
    // What fails after it may well fail for it.
    ...(failed === -1 ? [] : judgeFailure(examination, failed, executions[failed]?.error ?? '')),
    ...findLaterDependents(examination, failed).map(({ at, error }) => describeFailure(at, error)),
    ...executions.flatMap(({ error }, at) =>
      error !== null && at !== failed && isUnknowable(error) ? [notReplayed(at, error)] : [],
    ),
    ...findFailuresOnRows(examination).filter(({ at }) => failed === -1 || at < failed),
  ];
}

/** Statements that only another SQLite knows have rules of their own. */
function isForeign(statement: LintStatement | undefined, error: string): boolean {
  return statement === undefined || isLibsqlOnly(statement) || isUnknowable(error) || isNewAlter(statement);
}

const unknowable =
  /no such (?:module|function|collation sequence|tokenizer)|unknown tokenizer|error in tokenizer|not authorized/i;

/** Modules, functions and collations that a program registers itself are not here. */
function isUnknowable(error: string): boolean {
  return unknowable.test(error);
}

function notReplayed(at: number, error: string): Found {
  return {
    at,
    hazard: {
      code: 'not-replayed',
      severity: 'info',
      message: `This statement cannot be tried on a scratch database (${error}), so nothing is known of its effect.`,
    },
  };
}

function judgeFailure(examination: Examination, at: number, error: string): readonly Found[] {
  const missing = findMissedTable(examination, at);
  if (missing !== null) {
    const isDropped = examination.dropped.some(
      (drop) => drop.at < at && (sameName(drop.name, missing) || sameName(drop.before.name, missing)),
    );
    // It is told where the table is dropped.
    if (isDropped) return [];
    if (findUnknownTable(examination, at) !== null) return judgeUnknown(examination, at, missing, error);
  }
  // What belongs to a table that was there before the folder is as unknown as the table.
  if (/^no such (?:index|trigger|view): /.test(error) && examination.isPartial)
    return [notReplayed(at, error)];
  return [describeFailure(at, error, missing)];
}

const dependentError = /^error in (view|trigger) (.+?)(?: after (?:rename|drop column|add column))?: (.*)$/s;

/** A view or trigger in the way of a statement is stepped over, so that it is no consequence of what failed before. */
function findLaterDependents(
  { executions, missing }: Examination,
  first: number,
): readonly { readonly at: number; readonly error: string }[] {
  const said = new Set([dependentError.exec(executions[first]?.error ?? '')?.[2]]);
  return executions.flatMap(({ error }, at) => {
    const [, , name, reason] = dependentError.exec(error ?? '') ?? [];
    if (error === null || name === undefined || at <= first || said.has(name)) return [];
    const absent = /^no such table: (?:main\.)?(.+)$/s.exec(reason ?? '')?.[1];
    if (absent !== undefined && missing.made.has(foldName(absent))) return [];
    said.add(name);
    return [{ at, error }];
  });
}

function describeFailure(at: number, error: string, missing: string | null = null): Found {
  const [, kind, name] = dependentError.exec(error) ?? [];
  const isPlain = kind === undefined || name === undefined;
  return {
    at,
    ...(missing === null ? {} : { table: missing }),
    hazard: {
      code: 'statement-fails',
      severity: 'danger',
      message: isPlain
        ? `SQLite refuses this statement: ${error}.`
        : `SQLite refuses this statement, since the ${kind} ${name} names what is not there at this moment: ${error}.`,
      instead: isPlain
        ? 'Correct the statement; the migration fails here.'
        : `Drop the ${kind} first and create it again at the end of the migration; drift generate does.`,
    },
  };
}

/** A table that was there before the folder, unless it looks like a slip of the pen. */
function judgeUnknown(examination: Examination, at: number, table: string, error: string): readonly Found[] {
  const meant = findMeantTable(examination, table);
  if (meant === undefined) return [notReplayed(at, error)];
  return [
    {
      at,
      table,
      hazard: {
        code: 'statement-fails',
        severity: 'danger',
        message: `SQLite refuses this statement: ${error}, and no migration makes it.`,
        instead: `Did you mean ${meant}?`,
      },
    },
  ];
}

function judgeDialect(
  { isLibsql, executions }: Examination,
  statement: LintStatement,
  at: number,
): readonly Found[] {
  if (isLibsqlOnly(statement) && !isLibsql) {
    return [
      {
        at,
        hazard: {
          code: 'libsql-only',
          severity: 'warning',
          message:
            'Only libSQL knows this statement; every other SQLite refuses it, and the migration fails.',
          instead:
            'Make the table anew, as drift generate does, or say dialect: turso in drizzle.config where it is libSQL.',
        },
      },
    ];
  }
  if (!isNewAlter(statement)) return [];
  const isRefused = (executions[at]?.error ?? null) !== null;
  return [
    {
      at,
      hazard: {
        code: 'newer-sqlite',
        severity: isRefused ? 'warning' : 'info',
        message: `This form of ALTER TABLE needs SQLite 3.53 or newer${isRefused ? ', and the one that is installed refuses it' : '; older ones refuse it'}.`,
        instead: 'Make the table anew where the database may be opened by an older SQLite.',
      },
    },
  ];
}

function isLibsqlOnly({ tree, text }: LintStatement): boolean {
  if (tree?.kind === 'alter-table' && tree.alteration.type === 'redefine-column') return true;
  return /\blibsql_vector_idx\b|\bRANDOM\s+ROWID\b|\b(?:vector32|vector64|vector_top_k)\s*\(/i.test(text);
}

function isNewAlter({ tree }: LintStatement): boolean {
  if (tree?.kind !== 'alter-table') return false;
  const { type } = tree.alteration;
  return (
    type === 'set-not-null' || type === 'drop-not-null' || type === 'add-check' || type === 'drop-constraint'
  );
}

/** drizzle-kit 0.31 selects columns from the old table that only the new one has. */
function judgeMisquoted(examination: Examination, at: number, word: string): Found {
  const statement = examination.statements[at];
  const isCopy = statement?.tree?.kind === 'insert';
  const source = examination.dropped.find(({ copies }) => copies.some((copy) => copy.at === at));
  if (isCopy && source !== undefined) {
    return {
      at,
      table: source.before.name,
      name: word,
      hazard: {
        code: 'double-quoted-string',
        severity: 'danger',
        message: `${source.before.name} has no column "${word}": better-sqlite3 refuses the statement, and libSQL, D1 and other builds of SQLite write the text '${word}' into every row.`,
        instead: `Take "${word}" out of both lists of columns where it has a default, or put a value in its place.`,
      },
    };
  }
  return {
    at,
    name: word,
    hazard: {
      code: 'double-quoted-string',
      severity: 'warning',
      message: `"${word}" is no column here: better-sqlite3 refuses the statement, and other builds of SQLite take it for a text.`,
      instead: `Write a text in single quotes: '${word.replaceAll("'", "''")}'.`,
    },
  };
}

/** ADD COLUMN is refused only where there are rows, or foreign keys are on. */
function findFailuresOnRows(examination: Examination): readonly (Found & { readonly at: number })[] {
  const { statements, before } = examination;
  const adds = statements.flatMap(({ tree }, at) =>
    tree?.kind === 'alter-table' &&
    tree.alteration.type === 'add-column' &&
    before.has(foldName(tree.table.value)) &&
    mayBeRefused(tree.alteration.column)
      ? [{ at, table: tree.table.value, name: tree.alteration.column.name.value }]
      : [],
  );
  if (adds.length === 0) return [];
  const rehearsals = [false, true].map((foreignKeys) => examination.rehearse({ foreignKeys }));
  return adds.flatMap((add): ReturnType<typeof findFailuresOnRows> => {
    const error = rehearsals
      .map((rehearsal) => rehearsal?.failures.get(add.at))
      .find((one) => one !== undefined);
    // NOT NULL without a default has a rule of its own.
    if (error === undefined || !/^Cannot add a (?:column with non-constant|REFERENCES)/i.test(error))
      return [];
    return [{ ...add, hazard: describeAddition(error) }];
  });
}

/** A plain default is never refused, which spares most migrations the sample. */
function mayBeRefused({ constraints }: ColumnDefinition): boolean {
  const value = constraints.find((constraint) => constraint.kind === 'default');
  if (value === undefined) return false;
  const isComputed = value.value.form === 'expression' || /^current_/i.test(value.value.text);
  return isComputed || constraints.some(({ kind }) => kind === 'references');
}

function describeAddition(error: string): Hazard {
  const isReference = /REFERENCES/.test(error);
  return {
    code: 'statement-fails',
    severity: 'danger',
    message: isReference
      ? `SQLite refuses this statement where foreign keys are on: ${error}.`
      : `SQLite refuses this statement as soon as the table has rows: ${error}.`,
    instead: isReference
      ? 'Add the column without the default, and fill it with UPDATE.'
      : 'Add the column without a default and fill it with UPDATE, or make the table anew, as drift generate does.',
  };
}
