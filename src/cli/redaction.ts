import { redactSecrets } from '../project/redact.ts';

/**
 * What is replaced wherever it stands. A password that is an ordinary word (`postgres`, `password`) is hidden in URLs and
 * settings only: elsewhere the word is more likely the name of a column.
 */
const unmistakable = /^(?=.*[^a-z]).{6,}$/s;

/**
 * Takes passwords out of what is printed: every password that stands in a URL or a setting, and the known ones
 * wherever they stand.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return redactSecrets(known);
}

/** The passwords that are known before anything is read: those of `--url` and of the environment. */
export function findSecrets(
  url: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const urls = [url, variables['DATABASE_URL'], variables['POSTGRES_URL']];
  const secrets = [...urls.flatMap((text) => passwordsOf(text)), variables['PGPASSWORD'] ?? ''];
  return [...new Set(secrets)].filter((secret) => unmistakable.test(secret));
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
