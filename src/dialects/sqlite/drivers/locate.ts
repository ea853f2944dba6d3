import { resolve } from 'node:path';
import { DriftError } from '../../../errors.ts';

/**
 * Finds the file that a target means: a path, or a `file:` URL as SQLite and libSQL take it
 * (`file:local.db`, `file:///var/app.db?mode=ro`). Relative paths start at the working directory.
 * @returns an absolute path
 * @throws DriftError DATABASE_IN_MEMORY, DATABASE_NOT_LOCAL
 */
export function locateDatabase(target: string): string {
  const url = /^(?:file|sqlite|sqlite3):/i.exec(target);
  const path = url === null ? target : readUrlPath(target.slice(url[0].length));
  const parameters = url === null ? '' : (target.split('?')[1] ?? '').split('#')[0];
  if (path === '' || path === ':memory:' || new URLSearchParams(parameters).get('mode') === 'memory') {
    throw new DriftError('DATABASE_IN_MEMORY', { target });
  }
  if (url === null && /^[a-z][a-z0-9+.-]+:\/\//i.test(target)) {
    throw new DriftError('DATABASE_NOT_LOCAL', { target: hideSecrets(target) });
  }
  return resolve(path);
}

/** sqlite.org/uri.html: an authority is empty or `localhost`; query and fragment are no part of the path. */
function readUrlPath(rest: string): string {
  const path = rest.replace(/[?#].*$/s, '').replace(/^\/\/(?:localhost)?(?=\/)/i, '');
  // sqlite://relative.db and file://relative.db are written by people who mean a path.
  return decodePercents(path.replace(/^\/\/(?!\/)/, '')).replace(/^\/(?=[A-Za-z]:[\\/])/, '');
}

function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A file may have a per cent sign in its name.
    return text;
  }
}

function hideSecrets(url: string): string {
  return url.replace(/\?.*$/s, '').replace(/\/\/[^/@]*@/, '//');
}
