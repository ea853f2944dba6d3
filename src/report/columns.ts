/** One row of the report for people: a mark, a name, values beside it and a place at the right margin. */
import { measureWidth, padTo, wrapText } from './width.ts';

type Paint = (text: string) => string;

/** What stands beside the name: a text, or two values with an arrow between them. */
export type Line =
  | {
      readonly text: string;
      readonly paint?: Paint;
      readonly pair?: never;
    }
  | { readonly pair: ValuePair; readonly text?: never };

export interface ValuePair {
  readonly before: string;
  readonly after: string;
  readonly paintBefore: Paint;
  readonly paintAfter: Paint;
  /** What the sides are called where they stand below each other; `database` and `expected` where left out. */
  readonly labels?: readonly [before: string, after: string];
}

export interface Row {
  /** One character, already painted. */
  readonly mark: string;
  readonly name: string;
  /** Width of the column of names. A name that is wider stands on a line of its own. */
  readonly nameWidth: number;
  readonly lines: readonly Line[];
  /** Stands at the right margin of the first line, or below where there is no room. It is never broken. */
  readonly aside: string | null;
  readonly width: number;
  readonly paintAside: Paint;
}

const indent = 2;
const gap = 2;

/** Lays a row out in lines of at most `width` columns. */
export function formatRow(row: Row): readonly string[] {
  const alone = measureWidth(row.name) > row.nameWidth;
  const left = indent + 2 + (alone ? 2 : row.nameWidth === 0 ? 0 : row.nameWidth + gap);
  const room = Math.max(20, row.width - left);
  const start = `${' '.repeat(indent)}${row.mark} `;
  const content = row.lines.flatMap((line) => layLine(line, room));
  if (alone) {
    const [name = '', ...more] = wrapText(row.name, row.width - left);
    return withAside(row, start, [name, ...more, ...content], left);
  }
  const head = row.nameWidth === 0 ? start : `${start}${padTo(row.name, row.nameWidth + gap)}`;
  return withAside(row, head, content, left);
}

function withAside(row: Row, head: string, content: readonly string[], left: number): readonly string[] {
  const margin = ' '.repeat(left);
  const lines = content.map((text, at) => (at === 0 ? `${head}${text}` : `${margin}${text}`));
  const [first = head, ...rest] = lines;
  if (row.aside === null) return [first, ...rest];
  const free = row.width - measureWidth(first) - measureWidth(row.aside);
  if (free >= gap) return [`${first}${' '.repeat(free)}${row.paintAside(row.aside)}`, ...rest];
  return [first, ...rest, `${margin}${row.paintAside(row.aside)}`];
}

function layLine(line: Line, room: number): readonly string[] {
  if (line.pair === undefined) {
    const paint = line.paint ?? ((text: string) => text);
    return wrapText(line.text, room).map((part) => paint(part));
  }
  return layPair(line.pair, room);
}

function layPair(pair: ValuePair, room: number): readonly string[] {
  const { before, after, paintBefore, paintAfter } = pair;
  if (measureWidth(`${before} → ${after}`) <= room) return [`${paintBefore(before)} → ${paintAfter(after)}`];
  const below = (label: string, text: string, paint: Paint): readonly string[] =>
    wrapText(text, room - label.length).map(
      (part, at) => `${at === 0 ? label : ' '.repeat(label.length)}${paint(part)}`,
    );
  const [one, other] = pair.labels ?? ['database', 'expected'];
  const wide = Math.max(one.length, other.length) + gap;
  return [...below(one.padEnd(wide), before, paintBefore), ...below(other.padEnd(wide), after, paintAfter)];
}
