/** What is wrong between drift and a PostgreSQL server. */
import { entry, type ErrorEntry } from './entry.ts';

function adviseOnReach(problem: string): string {
  if (/starting up|not (?:yet )?accepting connections|recovery/i.test(problem)) {
    return 'Wait until the server has started; drift wait does.';
  }
  if (/shutting down/i.test(problem)) return 'Start the server again.';
  if (/too many|slots|no more connections|query_wait_timeout/i.test(problem)) {
    return 'Close connections that are not needed, or let the server (or the pooler) have more of them; drift needs one.';
  }
  return 'Start the server, or correct host and port. From inside a container, localhost is the container itself.';
}

function adviseOnTls(problem: string): string {
  if (/does not support SSL/i.test(problem)) {
    return 'Take sslmode out of the URL, or say sslmode=disable (in dbCredentials: ssl: false).';
  }
  if (/no encryption|SSL off/i.test(problem)) {
    return 'Add ?sslmode=require to the URL (in dbCredentials: ssl: true).';
  }
  if (/certificate|altnames/i.test(problem)) {
    return 'Name the authority that the certificate is from: ?sslmode=verify-full&sslrootcert=FILE (in dbCredentials: ssl: { ca }); or take any certificate: ?sslmode=no-verify (ssl: { rejectUnauthorized: false }).';
  }
  return 'Correct sslmode in the URL (or ssl in dbCredentials): require for TLS, disable for none, no-verify for TLS with any certificate.';
}

