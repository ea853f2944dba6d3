import type { ClientConfig } from 'pg';
import { DriftError } from '../../../errors.ts';

/** What a target says about how to connect. */
export interface Credentials {
  readonly url?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** One way to connect; where the first cannot, the next is tried. */
export interface Attempt {
  readonly config: ClientConfig;
  /** Whether a server without TLS leads to the next attempt. */
  readonly preferTls: boolean;
}

type Tls = ClientConfig['ssl'];

/**
 * Reads credentials the way drizzle-kit takes them: a URL, or host, port, user, password, database and ssl.
 * What is left out is filled in by `pg` from the PG* variables of the environment, as psql does.
 * @throws DriftError DATABASE_URL_INVALID
 */
export function readCredentials(credentials: Credentials): readonly Attempt[] {
  const { url, options = {} } = credentials;
  const config: ClientConfig = url === undefined ? readFields(options) : { connectionString: checkUrl(url) };
  const mode = readTlsMode(url, options['ssl']);
  // libpq's words. allow and prefer mean: encrypted if the server can. libpq.org: sslmode
  if (mode === 'prefer' || mode === 'allow') {
    return [
      { config: { ...withoutTlsMode(config), ssl: { rejectUnauthorized: false } }, preferTls: true },
      { config: { ...withoutTlsMode(config), ssl: false }, preferTls: false },
    ];
  }
  const ssl = tlsOf(mode, options['ssl']);
  return [{ config: ssl === undefined ? config : { ...config, ssl }, preferTls: false }];
}

function readFields(options: Readonly<Record<string, unknown>>): ClientConfig {
  const config: ClientConfig = {};
  if (typeof options['host'] === 'string') config.host = options['host'];
  if (options['port'] !== undefined) config.port = Number(options['port']);
  if (typeof options['user'] === 'string') config.user = options['user'];
  if (typeof options['password'] === 'string') config.password = options['password'];
  if (typeof options['database'] === 'string') config.database = options['database'];
  return config;
}

function readTlsMode(url: string | undefined, ssl: unknown): string | undefined {
  if (typeof ssl === 'string') return ssl;
  if (url === undefined || ssl !== undefined) return undefined;
  return /[?&]sslmode=([^&#]*)/.exec(url)?.[1];
}

function tlsOf(mode: string | undefined, ssl: unknown): Tls | undefined {
  if (typeof ssl === 'boolean') return ssl;
  if (typeof ssl === 'object' && ssl !== null) return ssl;
  if (typeof ssl !== 'string') return undefined;
  if (mode === 'disable') return false;
  return mode === 'verify-full' || mode === 'verify-ca' ? true : { rejectUnauthorized: false };
}

/** pg lets the URL's word win over the field, so the word has to go where the field is what we mean. */
function withoutTlsMode(config: ClientConfig): ClientConfig {
  if (config.connectionString === undefined) return config;
  const connectionString = config.connectionString
    .replace(/([?&])sslmode=[^&#]*&?/, '$1')
    .replace(/[?&]$/, '');
  return { ...config, connectionString };
}

function checkUrl(url: string): string {
  if (/^(?:postgres|postgresql|socket):/i.test(url) || url.startsWith('/')) {
    try {
      // pg reads `socket:` and paths by itself; everything else has to be a URL.
      if (/^postgres/i.test(url))
        new URL(url.replace(/^postgres(?:ql)?:\/\/([^/?#]*@)?(?=[/?#]|$)/i, '$&localhost'));
      return url;
    } catch (error) {
      throw new DriftError('DATABASE_URL_INVALID', { url: hidePassword(url) }, { cause: error });
    }
  }
  throw new DriftError('DATABASE_URL_INVALID', { url: hidePassword(url) });
}

/** The URL as reports show it: without password, and without parameters, which may hold secrets too. */
export function hidePassword(url: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? '';
  const all = url.slice(scheme.length);
  const plain = all.replace(/[?#].*$/s, '');
  // People forget to encode special characters of a password: it may hold @, /, ? and # too.
  const rest = plain.includes('@') ? plain : all;
  const at = rest.lastIndexOf('@');
  if (at === -1) {
    // Neither user nor password, or a URL broken off in the middle of one: a port has digits only.
    return scheme + plain.replace(/:(?!\d+(?:\/|$))[^/]*/, '');
  }
  const user = rest.slice(0, at).split(':')[0] ?? '';
  const place = rest.slice(at + 1).replace(/[?#].*$/s, '');
  return `${scheme}${user === '' ? '' : `${user}@`}${place}`;
}

/** The label of a connection given by fields. */
export function labelFields(client: {
  host: string;
  port: number;
  user?: string | undefined;
  database?: string | undefined;
}): string {
  const host = client.host.startsWith('/') ? encodeURIComponent(client.host) : client.host;
  const user = client.user === undefined ? '' : `${client.user}@`;
  return `postgres://${user}${host}:${String(client.port)}/${client.database ?? ''}`;
}

/** The URL with another database in its path. */
export function nameDatabase(url: string, database: string | null): string {
  if (database === null) return url;
  const [, head = url, , tail = ''] = /^([a-z]+:\/\/[^/?#]*)(\/[^?#]*)?(.*)$/is.exec(url) ?? [];
  return `${head}/${encodeURIComponent(database)}${tail}`;
}
