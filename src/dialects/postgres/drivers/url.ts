/** PostgreSQL's connection URLs, read as libpq reads them, and shown without what is secret in them. */
import { DriftError } from '../../../errors.ts';

/** What a URL says; what it leaves out is undefined. */
export interface ConnectionUrl {
  /** Hosts to try, in order: names, addresses, or folders of a unix socket. */
  readonly hosts: readonly { readonly host?: string; readonly port?: number }[];
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** The parameters after the question mark; of a name that is given twice the last one counts. */
  readonly parameters: Readonly<Record<string, string>>;
}

const shape =
  /^postgres(?:ql)?:\/\/(?:(?<login>[^/?#]*)@)?(?<hosts>[^/?#@]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?(?<rest>#.*)?$/is;

/**
 * Reads a URL, or returns null for one that is not for us to take apart: a path of a socket, or `socket:`.
 * @throws DriftError DATABASE_URL_INVALID
 */
export function parseUrl(given: string): ConnectionUrl | null {
  const url = given.trim();
  if (url.startsWith('/') || /^socket:/i.test(url)) return null;
  const parts = shape.exec(url)?.groups;
  if (!parts) throw invalid(url);
  const { login = '', hosts = '', database = '', query = '', rest = '' } = parts;
  // A password with an unencoded ? or # in it makes the rest of it look like parameters.
  if (rest.includes('@') || /^[^=&]*@/.test(query)) throw invalid(url);
  const { host, port, user, password, dbname, ...parameters } = readQuery(query);
  const colon = login.indexOf(':');
  const [name, secret] = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  return {
    hosts: host === undefined ? readHosts(hosts, url) : pairHosts(host, port, url),
    ...filled('user', user ?? decode(name)),
    ...filled('password', password ?? decode(secret)),
    ...filled('database', dbname ?? decode(database)),
    parameters,
  };
}

function filled<K extends string>(key: K, value: string): { readonly [P in K]?: string } {
  return value === '' ? {} : ({ [key]: value } as { [P in K]: string });
}

function readQuery(query: string): Record<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decode(name), decode(value)];
    }),
  );
}

/** `a:1,b` or `[::1]:1`. */
function readHosts(text: string, url: string): ConnectionUrl['hosts'] {
  return text.split(',').map((one) => {
    const parts = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(one);
    if (!parts) throw invalid(url);
    const [, address, name, port] = parts;
    return place(address ?? decode(name ?? ''), port, url);
  });
}

/** `host=a,b&port=1,2`; one port is for all of them. */
function pairHosts(hosts: string, ports: string | undefined, url: string): ConnectionUrl['hosts'] {
  const numbers = ports?.split(',') ?? [];
  return hosts.split(',').map((host, index) => place(host, numbers[index] ?? numbers[0], url));
}

function place(host: string, port: string | undefined, url: string): ConnectionUrl['hosts'][number] {
  if (port === undefined || port === '') return filled('host', host);
  const number = Number(port);
  if (!/^\d+$/.test(port) || number < 1 || number > 65535) throw invalid(url);
  return { ...filled('host', host), port: number };
}

/** What is no percent-encoding is meant as it stands: people forget to encode the % of a password. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

function invalid(url: string): DriftError {
  return new DriftError('DATABASE_URL_INVALID', { url: hidePassword(url) });
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
    return scheme + plain.replace(/:(?!\d+(?:[,/]|$))[^/]*/, '');
  }
  const user = rest.slice(0, at).split(':')[0] ?? '';
  const place = rest.slice(at + 1).replace(/[?#].*$/s, '');
  return `${scheme}${user === '' ? '' : `${user}@`}${place}`;
}

/** The URL with another database in its path. */
export function nameDatabase(url: string, database: string | null): string {
  if (database === null) return url;
  const [, head = url, , tail = ''] = /^([a-z]+:\/\/[^/?#]*)(\/[^?#]*)?(.*)$/is.exec(url.trim()) ?? [];
  // A parameter would be read instead of the path.
  const parameters = tail.replace(/([?&])dbname=[^&#]*&?/g, '$1').replace(/[?&]$/, '');
  return `${head}/${encodeURIComponent(database)}${parameters}`;
}
