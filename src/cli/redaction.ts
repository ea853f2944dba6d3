/** The one place where passwords are taken out of what leaves the process: both outputs, reports in files and logs. */
import { redactSecrets, redactUrls } from '../project/redact.ts';
import type { Environment, Output } from './environment.ts';

/**
 * What is replaced wherever it stands. A password that is an ordinary word (`postgres`, `password`) is hidden in URLs and
 * settings only: elsewhere the word is more likely the name of a column.
 */
const unmistakable = /^(?=.*[^a-z]).{6,}$/s;
/** `user:password@host`: a URL whose scheme was forgotten is taken for a path, and shown as one. */
const schemeless = /^[^\s/:@]+:([^/].*)@[^@]+$/s;

/**
 * Takes passwords out of a text that is no report: every password that stands in a URL or a setting, and the known ones
 * wherever they stand.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return redactSecrets(replaceKnown(text, secrets));
}

/**
 * The same environment, whose outputs show no password whatever is written to them. What stands in a report is the
 * user's schema: there a condition such as `token = 'x'` is left as it is.
 */
export function maskOutputs(environment: Environment): Environment {
  const mask = (output: Output, hide: (text: string) => string): Output => ({
    ...output,
    write: (text, is) => output.write(is === 'sql' ? text : hide(text)),
  });
  return {
    ...environment,
    stdout: mask(environment.stdout, (text) => maskReport(text, environment)),
    stderr: mask(environment.stderr, (text) => redact(text, findSecrets(environment))),
  };
}

/** A report or a line of a log as it may be written into a file. */
export function maskReport(text: string, environment: Pick<Environment, 'words' | 'variables'>): string {
  return redactUrls(replaceKnown(text, findSecrets(environment)));
}

/** The passwords that are known before anything is read: those of the command line and of the environment. */
export function findSecrets({
  words,
  variables,
}: Pick<Environment, 'words' | 'variables'>): readonly string[] {
  const urls = [
    ...words.map((word) => word.replace(/^--[\w-]+=/, '')),
    variables['DATABASE_URL'],
    variables['POSTGRES_URL'],
  ];
  const secrets = [...urls.flatMap(passwordsOf), variables['PGPASSWORD'] ?? ''].filter((secret) =>
    unmistakable.test(secret),
  );
  return [...new Set([...secrets, ...words.flatMap(userInfoOf)])];
}

function replaceKnown(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (rest, secret) => rest.replaceAll(secret, isUserInfo(secret) ? ':***@' : '***'),
    text,
  );
}

function isUserInfo(secret: string): boolean {
  return secret.startsWith(':') && secret.endsWith('@');
}

/** With the marks around it, so that also a password that is an ordinary word is found in its place and no other. */
function userInfoOf(word: string): readonly string[] {
  const password = schemeless.exec(word)?.[1];
  return password === undefined || /^\w+:\/\//.test(word) ? [] : [`:${password}@`];
}

function passwordsOf(text: string | undefined): readonly string[] {
  if (text === undefined || !URL.canParse(text)) return [];
  const { username, password, hostname, pathname } = new URL(text);
  // A password that is also the user's or the database's name is no secret, and the names are needed.
  if (password === '' || [username, hostname, pathname.slice(1)].includes(password)) return [];
  return [password, decode(password)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
