/** Names of new migrations, as drizzle-kit makes them. */
import type { MigrationPrefix } from './config.ts';
import { timeOfName } from './migrations/dated.ts';
import type { MigrationsFolder } from './migrations/migration.ts';

/** `YYYYMMDDHHMMSS` in UTC. */
export function writeTimestamp(time: number): string {
  return new Date(time).toISOString().replace(/[-:T]/g, '').slice(0, 14);
}

/** What stands before the name in the layout of 0.x; `index` counts from 0. */
export function makePrefix(style: MigrationPrefix, index: number, time: number): string {
  switch (style) {
    case 'index':
      return String(index).padStart(4, '0');
    case 'timestamp':
    case 'supabase':
      return writeTimestamp(time);
    case 'unix':
      return String(Math.floor(time / 1000));
    case 'none':
      return '';
  }
}

/** The time of a new folder in the layout of 1.0: at least a second after every one that is there, since they are run by name. */
export function timeAfter(folder: Pick<MigrationsFolder, 'migrations'>, now: number): number {
  const times = folder.migrations
    .map((migration) => timeOfName(migration.tag))
    .filter((time) => !Number.isNaN(time));
  return Math.max(now, ...times.map((time) => time + 1000));
}

/** The name as a part of a file name: what a path or a shell would take amiss becomes `_`. */
export function cleanName(name: string): string {
  return name
    .trim()
    .replace(/[^\p{L}\p{N}_.-]+/gu, '_')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 80);
}
