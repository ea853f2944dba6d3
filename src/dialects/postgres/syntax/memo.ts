/** How many answers one function remembers; the texts of one database are far fewer. */
const capacity = 50_000;

/** Remembers what a pure function of texts made: schemas repeat the same few types and defaults thousands of times. */
export function remember<T>(
  compute: (text: string, context: string) => T,
): (text: string, context?: string) => T {
  const known = new Map<string, Map<string, T>>();
  let count = 0;
  return (text, context = '') => {
    const found = known.get(context)?.get(text);
    if (found !== undefined) return found;
    const value = compute(text, context);
    if (++count > capacity) {
      known.clear();
      count = 0;
    }
    const group = known.get(context) ?? new Map<string, T>();
    known.set(context, group.set(text, value));
    return value;
  };
}
