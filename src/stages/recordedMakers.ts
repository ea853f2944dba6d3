/** Which migration made what: found by reading the schema before and after it. */
import { indexObjects, type Schema } from '../catalog/schema.ts';
import { compareFields } from '../diff/comparators.ts';

/** Tags by `objectKey`: of the migration that last made the object appear or vanish, and that last changed a field. */
export type Makers = Readonly<
  Record<string, { readonly presence?: string; readonly fields: Readonly<Record<string, string>> }>
>;

/** Collects {@link Makers}, migration by migration. */
export class MakerLog {
  readonly makers: Record<string, { presence?: string; fields: Record<string, string> }> = {};

  /** Takes down what lies between two schemas as the work of one migration. */
  note(tag: string, before: Schema, after: Schema): void {
    const old = indexObjects(before);
    const now = indexObjects(after);
    for (const key of old.keys()) if (!now.has(key)) this.#at(key).presence = tag;
    for (const [key, object] of now) {
      const counterpart = old.get(key);
      if (!counterpart) this.#at(key).presence = tag;
      else for (const { field } of compareFields(counterpart, object)) this.#at(key).fields[field] = tag;
    }
  }

  #at(key: string): { presence?: string; fields: Record<string, string> } {
    return (this.makers[key] ??= { fields: {} });
  }
}

/**
 * The tag of the migration that gives the field its value, or makes the object appear or vanish where `field` is null
 * or nothing is known of the field by itself.
 */
export function findMaker(makers: Makers, key: string, field: string | null): string | undefined {
  // Keys hold names that users chose, `__proto__` among them.
  const made = Object.hasOwn(makers, key) ? makers[key] : undefined;
  if (!made) return undefined;
  const ofField = field !== null && Object.hasOwn(made.fields, field) ? made.fields[field] : undefined;
  return ofField ?? made.presence ?? (field === null ? undefined : Object.values(made.fields).at(-1));
}
