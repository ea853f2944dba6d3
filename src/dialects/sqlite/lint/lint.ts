/** Finds the hazards of SQLite migrations by trying each on a database in memory that the ones before it have built. */
import type { Schema } from '../../../catalog/schema.ts';
import type { Linter, LintFinding, LintMigration, LintRequest } from '../../linter.ts';
import { loadBetterSqlite, type Connection } from '../drivers/load.ts';
import { teachLibsql } from '../libsql.ts';
import { tokenize } from '../syntax/tokenize.ts';
import { SqliteSyntaxError } from '../syntax/syntax-error.ts';
import { readAllowances } from './allow.ts';
import { examine, KnownNames, runOutside, type Found, type Rule } from './examination.ts';
import { findFaultyForeignKeys } from './rules/faulty-keys.ts';
import { findDanglingKeys, findDropEffects, findIdlePragmas, findLateCopies } from './rules/foreign-keys.ts';
import { findBrokenDependents, findLostAttributes, findLostCounters, findLostObjects } from './rules/kept.ts';
import { findLostRows } from './rules/rows.ts';
import { findFailures, findOddParts } from './rules/statements.ts';
import { findTransactionStatements } from './rules/transactions.ts';
import { findBlindHazards } from './rules/unknown.ts';
import { findValueHazards } from './rules/values.ts';
import { readScript, type LintStatement, type Script } from './script.ts';

const rules: readonly Rule[] = [
  findDropEffects,
  findIdlePragmas,
  findDanglingKeys,
  findFaultyForeignKeys,
  findLateCopies,
  findLostRows,
  findBlindHazards,
  findLostObjects,
  findLostAttributes,
  findBrokenDependents,
  findLostCounters,
  findValueHazards,
  findOddParts,
  findTransactionStatements,
  findFailures,
];

export const sqliteLinter: Linter = {
  lint: (request) => Promise.resolve(lintMigrations(request)),
};

function lintMigrations({ migrations, isLibsql }: LintRequest): readonly LintFinding[] {
  const last = migrations.findLastIndex(({ isExamined }) => isExamined);
  const stage = new (loadBetterSqlite())(':memory:');
  try {
    stage.pragma('foreign_keys = OFF');
    teachLibsql(stage);
    const known = new KnownNames();
    let schema: Schema | null = null;
    return migrations.slice(0, last + 1).flatMap((migration) => {
      const isComment = isOnlyComments(migration.sql);
      const script = isComment ? emptyScript(migration.sql) : readScript(migration.sql);
      const baseline = isComment ? readBaseline(migration) : null;
      if (baseline !== null) replay(stage, baseline, known);
      if (baseline !== null || !migration.isExamined) schema = null;
      if (!migration.isExamined) {
        replay(stage, script.statements, known);
        return [];
      }
      return examine(stage, migration, script, { known, isLibsql, schema }, (examination) => {
        schema = examination.schemas.after;
        const found = rules.flatMap((rule) => rule(examination));
        return finish(migration, script, found);
      });
    });
  } finally {
    stage.close();
  }
}

function replay(stage: Connection, statements: readonly LintStatement[], known: KnownNames): void {
  for (const statement of statements) {
    known.note(statement, runOutside(stage, statement));
  }
}

/**
 * drizzle-kit pull writes what it found into the first migration as one block comment, since the database has it
 * already. What follows stands on it.
 */
function readBaseline({ sql }: LintMigration): readonly LintStatement[] | null {
  const inside = /\/\*([^]*)\*\//.exec(sql)?.[1];
  return inside !== undefined && /\bcreate\s+table\b/i.test(inside) ? readScript(inside).statements : null;
}

/** What drift and drizzle-kit write into a migration that somebody is about to fill. */
const draft = /^\s*-- Custom SQL migration file, put your code below! --/;

/** Breakpoints may lie within the comment, where they end nothing. */
function emptyScript(sql: string): Script {
  if (draft.test(sql)) return { statements: [], oddParts: [] };
  return { statements: [], oddParts: [{ problem: null, text: sql, line: 1, column: 1 }] };
}

function isOnlyComments(sql: string): boolean {
  try {
    return tokenize(sql).every(({ kind }) => kind === 'comment' || kind === 'space');
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return false;
    throw error;
  }
}

function finish(migration: LintMigration, script: Script, found: readonly Found[]): readonly LintFinding[] {
  const allowances = script.statements.map((statement) => readAllowances(statement, migration.file));
  const findings = found.map(({ at, hazard, table, name }): LintFinding => {
    const place = typeof at === 'number' ? script.statements[at] : at;
    const allowed = typeof at === 'number' ? (allowances[at]?.get(hazard.code) ?? null) : null;
    return {
      migration,
      hazard,
      line: place?.line ?? 1,
      column: place?.column ?? 1,
      table: table ?? null,
      name: name ?? null,
      allowed,
    };
  });
  return unique(findings).sort(compareFindings);
}

function unique(findings: readonly LintFinding[]): LintFinding[] {
  const keyOf = ({ line, column, hazard }: LintFinding): string =>
    JSON.stringify([line, column, hazard.code, hazard.message]);
  return [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()];
}

const ranks = { danger: 0, warning: 1, info: 2 } as const;

function compareFindings(a: LintFinding, b: LintFinding): number {
  return (
    a.line - b.line ||
    a.column - b.column ||
    ranks[a.hazard.severity] - ranks[b.hazard.severity] ||
    (a.hazard.code < b.hazard.code ? -1 : a.hazard.code > b.hazard.code ? 1 : 0)
  );
}
