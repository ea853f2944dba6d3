/** Text from a database, made fit to stand in a sentence. */

/** Control characters, and the format characters that reorder or hide what stands beside them. */
// eslint-disable-next-line no-control-regex -- these are the characters to be found
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Shows what would not be seen, or would act on a terminal, as an escape: `\n`, `\u{1b}`. */
export function makePrintable(text: string): string {
  return text.replace(
    unprintable,
    (character) => shortEscapes[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Longest text that is shown whole in a sentence. */
const excerptLength = 72;
/** How much of what is equal is kept before the first difference. */
const excerptLead = 24;

/**
 * Two texts for one sentence: on one line each and, where one of them is long, both cut to the same part around their
 * first difference. Two texts that differ stay different.
 * @param length letters at most, 8 or more
 */
export function excerptPair(
  database: string,
  expected: string,
  length: number = excerptLength,
): { readonly database: string; readonly expected: string } {
  const [a, b] = printPair(database, expected);
  if (a.length <= length && b.length <= length) return { database: a, expected: b };
  const from = chooseStart(a, findDifference(a, b), length);
  return { database: cut(a, from, length), expected: cut(b, from, length) };
}

/** One text for a sentence, on one line, cut at the end where it is long. */
export function excerpt(text: string, length: number = excerptLength): string {
  return cut(makePrintable(foldLines(text)), 0, length);
}

/** Each way shows more than the one before; the last one never shows two texts alike. */
const waysToPrint: readonly ((text: string) => string)[] = [
  (text) => makePrintable(foldLines(text)),
  // Where only the folded white space differs, it is shown instead.
  makePrintable,
  // A text may hold the very letters that another one's control characters are shown as.
  (text) => makePrintable(text.replaceAll('\\', '\\\\')),
];

function printPair(one: string, other: string): readonly [one: string, other: string] {
  const pairs = waysToPrint.map((print) => [print(one), print(other)] as const);
  return pairs.find(([a, b]) => a !== b) ?? [makePrintable(foldLines(one)), makePrintable(foldLines(other))];
}

function foldLines(text: string): string {
  return text.trim().replace(/\s*[\r\n]\s*/g, ' ');
}

/** Of two texts that are the same their end, and never the middle of a character. */
function findDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return /[\ud800-\udbff]$/.test(a.slice(0, at)) ? at - 1 : at;
}

/** Where the piece begins, so that the difference is well within it: at the start, else at a word. */
function chooseStart(text: string, difference: number, length: number): number {
  const lead = Math.min(excerptLead, Math.floor(length / 3));
  if (difference + lead < length) return 0;
  const space = text.indexOf(' ', difference - lead);
  return space === -1 || space >= difference - 1 ? difference - lead : space + 1;
}

/** Cuts by whole characters, never through a surrogate pair. */
function cut(text: string, from: number, length: number): string {
  if (from === 0 && text.length <= length) return text;
  const room = length - (from === 0 ? 0 : 1);
  const isRest = text.length - from <= room;
  const rest = from === 0 ? text : `…${text.slice(from).replace(/^[\udc00-\udfff]/, '')}`;
  return isRest ? rest : `${rest.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
