import type { Name, QuoteStyle, SqlText } from './ast.ts';
import { canBeIdentifier, canBeName } from './keywords.ts';
import { SqliteSyntaxError } from './syntax-error.ts';
import { tokenizeSignificant, type Token } from './tokenize.ts';

/** Walks over the significant tokens of a text. One token of lookahead is enough for all of SQLite but three places. */
export class Cursor {
  readonly sql: string;
  private readonly tokens: readonly Token[];
  private readonly stop: Token;
  private index = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.tokens = tokenizeSignificant(sql);
    this.stop = { kind: 'operator', text: '', value: '', keyword: '', start: sql.length, end: sql.length };
  }

  /** The token `ahead` places on; at the end of the text an empty one. */
  peek(ahead = 0): Token {
    return this.tokens[this.index + ahead] ?? this.stop;
  }

  /** The token taken last. */
  previous(): Token {
    return this.tokens[this.index - 1] ?? this.stop;
  }

  take(): Token {
    const token = this.peek();
    if (token === this.stop) this.fail('more SQL');
    this.index++;
    return token;
  }

  atEnd(): boolean {
    return this.index >= this.tokens.length;
  }

  /** Where the next token starts. */
  get start(): number {
    return this.peek().start;
  }

  /** Where the token taken last ends. */
  get end(): number {
    return this.index === 0 ? 0 : this.previous().end;
  }

  isKeyword(keyword: string, ahead = 0): boolean {
    return this.peek(ahead).keyword === keyword;
  }

  isOperator(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'operator' && token.text === text;
  }

  /** Takes the keywords if all of them come next, one after the other. */
  accept(...keywords: string[]): boolean {
    for (let ahead = 0; ahead < keywords.length; ahead++) {
      if (this.peek(ahead).keyword !== keywords[ahead]) return false;
    }
    this.index += keywords.length;
    return true;
  }

  acceptOperator(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.index++;
    return true;
  }

  expect(...keywords: string[]): void {
    for (const keyword of keywords) if (!this.accept(keyword)) this.fail(keyword);
  }

  expectOperator(text: string): Token {
    if (!this.isOperator(text)) this.fail(text);
    return this.take();
  }

  fail(expected: string): never {
    const token = this.peek();
    const found = token === this.stop ? 'the end of the text' : JSON.stringify(token.text);
    throw new SqliteSyntaxError(`Expected ${expected}, found ${found}.`, token.start);
  }

  /** Whether a name comes next (SQLite's `nm`: identifier, fallback keyword, join word, or string). */
  isName(ahead = 0): boolean {
    const token = this.peek(ahead);
    if (token.kind === 'word') return token.keyword === '' || canBeName(token.keyword);
    return token.kind === 'quoted' || token.kind === 'string';
  }

  /** Whether SQLite's `ids` comes next: like a name, but no join word. */
  isAlias(ahead = 0): boolean {
    const token = this.peek(ahead);
    if (token.kind === 'word') return token.keyword === '' || canBeIdentifier(token.keyword);
    return token.kind === 'quoted' || token.kind === 'string';
  }

  name(what = 'a name'): Name {
    if (!this.isName()) this.fail(what);
    return nameFrom(this.take());
  }

  /** `[schema .] name` */
  qualifiedName(what: string): { schema: Name | undefined; name: Name } {
    const first = this.name(what);
    if (!this.acceptOperator('.')) return { schema: undefined, name: first };
    return { schema: first, name: this.name(what) };
  }

  /** `( item , item … )` */
  parenthesized<T>(item: () => T): T[] {
    this.expectOperator('(');
    const items = this.list(item);
    this.expectOperator(')');
    return items;
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptOperator(',')) items.push(item());
    return items;
  }

  /** The text from `start` to the end of the token taken last. */
  textFrom(start: number): SqlText {
    return { text: this.sql.slice(start, this.end), start, end: this.end };
  }

  /** What stands between the parentheses that open here, both of which are taken. */
  parenthesizedText(): SqlText {
    this.expectOperator('(');
    const start = this.start;
    this.skipUntil(() => this.isOperator(')'));
    const inner = this.textFrom(start);
    if (inner.end <= start) this.fail('an expression');
    this.expectOperator(')');
    return inner;
  }

  /** The rest of the statement, up to a semicolon outside of parentheses or the end of the text. */
  statementText(): SqlText {
    const start = this.start;
    this.skipUntil(() => this.isOperator(';'));
    if (this.end <= start) this.fail('more SQL');
    return this.textFrom(start);
  }

  /** Moves on to the first token outside of further parentheses for which `reached` holds, or to the end. */
  skipUntil(reached: () => boolean): void {
    let depth = 0;
    while (!this.atEnd()) {
      if (depth === 0 && reached()) return;
      if (this.isOperator('(')) depth++;
      else if (this.isOperator(')')) depth--;
      if (depth < 0) return;
      this.index++;
    }
  }

  /** Takes one optional semicolon and requires the end of the text. */
  finish(): void {
    while (this.acceptOperator(';')) continue;
    if (!this.atEnd()) this.fail('the end of the statement');
  }
}

/** The name a token spells. */
export function nameFrom(token: Token): Name {
  const quote = token.kind === 'word' ? '' : (token.text.charAt(0) as QuoteStyle);
  return { value: token.value, quote, start: token.start, end: token.end };
}
