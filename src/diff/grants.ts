/**
 * Privileges, as `grantee=privileges`; `not ` before what is lacking. A `~` stands before what is usual in a database: whether
 * the other side has it too is of no importance.
 */

export function areSameGrants(database: readonly string[], expected: readonly string[]): boolean {
  if (database.length === 0 && expected.length === 0) return true;
  const usual = new Set(
    [...database, ...expected].filter(isUsual).flatMap((item) => splitGrant(item.slice(1))),
  );
  const meaning = (items: readonly string[]): string =>
    JSON.stringify(
      items
        .filter((item) => !isUsual(item))
        .flatMap(splitGrant)
        .filter((item) => !usual.has(item))
        .sort(),
    );
  return meaning(database) === meaning(expected);
}

/** What there is to tell of the grants on an object: all but the usual ones; null for nothing. */
export function listTold(items: readonly string[]): readonly string[] | null {
  const told = items.filter((item) => !isUsual(item));
  return told.length === 0 ? null : told.sort();
}

function isUsual(item: string): boolean {
  return item.startsWith('~');
}

/** One item for each privilege. */
function splitGrant(item: string): readonly string[] {
  const [, grantee = '', privileges = ''] = /^(.*)=(.*)$/s.exec(item) ?? [];
  return privileges.split(',').map((privilege) => `${grantee}=${privilege}`);
}
