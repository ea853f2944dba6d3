/** Which migration made what: found by reading the schema before and after it. */
import { compareText, tableAddress } from '../catalog/address.ts';
import { indexObjects, objectKey, type Located, type Schema } from '../catalog/schema.ts';
import { compareFields } from '../diff/comparators.ts';

/** What is known of one object: the tag that last made it appear or vanish, and the last that changed each field. */
interface Made {
  readonly presence?: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The work of several migrations. Plain data, so that it can be kept. */
export interface Makers {
  /** By `objectKey`. */
  readonly objects: Readonly<Record<string, Made>>;
  /** The last tag that changed anything of one kind on a table, and anything at all: see {@link keysOfPlace}. */
  readonly places: Readonly<Record<string, string>>;
}

/** Collects {@link Makers}, migration by migration. */
export class MakerLog {
  readonly #objects: Record<string, { presence?: string; fields: Record<string, string> }> = {};
  readonly #places: Record<string, string> = {};

  get makers(): Makers {
    return { objects: this.#objects, places: this.#places };
  }

  /** Takes down what lies between two schemas as the work of one migration. */
  note(tag: string, before: Schema, after: Schema): void {
    const old = indexObjects(before);
    const now = indexObjects(after);
    for (const [key, object] of old) if (!now.has(key)) this.#at(tag, object).presence = tag;
    for (const [key, object] of now) {
      const counterpart = old.get(key);
      if (!counterpart) this.#at(tag, object).presence = tag;
      else
        for (const { field } of compareFields(counterpart, object)) this.#at(tag, object).fields[field] = tag;
    }
  }

  #at(tag: string, object: Located): { presence?: string; fields: Record<string, string> } {
    for (const key of keysOfPlace(object)) this.#places[key] = tag;
    return (this.#objects[objectKey(object)] ??= { fields: {} });
  }
}

/**
 * The tag of the migration that gives the field its value, or makes the object appear or vanish where `field` is null.
 * Normalising may have given the object another name; then the last migration is named that changed anything of its
 * kind on its table, or anything of the table, or the only one that changed anything.
 */
export function findMaker(makers: Makers, object: Located, field: string | null): string | undefined {
  const nearby = keysOfPlace(object).map((key) => lookUp(makers.places, key));
  return (
    findExactMaker(makers, object, field) ??
    nearby.find((tag) => tag !== undefined) ??
    findOnly(Object.values(makers.places))
  );
}

/** The same without a guess: undefined where nothing is known of the object by this name. */
export function findExactMaker(makers: Makers, object: Located, field: string | null): string | undefined {
  const made = lookUp(makers.objects, objectKey(object));
  if (!made) return undefined;
  const ofField = field === null ? undefined : lookUp(made.fields, field);
  return ofField ?? made.presence ?? Object.values(made.fields).sort(compareText).at(-1);
}

function findOnly(tags: readonly string[]): string | undefined {
  const different = new Set(tags);
  return different.size === 1 ? tags[0] : undefined;
}

/** Nearest first. SQLite's names know no case. */
function keysOfPlace({ kind, address }: Located): readonly string[] {
  const { namespace, name } = tableAddress(address);
  return [
    [kind, namespace, name],
    [namespace, name],
  ].map((place) => JSON.stringify(place).toLowerCase());
}

function lookUp<V>(record: Readonly<Record<string, V>>, key: string): V | undefined {
  // Names that users chose may be those of Object.prototype.
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
