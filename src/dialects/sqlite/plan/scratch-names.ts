import type { Schema } from '../../../catalog/schema.ts';
import { foldName } from '../syntax/names.ts';

/** Gives out names for what is there only while the migration runs; none of them is one of the user's. */
export interface ScratchNames {
  /** The same purpose and subject get the same name. */
  name(purpose: string, subject: string): string;
}

/**
 * The names begin with `__drift_`, so that a table left behind by another tool (drizzle-kit's `__new_users`), which
 * may hold the only copy of somebody's rows, is never in the way and never touched.
 */
export function createScratchNames(schemas: readonly Schema[]): ScratchNames {
  const taken = new Set(
    schemas.flatMap((schema) => schema.objects.map((object) => foldName(object.address.name))),
  );
  return {
    name(purpose, subject) {
      const base = subject === '' ? `__drift_${purpose}` : `__drift_${purpose}_${subject}`;
      for (let attempt = 1; ; attempt++) {
        const name = attempt === 1 ? base : `${base}_${String(attempt)}`;
        if (!taken.has(foldName(name))) return name;
      }
    },
  };
}
