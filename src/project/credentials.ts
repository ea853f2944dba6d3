/** Where the database is, as `dbCredentials` of drizzle.config says it in its many forms. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseTarget } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import { pick, readObject, readString, readWord, reject, type Field } from './decode.ts';

/** The dialect as drizzle-kit names it. */
export type KitDialect = 'postgresql' | 'sqlite' | 'turso';

/** Databases that are reached by another way than a file or the PostgreSQL protocol. */
export type RemoteTarget =
  | { readonly driver: 'libsql'; readonly url: string; readonly authToken?: string }
  | {
      readonly driver: 'd1-http';
      readonly accountId: string;
      readonly databaseId: string;
      readonly token: string;
    }
  | {
      readonly driver: 'aws-data-api';
      readonly database: string;
      readonly secretArn: string;
      readonly resourceArn: string;
    }
  /** A PGlite instance that the config itself made: the `client` of drizzle-kit 1.0. */
  | { readonly driver: 'pglite-client'; readonly client: object }
  /** Databases that live in an app or a worker, and hosted ones with protocols of their own. */
  | { readonly driver: 'expo' | 'durable-sqlite' | 'sqlite-cloud' | 'dsql' };

/**
 * What the config says of the database: where it is, or the keys that are missing or empty, or the scheme of a URL of
 * another engine. A config without a usable database is no error as long as nobody connects.
 */
export type Credentials =
  | { readonly target: DatabaseTarget | RemoteTarget }
  | { readonly missing: readonly string[] }
  | { readonly foreignScheme: string };

const postgresDrivers = ['aws-data-api', 'pglite', 'dsql'] as const;
const sqliteDrivers = ['d1-http', 'expo', 'durable-sqlite', 'sqlite-cloud'] as const;

/** @throws DriftError CONFIG_INVALID for a value of the wrong type */
export function decodeCredentials(config: Field, dialect: KitDialect, root: string): Credentials {
  const credentials = pick(config, 'dbCredentials');
  readObject(credentials);
  const { value: url } = pick(credentials, 'url');
  const foreignScheme = typeof url === 'string' ? findForeignScheme(dialect, url) : undefined;
  if (foreignScheme !== undefined) return { foreignScheme };
  if (dialect === 'turso') return decodeLibsql(credentials, root);
  return dialect === 'postgresql'
    ? decodePostgres(config, credentials, root)
    : decodeSqlite(config, credentials, root);
}

/**
 * The target of `--url`, which takes the place of `dbCredentials`. A plain path is a SQLite file.
 * @throws DriftError DATABASE_URL_FOREIGN
 */
export function targetOfUrl(dialect: KitDialect, url: string, root: string): DatabaseTarget | RemoteTarget {
  const scheme = findForeignScheme(dialect, url);
  if (scheme !== undefined) throw new DriftError('DATABASE_URL_FOREIGN', { scheme, dialect });
  if (dialect !== 'postgresql') return targetOfSqliteUrl(url, undefined, root);
  return /^postgres(ql)?:/i.test(url) ? { driver: 'pg', url } : targetOfPglite(url, root);
}

const ownSchemes = {
  postgresql: ['postgres', 'postgresql', 'file', 'memory'],
  sqlite: ['file', 'sqlite', 'libsql', 'http', 'https', 'ws', 'wss'],
} as const;

/** A URL of another engine must not be taken for the name of a file. */
function findForeignScheme(dialect: KitDialect, url: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  const schemes: readonly string[] = ownSchemes[dialect === 'postgresql' ? 'postgresql' : 'sqlite'];
  return scheme === undefined || schemes.includes(scheme) ? undefined : scheme;
}

/**
 * Where a password holds an unencoded slash, what follows would be read as part of the database's name.
 * @throws DriftError DATABASE_URL_INVALID, without any part of the password
 */
