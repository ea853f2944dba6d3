/** A source file as a tree: what its top level binds and what it exports. */
import { readFileSync } from 'node:fs';
import {
  parseSync,
  type BindingPattern,
  type Expression,
  type Node,
  type Program,
  type Statement,
} from 'oxc-parser';

/** How a value is taken out of another: by a key, or all but some keys. */
export type Step = { readonly key: string } | { readonly without: readonly string[] };

/** What a name stands for. */
export type Binding =
  /** The value of an expression, or of what the steps take out of it. */
  | { readonly is: 'value'; readonly node: Expression | Node; readonly steps: readonly Step[] }
  | { readonly is: 'import'; readonly specifier: string; readonly name: string }
  | { readonly is: 'namespace'; readonly specifier: string };

/** What an export name stands for. */
export type ExportEntry =
  { readonly is: 'local'; readonly name: string } | { readonly is: 'binding'; readonly binding: Binding };

export interface ParsedModule {
  /** Absolute path. */
  readonly file: string;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Where each top-level name is declared: an offset into the text. */
  readonly declared: ReadonlyMap<string, number>;
  readonly exports: ReadonlyMap<string, ExportEntry>;
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
  /** Line and column from 1 of an offset into the text. */
  place(offset: number): { readonly line: number; readonly column: number };
}

/** Parses a file; undefined where it cannot be read or parsed. */
export function parseModule(file: string): ParsedModule | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const lang = /\.[cm]?ts$/.test(file) ? 'ts' : file.endsWith('.tsx') ? 'tsx' : 'jsx';
    const { program } = parseSync(file, text, { lang, preserveParens: false });
    return indexModule(file, text, program);
  } catch {
    return undefined;
  }
}

function indexModule(file: string, text: string, program: Program): ParsedModule {
  const index = new ModuleIndex();
  for (const statement of program.body) index.readStatement(statement);
  const lines = findLineStarts(text);
  return { ...index, file, place: (offset) => findPlace(lines, offset) };
}

class ModuleIndex {
  readonly bindings = new Map<string, Binding>();
  readonly declared = new Map<string, number>();
  readonly exports = new Map<string, ExportEntry>();
  readonly stars: string[] = [];

  readStatement(statement: Program['body'][number]): void {
    if (statement.type === 'ImportDeclaration') {
      const specifier = statement.source.value;
      for (const item of statement.specifiers) {
        if (item.type === 'ImportNamespaceSpecifier') {
          this.bindings.set(item.local.name, { is: 'namespace', specifier });
        } else {
          const name = item.type === 'ImportSpecifier' ? readModuleName(item.imported) : 'default';
          this.bindings.set(item.local.name, { is: 'import', specifier, name });
        }
      }
    } else if (statement.type === 'ExportNamedDeclaration') {
      this.#readExport(statement);
    } else if (statement.type === 'ExportDefaultDeclaration') {
      const binding = { is: 'value', node: statement.declaration, steps: [] } as const;
      this.exports.set('default', { is: 'binding', binding });
      this.declared.set('default', statement.start);
    } else if (statement.type === 'ExportAllDeclaration') {
      const specifier = statement.source.value;
      if (statement.exported === null) this.stars.push(specifier);
      else {
        const binding = { is: 'namespace', specifier } as const;
        this.exports.set(readModuleName(statement.exported), { is: 'binding', binding });
      }
    } else {
      this.#readDeclaration(statement as Statement);
    }
  }

