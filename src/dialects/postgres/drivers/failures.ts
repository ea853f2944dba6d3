import { DriftError } from '../../../errors.ts';

/** Who keeps us waiting, as the server tells it. */
export interface Blocker {
  readonly pid: string;
  readonly user: string;
  readonly application: string;
  /** Seconds since its transaction began. */
  readonly age: string;
  readonly query: string;
}

/** What is known where an error arises. */
export interface Circumstances {
  /** Label of the database. */
  readonly target: string;
  readonly connecting: boolean;
  readonly blockers?: readonly Blocker[];
  /** Milliseconds of the deadline that applies. */
  readonly deadline: number;
}

/** Makes a coded error of what a driver threw. The message of the server is quoted, never the credentials. */
export function explainFailure(error: unknown, where: Circumstances): Error {
  if (error instanceof DriftError) return error;
  const code = readCode(error);
  const problem = readMessage(error);
  const { target } = where;
  const options = { cause: error };
  const seconds = String(where.deadline / 1000);
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EACCES':
      return new DriftError('DATABASE_UNREACHABLE', { target, problem: describeAddress(error) }, options);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new DriftError('DATABASE_HOST_UNKNOWN', { target, host: readHost(error) }, options);
    case '28P01':
    case '28000':
      // no pg_hba.conf entry for host …, no encryption: the server wants TLS.
      if (/no encryption|SSL off/i.test(problem)) {
        return new DriftError('DATABASE_TLS', { target, problem }, options);
      }
      return new DriftError('DATABASE_LOGIN_FAILED', { target, problem }, options);
    case '3D000':
      return new DriftError('DATABASE_UNKNOWN', { target, problem }, options);
    case '42501':
      return new DriftError('DATABASE_PRIVILEGE', { target, problem }, options);
    case '55P03':
      return new DriftError('SCHEMA_LOCKED', { target, seconds, blockers: describeBlockers(where) }, options);
    case '57014':
      return new DriftError('DATABASE_STATEMENT_TIMEOUT', { target, seconds }, options);
    case '57P03':
    case '53300':
      return new DriftError('DATABASE_UNREACHABLE', { target, problem }, options);
  }
  return explainByMessage(problem, code, where, options);
}

function explainByMessage(
  problem: string,
  code: string,
  where: Circumstances,
  options: { cause: unknown },
): Error {
  const { target } = where;
  if (where.connecting) {
    const refusal = explainRefusal(problem, code, where, options);
    if (refusal) return refusal;
  }
  if (isLost(problem, code)) {
    return new DriftError('DATABASE_CONNECTION_LOST', { target, problem }, options);
  }
  return new DriftError('DATABASE_FAILED', { target, problem, code }, options);
}

function isLost(problem: string, code: string): boolean {
  const words = /terminated|Connection ended|not queryable|ECONNRESET|EPIPE|socket hang up/i;
  return words.test(`${problem} ${code}`) || /^(?:57P0|08)/.test(code);
}

/** What only happens on the way in. Poolers answer with codes of their own: pgbouncer with 08P01 whatever is the matter. */
function explainRefusal(
  problem: string,
  code: string,
  { target, deadline }: Circumstances,
  options: { cause: unknown },
): Error | null {
  if (/unsupported startup parameter/i.test(problem)) {
    return new DriftError('DATABASE_POOLER', { target, problem }, options);
  }
  if (/does not support SSL|self.signed|certificate|SSL|TLS|EPROTO/i.test(`${problem} ${code}`)) {
    return new DriftError('DATABASE_TLS', { target, problem }, options);
  }
  if (/password must be a string|no password|client password/i.test(problem)) {
    return new DriftError('DATABASE_LOGIN_FAILED', { target, problem: 'no password was given' }, options);
  }
  if (/authentication failed|no such user|user not found|^SASL/i.test(problem)) {
    return new DriftError('DATABASE_LOGIN_FAILED', { target, problem }, options);
  }
  if (/database ".*" does not exist|^no such database/i.test(problem)) {
    return new DriftError('DATABASE_UNKNOWN', { target, problem }, options);
  }
  if (/connection timeout|Query read timeout|timeout expired/i.test(problem) || code === 'ETIMEDOUT') {
    return new DriftError('DATABASE_CONNECT_TIMEOUT', { target, seconds: String(deadline / 1000) }, options);
  }
  if (code.startsWith('08') || /not currently accepting connections/.test(problem)) {
    return new DriftError('DATABASE_UNREACHABLE', { target, problem }, options);
  }
  if (/received invalid response/i.test(problem)) {
    const speaks = "what listens there does not speak PostgreSQL's protocol";
    return new DriftError('DATABASE_UNREACHABLE', { target, problem: speaks }, options);
  }
  if (isLost(problem, code) && !code.startsWith('57P0')) {
    const closed = 'the connection was closed before the login was done; is it PostgreSQL that listens there';
    return new DriftError('DATABASE_UNREACHABLE', { target, problem: closed }, options);
  }
  return null;
}

function describeBlockers({ blockers = [] }: Circumstances): string {
  return blockers
    .map(
      ({ pid, user, application, age, query }) =>
        `process ${pid} (${user}${application === '' ? '' : `, ${application}`}), in a transaction for ${age} s: ${shorten(query)}`,
    )
    .join('; ');
}

function shorten(query: string): string {
  const line = query.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/** Node reports an array of failures where a name has several addresses; the first says enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] as unknown) : error;
}

function readCode(error: unknown): string {
  const { code } = (firstOf(error) ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function readMessage(error: unknown): string {
  const first = firstOf(error);
  return first instanceof Error ? first.message : String(first);
}

function readHost(error: unknown): string {
  const { hostname } = (firstOf(error) ?? {}) as { hostname?: unknown };
  return typeof hostname === 'string' ? hostname : 'the host';
}

function describeAddress(error: unknown): string {
  const { address, port, code } = (firstOf(error) ?? {}) as {
    address?: string;
    port?: number;
    code?: string;
  };
  const place = port === undefined ? (address ?? '') : `${address ?? ''}:${String(port)}`;
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ENOENT: 'there is no such socket',
    EACCES: 'the socket may not be used by this user',
  };
  return `${place === '' ? 'the address' : place}: ${reasons[code ?? ''] ?? readMessage(error)}`;
}
