import { noValue } from '../../../catalog/no-value.ts';
import type { Column, ColumnValue, Expression, SequenceOptions } from '../../../catalog/objects.ts';
import { nameColumn } from '../../drizzle/casing.ts';
import type { DrizzleColumn, DrizzleSequenceOptions } from '../../drizzle/entities.ts';
import { isSql } from '../../drizzle/sql-text.ts';
import { renderOf, type TableContext } from '../../drizzle/table-parts.ts';
import { createDefault } from '../syntax/defaults.ts';
import { writeDefault } from './defaults.ts';
import { describeType } from './column-type.ts';
import { makeServerName, truncateName } from './names.ts';
import { splitTypeClauses, type TypeClauses } from './type-clauses.ts';

/** An expression as the model has it; its canonical form is found when both sides are compared. */
export function asWritten(text: string): Expression {
  return { text, canonical: text };
}

/** The table's schema. */
export function namespaceOf(schema: string | undefined): string {
  return schema ?? 'public';
}

/** The name of a column in the database. */
export function columnName(context: TableContext, column: DrizzleColumn): string {
  return truncateName(nameColumn(column, context.casing));
}

export interface ColumnPlace {
  readonly namespace: string;
  readonly table: string;
  readonly position: number;
  /** The column is part of the primary key, which makes it NOT NULL. */
  readonly isKey: boolean;
}

export function readColumn(context: TableContext, column: DrizzleColumn, place: ColumnPlace): Column {
  const { namespace, table, position } = place;
  const name = columnName(context, column);
  const text = column.getSQLType();
  const serial = serialTypes[text.toLowerCase()];
  const clauses = splitTypeClauses(text);
  const type = serial ?? describeType(context, column);
  const value = serial
    ? makeSerial(table, name, serial)
    : clauses.generated
      ? readGeneratedType(clauses.generated)
      : readValue(context, column, name, type);
  const isSequence = value.kind === 'serial' || value.kind === 'identity';
  return {
    kind: 'column',
    address: { namespace, table, name },
    type,
    nullable: column.notNull !== true && !place.isKey && !isSequence,
    value,
    collation: clauses.collation,
    position,
  };
}

function readGeneratedType({ text, storage }: NonNullable<TypeClauses['generated']>): ColumnValue {
  return { kind: 'generated', expression: asWritten(text), storage };
}

const serialTypes: Readonly<Record<string, IntegerType | undefined>> = {
  smallserial: 'smallint',
  serial2: 'smallint',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
};

type IntegerType = 'smallint' | 'integer' | 'bigint';

const largest: Readonly<Record<IntegerType, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
};

function makeSerial(table: string, column: string, type: IntegerType): ColumnValue {
  return {
    kind: 'serial',
    sequence: fillSequence({}, '1', largest[type]),
    sequenceName: makeServerName(table, column, 'seq'),
  };
}

function readValue(context: TableContext, column: DrizzleColumn, name: string, type: string): ColumnValue {
  if (column.generatedIdentity) return readIdentity(context, column, name);
  if (column.generated) {
    const text = renderOf(
      context,
      column.generated.as,
      'qualified',
      () => `the generated column '${column.name}'`,
    );
    return { kind: 'generated', expression: asWritten(text), storage: 'stored' };
  }
  if (column.default === undefined) return noValue;
  const text = isSql(column.default)
    ? trimCasts(
        context,
        renderOf(context, column.default, 'bare', () => `the default of column '${column.name}'`),
      )
    : writeDefault(context, column, column.default);
  return isNothing(text) ? noValue : { kind: 'default', expression: createDefault(text, type) };
}

/**
 * What drizzle-kit 1.0 takes for casts at the end of a default, and leaves out: two colons with all the words, dots,
 * dashes and quotes behind them, perhaps a length, perhaps a zone behind that, perhaps an array.
 */
const castWords = String.raw`::[\w\s."-]+`;
const castParameters = String.raw`\([^)]*\)`;
const castZone = String.raw`\s(?:with|without)\stime\szone`;
const casts = new RegExp(`(?:${castWords}(?:${castParameters})?(?:${castZone})?(?:\\[\\])?)+$`, 'i');

function trimCasts(context: TableContext, text: string): string {
  if (!context.one) return text;
  return (text.endsWith('[]') ? text.slice(0, -2) : text).replace(casts, '');
}

/** The server keeps no default for DEFAULT NULL. */
function isNothing(text: string): boolean {
  return text === '' || /^\(*\s*null\s*(?:::[\w\s]+)?\)*$/i.test(text);
}

function readIdentity(context: TableContext, column: DrizzleColumn, name: string): ColumnValue {
  const identity = column.generatedIdentity;
  if (!identity) return noValue;
  const type = column.getSQLType();
  const max = type === 'integer' || type === 'bigint' ? largest[type] : largest.smallint;
  return {
    kind: 'identity',
    generation: identity.type === 'always' ? 'always' : 'byDefault',
    // drizzle-kit writes this minimum for every type of a descending sequence.
    sequence: fillSequence(identity.sequenceOptions ?? {}, '-32768', max),
    sequenceName: truncateName(identity.sequenceName ?? `${context.name}_${name}_seq`),
  };
}

/** Options with the defaults of an ascending or descending sequence in place of what was left out. */
export function fillSequence(
  options: DrizzleSequenceOptions,
  lowest: string,
  highest: string,
): SequenceOptions {
  const increment = String(options.increment ?? 1);
  const descends = Number(increment) < 0;
  const minValue = String(options.minValue ?? (descends ? lowest : 1));
  const maxValue = String(options.maxValue ?? (descends ? -1 : highest));
  return {
    startWith: String(options.startWith ?? (descends ? maxValue : minValue)),
    increment,
    minValue,
    maxValue,
    cache: String(options.cache ?? 1),
    cycle: options.cycle === true,
  };
}

/** The bounds of a sequence of its own. */
export const bigintBounds = { lowest: '-9223372036854775808', highest: largest.bigint } as const;
