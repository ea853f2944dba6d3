import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { DriftError } from '../../../errors.ts';
import type { Limits } from '../../dialect.ts';
import {
  lastRow,
  readServerFacts,
  serverFactsQuery,
  type Connection,
  type Row,
  type ServerFacts,
} from './connection.ts';
import { explainFailure } from './failures.ts';
import { loadDriver } from './load.ts';

type PgliteModule = { readonly PGlite: typeof PGlite };

/** Options of PGlite that are passed on. */
export interface PgliteOptions {
  /** What `dumpDataDir` gave. */
  readonly loadDataDir?: Blob;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A PGlite and the connection to it. */
export interface PgliteConnection extends Connection {
  readonly engine: PGlite;
}

/**
 * Opens a PGlite in a folder, or one in memory.
 * @throws DriftError DRIVER_NOT_INSTALLED, DATABASE_UNKNOWN (the folder is not there), DATABASE_FAILED
 */
export async function connectPglite(
  folder: string | null,
  limits: Limits,
  options: PgliteOptions = {},
): Promise<PgliteConnection> {
  const { PGlite: Engine } = loadDriver('@electric-sql/pglite') as PgliteModule;
  const label = folder === null ? 'pglite:memory' : `pglite:${folder}`;
  const path = folder === null || folder.includes('://') ? folder : resolve(folder);
  // PGlite would make an empty database of a mistyped path, and `check` changes nothing.
  if (path !== null && !path.includes('://') && !existsSync(path)) {
    throw new DriftError('DATABASE_UNKNOWN', { target: label, problem: 'there is no such folder' });
  }
  try {
    const engine = new Engine({
      ...(path === null ? {} : { dataDir: path }),
      ...(options.loadDataDir === undefined ? {} : { loadDataDir: options.loadDataDir }),
      ...(options.extensions === undefined ? {} : { extensions: options.extensions as never }),
    });
    await engine.waitReady;
    const [facts] = await engine.exec(serverFactsQuery);
    return wrapEngine(engine, label, limits, readServerFacts(lastRow([(facts?.rows ?? []) as Row[]])));
  } catch (error) {
    throw explainFailure(error, { target: label, connecting: true, deadline: limits.connect });
  }
}

function wrapEngine(engine: PGlite, label: string, limits: Limits, server: ServerFacts): PgliteConnection {
  return {
    engine,
    label,
    limits,
    server,
    async run(sql) {
      const results = await engine.exec(sql);
      return results.map((result) => result.rows.map((row) => toText(row as Record<string, unknown>)));
    },
    explain: (error) =>
      Promise.resolve(
        explainFailure(error, { target: label, connecting: false, deadline: limits.statement }),
      ),
    async close() {
      if (!engine.closed) await engine.close();
    },
  };
}

/** Queries ask for text; what is not (a boolean, a number) is made so here. */
function toText(row: Record<string, unknown>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null || typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
