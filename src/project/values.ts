/**
 * Follows values through the user's source: names, imports, re-exports, properties, spreads, and calls of functions
 * written in the project. It computes nothing; it finds the piece of source that an expression comes from, or says
 * that it cannot.
 */
import type {
  ArrowFunctionExpression,
  CallExpression,
  Expression,
  Function as FunctionNode,
  Node,
} from 'oxc-parser';
import type { ImportGraph } from './bundle.ts';
import {
  parseModule,
  readBindings,
  readKey,
  readPattern,
  type Binding,
  type ExportEntry,
  type ParsedModule,
  type Step,
} from './parse-module.ts';

/** A piece of source with the names it can see. */
export interface SourceValue {
  readonly is: 'node';
  readonly module: ParsedModule;
  readonly node: Node;
  readonly scope: Scope | undefined;
}

/** What is exported by a package that is not part of the project: `pgTable` of `drizzle-orm/pg-core`. */
export interface ExternalValue {
  readonly is: 'external';
  readonly name: string;
}

/** All exports of a module of the project. */
interface NamespaceValue {
  readonly is: 'namespace';
  readonly module: ParsedModule;
}

/** An object without some of its keys: the rest of a destructuring. */
interface RestValue {
  readonly is: 'rest';
  readonly of: Value;
  readonly without: readonly string[];
}

export type Value = SourceValue | ExternalValue | NamespaceValue | RestValue;

/** Names bound inside a function, in front of those around it. */
interface Scope {
  readonly names: ReadonlyMap<string, () => Value | undefined>;
  readonly outer: Scope | undefined;
}

/** A property of an object, where it is written and what its value is. */
export interface FoundProperty {
  readonly module: ParsedModule;
  /** Where the key starts. */
  readonly offset: number;
  readonly value: Value | undefined;
}

// Deeper than any real model goes; a cycle of names ends here.
const deepest = 60;

export class ValueTracer {
  readonly #imports: ImportGraph;
  readonly #modules = new Map<string, ParsedModule | undefined>();
  #depth = 0;

  constructor(imports: ImportGraph) {
    this.#imports = imports;
  }

