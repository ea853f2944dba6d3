/** JSON as drizzle-kit writes it into defaults: like JSON.stringify, with bigints as plain digits. */
export function writeJson(value: unknown): string {
  const digits: string[] = [];
  const marked = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'bigint') return part;
    digits.push(part.toString());
    return `${mark}${String(digits.length - 1)}${mark}`;
  }) as string | undefined;
  if (marked === undefined) return 'null';
  return digits.length === 0
    ? marked
    : marked.replace(new RegExp(`"${mark}(\\d+)${mark}"`, 'g'), (_all, at: string) => {
        return digits[Number(at)] ?? '0';
      });
}

/** A private use character: it stands in no user's text. */
const mark = '\uF8FF';
