/** A place in the user's code and the line that is there. */
import { readFileSync } from 'node:fs';
import { displayPath } from './paths.ts';
import { redactSecrets } from './redact.ts';

/** A place in a file: absolute path, line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `src/db/users.ts:12:3` */
export function formatPlace(root: string, place: Place): string {
  return `${displayPath(root, place.file)}:${String(place.line)}:${String(place.column)}`;
}

/** The line with a mark below the column; the empty string where there is no such line. */
export function frameLine(line: number, column: number, text: string): string {
  const shown = redactSecrets(text.replaceAll('\t', ' ').trimEnd());
  // A minified line says nothing to a reader, and where a secret was taken out the column is another.
  if (shown === '' || shown.length > 300) return '';
  const gutter = `  ${String(line)} | `;
  const mark = shown.length === text.trimEnd().length ? `\n${' '.repeat(gutter.length + column - 1)}^` : '';
  return `${gutter}${shown}${mark}`;
}

/** The code at a place, read from disk. */
export function framePlace(place: Place): string {
  try {
    const text = readFileSync(place.file, 'utf8').split(/\r?\n/)[place.line - 1];
    return text === undefined ? '' : frameLine(place.line, place.column, text);
  } catch {
    return '';
  }
}

/** The last line with something on it before an empty one, marked behind its end; the empty string where there is none. */
export function frameBefore(place: Place): string {
  try {
    const lines = readFileSync(place.file, 'utf8')
      .split(/\r?\n/)
      .slice(0, place.line - 1);
    const at = lines.findLastIndex((line) => line.trim() !== '');
    const text = lines[at]?.trimEnd();
    if (text === undefined || lines.length < place.line - 1) return '';
    return frameLine(at + 1, text.length + 1, text);
  } catch {
    return '';
  }
}

/** Where a file imports a specifier, by the text of the import; undefined where it cannot be found. */
export function findImport(file: string, specifier: string): Place | undefined {
  try {
    const lines = readFileSync(file, 'utf8').split(/\r?\n/);
    const quoted = [`'${specifier}'`, `"${specifier}"`, `\`${specifier}\``];
    for (const [index, text] of lines.entries()) {
      const at = Math.max(...quoted.map((quote) => text.indexOf(quote)));
      if (at >= 0) return { file, line: index + 1, column: at + 1 };
    }
  } catch {
    // Fall through: the place is a help, not what went wrong.
  }
  return undefined;
}