  /** The parsed file. Each file is parsed once. */
  openModule(file: string): ParsedModule | undefined {
    if (!this.#modules.has(file)) this.#modules.set(file, parseModule(file));
    return this.#modules.get(file);
  }

  /** What a module exports under a name, and the module that declares it. */
  findExport(module: ParsedModule, name: string): Value | undefined {
    return this.#descend(() => {
      const entry = module.exports.get(name);
      if (entry !== undefined) return this.#openExport(module, entry);
      for (const specifier of module.stars) {
        const target = this.#follow(module, specifier);
        const found = target === undefined ? undefined : this.findExport(target, name);
        if (found !== undefined) return found;
      }
      return undefined;
    });
  }

  /**
   * The expression that a value comes down to: past names, imports, type assertions, properties, and calls of
   * functions of the project that return one thing.
   */
  reduce(value: Value | undefined): Value | undefined {
    if (value?.is !== 'node') return value;
    return this.#descend(() => {
      const next = this.step(value);
      return next === undefined || next === value ? next : this.reduce(next);
    });
  }

  /** One step of {@link reduce}: the same value where there is nothing to follow, undefined where it is lost. */
  step(value: SourceValue): Value | undefined {
    const { node } = value;
    switch (node.type) {
      case 'Identifier':
        return this.#lookUp(value, node.name);
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ChainExpression':
        return { ...value, node: node.expression };
      case 'AwaitExpression':
        return { ...value, node: node.argument };
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        return last === undefined ? undefined : { ...value, node: last };
      }
      case 'MemberExpression': {
        const key = readKey(node.property, node.computed);
        const object: Value = { ...value, node: node.object };
        const found = key === undefined ? undefined : this.findProperty(object, key)?.value;
        if (found !== undefined) return found;
        // `pg.pgTable`: a member of a package has that name.
        const base = this.reduce(object);
        return base?.is === 'external' && key !== undefined ? { is: 'external', name: key } : undefined;
      }
      case 'CallExpression': {
        const returned = this.enterCall({ ...value, node });
        return returned === undefined ? value : returned;
      }
      default:
        return value;
    }
  }

  /** What a call returns, where the function is written in the project and returns one thing. */
  enterCall(call: SourceValue & { readonly node: CallExpression }): Value | undefined {
    const callee = this.reduce({ ...call, node: call.node.callee });
    if (callee?.is !== 'node' || !isFunction(callee.node)) return undefined;
    const values = call.node.arguments.map((argument): Value | undefined =>
      argument.type === 'SpreadElement' ? undefined : { ...call, node: argument },
    );
    return this.enterFunction({ ...callee, node: callee.node }, values);
  }

  /** What a function returns for these arguments; undefined where it has several returns or none. */
  enterFunction(
    fn: SourceValue & { readonly node: FunctionNode | ArrowFunctionExpression },
    values: readonly (Value | undefined)[],
  ): Value | undefined {
    const { body } = fn.node;
    if (body === null) return undefined;
    const scope = this.#openScope(fn, values);
    if (body.type !== 'BlockStatement') return { ...fn, node: body, scope };
    const returned = findReturns(body);
    const [only] = returned;
    return only === undefined || returned.length > 1 ? undefined : { ...fn, node: only, scope };
  }

  /** The property of an object, through spreads, functions that return the object, and both arms of a condition. */
  findProperty(value: Value | undefined, key: string): FoundProperty | undefined {
    return this.#descend(() => {
      const object = this.reduce(value);
      if (object === undefined || object.is === 'external') return undefined;
      if (object.is === 'rest')
        return object.without.includes(key) ? undefined : this.findProperty(object.of, key);
      if (object.is === 'namespace') return this.#findInNamespace(object.module, key);
      const { node } = object;
      if (node.type === 'ObjectExpression') return this.#findInObject({ ...object, node }, key);
      if (isFunction(node)) return this.findProperty(this.enterFunction({ ...object, node }, []), key);
      if (node.type === 'ConditionalExpression') {
        return this.#findInEither(object, [node.consequent, node.alternate], key);
      }
      if (node.type === 'LogicalExpression') return this.#findInEither(object, [node.left, node.right], key);
      if (node.type === 'CallExpression') return this.#findInMerge({ ...object, node }, key);
      return undefined;
    });
  }

  #findInObject(
    object: SourceValue & { readonly node: Extract<Node, { type: 'ObjectExpression' }> },
    key: string,
  ): FoundProperty | undefined {
    // The last one wins, as when the object is made.
    for (const property of object.node.properties.toReversed()) {
      if (property.type === 'SpreadElement') {
        const found = this.findProperty({ ...object, node: property.argument }, key);
        if (found !== undefined) return found;
      } else if (readKey(property.key, property.computed) === key) {
        return { module: object.module, offset: property.start, value: { ...object, node: property.value } };
      }
    }
    return undefined;
  }

  #findInNamespace(module: ParsedModule, key: string): FoundProperty | undefined {
    const value = this.findExport(module, key);
    return value === undefined ? undefined : { module, offset: module.declared.get(key) ?? 0, value };
  }

  /** Found in both arms it is not known which of them counts. */
  #findInEither(object: SourceValue, arms: readonly Expression[], key: string): FoundProperty | undefined {
    const found = arms
      .map((node) => this.findProperty({ ...object, node }, key))
      .filter((one) => one !== undefined);
    return found.length === 1 ? found[0] : undefined;
  }

  /** `Object.assign(a, b)` and `Object.freeze(a)`. */
  #findInMerge(
    call: SourceValue & { readonly node: CallExpression },
    key: string,
  ): FoundProperty | undefined {
    const { callee } = call.node;
    if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
    const method = readKey(callee.property, callee.computed);
    if (callee.object.name !== 'Object' || (method !== 'assign' && method !== 'freeze')) return undefined;
    for (const node of call.node.arguments.toReversed()) {
      const found = node.type === 'SpreadElement' ? undefined : this.findProperty({ ...call, node }, key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #openExport(module: ParsedModule, entry: ExportEntry): Value | undefined {
    if (entry.is === 'binding') return this.#open(module, undefined, entry.binding);
    const binding = module.bindings.get(entry.name);
    return binding === undefined ? undefined : this.#open(module, undefined, binding);
  }

  #lookUp(value: SourceValue, name: string): Value | undefined {
    for (let scope = value.scope; scope !== undefined; scope = scope.outer) {
      const found = scope.names.get(name);
      if (found !== undefined) return found();
    }
    const binding = value.module.bindings.get(name);
    return binding === undefined ? undefined : this.#open(value.module, undefined, binding);
  }

  #open(module: ParsedModule, scope: Scope | undefined, binding: Binding): Value | undefined {
    if (binding.is === 'value') {
      return this.#take({ is: 'node', module, node: binding.node, scope }, binding.steps);
    }
    const target = this.#follow(module, binding.specifier);
    if (binding.is === 'namespace') {
      return target === undefined ? { is: 'external', name: '*' } : { is: 'namespace', module: target };
    }
    return target === undefined
      ? { is: 'external', name: binding.name }
      : this.findExport(target, binding.name);
  }

  #take(value: Value, steps: readonly Step[]): Value | undefined {
    let taken: Value | undefined = value;
    for (const step of steps) {
      if (taken === undefined) return undefined;
      taken =
        'key' in step ? this.#takeKey(taken, step.key) : { is: 'rest', of: taken, without: step.without };
    }
    return taken;
  }

  #takeKey(value: Value, key: string): Value | undefined {
    const found = this.findProperty(value, key);
    if (found !== undefined) return found.value;
    return this.reduce(value)?.is === 'external' ? { is: 'external', name: key } : undefined;
  }

  /** The file of the project that an import leads to, as the bundle resolved it. */
  #follow(module: ParsedModule, specifier: string): ParsedModule | undefined {
    const target = this.#imports.get(module.file)?.get(specifier);
    return target === undefined ? undefined : this.openModule(target);
  }

  #openScope(
    fn: SourceValue & { readonly node: FunctionNode | ArrowFunctionExpression },
    values: readonly (Value | undefined)[],
  ): Scope {
    const names = new Map<string, () => Value | undefined>();
    const scope: Scope = { names, outer: fn.scope };
    for (const [index, pattern] of fn.node.params.entries()) {
      if (pattern.type === 'RestElement' || pattern.type === 'TSParameterProperty') continue;
      const standard = pattern.type === 'AssignmentPattern' ? pattern.right : undefined;
      const value = values[index] ?? (standard === undefined ? undefined : { ...fn, node: standard, scope });
      for (const { name, binding } of readPattern(pattern, fn.node, [])) {
        const steps = binding.is === 'value' ? binding.steps : [];
        names.set(name, () => (value === undefined ? undefined : this.#take(value, steps)));
      }
    }
    for (const statement of fn.node.body?.type === 'BlockStatement' ? fn.node.body.body : []) {
      for (const { name, binding } of readBindings(statement)) {
        names.set(name, () => this.#open(fn.module, scope, binding));
      }
    }
    return scope;
  }

  #descend<T>(run: () => T | undefined): T | undefined {
    if (this.#depth >= deepest) return undefined;
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }
}

export function isFunction(node: Node): node is FunctionNode | ArrowFunctionExpression {
  return (
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'FunctionExpression' ||
    node.type === 'FunctionDeclaration'
  );
}

/** What is returned in a function's body, not counting functions inside it. */
function findReturns(node: Node): readonly Expression[] {
  if (node.type === 'ReturnStatement') return node.argument === null ? [] : [node.argument];
  if (node.type === 'BlockStatement') return node.body.flatMap(findReturns);
  if (node.type === 'IfStatement') {
    return [...findReturns(node.consequent), ...(node.alternate === null ? [] : findReturns(node.alternate))];
  }
  if (node.type === 'TryStatement') return findReturns(node.block);
  if (node.type === 'SwitchStatement')
    return node.cases.flatMap((one) => one.consequent.flatMap(findReturns));
  return [];
}
