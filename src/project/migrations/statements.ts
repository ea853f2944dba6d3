/** A migration as the texts that are sent to the database one after the other. */
import type { DialectName } from '../../catalog/schema.ts';
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
 * The same for replaying. PostgreSQL runs several statements of one text as one transaction, in which CREATE INDEX
 * CONCURRENTLY is refused and a new value of an enum cannot be used yet: there every statement stands alone. A migration
 * that steps out of the migrator's transaction and begins another one meets none here, and needs none.
 */
export function splitForReplay(
  migration: Pick<Migration, 'sql'>,
  dialect: DialectName,
): readonly MigrationStatement[] {
  const statements = splitAtBreakpoints(migration);
  const texts = dialect === 'postgres' ? statements.flatMap(splitAtSemicolons) : statements;
  return texts.filter(({ text }) => !isTransactionBound(text));
}

/** BEGIN, COMMIT and their like, and nothing else. A ROLLBACK undoes something. */
export function isTransactionBound(text: string): boolean {
  const code = text.replace(/--[^\n]*|\/\*[^]*?\*\//g, ' ').trim();
  return /^(?:begin|start|commit|end)(?:\s+(?:deferred|immediate|exclusive))?(?:\s+(?:transaction|work))?\s*;*$/i.test(
    code,
  );
}

/** First words of statements that leave every schema as it is. */
const dataWords: ReadonlySet<string> = new Set([
  'insert',
  'update',
  'delete',
  'replace',
  'truncate',
  'with',
  'copy',
  'analyze',
  'vacuum',
  'reindex',
  'set',
  'lock',
  'notify',
]);

/** False where the text can only have changed rows. A SELECT may call a function that does more. */
export function mayChangeSchema(text: string): boolean {
  return !dataWords.has(firstWord(text)) || /;\s*(?:create|alter|drop|comment)\b/i.test(text);
}

/** Whole tokens in which a semicolon is no end: comments, strings, quoted names, dollar quotes. */
const opaque =
  /--[^\n]*|\/\*[^]*?\*\/|\b[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$([A-Za-z_][A-Za-z_0-9]*)?\$[^]*?\$\1\$/y;
const word = /[A-Za-z_][A-Za-z_0-9$]*/y;

/**
 * Splits at the semicolons that end statements; not inside quotes, comments, parentheses, the body of a SQLite trigger
 * or a BEGIN ATOMIC body of PostgreSQL.
 */
export function splitAtSemicolons(statement: MigrationStatement): readonly MigrationStatement[] {
  const { text } = statement;
  const found: MigrationStatement[] = [];
  let scan = startScan();
  let start = 0;
  const cut = (end: number): void => {
    const part = text.slice(start, end);
    const trimmed = part.trim();
    const at = start + part.length - part.trimStart().length;
    if (hasCode(trimmed)) found.push({ text: trimmed, line: statement.line + countLine(text, at) - 1 });
    start = end + 1;
    scan = startScan();
  };
  for (let at = 0; at < text.length;) {
    const skipped = matchLength(opaque, text, at);
    const length = skipped > 0 ? skipped : matchLength(word, text, at);
    if (skipped === 0 && length > 0) readWord(scan, text.slice(at, at + length).toLowerCase());
    if (length > 0) {
      at += length;
      continue;
    }
    const character = text.charAt(at);
    if (character === '(') scan.parentheses++;
    else if (character === ')') scan.parentheses--;
    else if (character === ';' && scan.parentheses <= 0 && scan.blocks === 0) cut(at);
    at++;
  }
  cut(text.length);
  return found;
}

/** Where a scan stands within one statement. */
interface Scan {
  parentheses: number;
  /** Open BEGIN and CASE, which END closes. */
  blocks: number;
  words: number;
  isTrigger: boolean;
  lastWord: string;
}

function startScan(): Scan {
  return { parentheses: 0, blocks: 0, words: 0, isTrigger: false, lastWord: '' };
}

function readWord(scan: Scan, current: string): void {
  scan.words++;
  // CREATE [TEMP] TRIGGER; PostgreSQL's triggers have no body.
  if (current === 'trigger' && scan.words <= 3) scan.isTrigger = true;
  const opens =
    (current === 'begin' && scan.isTrigger) || (current === 'atomic' && scan.lastWord === 'begin');
  if (opens || (current === 'case' && scan.blocks > 0)) scan.blocks++;
  else if (current === 'end' && scan.blocks > 0) scan.blocks--;
  scan.lastWord = current;
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** False for what is only comments and space. */
function hasCode(text: string): boolean {
  return text.replace(/--[^\n]*|\/\*[^]*?\*\//g, '').trim() !== '';
}

/** The first word of a statement, lower case, with comments before it passed over. */
function firstWord(text: string): string {
  const code = text.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/, '');
  return /^[A-Za-z]+/.exec(code)?.[0].toLowerCase() ?? '';
}

function countLine(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
