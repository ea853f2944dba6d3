/** What git leaves in a file that nobody has merged: three lines with their markers at the start of the line. */
const openMarker = /^<{7}(?: |\r?$)/m;
const closeMarker = /^>{7}(?: |\r?$)/m;

/** The line, from 1, of the first conflict marker that git left in the text; null where there is none. */
export function findConflictMarker(text: string): number | null {
  const open = openMarker.exec(text);
  // One marker alone may be text of its own, such as a heading in a comment.
  if (!open || !closeMarker.test(text)) return null;
  return text.slice(0, open.index).split('\n').length;
}
