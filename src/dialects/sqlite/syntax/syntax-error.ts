/** SQL text that SQLite's grammar does not allow, or that this parser does not know. Callers give it a code and a subject. */
export class SqliteSyntaxError extends Error {
  /** UTF-16 index into the text that was parsed. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'SqliteSyntaxError';
    this.offset = offset;
  }
}
