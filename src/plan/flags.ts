/** Flags as a person types them: a shell gives the words to drift as they are meant. */

/** `--rename column:users.name=full_name` */
export function writeRename(rename: string): string {
  return `--rename ${/^[\p{L}\p{N}_:.=-]+$/u.test(rename) ? rename : quoteWord(rename)}`;
}

/**
 * `--backfill "users.name=SQL"`
 * @param column as flags write it: `users.name`
 */
export function writeBackfill(column: string, expression = 'SQL'): string {
  return `--backfill ${quoteWord(`${column}=${expression}`)}`;
}

/** In double quotes where a shell changes nothing inside of them, otherwise in single ones. */
function quoteWord(word: string): string {
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}
