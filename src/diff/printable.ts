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
 * Two texts for one sentence: on one line each and, where they are long, cut to the part around their first difference.
 * Two texts that differ stay different.
 */
export function excerptPair(
  database: string,
  expected: string,
  length: number = excerptLength,
): { readonly database: string; readonly expected: string } {
  const folded = { database: foldLines(database), expected: foldLines(expected) };
  // Where only the folded white space differed, it is shown instead.
  const lost = folded.database === folded.expected && database !== expected;
  const a = makePrintable(lost ? database : folded.database);
  const b = makePrintable(lost ? expected : folded.expected);
  const start = a === b ? 0 : findDifference(a, b);
  return { database: cutAround(a, start, length), expected: cutAround(b, start, length) };
}

/** One text for a sentence, on one line, cut at the end where it is long. */
export function excerpt(text: string, length: number = excerptLength): string {
  return cutAround(makePrintable(foldLines(text)), 0, length);
}

function foldLines(text: string): string {
  return text.trim().replace(/\s*[\r\n]\s*/g, ' ');
}

function findDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

/** Where the first word begins that is at most `lead` letters before the difference. */
function findWord(text: string, difference: number, lead: number): number {
  const space = text.indexOf(' ', difference - lead);
  return space === -1 || space >= difference ? difference - lead : space + 1;
}

/** Cuts by whole characters, never through a surrogate pair. */
function cutAround(text: string, difference: number, length: number): string {
  if (text.length <= length) return text;
  const from =
    difference < length ? 0 : findWord(text, difference, Math.min(excerptLead, Math.floor(length / 3)));
  const before = from === 0 ? '' : '…';
  const room = length - before.length;
  const isRest = text.length - from <= room;
  const piece = text.slice(from, isRest ? undefined : from + room - 1);
  return `${before}${piece.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')}${isRest ? '' : '…'}`;
}
