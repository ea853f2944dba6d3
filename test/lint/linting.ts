/** Lints migrations that are written in a test, on the linter itself. */
import type { LintFinding, LintMigration } from '../../src/dialects/linter.ts';
import { sqliteLinter } from '../../src/dialects/sqlite/lint/lint.ts';

export interface LintCase {
  /** Migrations before the one that is looked at; statements are separated by blank lines or not at all. */
  readonly before?: readonly string[];
  readonly isLibsql?: boolean;
  readonly snapshots?: LintMigration['snapshots'];
}

/** Findings of the last migration. */
export async function lintSql(
  sql: string,
  { before = [], isLibsql = false, snapshots }: LintCase = {},
): Promise<readonly LintFinding[]> {
  const migrations = [...before, sql].map((text, index): LintMigration => ({
    tag: `000${String(index)}`,
    file: `000${String(index)}.sql`,
    sql: text,
    isExamined: index === before.length,
    snapshots: (index === before.length ? snapshots : undefined) ?? { before: null, after: null },
  }));
  return sqliteLinter.lint({ migrations, isLibsql });
}

/** `danger data-loss users.email:3` of each. */
export function brief(findings: readonly LintFinding[]): readonly string[] {
  return findings.map(({ hazard, table, name, line }) => {
    const object = [table, name].filter((part) => part !== null).join('.');
    return `${hazard.severity} ${hazard.code}${object === '' ? '' : ` ${object}`}:${String(line)}`;
  });
}

/** Statements with a breakpoint after each, as drizzle-kit writes them; a blank line separates them. */
export function withBreakpoints(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .join('\n--> statement-breakpoint\n');
}
