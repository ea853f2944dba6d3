/**
 * What a scratch database on a real server must not be told: roles, databases, tablespaces and settings belong to the whole
 * server, and stay when the scratch database is dropped.
 */
import { lastRow, type Connection } from './drivers/connection.ts';
import { tokenize } from './syntax/lexer.ts';

const mention =
  /\b(?:role|user|group|system|database|tablespace|subscription|owned\s+by)\b|\bgrant\b|\brevoke\b/i;

/** Whether a text might change something outside of its database, in the body of a DO as well. */
export function mayConcernServer(text: string): boolean {
  return (
    /\b(?:create|alter|drop|grant|revoke|reassign|comment|security|do|import)\b/i.test(text) &&
    mention.test(text)
  );
}

const everywhere = ['role', 'user', 'group', 'system', 'database', 'tablespace', 'subscription'];

/** Whether a text is one statement about such a thing, by its first words. */
export function isAboutServer(text: string): boolean {
  const tokens = tokenize(text);
  const end = tokens.findIndex((token) => token.kind === 'punctuation' && token.text === ';');
  if (end !== -1 && end !== tokens.length - 1) return false;
  const [first, second, third] = tokens.map((token) => (token.kind === 'word' ? token.text : ''));
  if (first === 'comment') return second === 'on' && everywhere.includes(third ?? '');
  // Membership: a grant of privileges says on what.
  if (first === 'grant' || first === 'revoke') return !tokens.some((token) => token.text === 'on');
  if (first === 'reassign' || (first === 'drop' && second === 'owned')) return true;
  if (second === 'user' && third === 'mapping') return false;
  return ['create', 'alter', 'drop'].includes(first ?? '') && everywhere.includes(second ?? '');
}

/** Whether a text ends a transaction itself, and with it whatever confines it. */
export function endsTransaction(text: string): boolean {
  const tokens = tokenize(text);
  return tokens.some(
    ({ kind, text: word }, index) =>
      kind === 'word' &&
      (word === 'commit' || word === 'end') &&
      (index === 0 || tokens[index - 1]?.text === ';'),
  );
}

/** What of a server is not in one of its databases, as one text. Passwords are not read. */
const fingerprintQuery = `SELECT md5(concat_ws('|',
    (SELECT string_agg(r::text, ',' ORDER BY r.oid) FROM pg_catalog.pg_roles r),
    (SELECT string_agg(concat_ws(':', m.roleid, m.member, m.admin_option), ',' ORDER BY m.roleid, m.member)
      FROM pg_catalog.pg_auth_members m),
    (SELECT string_agg(concat_ws(':', d.oid, d.datname, d.datdba, d.datacl), ',' ORDER BY d.oid) FROM pg_catalog.pg_database d),
    (SELECT string_agg(s::text, ',' ORDER BY s.setdatabase, s.setrole) FROM pg_catalog.pg_db_role_setting s),
    (SELECT count(*) FROM pg_catalog.pg_subscription))) AS print`;

/**
 * Runs a text of which nothing outside of the database may remain.
 * @returns false where it would have changed something there, and was undone
 * @throws the driver's error
 */
export async function runConfined(connection: Connection, text: string): Promise<boolean> {
  const before = await readFingerprint(connection);
  await connection.run('BEGIN');
  try {
    await connection.run(text);
    const kept = (await readFingerprint(connection)) === before;
    await connection.run(kept ? 'COMMIT' : 'ROLLBACK');
    return kept;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function readFingerprint(connection: Connection): Promise<string> {
  return lastRow(await connection.run(fingerprintQuery))['print'] ?? '';
}
