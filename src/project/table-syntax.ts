/** How a Drizzle object is written: the call that makes it, its columns, and the members of its third argument. */
import type { CallExpression, Node } from 'oxc-parser';
import { readKey, readText, type ParsedModule } from './parse-module.ts';
import { isFunction, type FoundProperty, type SourceValue, type Value, type ValueTracer } from './values.ts';

/** A place in a parsed file. */
export interface Spot {
  readonly module: ParsedModule;
  readonly offset: number;
}

type Call = SourceValue & { readonly node: CallExpression };

/** An exported object: where its declaration calls something, and the call of Drizzle behind that. */
export interface Declaration {
  /** The call at the place where the object is declared, which may be of a function of the project. */
  readonly spot: Spot;
  /** The call of Drizzle (`pgTable`, `schema.table`, a table creator); undefined where it cannot be found. */
  readonly creator: Call | undefined;
}

// The object before the dot is the namespace to create in, not an object that is being configured.
const creatorMethods = new Set(['table', 'view', 'materializedView', 'enum', 'sequence', 'withRLS']);

/** Follows an exported value to the call that makes it. */
export function findDeclaration(tracer: ValueTracer, exported: Value): Declaration | undefined {
  let spot: Spot | undefined;
  let value: Value | undefined = exported;
  for (let steps = 0; steps < 50 && value?.is === 'node'; steps++) {
    const { node, module } = value;
    if (node.type === 'NewExpression')
      return { spot: spot ?? { module, offset: node.start }, creator: undefined };
    if (node.type !== 'CallExpression') {
      const next: Value | undefined = tracer.step(value);
      if (next === value) break;
      value = next;
      continue;
    }
    spot ??= { module, offset: node.start };
    const call: Call = { ...value, node };
    const inner: Value | undefined =
      findConfigured(tracer, call) ?? tracer.enterCall(call) ?? findWrapped(tracer, call);
    if (inner === undefined) return { spot, creator: call };
    value = inner;
  }
  return spot === undefined ? undefined : { spot, creator: undefined };
}

/** `pgView('x').as(…)`, `pgTable(…).enableRLS()`: what stands before the dot, where that is an object being made. */
function findConfigured(tracer: ValueTracer, call: Call): Value | undefined {
  const { callee } = call.node;
  if (callee.type !== 'MemberExpression') return undefined;
  const method = readKey(callee.property, callee.computed);
  if (method === undefined || creatorMethods.has(method)) return undefined;
  const object = tracer.reduce({ ...call, node: callee.object });
  return object?.is === 'node' && object.node.type === 'CallExpression'
    ? { ...call, node: callee.object }
    : undefined;
}

/** A function of a package around a table: `withAudit(pgTable('users', …))`. */
function findWrapped(tracer: ValueTracer, call: Call): Value | undefined {
  const [first] = call.node.arguments;
  if (first === undefined || first.type === 'SpreadElement') return undefined;
  const argument = tracer.reduce({ ...call, node: first });
  if (argument?.is !== 'node' || argument.node.type !== 'CallExpression') return undefined;
  return /^(pg|sqlite|mysql)\w*(Table|View)$|^(table|view)$/.test(nameCallee(tracer, argument) ?? '')
    ? { ...call, node: first }
    : undefined;
}

/** The name under which a package exports what is called; the method's name for `schema.table(…)`. */
function nameCallee(tracer: ValueTracer, value: SourceValue): string | undefined {
  if (value.node.type !== 'CallExpression') return undefined;
  const { callee } = value.node;
  const called = tracer.reduce({ ...value, node: callee });
  if (called?.is === 'external') return called.name;
  return callee.type === 'MemberExpression' ? readKey(callee.property, callee.computed) : undefined;
}

/** The property of a table's or view's columns object. */
export function findColumn(tracer: ValueTracer, creator: Call, key: string): FoundProperty | undefined {
  return tracer.findProperty(argumentOf(creator, 1), key);
}

function argumentOf(call: Call, index: number): Value | undefined {
  const node = call.node.arguments[index];
  // After a spread it is unknown which argument is which.
  const known = call.node.arguments
    .slice(0, index + 1)
    .every((argument) => argument.type !== 'SpreadElement');
  return node === undefined || !known ? undefined : { ...call, node };
}

