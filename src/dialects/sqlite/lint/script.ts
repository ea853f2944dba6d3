/** A migration as Drizzle sends it: parts between breakpoints, and the statements in them with their comments. */
import type { CreateSchemaObject } from '../syntax/ast.ts';
import type { ChangeStatement } from '../syntax/change-ast.ts';
import { parseChange } from '../syntax/parse-change.ts';
import { parseCreate } from '../syntax/parse-create.ts';
import { parseDataStatement } from '../syntax/parse-query.ts';
import type { DataStatement } from '../syntax/query-ast.ts';
import { splitStatements } from '../syntax/statements.ts';
import { SqliteSyntaxError } from '../syntax/syntax-error.ts';
import { tokenize, tokenizeSignificant, type Token } from '../syntax/tokenize.ts';

/** What both versions of Drizzle split at, wherever it stands. */
const breakpoint = '--> statement-breakpoint';

export interface LintStatement {
  /** From the first significant token to the last, without the semicolon. */
  readonly text: string;
  /** UTF-16 index into the file. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Number of its part, from 0. */
  readonly part: number;
  /** First keyword, in upper case. */
  readonly keyword: string;
  /** Significant tokens; offsets count from the start of the statement. */
  readonly tokens: readonly Token[];
  /** Null for what has no tree here, or is written in a way that the parser does not know. */
  readonly tree: CreateSchemaObject | ChangeStatement | DataStatement | null;
  /** Comments before it and inside of it, and after it on its last line; as written. */
  readonly comments: readonly string[];
}

export interface Script {
  readonly statements: readonly LintStatement[];
  /** Parts that hold no statement, and such as cannot be cut into tokens. */
  readonly oddParts: readonly OddPart[];
}

export interface OddPart {
  /** Null where there is only space and comments; else what is wrong with the text. */
  readonly problem: string | null;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly part: number;
}

export function readScript(sql: string): Script {
  const pieces: Piece[] = [];
  const comments: { readonly start: number; readonly text: string }[] = [];
  const oddParts: OddPart[] = [];
  let offset = 0;
  for (const [part, text] of sql.split(breakpoint).entries()) {
    const problem = readPart(text, offset, part, pieces, comments);
    const isOdd = problem !== null || !pieces.some((piece) => piece.part === part);
    if (isOdd) {
      const at = offset + (text.length - text.trimStart().length) + (problem?.offset ?? 0);
      oddParts.push({ problem: problem?.message ?? null, text, ...placeOf(sql, Math.min(at, sql.length)) });
    }
    offset += text.length + breakpoint.length;
  }
  const owned = shareComments(sql, pieces, comments);
  return {
    statements: pieces.map((piece, index) => readStatement(sql, piece, owned.get(index) ?? [])),
    oddParts,
  };
}

/** @returns what cannot be cut into tokens, counted from the first character that is no space */
function readPart(
  text: string,
  offset: number,
  part: number,
  pieces: Piece[],
  comments: { readonly start: number; readonly text: string }[],
): { readonly message: string; readonly offset: number } | null {
  try {
    for (const token of tokenize(text)) {
      if (token.kind === 'comment') comments.push({ start: offset + token.start, text: token.text });
    }
    for (const { start, end } of splitStatements(text)) {
      pieces.push({ start: offset + start, end: offset + end, part });
    }
    return null;
  } catch (error) {
    if (!(error instanceof SqliteSyntaxError)) throw error;
    const lead = text.length - text.trimStart().length;
    return { message: error.message, offset: Math.max(0, error.offset - lead) };
  }
}

/** A comment belongs to the statement that it stands in or behind on one line, and otherwise to the next one. */
function shareComments(
  sql: string,
  pieces: readonly Piece[],
  comments: readonly { readonly start: number; readonly text: string }[],
): ReadonlyMap<number, readonly string[]> {
  const owned = new Map<number, string[]>();
  for (const comment of comments) {
    const next = pieces.findIndex((piece) => piece.end > comment.start);
    const before = next === -1 ? pieces.length - 1 : next - 1;
    const last = pieces[before];
    const isBehind = last !== undefined && !sql.slice(last.end, comment.start).includes('\n');
    const owner = isBehind ? before : next;
    if (owner < 0) continue;
    owned.set(owner, [...(owned.get(owner) ?? []), comment.text]);
  }
  return owned;
}

function readStatement(sql: string, piece: Piece, comments: readonly string[]): LintStatement {
  const text = sql.slice(piece.start, piece.end);
  const tokens = tokenizeSignificant(text);
  const keyword = tokens[0]?.keyword ?? '';
  const tree = parse(text, keyword);
  return { text, ...piece, ...placeOf(sql, piece.start), keyword, tokens, tree, comments };
}

function parse(text: string, keyword: string): LintStatement['tree'] {
  try {
    switch (keyword) {
      case 'CREATE':
        return parseCreate(text);
      case 'ALTER':
      case 'DROP':
      case 'PRAGMA':
        return parseChange(text);
      case 'INSERT':
      case 'REPLACE':
      case 'UPDATE':
      case 'DELETE':
      case 'WITH':
      case 'SELECT':
      case 'VALUES':
        return parseDataStatement(text);
      default:
        return null;
    }
  } catch (error) {
    if (error instanceof SqliteSyntaxError) return null;
    throw error;
  }
}

export function placeOf(sql: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = sql.indexOf('\n'); at !== -1 && at < offset; at = sql.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
