/**
 * SQLite's keywords (sqlite.org/lang_keywords.html) and which of them may also be names.
 *
 * SQLite's parser falls back from a keyword to an identifier where the keyword itself cannot stand; the rest
 * are reserved and have to be quoted.
 */

const RESERVED = `ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT
DEFERRABLE DELETE DISTINCT DROP ELSE ESCAPE EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS
ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO
TRANSACTION UNION EXCEPT UNIQUE UPDATE USING VALUES WHEN WHERE`;

const JOIN_WORDS = 'CROSS FULL INNER LEFT NATURAL OUTER RIGHT';

const FALLBACK = `ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN BY CASCADE CAST COLUMN CONFLICT CURRENT
CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFERRED DESC DETACH DO EACH END EXCLUDE EXCLUSIVE EXPLAIN
FAIL FILTER FIRST FOLLOWING FOR GENERATED GLOB GROUPS IF IGNORE IMMEDIATE INITIALLY INSTEAD KEY LAST LIKE MATCH
MATERIALIZED NO NULLS OF OFFSET OTHERS OVER PARTITION PLAN PRAGMA PRECEDING QUERY RAISE RANGE RECURSIVE REGEXP
REINDEX RELEASE RENAME REPLACE RESTRICT ROLLBACK ROW ROWS SAVEPOINT TEMP TEMPORARY TIES TRIGGER UNBOUNDED VACUUM
VIEW VIRTUAL WINDOW WITH WITHIN WITHOUT`;

const words = (text: string): string[] => text.split(/\s+/);

const reserved: ReadonlySet<string> = new Set(words(RESERVED));
const joinWords: ReadonlySet<string> = new Set(words(JOIN_WORDS));
const fallback: ReadonlySet<string> = new Set(words(FALLBACK));

// Both common spellings are keys, so that the tokenizer seldom has to change the case of a word.
const spelling = new Map<string, string>();
for (const word of [...reserved, ...joinWords, ...fallback, 'INDEXED']) {
  spelling.set(word, word);
  spelling.set(word.toLowerCase(), word);
}

/** Longest keyword: CURRENT_TIMESTAMP. */
const LONGEST = 17;

/** The keyword a bare word spells, in upper case, or `''`. Only ASCII letters fold: `ſelect` is no keyword. */
export function findKeyword(word: string): string {
  const known = spelling.get(word);
  if (known !== undefined) return known;
  if (word.length > LONGEST || word.length < 2) return '';
  const upper = word.toUpperCase();
  if (upper === word || !isAscii(word)) return '';
  return spelling.get(upper) ?? '';
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) > 127) return false;
  return true;
}

/** Whether the keyword (upper case) may stand for an identifier: SQLite's `ID` with fallback. */
export function canBeIdentifier(keyword: string): boolean {
  return fallback.has(keyword);
}

/** Whether the keyword (upper case) may stand for a name of a table, column or other object: SQLite's `nm`. */
export function canBeName(keyword: string): boolean {
  return fallback.has(keyword) || joinWords.has(keyword) || keyword === 'INDEXED';
}

/** LEFT, CROSS and the other words before JOIN. */
export function isJoinWord(keyword: string): boolean {
  return joinWords.has(keyword);
}
