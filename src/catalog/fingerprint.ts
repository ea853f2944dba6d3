import { createHash } from 'node:crypto';
import type { CatalogObject } from './objects.ts';
import type { Schema } from './schema.ts';

/**
 * SHA-256 (hex, 64 digits) of what a schema means: canonical forms in place of texts, sorted keys, no positions.
 * Two schemas without a difference between them have one fingerprint.
 */
export function fingerprintSchema(schema: Schema): string {
  const hash = createHash('sha256').update(schema.dialect);
  for (const object of schema.objects) hash.update('\n').update(meaningOf(object));
  return hash.digest('hex');
}

/** The same of one object alone: the first 16 digits. */
export function fingerprintObject(object: CatalogObject): string {
  return createHash('sha256').update(meaningOf(object)).digest('hex').slice(0, 16);
}

const uncompared: ReadonlySet<string> = new Set([
  'position',
  'alsoNamed',
  'nameOpen',
  'nullabilityOpen',
  'writtenAt',
]);

function meaningOf(object: CatalogObject): string {
  return JSON.stringify(object, function (this: unknown, key, value: unknown) {
    // An absent field, a null one and an empty list mean the same: the engine's default.
    if (uncompared.has(key) || value === null) return undefined;
    if (Array.isArray(value) && value.length === 0) return undefined;
    if (key === 'text' && isExpression(this)) return undefined;
    return isPlainObject(value) ? sortKeys(value) : value;
  });
}

function isExpression(value: unknown): boolean {
  return isPlainObject(value) && 'canonical' in value && 'text' in value;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, value[key]]),
  );
}
