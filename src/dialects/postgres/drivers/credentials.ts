import type { ClientConfig } from 'pg';
import { DriftError } from '../../../errors.ts';
import { waysOfField, waysOfParameters, type TlsWay } from './tls.ts';
import { hidePassword, parseUrl, type ConnectionUrl } from './url.ts';

/** What a target says about how to connect. */
export interface Credentials {
  readonly url?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** One way to connect; where the first cannot, the next is tried. */
export interface Attempt {
  readonly config: ClientConfig;
  /** Whether a failure with this message leads to the next way to the same host. */
  readonly goOnIf?: (problem: string) => boolean;
}

/** The ways to one host. */
export interface Host {
  readonly attempts: readonly Attempt[];
}

/** What credentials come down to. */
export interface Route {
  readonly hosts: readonly Host[];
  /** libpq's target_session_attrs: where there are several hosts, whether a standby is passed over. */
  readonly wantsPrimary: boolean;
}

/**
 * Reads credentials the way drizzle-kit takes them: a URL, or host, port, user, password, database and ssl.
 * What is left out is filled in by `pg` from the PG* variables of the environment, as psql does.
 * @throws DriftError DATABASE_URL_INVALID, DATABASE_TLS
 */
export function readCredentials({ url, options = {} }: Credentials): Route {
  if (url === undefined) return routeTo([readFields(options)], waysOfField(options['ssl']));
  const parsed = parseUrl(url);
  // pg reads `socket:` and paths by itself.
  if (parsed === null) {
    const connectionString = url.trim();
    return routeTo([{ connectionString }], [{ ssl: undefined, direct: false }]);
  }
  const ways = options['ssl'] === undefined ? readTls(url, parsed) : waysOfField(options['ssl']);
  const wanted = parsed.parameters['target_session_attrs'] ?? '';
  return {
    ...routeTo(configsOf(parsed), ways),
    wantsPrimary: wanted === 'primary' || wanted === 'read-write',
  };
}

function routeTo(places: readonly ClientConfig[], ways: readonly TlsWay[]): Route {
  const hosts = places.map((place) => ({
    attempts: ways.map(({ ssl, direct, goOnIf }) => ({
      config: {
        ...place,
        ...(ssl === undefined ? {} : { ssl }),
        ...(direct ? { sslnegotiation: 'direct' as const } : {}),
      },
      ...(goOnIf ? { goOnIf } : {}),
    })),
  }));
  return { hosts, wantsPrimary: false };
}

/**
 * What of a URL the server is told. Of the parameters that is `options` alone: the others are for other clients
 * (`pgbouncer`, `connection_limit`, `schema`, `supa` …) or would set what drift sets itself, and a pooler refuses them.
 */
function configsOf({ hosts, parameters, user, password, database }: ConnectionUrl): readonly ClientConfig[] {
  const { options } = parameters;
  return hosts.map((host) => ({
    ...host,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(options === undefined ? {} : { options }),
  }));
}

function readTls(url: string, { parameters }: ConnectionUrl): readonly TlsWay[] {
  try {
    return waysOfParameters(parameters);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new DriftError('DATABASE_TLS', { target: hidePassword(url), problem }, { cause: error });
  }
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
