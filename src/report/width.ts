/** Widths of text on a terminal. */

const plainAscii = /^[\x20-\x7e]*$/;
// eslint-disable-next-line no-control-regex -- colour sequences begin with the control character ESC
const colorSequence = /\u001b\[[0-9;]*m/g;
/** Scripts that terminals print two columns wide (East Asian Width W and F), and emoji. unicode.org/reports/tr11 */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const invisible = /^\p{Mark}+$/u;

/** Columns that a text takes on a terminal; colour sequences take none. */
export function measureWidth(text: string): number {
  const plain = text.replace(colorSequence, '');
  if (plainAscii.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of splitGraphemes(plain)) width += widthOfGrapheme(segment);
  return width;
}

let graphemes: Intl.Segmenter | undefined;

function splitGraphemes(text: string): Intl.Segments {
  // Made when first needed: the tables of Unicode take longer to load than most reports take to print.
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return graphemes.segment(text);
}

function widthOfGrapheme(segment: string): number {
  if (wide.test(segment)) return 2;
  return invisible.test(segment) ? 0 : 1;
}

/** Fills with blanks up to the width. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - measureWidth(text)));
}

/** Breaks plain text into lines of at most `width` columns, between words where that is possible. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => breakWord(part, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measureWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function breakWord(word: string, width: number): readonly string[] {
  if (measureWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of splitGraphemes(word)) {
    if (piece !== '' && measureWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
