/** A migration as the texts that are sent to the database one after the other. */
import type { Migration } from './migration.ts';

/** What both versions of Drizzle split at, whatever the journal says about breakpoints. */
const breakpoint = '--> statement-breakpoint';

/** One text for the database: a statement, or several where the file has no breakpoints. */
export interface MigrationStatement {
  readonly text: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
}

/** Splits the text of a migration at its breakpoints. Blank parts are left out. */
export function splitAtBreakpoints(migration: Pick<Migration, 'sql'>): readonly MigrationStatement[] {
  const sql = migration.sql.replace(/^\uFEFF/, ' ');
  const statements: MigrationStatement[] = [];
  let offset = 0;
  for (const part of sql.split(breakpoint)) {
    const text = part.trim();
    const start = offset + part.length - part.trimStart().length;
    if (text !== '') statements.push({ text, line: countLine(sql, start) });
    offset += part.length + breakpoint.length;
  }
  return statements;
}

/**
 * The same for replaying: texts that hold a statement which PostgreSQL only runs by itself (CREATE INDEX CONCURRENTLY,
 * ALTER TYPE ... ADD VALUE) are split further, since several statements in one text are one transaction there.
 */
export function splitForReplay(migration: Pick<Migration, 'sql'>): readonly MigrationStatement[] {
  return splitAtBreakpoints(migration).flatMap((statement) =>
    mustStandAlone.test(statement.text) ? splitAtSemicolons(statement) : [statement],
  );
}

const mustStandAlone =
  /\bconcurrently\b|\badd\s+value\b|\bvacuum\b|\balter\s+system\b|\b(?:create|drop)\s+database\b/i;

/** Whole tokens in which a semicolon is no end: comments, strings, quoted names, dollar quotes. */
const opaque =
  /--[^\n]*|\/\*[^]*?\*\/|\b[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_][A-Za-z_0-9]*)?\$[^]*?\$\1\$/y;
const word = /[A-Za-z_][A-Za-z_0-9$]*/y;

/** Splits at the semicolons that end statements; not inside quotes, comments, parentheses or BEGIN ATOMIC bodies. */
export function splitAtSemicolons(statement: MigrationStatement): readonly MigrationStatement[] {
  const { text } = statement;
  const found: MigrationStatement[] = [];
  const depth = { parentheses: 0, blocks: 0 };
  let start = 0;
  let lastWord = '';
  const cut = (end: number): void => {
    const part = text.slice(start, end);
    const trimmed = part.trim();
    const at = start + part.length - part.trimStart().length;
    if (hasCode(trimmed)) found.push({ text: trimmed, line: statement.line + countLine(text, at) - 1 });
    start = end + 1;
  };
  for (let at = 0; at < text.length;) {
    const skipped = matchLength(opaque, text, at);
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const length = matchLength(word, text, at);
    if (length > 0) {
      const current = text.slice(at, at + length).toLowerCase();
      countBlocks(depth, lastWord, current);
      lastWord = current;
      at += length;
      continue;
    }
    const character = text.charAt(at);
    if (character === '(') depth.parentheses++;
    else if (character === ')') depth.parentheses--;
    else if (character === ';' && depth.parentheses <= 0 && depth.blocks === 0) cut(at);
    at++;
  }
  cut(text.length);
  return found;
}

function countBlocks(depth: { blocks: number }, before: string, current: string): void {
  if (current === 'atomic' && before === 'begin') depth.blocks++;
  else if (depth.blocks > 0 && current === 'case') depth.blocks++;
  else if (depth.blocks > 0 && current === 'end') depth.blocks--;
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** False for what is only comments and space. */
export function hasCode(text: string): boolean {
  return text.replace(/--[^\n]*|\/\*[^]*?\*\//g, '').trim() !== '';
}

/** The first word of a statement, lower case, with comments before it passed over. */
export function firstWord(text: string): string {
  const code = text.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/, '');
  return /^[A-Za-z]+/.exec(code)?.[0].toLowerCase() ?? '';
}

function countLine(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
