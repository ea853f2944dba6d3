import type { EngineVersion } from '../../planner.ts';

/**
 * The oldest SQLite that a migration has to run on where nothing is known: 3.35 of 2021, the first with DROP COLUMN,
 * which drizzle-kit's own migrations need too.
 */
const oldestEngine: EngineVersion = [3, 35, 0];

/** Whether the engine, or the oldest one where none is known, is that version or a later one. */
export function isAtLeast(engine: EngineVersion | null, wanted: EngineVersion): boolean {
  const have = engine ?? oldestEngine;
  for (const [index, part] of wanted.entries()) {
    const own = have[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
