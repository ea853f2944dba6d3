/** Walks the b-tree of a table page by page. Format: sqlite.org/fileformat2.html#b_tree_pages */

/** Reads a page by its number, from 1. */
export type ReadPage = (page: number) => Buffer;

/** The file is not what the format says. */
export class MalformedPage extends Error {
  override readonly name = 'MalformedPage';
}

const interiorTable = 0x05;
const leafTable = 0x0d;
/** Page 1 begins with the header of the file. */
const fileHeaderSize = 100;

/** Numbers of all pages of the table b-tree that starts at `root`, with the overflow pages of its rows. */
export function walkTable(root: number, usableSize: number, read: ReadPage): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = [root];
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    const page = visit(number, seen, read);
    const header = number === 1 ? fileHeaderSize : 0;
    const type = page[header];
    if (type === interiorTable) open.push(...readChildren(page, header));
    else if (type === leafTable) {
      for (const first of readOverflows(page, header, usableSize)) followChain(first, seen, read);
    } else throw new MalformedPage(`Page ${String(number)} is of type ${String(type)}.`);
  }
  return seen;
}

function visit(number: number, seen: Set<number>, read: ReadPage): Buffer {
  if (number < 1 || seen.has(number)) throw new MalformedPage(`Page ${String(number)} is in two places.`);
  seen.add(number);
  return read(number);
}

function followChain(first: number, seen: Set<number>, read: ReadPage): void {
  let next = first;
  while (next !== 0) next = visit(next, seen, read).readUInt32BE(0);
}

function readCells(page: Buffer, header: number, pointersAt: number): readonly number[] {
  const count = page.readUInt16BE(header + 3);
  if (pointersAt + 2 * count > page.length) throw new MalformedPage('A page has more cells than room.');
  return Array.from({ length: count }, (_, index) => page.readUInt16BE(pointersAt + 2 * index));
}

function readChildren(page: Buffer, header: number): readonly number[] {
  const cells = readCells(page, header, header + 12);
  return [...cells.map((cell) => page.readUInt32BE(cell)), page.readUInt32BE(header + 8)];
}

/** First overflow pages of the rows that do not fit on a leaf. */
function readOverflows(page: Buffer, header: number, usableSize: number): readonly number[] {
  return readCells(page, header, header + 8).flatMap((cell) => {
    const [payload, afterPayload] = readVarint(page, cell);
    const local = localSize(payload, usableSize);
    if (local === payload) return [];
    const [, afterRowid] = readVarint(page, afterPayload);
    return [page.readUInt32BE(afterRowid + local)];
  });
}

/** How many bytes of a row stand on the leaf itself. sqlite.org/fileformat2.html#cell_payload_overflow_pages */
function localSize(payload: number, usableSize: number): number {
  const most = usableSize - 35;
  if (payload <= most) return payload;
  const least = Math.floor(((usableSize - 12) * 32) / 255) - 23;
  const wanted = least + ((payload - least) % (usableSize - 4));
  return wanted <= most ? wanted : least;
}

function readVarint(page: Buffer, start: number): [value: number, end: number] {
  let value = 0;
  for (let at = start; at < start + 8; at++) {
    const byte = page.readUInt8(at);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + 1];
  }
  return [value * 256 + page.readUInt8(start + 8), start + 9];
}
