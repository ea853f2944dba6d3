/** Statements that have to do with the transaction in which a migrator runs all pending files. */
import type { Hazard } from '../../../../plan/hazards.ts';
import { foldName } from '../../syntax/names.ts';
import type { Examination, Found } from '../examination.ts';
import { isTransactionControl } from '../execute.ts';
import type { LintStatement } from '../script.ts';

/** For each statement whether a transaction is open before it; the migrator has begun one. */
export function traceTransactions(statements: readonly LintStatement[]): readonly boolean[] {
  let isOpen = true;
  return statements.map((statement) => {
    const before = isOpen;
    if (isTransactionControl(statement)) isOpen = statement.keyword === 'BEGIN';
    return before;
  });
}

export function findTransactionStatements({ statements }: Examination): readonly Found[] {
  const open = traceTransactions(statements);
  // One is enough to say what comes of it.
  const firstEnd = statements.findIndex(
    (statement) => isTransactionControl(statement) && statement.keyword !== 'BEGIN',
  );
  return statements.flatMap((statement, at): readonly Found[] => {
    if (at !== firstEnd && isTransactionControl(statement) && statement.keyword !== 'BEGIN') return [];
    const isLeftOpen = statements.findLast(isTransactionControl)?.keyword === 'BEGIN';
    const beginsAgain = isLeftOpen && statements.slice(at + 1).some(({ keyword }) => keyword === 'BEGIN');
    const hazard = judge(statement, open[at] === true, beginsAgain);
    return hazard === null ? [] : [{ at, hazard }];
  });
}

function judge(statement: LintStatement, isOpen: boolean, beginsAgain: boolean): Hazard | null {
  const { keyword, tree } = statement;
  if (isTransactionControl(statement) && keyword !== 'BEGIN') {
    return isOpen ? describeEnd(keyword, beginsAgain) : null;
  }
  if (!isOpen) return null;
  switch (keyword) {
    case 'BEGIN':
      return fails('BEGIN', 'Leave it out: the migrator has begun a transaction already.');
    case 'VACUUM':
      return fails('VACUUM', 'Run VACUUM by itself, after the migrations.');
    case 'DETACH':
      return fails('DETACH', 'Attach and detach in the program that runs the migrations.');
    case 'PRAGMA':
      return tree?.kind === 'pragma' && tree.value !== undefined
        ? judgePragma(foldName(tree.name.value))
        : null;
    default:
      return null;
  }
}

function judgePragma(name: string): Hazard | null {
  if (name !== 'journal_mode' && name !== 'synchronous') return null;
  return fails(`PRAGMA ${name}`, 'Set it where the program opens the database.');
}

function fails(what: string, instead: string): Hazard {
  return {
    code: 'not-in-transaction',
    severity: 'warning',
    message: `Drizzle's migrator runs the file within a transaction, in which ${what} fails.`,
    instead,
  };
}

function describeEnd(keyword: string, beginsAgain: boolean): Hazard {
  return {
    code: 'not-in-transaction',
    severity: beginsAgain ? 'warning' : 'danger',
    message: beginsAgain
      ? `${keyword} ends the transaction of the migrator: when a later statement fails, what was done up to here stays, and nothing notes it.`
      : `${keyword} ends the transaction of the migrator, and none begins again: what follows is not undone when it fails, and the migrator itself then fails to commit.`,
    instead:
      'Leave it out; drift migrate turns foreign keys off before its transaction begins, for whatever file it runs.',
  };
}
