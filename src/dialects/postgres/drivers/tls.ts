/** Which connections to try, encrypted or not, after libpq's words for it. postgresql.org/docs/current/libpq-ssl.html */
import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';

type Tls = NonNullable<ClientConfig['ssl']>;

/** One way to connect, and which failure of it leads to the next way. */
export interface TlsWay {
  /** Undefined leaves it to `pg`, which reads PGSSLMODE. */
  readonly ssl: Tls | undefined;
  readonly direct: boolean;
  readonly goOnIf?: (problem: string) => boolean;
}

const wantsTls = (problem: string): boolean => /no encryption|SSL off|sslmode=require/i.test(problem);
const refusesTls = (problem: string): boolean =>
  /does not support SSL|no pg_hba\.conf entry.*SSL (?:on|encryption)/i.test(problem);

/** What `ssl` of the credentials says: a word, whether at all, or the options of node's TLS. */
export function waysOfField(ssl: unknown): readonly TlsWay[] {
  if (ssl === undefined) return unasked;
  if (typeof ssl === 'string') return waysOfMode(ssl, {});
  if (typeof ssl === 'object' && ssl !== null) return [{ ssl, direct: false }];
  return waysOfMode(ssl === false ? 'disable' : 'verify-full', {});
}

/** What the parameters of a URL say. @throws Error that tells what is wrong, and is worth showing */
export function waysOfParameters(parameters: Readonly<Record<string, string>>): readonly TlsWay[] {
  const { ssl, sslmode = ssl, sslnegotiation } = parameters;
  const files = readFiles(parameters);
  const isAsked = Object.keys(files).length > 0 || sslnegotiation === 'direct';
  if (sslmode === undefined && !isAsked) return unasked;
  const libpq = parameters['uselibpqcompat'] === 'true';
  return waysOfMode(sslmode ?? 'require', files, libpq, sslnegotiation === 'direct');
}

/**
 * Where nothing is said: plain as `pg` does it, and over TLS where the server then says that it must be. drizzle-kit begins
 * with TLS where the credentials are fields, and with `pg` as it is where they are a URL; both get through this way.
 */
const unasked: readonly TlsWay[] = [
  { ssl: undefined, direct: false, goOnIf: wantsTls },
  { ssl: {}, direct: false },
];

interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
  passphrase?: string;
}

/** Takes any certificate. */
const unverified = { rejectUnauthorized: false };
/** Takes a certificate of the authority named, whatever host it is for. */
const unnamed = { checkServerIdentity: () => undefined };

function waysOfMode(mode: string, files: TlsFiles, libpq = false, direct = false): readonly TlsWay[] {
  const way = (ssl: Tls | false): TlsWay => ({ ssl, direct: direct && ssl !== false });
  switch (mode.toLowerCase()) {
    case 'disable':
    case 'false':
    case '0':
      return [way(false)];
    case 'allow':
      return [{ ...way(false), goOnIf: wantsTls }, way({ ...files, ...unverified })];
    case 'prefer':
      return [{ ...way({ ...files, ...unverified }), goOnIf: refusesTls }, way(false)];
    case 'no-verify':
      return [way({ ...files, ...unverified })];
    case 'require':
      // To libpq this takes any certificate, to `pg` 8 it does not: the stricter one, unless the other is asked for.
      return [way({ ...files, ...(libpq ? (files.ca === undefined ? unverified : unnamed) : {}) })];
    case 'verify-ca':
      return [way({ ...files, ...(files.ca === undefined ? {} : unnamed) })];
    case 'verify-full':
    case 'true':
    case '1':
      return [way({ ...files })];
    default:
      throw new Error(
        `sslmode=${mode} is none of disable, allow, prefer, require, verify-ca, verify-full and no-verify`,
      );
  }
}

function readFiles(parameters: Readonly<Record<string, string>>): TlsFiles {
  const read = (name: string): string | undefined => {
    const file = parameters[name];
    // `system` is libpq's word for the authorities that are trusted anyway.
    if (file === undefined || file === '' || (name === 'sslrootcert' && file === 'system')) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw new Error(`the file ${file} of ${name} cannot be read`, { cause: error });
    }
  };
  const files: TlsFiles = {};
  const [ca, cert, key] = [read('sslrootcert'), read('sslcert'), read('sslkey')];
  if (ca !== undefined) files.ca = ca;
  if (cert !== undefined) files.cert = cert;
  if (key !== undefined) files.key = key;
  if (parameters['sslpassword'] !== undefined) files.passphrase = parameters['sslpassword'];
  return files;
}
