import { objectsOf } from '../../catalog/schema.ts';
import type { Limits, Scratch, ScratchFailure, ScratchOptions } from '../dialect.ts';
import type { Connection } from './drivers/connection.ts';
import { nameDatabase } from './drivers/url.ts';
import { connectPg } from './drivers/pg.ts';
import { openTemplate } from './drivers/pglite-template.ts';
import { findExtensions } from './known-extensions.ts';
import { createScratchDatabase, type Reconnect } from './scratch-database.ts';
import { endsTransaction, isAboutServer, mayConcernServer, runConfined } from './server-wide.ts';
import { createSession, isPostgresSession, type PostgresSession } from './session.ts';
import { createSupplies, type Supplies } from './supplies.ts';

/**
 * {@link Dialect.openScratch} of PostgreSQL: a database of its own at the configured URL; one on the same server where that
 * was allowed; else PGlite in memory.
 */
export async function openScratch(options: ScratchOptions, limits: Limits): Promise<Scratch> {
  const like = isPostgresSession(options.like) ? options.like : null;
  if (options.url !== undefined) return await openDatabase(options.url, like, limits);
  if (options.createDatabase === true && like?.connection.reconnect) {
    return await openDatabase(like.connection.reconnect, like, limits);
  }
  const extensions = [...new Set([...(await readExtensions(like)), ...findExtensions(options.texts ?? [])])];
  const connection = await openTemplate(extensions, limits, options.cache);
  // Roles belong to a server, so that texts name them without making them. This whole server is a throw-away.
  return createScratch(connection, createSupplies(connection, like, true), () => connection.close());
}

async function openDatabase(
  server: string | Reconnect,
  like: PostgresSession | null,
  limits: Limits,
): Promise<Scratch> {
  const { connection, drop } = await createScratchDatabase(
    typeof server === 'string'
      ? (database) => connectPg({ url: nameDatabase(server, database) }, limits)
      : server,
  );
  return createScratch(connection, createSupplies(connection, like, false), drop, runOnServer);
}

/** The extensions that the scratch database should have ready; nothing where nobody can be asked. */
async function readExtensions(like: PostgresSession | null): Promise<readonly string[]> {
  if (like === null) return [];
  const schema = await like.introspect({
    tables: ['!*'],
    schemas: ['*'],
    extensions: undefined,
    migrationsTable: { schema: '', table: '' },
  });
  return objectsOf(schema, 'extension').map(({ address }) => address.name);
}

/** How a text is run. @throws the driver's error */
type RunText = (connection: Connection, text: string) => Promise<unknown>;

const runPlainly: RunText = (connection, text) => connection.run(text);

/**
 * Roles and the like are there on a real server, or they are not: a scratch database neither makes nor changes any. A DO block
 * that would is left out; a text with more in it fails, so that its statements are tried one by one.
 */
const runOnServer: RunText = async (connection, text) => {
  if (isAboutServer(text)) return;
  if (!mayConcernServer(text)) return await connection.run(text);
  if (!endsTransaction(text) && (await isConfinable(connection, text))) return;
  if (!/^\s*do\b/i.test(text)) throw new Error('It would change what belongs to the whole server.');
};

async function isConfinable(connection: Connection, text: string): Promise<boolean> {
  try {
    return await runConfined(connection, text);
  } catch (error) {
    // CREATE INDEX CONCURRENTLY and its like cannot be in a transaction, and change nothing elsewhere.
    if ((error as { code?: unknown }).code !== '25001') throw error;
    await connection.run(text);
    return true;
  }
}

function createScratch(
  connection: Connection,
  supplies: Supplies,
  close: () => Promise<void>,
  runText = runPlainly,
): Scratch {
  const session = createSession(connection);
  return {
    ...session,
    introspect: async (scope) => supplies.hide(await session.introspect(scope)),
    close,
    run: (statements) => runSupplied(connection, supplies, statements, runText),
    supplied: () => supplies.list(),
  };
}

/** Runs texts; where one fails for want of something that can be supplied, it is tried again with it. */
async function runSupplied(
  connection: Connection,
  supplies: Supplies,
  statements: readonly string[],
  runText: RunText,
): Promise<ScratchFailure | null> {
  let start = 0;
  for (;;) {
    const failure = await runStatements(connection, statements.slice(start), runText);
    const index = start + (failure?.index ?? statements.length);
    supplies.note(statements.slice(start, index));
    if (!failure) return null;
    const remedy = await supplies.remedy(failure);
    if (remedy === 'none') {
      const lacking = failure.lacking === true || supplies.isUnknown(failure);
      return { ...failure, index, lacking };
    }
    start = remedy === 'skip' ? index + 1 : index;
  }
}

/** Runs texts one after the other, as a migrator without a transaction of its own would. */
async function runStatements(
  connection: Connection,
  statements: readonly string[],
  runText: RunText,
): Promise<ScratchFailure | null> {
  for (const [index, statement] of statements.entries()) {
    try {
      await runText(connection, statement);
    } catch (error) {
      // A text that began a transaction leaves it broken; the next one shall not fail because of that.
      await connection.run('ROLLBACK').catch(() => undefined);
      const reason = error instanceof Error ? error.message : String(error);
      return { index, reason, cause: error, lacking: isLacking(error, reason) };
    }
  }
  return null;
}

/** An extension that is not installed here, a role or a privilege that is not there: the real server may well have it. */
function isLacking(error: unknown, reason: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === '42704') return /^role /.test(reason);
  if (code === '0A000') return /^extension /.test(reason);
  return code === '58P01' || code === '42501';
}
