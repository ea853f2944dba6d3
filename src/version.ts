import { createRequire } from 'node:module';

/** The version of drift, from its own package.json; it lies beside `src/` and beside `dist/` alike. */
export const version: string = readVersion();

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  const found = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return found ? String(manifest.version) : '0.0.0';
}
