/** From what the user's code threw to its place in the user's files. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from './code-frame.ts';

/** The first place in the user's own code that a stack trace names. `root` is what the map's sources are relative to. */
export function traceError(error: unknown, url: string, map: string, root: string): Place | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const sourceMap = new SourceMap(JSON.parse(map) as SourceMapPayload);
  // Node writes the URL, and tools that print stacks themselves (test runners, source-map-support) the path.
  const names = url.startsWith('file:') ? [url, fileURLToPath(url)] : [url];
  for (const line of error.stack.split('\n')) {
    const position = names.map((name) => findPosition(line, name)).find((found) => found !== null) ?? null;
    if (position === null) continue;
    const place = findOrigin(sourceMap, Number(position[1]), Number(position[2]), root);
    if (place !== undefined) return place;
  }
  return undefined;
}

function findPosition(line: string, name: string): RegExpExecArray | null {
  const at = line.lastIndexOf(name);
  return at < 0 ? null : /^:(\d+):(\d+)/.exec(line.slice(at + name.length));
}

function findOrigin(map: SourceMap, line: number, column: number, root: string): Place | undefined {
  const found = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in found) || typeof found.originalSource !== 'string') return undefined;
  // Sources in a namespace (stand-ins, the entry) are not the user's.
  if (/^[\w-]+:|^</.test(found.originalSource) && !path.isAbsolute(found.originalSource)) return undefined;
  return {
    file: path.resolve(root, found.originalSource),
    line: found.originalLine + 1,
    column: found.originalColumn + 1,
  };
}