export function requireReadableUrl(url: string): void {
  const path = /^[a-z]+:\/\/[^/?#]*\/([^?#]*)/i.exec(url)?.[1];
  if (path?.includes('@') === true) {
    throw new DriftError('DATABASE_URL_INVALID', { url: url.replace(/:\/\/.*$/s, '://***') });
  }
}

function decodePostgres(config: Field, credentials: Field, root: string): Credentials {
  const driver = readWord(pick(config, 'driver'), postgresDrivers);
  if (driver === 'dsql') return { target: { driver } };
  if (driver === 'aws-data-api') {
    return requireAll(
      credentials,
      ['database', 'secretArn', 'resourceArn'],
      ([database, secretArn, resourceArn]) => ({
        target: { driver, database, secretArn, resourceArn },
      }),
    );
  }
  if (driver === 'pglite') return decodePglite(config, credentials, root);
  const url = readFilled(credentials, 'url');
  if (url !== undefined) return { target: { driver: 'pg', url } };
  const asked = readObject(credentials) ?? {};
  if ('url' in asked || !('host' in asked || 'database' in asked)) return { missing: ['dbCredentials.url'] };
  return requireAll(credentials, ['host', 'database'], ([host, database]) => ({
    target: { driver: 'pg', options: { host, database, ...decodePostgresOptions(credentials) } },
  }));
}

function decodePostgresOptions(credentials: Field): Readonly<Record<string, unknown>> {
  const options = {
    port: readPort(pick(credentials, 'port')),
    user: readFilled(credentials, 'user'),
    password: readFilled(credentials, 'password'),
    ssl: readSsl(pick(credentials, 'ssl')),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** drizzle-kit coerces: `process.env.PORT` is a string. */
function readPort(field: Field): number | undefined {
  if (field.value === undefined || field.value === null || field.value === '') return undefined;
  const port = typeof field.value === 'string' ? Number(field.value) : field.value;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  return reject(field, 'a port number from 1 to 65535');
}

/**
 * The words mean what they mean to drizzle-kit: all but verify-full take any certificate. allow and prefer, which drizzle-kit
 * reads as require, stay words: a server without TLS is reached too.
 */
function readSsl(field: Field): unknown {
  const { value } = field;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean' || (typeof value === 'object' && !Array.isArray(value))) return value;
  if (typeof value !== 'string') {
    return reject(
      field,
      "true, false, an object of TLS options, or 'require', 'allow', 'prefer' or 'verify-full'",
    );
  }
  const word = readWord(field, ['require', 'allow', 'prefer', 'verify-full']);
  if (word === 'allow' || word === 'prefer') return word;
  return word === 'verify-full' ? {} : { rejectUnauthorized: false };
}

function decodePglite(config: Field, credentials: Field, root: string): Credentials {
  const client = pick(config, 'client');
  if (client.value !== undefined) {
    const usable = typeof client.value === 'object' && client.value !== null;
    return {
      target: {
        driver: 'pglite-client',
        client: usable ? (client.value as object) : reject(client, 'a PGlite instance'),
      },
    };
  }
  const url = readFilled(credentials, 'url') ?? readFilled(credentials, 'folder');
  return url === undefined ? { missing: ['dbCredentials.url'] } : { target: targetOfPglite(url, root) };
}

function targetOfPglite(url: string, root: string): DatabaseTarget {
  if (url.startsWith('memory://')) return { driver: 'pglite', folder: null };
  return { driver: 'pglite', folder: path.resolve(root, findFile(url, root)) };
}

function decodeSqlite(config: Field, credentials: Field, root: string): Credentials {
  const driver = readWord(pick(config, 'driver'), sqliteDrivers);
  if (driver === 'd1-http') {
    return requireAll(
      credentials,
      ['accountId', 'databaseId', 'token'],
      ([accountId, databaseId, token]) => ({
        target: { driver, accountId, databaseId, token },
      }),
    );
  }
  return driver === undefined ? decodeLibsql(credentials, root) : { target: { driver } };
}

/** drizzle-kit opens `url` of both SQLite dialects with libSQL where that is installed, so both take the same forms. */
function decodeLibsql(credentials: Field, root: string): Credentials {
  const url = readFilled(credentials, 'url');
  if (url === undefined) return { missing: ['dbCredentials.url'] };
  return { target: targetOfSqliteUrl(url, readFilled(credentials, 'authToken'), root) };
}

function targetOfSqliteUrl(
  url: string,
  authToken: string | undefined,
  root: string,
): DatabaseTarget | RemoteTarget {
  if (/^(libsql|https?|wss?):/i.test(url)) {
    return { driver: 'libsql', url, ...(authToken === undefined ? {} : { authToken }) };
  }
  const file = findFile(url, root);
  return { driver: 'better-sqlite3', file: file === ':memory:' ? file : path.resolve(root, file) };
}

/**
 * The path that `file:local.db`, `file:./local.db`, `file:/abs/x.db`, `file:///abs/x.db` and `sqlite:x.db` mean. SQLite and
 * libSQL read them as URLs (sqlite.org/uri.html), drizzle-kit over better-sqlite3 takes what follows the scheme for the
 * name itself: of the two, the file that is there.
 */
function findFile(url: string, root: string): string {
  const scheme = /^(file|sqlite):/i.exec(url)?.[0];
  if (scheme === undefined) return url;
  const rest = url.slice(scheme.length).replace(/^\/\/(?:localhost(?=\/))?/i, '');
  if (/\?(?:[^#]*&)?mode=memory(?:[&#]|$)/.test(rest)) return ':memory:';
  const withoutQuery = rest.replace(/\?.*$/s, '');
  const decoded = decodePercents(rest.replace(/[?#].*$/s, ''));
  const literal = [rest, withoutQuery].find(
    (name) => name !== '' && name !== decoded && existsSync(path.resolve(root, name)),
  );
  return literal !== undefined && !existsSync(path.resolve(root, decoded)) ? literal : decoded;
}

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text).replace(/^\/(?=[A-Za-z]:[\\/])/, '');
  } catch {
    // A file may have a per cent sign in its name.
    return text;
  }
}

/** An empty string is an unset environment variable in most configs, and drizzle-kit refuses it too. */
function readFilled(parent: Field, key: string): string | undefined {
  const text = readString(pick(parent, key));
  return text === '' ? undefined : text;
}

function requireAll<const K extends readonly string[]>(
  credentials: Field,
  keys: K,
  build: (values: { readonly [I in keyof K]: string }) => Credentials,
): Credentials {
  const values = keys.map((key) => readFilled(credentials, key));
  const missing = keys.filter((_, index) => values[index] === undefined).map((key) => `dbCredentials.${key}`);
  if (missing.length > 0) return { missing };
  return build(values as unknown as { readonly [I in keyof K]: string });
}
