/** Makes sure that no stand-in for a missing package has become part of what the models say. */
import type { ModelModule } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import { describeMissing, findMissingModule, isTableless } from './stubs.ts';

/**
 * @throws DriftError PACKAGE_NOT_INSTALLED where an export might be a table of a missing package, or where a Drizzle
 *   object holds something of one
 */
export function refuseStandIns(modules: readonly ModelModule[]): void {
  const seen = new Set<unknown>();
  for (const { exports } of modules) {
    for (const value of Object.values(exports)) {
      const missing = findMissingModule(value);
      if (missing !== undefined && !isTableless(missing)) throw describeMissing(missing);
      if (isDrizzleObject(value)) searchObject(value, seen);
    }
  }
}

const entityKind = Symbol.for('drizzle:entityKind');
const enumMark = Symbol.for('drizzle:isPgEnum');

function isDrizzleObject(value: unknown): boolean {
  if (typeof value === 'function')
    return findMissingModule(value) === undefined && Reflect.has(value, enumMark);
  if (typeof value !== 'object' || value === null) return false;
  const { constructor } = value;
  return typeof constructor === 'function' && Reflect.has(constructor, entityKind);
}

// Functions that run for a row, not for the schema.
const ofRows = new Set<PropertyKey>([
  'defaultFn',
  'onUpdateFn',
  'mapFrom',
  'mapTo',
  'codec',
  'encoder',
  'decoder',
]);
const extraBuilder = Symbol.for('drizzle:ExtraConfigBuilder');

function searchObject(root: unknown, seen: Set<unknown>): void {
  const waiting = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    const missing = findMissingModule(value);
    if (missing !== undefined) throw describeMissing(missing);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      continue;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      if (!ofRows.has(key)) waiting.push(Reflect.getOwnPropertyDescriptor(value, key)?.value);
    }
    waiting.push(buildExtras(value));
  }
}

/** The members of a table's third argument, which only a call brings to light. */
function buildExtras(table: object): unknown {
  const build: unknown = Reflect.get(table, extraBuilder);
  if (typeof build !== 'function') return undefined;
  const columns: unknown =
    Reflect.get(table, Symbol.for('drizzle:ExtraConfigColumns')) ??
    Reflect.get(table, Symbol.for('drizzle:Columns'));
  try {
    return build(columns) as unknown;
  } catch (error) {
    if (error instanceof DriftError) throw error;
    // The models' own mistake, which is reported where they are read.
    return undefined;
  }
}
