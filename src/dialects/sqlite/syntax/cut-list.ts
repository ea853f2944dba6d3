/** A list in parentheses, cut at its commas. */
export interface CutList {
  readonly texts: readonly string[];
  /** What follows the closing parenthesis. */
  readonly rest: string;
}

/** They hold any character. */
const comment = /--|\/\*/;
const marks = /["'`[(),]/g;

/**
 * Cuts the list that `head` finds the beginning of, up to and with the opening parenthesis. Undefined where the text
 * does not begin so, where the list does not end, and where there may be comments.
 */
export function cutList(sql: string, head: RegExp): CutList | undefined {
  const opening = head.exec(sql)?.[0];
  if (opening === undefined || comment.test(sql)) return undefined;
  const texts: string[] = [];
  let depth = 1;
  let start = opening.length;
  marks.lastIndex = start;
  while (marks.test(sql)) {
    const at = marks.lastIndex - 1;
    const mark = sql.charAt(at);
    if (mark === '(') depth++;
    else if (mark === ')') {
      depth--;
      if (depth > 0) continue;
      texts.push(sql.slice(start, at));
      return { texts, rest: sql.slice(at + 1) };
    } else if (mark === ',') {
      if (depth > 1) continue;
      texts.push(sql.slice(start, at));
      start = at + 1;
    } else {
      // A doubled quote ends one quoted text and begins the next one.
      const close = sql.indexOf(mark === '[' ? ']' : mark, at + 1);
      if (close < 0) return undefined;
      marks.lastIndex = close + 1;
    }
  }
  return undefined;
}
