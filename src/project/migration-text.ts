/** The text of a migration file. */
import { DriftError } from '../errors.ts';
import type { PlannedStatement } from '../dialects/planner.ts';

const breakpoint = '--> statement-breakpoint';

/** What drizzle-kit writes into an empty migration. */
export const customMigrationText = '-- Custom SQL migration file, put your code below! --';

/**
 * Statements as Drizzle's migrators take them: one to a piece. Comments stand in the piece of the statement they
 * are about, since a piece of comments alone is an error to better-sqlite3.
 * @param header lines about the whole, without `--`
 * @throws DriftError PLAN_UNSUPPORTED where a statement has Drizzle's own divider in it
 */
export function writeMigrationText(
  header: readonly string[],
  statements: readonly PlannedStatement[],
  breakpoints: boolean,
): string {
  const pieces = statements.map(({ sql, comment }, index) => {
    if (sql.includes(breakpoint)) {
      throw new DriftError('PLAN_UNSUPPORTED', { what: `a text with ${breakpoint} in it` });
    }
    const lines = index === 0 ? [...header, ...comment] : comment;
    // A comment at the end would take the semicolon with it.
    const end = sql.slice(sql.lastIndexOf('\n') + 1).includes('--') ? '\n;' : ';';
    return [...lines.map((line) => `-- ${line}`.trimEnd()), `${sql}${end}`].join('\n');
  });
  return `${pieces.join(breakpoints ? `\n${breakpoint}\n` : '\n')}\n`;
}