  #readExport(statement: Extract<Program['body'][number], { type: 'ExportNamedDeclaration' }>): void {
    if (statement.declaration !== null) {
      for (const name of this.#readDeclaration(statement.declaration)) {
        this.exports.set(name, { is: 'local', name });
      }
    }
    for (const item of statement.specifiers) {
      const name = readModuleName(item.exported);
      const local = readModuleName(item.local);
      const specifier = statement.source?.value;
      if (specifier === undefined) this.exports.set(name, { is: 'local', name: local });
      else this.exports.set(name, { is: 'binding', binding: { is: 'import', specifier, name: local } });
    }
  }

  /** Returns the names that are declared. */
  #readDeclaration(node: Node): readonly string[] {
    const found = readBindings(node);
    for (const { name, offset, binding } of found) {
      this.bindings.set(name, binding);
      this.declared.set(name, offset);
    }
    if (node.type === 'ExpressionStatement') this.#readCommonJs(node.expression);
    return found.map(({ name }) => name);
  }

  /** `exports.users = …`, `module.exports.users = …` and `module.exports = { users }`. */
  #readCommonJs(node: Expression): void {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return;
    const { left, right } = node;
    const name = readKey(left.property, left.computed);
    if (isModuleExports(left)) {
      this.exports.set('default', { is: 'binding', binding: { is: 'value', node: right, steps: [] } });
      if (right.type !== 'ObjectExpression') return;
      for (const property of right.properties) {
        const key = property.type === 'Property' ? readKey(property.key, property.computed) : undefined;
        if (key === undefined) continue;
        this.exports.set(key, { is: 'binding', binding: { is: 'value', node: right, steps: [{ key }] } });
        this.declared.set(key, property.start);
      }
    } else if (name !== undefined && isExportsObject(left.object)) {
      this.exports.set(name, { is: 'binding', binding: { is: 'value', node: right, steps: [] } });
      this.declared.set(name, left.start);
    }
  }
}

function isExportsObject(node: Expression): boolean {
  return (node.type === 'Identifier' && node.name === 'exports') || isModuleExports(node);
}

function isModuleExports(node: Expression): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    readKey(node.property, node.computed) === 'exports'
  );
}

function readModuleName(node: {
  readonly type: string;
  readonly name?: string;
  readonly value?: string;
}): string {
  return node.name ?? node.value ?? '';
}

/** A name that a declaration binds, where, and to what. */
export interface Declared {
  readonly name: string;
  readonly offset: number;
  readonly binding: Binding;
}

/** What a variable, function or class declaration binds. */
export function readBindings(node: Node): readonly Declared[] {
  if (node.type === 'VariableDeclaration') {
    return node.declarations.flatMap((declarator) =>
      declarator.init === null ? [] : readPattern(declarator.id, declarator.init, []),
    );
  }
  if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id !== null) {
    return [{ name: node.id.name, offset: node.id.start, binding: { is: 'value', node, steps: [] } }];
  }
  return [];
}

/** The names in a pattern, with the steps from the value that is taken apart. */
export function readPattern(
  pattern: BindingPattern,
  node: Expression | Node,
  steps: readonly Step[],
): readonly Declared[] {
  if (pattern.type === 'Identifier') {
    const specifier = steps.length <= 1 ? readRequire(node) : undefined;
    return [{ name: pattern.name, offset: pattern.start, binding: bindRequire(specifier, node, steps) }];
  }
  if (pattern.type === 'AssignmentPattern') return readPattern(pattern.left, node, steps);
  if (pattern.type !== 'ObjectPattern') return [];
  const taken: string[] = [];
  return pattern.properties.flatMap((property) => {
    if (property.type === 'RestElement') {
      return readPattern(property.argument, node, [...steps, { without: [...taken] }]);
    }
    const key = readKey(property.key, property.computed);
    if (key === undefined) return [];
    taken.push(key);
    return readPattern(property.value, node, [...steps, { key }]);
  });
}

function bindRequire(
  specifier: string | undefined,
  node: Expression | Node,
  steps: readonly Step[],
): Binding {
  const step = steps[0];
  if (specifier === undefined) return { is: 'value', node, steps };
  if (step === undefined) return { is: 'namespace', specifier };
  return 'key' in step ? { is: 'import', specifier, name: step.key } : { is: 'value', node, steps };
}

function readRequire(node: Expression | Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  const [argument] = node.arguments;
  return node.callee.name === 'require' && argument !== undefined ? readText(argument) : undefined;
}

/** The key of a property where it is written out: `id`, `'b-c'`, `['id']`. */
export function readKey(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  if (key.type === 'Literal' && typeof key.value === 'number') return String(key.value);
  return readText(key);
}

/** A string that is written out. */
export function readText(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return starts;
}

function findPlace(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
