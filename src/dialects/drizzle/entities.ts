/**
 * What Drizzle's objects look like from outside: their brand, their symbols and the fields that are read.
 *
 * drizzle-orm is never imported. The user's own copy made these objects, there may be several copies at once, and
 * `instanceof` is false across copies; the brand (`drizzle:entityKind` along the chain of constructors) and the global
 * symbols are the same in all of them, from 0.36 to 1.0.
 */

const entityKind = Symbol.for('drizzle:entityKind');

export const tableName = Symbol.for('drizzle:Name');
export const tableSchema = Symbol.for('drizzle:Schema');
export const tableColumns = Symbol.for('drizzle:Columns');
export const extraConfigColumns = Symbol.for('drizzle:ExtraConfigColumns');
export const extraConfigBuilder = Symbol.for('drizzle:ExtraConfigBuilder');
export const isAliasOfTable = Symbol.for('drizzle:IsAlias');
export const viewConfig = Symbol.for('drizzle:ViewBaseConfig');

const noKinds: ReadonlySet<string> = new Set();
const kindsByPrototype = new WeakMap<object, ReadonlySet<string>>();

/** The brands of an object and of everything its class extends: `SQLiteInteger`, `SQLiteColumn`, `Column` … */
export function readKinds(value: unknown): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return noKinds;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return noKinds;
  let kinds = kindsByPrototype.get(prototype);
  if (!kinds) {
    kinds = collectKinds(Reflect.get(prototype, 'constructor'));
    kindsByPrototype.set(prototype, kinds);
  }
  return kinds;
}

function collectKinds(made: unknown): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (let step: unknown = made; typeof step === 'function'; step = Object.getPrototypeOf(step)) {
    const kind: unknown = Reflect.get(step, entityKind);
    if (typeof kind === 'string') kinds.add(kind);
  }
  return kinds;
}

/** True where the object, or a class it extends, carries the brand. */
export function isKind(value: unknown, kind: string): boolean {
  return readKinds(value).has(kind);
}

export function isRecord(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null;
}

export interface DrizzleTable {
  readonly [tableName]: string;
  readonly [tableSchema]?: string | undefined;
  readonly [tableColumns]: Readonly<Record<string, DrizzleColumn>>;
  /** PostgreSQL has columns of its own for the third argument; they take `.desc()` and `.op()`. */
  readonly [extraConfigColumns]?: Readonly<Record<string, unknown>>;
  readonly [extraConfigBuilder]?: ((columns: unknown) => unknown) | undefined;
  readonly [isAliasOfTable]?: boolean;
}

export interface DrizzleColumn {
  readonly name: string;
  /** True where the name is the property's key, so that `casing` applies (0.x). */
  readonly keyAsName?: boolean;
  readonly primary?: boolean;
  readonly notNull?: boolean;
  readonly default?: unknown;
  readonly isUnique?: boolean;
  readonly uniqueName?: string | undefined;
  readonly uniqueType?: string | undefined;
  readonly columnType: string;
  readonly generated?: { readonly as: unknown; readonly mode?: string } | undefined;
  readonly generatedIdentity?: DrizzleIdentity | undefined;
  readonly table: DrizzleTable;
  /** 1.0: a column renamed in a query with `.as()`. */
  readonly isAlias?: boolean;
  getSQLType(): string;
}

export interface DrizzleIdentity {
  readonly type: 'always' | 'byDefault';
  readonly sequenceName?: string | undefined;
  readonly sequenceOptions?: DrizzleSequenceOptions | undefined;
}

export interface DrizzleSequenceOptions {
  readonly increment?: number | string | bigint;
  readonly minValue?: number | string | bigint;
  readonly maxValue?: number | string | bigint;
  readonly startWith?: number | string | bigint;
  readonly cache?: number | string | bigint;
  readonly cycle?: boolean;
}

export interface DrizzleView {
  readonly [viewConfig]: {
    readonly name: string;
    readonly schema?: string | undefined;
    /** The body; absent for `.existing()`. */
    readonly query?: unknown;
    readonly isExisting?: boolean;
    readonly isAlias?: boolean;
  };
}

/** A foreign key, from `.references()` or `foreignKey()`. */
export interface DrizzleForeignKey {
  readonly onDelete?: string | undefined;
  readonly onUpdate?: string | undefined;
  reference(): {
    readonly name?: string | undefined;
    readonly columns: readonly DrizzleColumn[];
    readonly foreignColumns: readonly DrizzleColumn[];
    readonly foreignTable: DrizzleTable;
  };
}

/**
 * True for a column of drizzle-orm 1.0, whose defaults drizzle-kit writes differently.
 */
export function isVersionOne(column: DrizzleColumn): boolean {
  return 'isAlias' in column;
}

/**
 * True where the column's name in the database was settled when the table was made: from about beta.20 of 1.0 on. In 0.x
 * and in the betas before, `casing` is applied later to names that the user left out.
 */
export function isNameFinal(column: DrizzleColumn): boolean {
  return 'postBuild' in column;
}
