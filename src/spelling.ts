/** The closest of the words that are valid, for "did you mean". */

/**
 * The number of single edits (insert, delete, replace, swap of neighbours) between two words: the
 * Damerau-Levenshtein distance in its optimal string alignment form.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}

/**
 * The valid word that was most likely meant, or undefined where none is near: more than a third of the letters
 * (and always more than two, for short words) would have to change. Case does not count.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const valid = candidate.toLowerCase();
    const allowed = Math.max(2, Math.floor(Math.max(typed.length, valid.length) / 3));
    const distance = isAbbreviation(typed, valid) ? 1 : editDistance(typed, valid);
    if (distance <= allowed && distance < Math.max(valid.length, 2) && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `db` is no abbreviation of a word, `timeout` is one of `timeouts`, `postgres` one of `postgresql`. */
function isAbbreviation(typed: string, valid: string): boolean {
  if (typed.length < 3 || valid.length < 3) return false;
  return valid.startsWith(typed) || typed.startsWith(valid);
}