/** The name of a method called in a column's chain (`.references` of `text().references(…)`), outermost first. */
export function findChainCall(
  tracer: ValueTracer,
  column: Value | undefined,
  names: readonly string[],
): Spot | undefined {
  let value = column;
  for (let steps = 0; steps < 100 && value?.is === 'node'; steps++) {
    const { node, module } = value;
    if (node.type === 'CallExpression') {
      const { callee } = node;
      const method =
        callee.type === 'MemberExpression' ? readKey(callee.property, callee.computed) : undefined;
      if (callee.type === 'MemberExpression' && method !== undefined) {
        if (names.includes(method)) return { module, offset: callee.property.start };
        const returned = tracer.enterCall({ ...value, node });
        value = returned ?? { ...value, node: callee.object };
      } else {
        value = tracer.enterCall({ ...value, node });
      }
    } else {
      const next = tracer.step(value);
      value = next === value ? undefined : next;
    }
  }
  return undefined;
}

/** A member of the third argument. */
interface Member extends Spot {
  /** The name written in it, where it is written out. */
  readonly name: string | undefined;
}

/** The member at a place of the third argument, or the only one with that name. */
export function findMember(
  tracer: ValueTracer,
  creator: Call,
  ordinal: number,
  name: string | undefined,
): Spot | undefined {
  const { members, certain } = listMembers(tracer, argumentOf(creator, 2));
  const named = name === undefined ? [] : members.filter((member) => member.name === name);
  if (named.length === 1) return named[0];
  const placed = ordinal < certain ? members[ordinal] : undefined;
  if (placed?.name === undefined || name === undefined) return placed;
  // PostgreSQL cuts long names, so the name in the schema may be the start of the one in the source.
  return placed.name.startsWith(name) ? placed : undefined;
}

interface Members {
  readonly members: readonly Member[];
  /** So many members from the start are known to be at their place. */
  readonly certain: number;
}

const noMembers: Members = { members: [], certain: 0 };

/** The members of an array or object, with those of spreads, or of the function that returns it. */
function listMembers(tracer: ValueTracer, argument: Value | undefined): Members {
  const value = tracer.reduce(argument);
  if (value?.is !== 'node') return noMembers;
  const { node } = value;
  if (isFunction(node)) return listMembers(tracer, tracer.enterFunction({ ...value, node }, []));
  if (node.type === 'ArrayExpression') {
    return joinMembers(
      tracer,
      value,
      node.elements.map((element) => element && { spread: spreadOf(element), at: element, value: element }),
    );
  }
  if (node.type !== 'ObjectExpression') return noMembers;
  return joinMembers(
    tracer,
    value,
    node.properties.map((property) => ({
      spread: spreadOf(property),
      at: property,
      value: property.type === 'Property' ? property.value : property,
    })),
  );
}

interface Item {
  readonly spread: Node | undefined;
  readonly at: Node;
  readonly value: Node;
}

function spreadOf(node: Node): Node | undefined {
  return node.type === 'SpreadElement' ? node.argument : undefined;
}

function joinMembers(tracer: ValueTracer, list: SourceValue, items: readonly (Item | null)[]): Members {
  const members: Member[] = [];
  let certain: number | undefined;
  for (const item of items) {
    if (item === null) {
      // A hole keeps its place, as at run time.
      members.push({ module: list.module, offset: list.node.start, name: undefined });
      continue;
    }
    if (item.spread === undefined) {
      const name = readMemberName(tracer, { ...list, node: item.value });
      members.push({ module: list.module, offset: item.at.start, name });
      continue;
    }
    const inner = listMembers(tracer, { ...list, node: item.spread });
    if (inner === noMembers || inner.certain < inner.members.length)
      certain ??= members.length + inner.certain;
    members.push(...inner.members);
  }
  return { members, certain: certain ?? members.length };
}

/** The name in `index('name').on(…)`, `check('name', …)` or `foreignKey({ name: 'name', … })`. */
function readMemberName(tracer: ValueTracer, member: Value): string | undefined {
  let value: Value | undefined = member;
  for (let steps = 0; steps < 50 && value?.is === 'node'; steps++) {
    const reduced = tracer.reduce(value);
    if (reduced?.is !== 'node' || reduced.node.type !== 'CallExpression') return undefined;
    const call: Call = { ...reduced, node: reduced.node };
    const { callee } = call.node;
    const inner =
      callee.type === 'MemberExpression' ? tracer.reduce({ ...call, node: callee.object }) : undefined;
    if (inner?.is !== 'node' || inner.node.type !== 'CallExpression') return readNameArgument(tracer, call);
    value = inner;
  }
  return undefined;
}

function readNameArgument(tracer: ValueTracer, call: Call): string | undefined {
  const argument = tracer.reduce(argumentOf(call, 0));
  if (argument?.is !== 'node') return undefined;
  const text = readText(argument.node);
  if (text !== undefined) return text;
  const named = tracer.reduce(tracer.findProperty(argument, 'name')?.value);
  return named?.is === 'node' ? readText(named.node) : undefined;
}
