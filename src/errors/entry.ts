/** What a code says. `D` is the shape of the facts that the place of the throw must give. */
export interface ErrorEntry<D> {
  /** A short title, used by `drift explain` and the reference. */
  readonly title: string;
  /** One sentence: what is wrong, with the subject named. */
  readonly message: (details: D) => string;
  /** One sentence or command: what to do next. */
  readonly next: (details: D) => string;
  /** Two or three sentences of background for `drift explain`. */
  readonly page: string;
}

/** Makes an entry, so that the facts it needs are known to the compiler. */
export function entry<D>(value: ErrorEntry<D>): ErrorEntry<D> {
  return value;
}