export const databaseServerErrors = {
  DATABASE_URL_INVALID: entry<{ url: string }>({
    title: 'The database URL cannot be read',
    message: (d) => `'${d.url}' is not a URL of a PostgreSQL database.`,
    next: () =>
      'Write postgres://user:password@host:5432/database; special characters in the password must be percent-encoded (@ is %40, # is %23, / is %2F).',
    page: 'A PostgreSQL URL begins with postgres:// or postgresql://. A unix socket is given as postgres://user@/database?host=/var/run/postgresql.',
  }),
  DATABASE_UNREACHABLE: entry<{ target: string; problem: string }>({
    title: 'The database server does not take connections',
    message: (d) => `Cannot connect to ${d.target}: ${d.problem}.`,
    next: (d) => adviseOnReach(d.problem),
    page: 'Nothing answered at the address, or the server is starting up, shutting down or out of connections. drift wait can be used where a server needs time to start.',
  }),
  DATABASE_HOST_UNKNOWN: entry<{ target: string; host: string }>({
    title: 'The host name of the database does not exist',
    message: (d) => `Cannot connect to ${d.target}: the name ${d.host} cannot be resolved.`,
    next: () => 'Correct the host name; names of containers are known only inside their network.',
    page: 'The name of the host could not be turned into an address (DNS).',
  }),
  DATABASE_LOGIN_FAILED: entry<{ target: string; problem: string }>({
    title: 'The database refused the login',
    message: (d) => `${d.target} refused the login: ${d.problem}.`,
    next: () => 'Correct user and password; a special character in a URL must be percent-encoded.',
    page: 'The server is there and refused this user, this password, or this user from this address (pg_hba.conf). The password is never shown.',
  }),
  DATABASE_UNKNOWN: entry<{ target: string; problem: string }>({
    title: 'There is no such database',
    message: (d) => `${d.target} cannot be opened: ${d.problem}.`,
    next: () => 'Correct the name of the database, or create it.',
    page: 'The server is there, the login is right, and the database named does not exist on it.',
  }),
  DATABASE_TLS: entry<{ target: string; problem: string }>({
    title: 'Client and server do not agree about TLS',
    message: (d) => `No connection to ${d.target}, because of TLS: ${d.problem}.`,
    next: (d) => adviseOnTls(d.problem),
    page: "The server wants TLS and the client does not offer it, or the other way round, or the certificate of the server is not trusted. sslmode in a URL says which: disable is no TLS; prefer and allow are TLS where the server has it, with any certificate; no-verify is TLS with any certificate; require and verify-full are TLS with a certificate that is trusted and names the host, as the package pg understands them; verify-ca does not look at the host where sslrootcert names the authority. sslrootcert=FILE is the authority to trust, sslcert and sslkey are the certificate to log in with. In dbCredentials, ssl takes true, false, drizzle-kit's words or the options of node's TLS. Where nothing is said, drift connects without TLS, and with it where the server then asks for it.",
  }),
  DATABASE_POOLER: entry<{ target: string; problem: string }>({
    title: 'The connection pooler does not take a setting',
    message: (d) => `${d.target} is a connection pooler and refused a setting: ${d.problem}.`,
    next: () =>
      'Take options= out of the URL (and PGOPTIONS out of the environment), or give the URL of the server itself.',
    page: 'A pooler in transaction mode, such as PgBouncer, refuses settings for a whole session (unless its ignore_startup_parameters names them). drift itself asks for none: it sets its deadlines inside of its transactions.',
  }),
  DATABASE_CONNECT_TIMEOUT: entry<{ target: string; seconds: string }>({
    title: 'The database did not answer in time',
    message: (d) => `No connection to ${d.target} within ${d.seconds} s.`,
    next: () =>
      'Check that the network lets you through (firewall, VPN), or raise timeouts.connect in drift.config.',
    page: 'The address exists but nothing came back before the deadline: usually a firewall that drops packets, or a server that sleeps.',
  }),
  DATABASE_TOO_OLD: entry<{ target: string; version: string; oldest: string }>({
    title: 'The PostgreSQL server is too old',
    message: (d) => `${d.target} is PostgreSQL ${d.version}; drift needs ${d.oldest} or newer.`,
    next: () => 'Use a newer server.',
    page: 'drift reads the catalogues of PostgreSQL 13 to 18. Older versions are no longer maintained by their makers either.',
  }),
  DATABASE_PRIVILEGE: entry<{ target: string; problem: string }>({
    title: 'The database role may not do what is needed',
    message: (d) => `${d.target}: ${d.problem}.`,
    next: () =>
      'Grant the role what is missing. To check, it needs CONNECT to the database, USAGE on its schemas, and SELECT on the table of applied migrations alone.',
    page: 'A check reads the catalogues, which every role may, and makes temporary objects in a transaction that is rolled back, for which TEMP (granted to everybody by default) is needed. Of rows it reads only those of the table of applied migrations: `GRANT USAGE ON SCHEMA drizzle TO reader; GRANT SELECT ON drizzle.__drizzle_migrations TO reader`, where drizzle.config does not name another one.',
  }),
  SCRATCH_REFUSED: entry<{ target: string; problem: string }>({
    title: 'No scratch database can be made on the server',
    message: (d) => `No scratch database can be made at ${d.target}: ${d.problem}.`,
    next: () =>
      'Let the role make databases (ALTER ROLE … CREATEDB), name another server in scratch.url of drift.config, or leave scratch out: then PGlite is used.',
    page: 'With scratch.url or scratch.createDatabase in drift.config, migrations are replayed in a database that drift makes for it on a real server and drops afterwards. The role must be allowed to make databases, and a connection to a new database must lead there: a pooler may not know it.',
  }),
  SCRATCH_LEFT: entry<{ target: string; database: string; problem: string }>({
    title: 'A scratch database could not be dropped',
    message: (d) => `The scratch database ${d.database} at ${d.target} could not be dropped: ${d.problem}.`,
    next: (d) => `Drop it by hand: DROP DATABASE ${d.database}`,
    page: 'drift drops the databases it makes. One that is left because the connection broke or the process was killed is dropped by the next run that makes one on the same server, ten minutes later at the earliest.',
  }),
  DATABASE_CONNECTION_LOST: entry<{ target: string; problem: string }>({
    title: 'The connection to the database broke',
    message: (d) => `The connection to ${d.target} broke: ${d.problem}.`,
    next: () => 'Run the command again; nothing was changed.',
    page: 'The server was stopped, an administrator ended the session, or the network failed.',
  }),
  DATABASE_STATEMENT_TIMEOUT: entry<{ target: string; seconds: string }>({
    title: 'A query took too long',
    message: (d) => `${d.target} did not answer a query within ${d.seconds} s.`,
    next: () => 'Try again when the server is less busy, or raise timeouts.statement in drift.config.',
    page: 'drift limits each statement (statement_timeout), so that it never adds to the load of a server that is in trouble.',
  }),
  SCHEMA_LOCKED: entry<{ target: string; seconds: string; blockers: string }>({
    title: 'Somebody else holds a lock on the schema',
    message: (d) =>
      `${d.target}: waited ${d.seconds} s for a lock${d.blockers === '' ? '' : ` held by ${d.blockers}`}.`,
    next: () =>
      'Wait until that transaction ends (or end it with pg_terminate_backend), or raise timeouts.lock in drift.config.',
    page: 'A transaction that alters a table keeps everybody else, readers included, away from that table until it ends. drift waits for a short time only, because others would queue behind it.',
  }),
  DATABASE_FAILED: entry<{ target: string; problem: string; code: string }>({
    title: 'The database reported an error',
    message: (d) => `${d.target}: ${d.problem}${d.code === '' ? '' : ` (${d.code})`}.`,
    next: () => 'Run the command again with --verbose for details.',
    page: 'The server reported something that drift has no better word for. Its own message is quoted.',
  }),
} as const satisfies Record<string, ErrorEntry<never>>;
