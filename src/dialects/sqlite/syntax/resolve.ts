import type { Name, SqlText } from './ast.ts';
import type { ColumnLookup, Mention, OpaqueMention, Outputs, Resolver } from './mentions.ts';
import { foldName } from './names.ts';
import { parseDataStatement, parseExpression, parseSelect } from './parse-query.ts';
import { resolveDataStatementWith } from './resolve-data.ts';
import { resolveExpressionWith } from './resolve-expression.ts';
import { resolveSelectWith } from './resolve-select.ts';
import type { Scope } from './scope.ts';
import { SqliteSyntaxError } from './syntax-error.ts';
import { tokenizeSignificant } from './tokenize.ts';

/**
 * Finds out what the names in pieces of SQL mean. Collects mentions with offsets into the text the pieces were cut
 * from, each token at most once for each of its meanings.
 */
export class NameResolver {
  private readonly found = new Map<string, Mention>();
  private readonly lookup: ColumnLookup;
  private offset = 0;
  private readonly resolver: Resolver;

  constructor(lookup: ColumnLookup) {
    this.lookup = lookup;
    this.resolver = {
      columnsOf: (table) => this.columnsOf(table),
      mention: (mention) => {
        this.mention(mention, this.offset);
      },
      expression: (expression, scope, common) => {
        resolveExpressionWith(this.resolver, expression, scope, common);
      },
      select: (select, scope, common) => resolveSelectWith(this.resolver, select, scope, common),
    };
  }

  /** In the order of the text. */
  get mentions(): Mention[] {
    return [...this.found.values()].sort((left, right) => left.name.start - right.name.start);
  }

  columnsOf(table: string): Outputs {
    return this.lookup(table)?.map((spelled) => {
      const column = foldName(spelled);
      return { name: column, origins: [{ table, column }] };
    });
  }

  /** Records a mention whose offsets count from `offset`. */
  mention(mention: Mention, offset = 0): void {
    const { start, end } = mention.name;
    const name: Name = { ...mention.name, start: start + offset, end: end + offset };
    this.found.set(`${mention.kind} ${String(name.start)}`, { ...mention, name });
  }

  mentionTable(name: Name): void {
    this.mention({ kind: 'table', name, table: foldName(name.value) });
  }

  mentionColumn(name: Name, table: string): void {
    const origins = [{ table: foldName(table), column: foldName(name.value) }];
    this.mention({ kind: 'column', name, origins, certain: true, candidates: [] });
  }

  expression(text: SqlText, scope: Scope | undefined): void {
    this.read(text, () => {
      this.resolver.expression(parseExpression(text.text), scope, undefined);
    });
  }

  select(text: SqlText): Outputs {
    return this.read(text, () => this.resolver.select(parseSelect(text.text), undefined, undefined));
  }

  statement(text: SqlText, scope: Scope | undefined): void {
    this.read(text, () => {
      resolveDataStatementWith(this.resolver, parseDataStatement(text.text), scope);
    });
  }

  /** A text nothing is known about: it may mean any of its words. */
  opaque(text: SqlText): void {
    const name: Name = { value: '', quote: '', start: 0, end: 0 };
    const mention: OpaqueMention = { kind: 'opaque', name, words: collectWords(text.text) };
    this.mention(mention, text.start);
  }

  private read<T>(text: SqlText, resolve: () => T): T | undefined {
    this.offset = text.start;
    try {
      return resolve();
    } catch (error) {
      if (!(error instanceof SqliteSyntaxError)) throw error;
      this.opaque(text);
      return undefined;
    }
  }
}

const WORD = /[\p{L}\p{N}_$]+/gu;

/**
 * Every name a text may mean: its bare and quoted words, and the words inside of strings, as the arguments of a
 * virtual table name tables there. Of a text that cannot be cut into tokens, all its words.
 */
function collectWords(text: string): ReadonlySet<string> {
  const words = new Set(foldName(text).match(WORD));
  try {
    for (const token of tokenizeSignificant(text)) words.add(foldName(token.value));
  } catch (error) {
    if (!(error instanceof SqliteSyntaxError)) throw error;
  }
  return words;
}
