/** A `.sql` file as a schema: what it makes on an empty scratch database. */
import { readFile } from 'node:fs/promises';
import type { DialectName } from '../catalog/schema.ts';
import type { Scratch, ScratchFailure } from '../dialects/dialect.ts';
import { excerpt } from '../diff/printable.ts';
import { DriftError } from '../errors.ts';
import { splitAtBreakpoints, splitAtSemicolons } from '../project/migrations/statements.ts';

/** A statement of a script. */
interface Statement {
  readonly text: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
}

/** A script, cut into what the engine is to run. */
export interface Script {
  /** What messages call it. */
  readonly shown: string;
  readonly statements: readonly Statement[];
}

/**
 * Reads a `.sql` file: written by hand, by `pg_dump`, or by `.schema` and `.dump` of the sqlite3 shell.
 * @param file absolute
 * @throws DriftError SCRIPT_UNREADABLE, and SCRIPT_FAILED for a command that only psql understands
 */
export async function readScript(file: string, shown: string, dialect: DialectName): Promise<Script> {
  const text = await readText(file, shown);
  const sql = dialect === 'postgres' ? leaveOutCopiedRows(text) : text;
  const all = splitAtBreakpoints({ sql }).flatMap(splitAtSemicolons);
  const statements = all.flatMap((statement) =>
    dialect === 'postgres' ? leaveOutPsql(statement, shown) : leaveOutShell(statement),
  );
  return { shown, statements };
}

async function readText(file: string, shown: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DriftError('SCRIPT_UNREADABLE', { file: shown, reason }, { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DriftError('SCRIPT_UNREADABLE', { file: shown, reason: 'it is not UTF-8' }, { cause: error });
  }
}

/**
 * Runs a script on an empty scratch database.
 * @throws DriftError SCRIPT_FAILED at the first statement that fails
 */
export async function runScript(
  scratch: Scratch,
  { statements, shown }: Script,
  dialect: DialectName,
): Promise<void> {
  let rest = statements;
  for (;;) {
    const failure = await scratch.run(rest.map(({ text }) => text));
    const statement = failure && rest[failure.index];
    if (!failure || !statement) break;
    if (!isShadowTable(statement, failure.reason)) throw describeFailure(shown, statement, failure);
    rest = rest.slice(failure.index + 1);
  }
  // What the script made of the session is no part of the schema.
  if (dialect === 'postgres') await scratch.run(['RESET SESSION AUTHORIZATION']);
}

/**
 * `.schema` and what is read from sqlite_schema have the tables that a virtual table has made for itself, and SQLite lets
 * nobody else make them.
 */
function isShadowTable({ text }: Statement, reason: string): boolean {
  return (
    /^object name reserved for internal use:/.test(reason) && /^create\s+table\s/i.test(dropComments(text))
  );
}

function describeFailure(shown: string, { text, line }: Statement, failure: ScratchFailure): DriftError {
  return new DriftError(
    'SCRIPT_FAILED',
    {
      file: shown,
      line: line + countLinesBeforeCode(text),
      statement: excerpt(dropComments(text)),
      reason: failure.reason,
      hint: hintAt(failure.reason),
    },
    { cause: failure.cause },
  );
}

function hintAt(reason: string): string | undefined {
  if (/^role "/.test(reason)) {
    return 'The scratch database does not have this role: dump with pg_dump --no-owner --no-privileges, or set scratch.url in drift.config to a server that has it.';
  }
  if (/^extension "|extension control file/.test(reason)) {
    return 'The scratch database does not have this extension: set scratch.url in drift.config to a server that has it.';
  }
  return undefined;
}

/** Rows as pg_dump writes them: they are data, and not even SQL. The lines stay, so that others keep their numbers. */
function leaveOutCopiedRows(text: string): string {
  return text.replace(/^COPY\s[^;\n]*\sFROM\s+stdin\b[^;\n]*;[^]*?^\\\.[ \t]*\r?$/gim, (block) =>
    block.replace(/[^\n]/g, ''),
  );
}

/** Commands of psql that leave the schema alone. */
const idlePsql = /^\\(?:restrict|unrestrict|echo|qecho|warn|set|unset|pset|timing|encoding|x|a|t)\b/;

/** Takes psql's own commands off the beginning of a statement: `\restrict` of pg_dump, `\set ON_ERROR_STOP on`. */
function leaveOutPsql(statement: Statement, shown: string): readonly Statement[] {
  let { text, line } = statement;
  for (;;) {
    const before = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(text)?.[0] ?? '';
    const rest = text.slice(before.length);
    if (!rest.startsWith('\\')) break;
    const end = rest.indexOf('\n');
    const command = end === -1 ? rest : rest.slice(0, end);
    line += countBreaks(before);
    if (!idlePsql.test(command)) {
      const reason = 'a command of psql, which is no SQL';
      throw new DriftError('SCRIPT_FAILED', { file: shown, line, statement: command.trim(), reason });
    }
    text = end === -1 ? '' : rest.slice(end + 1);
    line += 1;
  }
  return dropComments(text).trim() === '' ? [] : [{ text, line }];
}

/**
 * What the sqlite3 shell prints and SQLite itself looks after: tables of its own, which nobody may create, and the
 * transaction around a dump, since every statement runs by itself here.
 */
function leaveOutShell(statement: Statement): readonly Statement[] {
  const code = dropComments(statement.text).trim();
  const isOwn =
    /^create\s+table\s+(?:if\s+not\s+exists\s+)?["'`[]?sqlite_/i.test(code) ||
    /^(?:insert\s+into|delete\s+from)\s+["'`[]?sqlite_(?:sequence|stat\d)\b/i.test(code) ||
    /^analyze\s+["'`[]?sqlite_/i.test(code);
  const isTransaction =
    /^(?:begin(?:\s+(?:deferred|immediate|exclusive))?(?:\s+transaction)?|(?:commit|end)(?:\s+transaction)?)$/i.test(
      code,
    );
  return isOwn || isTransaction ? [] : [statement];
}

/** Without the comments before it; others may stand in strings. */
function dropComments(text: string): string {
  return text.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/, '');
}

function countLinesBeforeCode(text: string): number {
  return countBreaks(text.slice(0, text.length - dropComments(text).length));
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1;
}
