/** One text for each value a number may be written as. sqlite.org/lang_expr.html#literal_values_constants_ */

const LARGEST_INTEGER = 2n ** 63n - 1n;

/** Whether an integer literal stays one, also where a sign stands before it. */
export function fitsInteger(literal: string): boolean {
  const digits = literal.replaceAll('_', '');
  if (/^0x/i.test(digits) && digits.replace(/^0x0*/i, '').length > 16) return false;
  return BigInt(digits) <= LARGEST_INTEGER;
}

/**
 * The integer in decimal. A literal over 2^63 is a real number to SQLite and comes back as one; 2^63 itself stays as
 * it is, being real alone and an integer after a minus. A hexadecimal literal over 2^63-1 is negative and stays too.
 */
export function canonicalInteger(literal: string): string {
  const digits = literal.replaceAll('_', '');
  if (/^0x/i.test(digits)) {
    if (fitsInteger(literal)) return BigInt(digits).toString();
    return `0x${digits.replace(/^0x0*/i, '').toLowerCase()}`;
  }
  const value = BigInt(digits);
  if (value <= LARGEST_INTEGER + 1n) return value.toString();
  return canonicalReal(digits);
}

/**
 * The real number without needless zeros, in plain notation where that is short and always with a point: a real
 * number never looks like an integer. Works on the decimal digits, so that nothing is rounded.
 */
export function canonicalReal(literal: string): string {
  const match = /^(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(literal.replaceAll('_', ''));
  if (match === null) return literal;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0.0';
  // The value is 0.significant × 10^point.
  const point = Number(exponent) - fraction.length + digits.length;
  return formatDecimal(significant, point);
}

function formatDecimal(significant: string, point: number): string {
  if (point > 0 && point <= 15) {
    const padded = significant.padEnd(point, '0');
    return `${padded.slice(0, point)}.${padded.slice(point) || '0'}`;
  }
  if (point <= 0 && point > -5) return `0.${'0'.repeat(-point)}${significant}`;
  const power = point - 1;
  return `${significant.charAt(0)}.${significant.slice(1) || '0'}e${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}
