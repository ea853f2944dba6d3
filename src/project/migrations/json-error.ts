/** Where JSON stops being JSON: `JSON.parse` does not say so in every version of Node. */

/** A place in a text, line and column from 1, and what is wrong there. */
export interface JsonProblem {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

class Fault extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** The first place where the text is not JSON; null where it is. */
export function findJsonProblem(text: string): JsonProblem | null {
  try {
    const end = skipSpace(text, readValue(text, skipSpace(text, 0)));
    if (end < text.length) throw new Fault(end, `${show(text, end)} after the end of the JSON`);
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...locate(text, error.offset), problem: error.message };
  }
}

/** Line and column, from 1, of an offset. */
export function locate(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && ' \t\r\n'.includes(text.charAt(next))) next++;
  return next;
}

const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// eslint-disable-next-line no-control-regex -- JSON forbids them inside strings, so they have to be named.
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

function readValue(text: string, at: number): number {
  const first = text.charAt(at);
  if (first === '{') return readMembers(text, at, '}', readMember);
  if (first === '[') return readMembers(text, at, ']', readValue);
  if (first === '"') return readString(text, at);
  return readPattern(text, at, literal, `${show(text, at)} where a value must be`);
}

function readMember(text: string, at: number): number {
  if (text.charAt(at) !== '"') throw new Fault(at, `${show(text, at)} where a key in quotes must be`);
  const colon = skipSpace(text, readString(text, at));
  if (text.charAt(colon) !== ':') throw new Fault(colon, `${show(text, colon)} where : must be`);
  return readValue(text, skipSpace(text, colon + 1));
}

function readMembers(
  text: string,
  at: number,
  close: string,
  readOne: (text: string, at: number) => number,
): number {
  let next = skipSpace(text, at + 1);
  if (text.charAt(next) === close) return next + 1;
  for (;;) {
    next = skipSpace(text, readOne(text, next));
    if (text.charAt(next) === close) return next + 1;
    if (text.charAt(next) !== ',') throw new Fault(next, `${show(text, next)} where , or ${close} must be`);
    next = skipSpace(text, next + 1);
  }
}

function readString(text: string, at: number): number {
  return readPattern(text, at, string, 'a string that does not end on its line');
}

function readPattern(text: string, at: number, pattern: RegExp, problem: string): number {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match) throw new Fault(at, problem);
  return at + match[0].length;
}

function show(text: string, at: number): string {
  if (at >= text.length) return 'the end of the file';
  return JSON.stringify(text.charAt(at));
}
