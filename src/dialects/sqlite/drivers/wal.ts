/**
 * Which pages of a database stand in its write-ahead log, and where. Format: sqlite.org/fileformat2.html#walformat
 */
import { readSync } from 'node:fs';

/** The committed content of a write-ahead log. */
export interface WalIndex {
  /** Bytes. */
  readonly pageSize: number;
  /** Size of the database in pages after the last commit; 0 where the log holds no commit. */
  readonly pages: number;
  /** Byte offset in the log of the newest committed version of a page, by page number. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Salts and checkpoint number: another value means that the log was begun anew. */
  readonly generation: string;
}

const headerSize = 32;
const frameHeaderSize = 24;

/** Reads the log of an open file of `size` bytes; null where it holds nothing that counts. */
export function readWal(descriptor: number, size: number): WalIndex | null {
  const header = Buffer.alloc(headerSize);
  if (size < headerSize || readSync(descriptor, header, 0, headerSize, 0) < headerSize) return null;
  const magic = header.readUInt32BE(0);
  if (magic >>> 1 !== 0x377f0682 >>> 1) return null;
  const sum = new Checksum((magic & 1) === 1);
  sum.add(header.subarray(0, 24));
  if (!sum.equals(header, 24)) return null;
  const pageSize = header.readUInt32BE(8);
  const generation = header.subarray(12, 24).toString('hex');
  return { pageSize, generation, ...readFrames(descriptor, size, pageSize, header, sum) };
}

function readFrames(descriptor: number, size: number, pageSize: number, header: Buffer, sum: Checksum) {
  const offsets = new Map<number, number>();
  let uncommitted: [page: number, offset: number][] = [];
  let pages = 0;
  const frameSize = frameHeaderSize + pageSize;
  const frame = Buffer.allocUnsafe(frameSize);
  for (let at = headerSize; at + frameSize <= size; at += frameSize) {
    if (readSync(descriptor, frame, 0, frameSize, at) < frameSize) break;
    // A frame of an earlier generation carries other salts, a torn one another checksum: the log ends before it.
    if (frame.compare(header, 16, 24, 8, 16) !== 0) break;
    sum.add(frame.subarray(0, 8));
    sum.add(frame.subarray(frameHeaderSize));
    if (!sum.equals(frame, 16)) break;
    uncommitted.push([frame.readUInt32BE(0), at + frameHeaderSize]);
    const committedPages = frame.readUInt32BE(4);
    if (committedPages === 0) continue;
    for (const [page, offset] of uncommitted) offsets.set(page, offset);
    uncommitted = [];
    pages = committedPages;
  }
  return { offsets, pages };
}

/** The running checksum of a log. */
class Checksum {
  #first = 0;
  #second = 0;
  readonly #bigEndian: boolean;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  /** Takes in bytes, a multiple of eight. */
  add(bytes: Buffer): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let first = this.#first;
    let second = this.#second;
    for (let at = 0; at < bytes.byteLength; at += 8) {
      first = (first + view.getUint32(at, !this.#bigEndian) + second) | 0;
      second = (second + view.getUint32(at + 4, !this.#bigEndian) + first) | 0;
    }
    this.#first = first;
    this.#second = second;
  }

  equals(bytes: Buffer, at: number): boolean {
    return bytes.readInt32BE(at) === this.#first && bytes.readInt32BE(at + 4) === this.#second;
  }
}
