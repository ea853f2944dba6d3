/** Definitions that PostgreSQL has no function to print, as the part of the CREATE statement that follows the name. */
import { compareText } from '../../../catalog/address.ts';
import { quoteLiteral, quoteName } from '../quote.ts';
import { printName } from '../syntax/canonical.ts';
import type { Catalogue, Options } from './rows.ts';

type Value = string | number | boolean | null | undefined;

/** `(NAME = value, …)` of what is there: `-` and `0` are how the catalogue says nothing. */
function list(entries: readonly (readonly [name: string, value: Value])[]): string {
  const set = entries.filter(
    ([, value]) =>
      value !== null &&
      value !== undefined &&
      value !== '' &&
      value !== '-' &&
      value !== '0' &&
      value !== 0 &&
      value !== false,
  );
  return `(${set.map(([name, value]) => (value === true ? name : `${name} = ${String(value)}`)).join(', ')})`;
}

/** In the order of the query: result, then the columns of pg_aggregate. */
export function describeAggregate(parts: readonly (string | number | boolean | null)[]): string {
  const [, transition, state, final, initial, combine, kind, sort, parallel, serial, deserial, ...moving] =
    parts;
  const [movingTransition, movingInverse, movingFinal, movingState, movingInitial, ...rest] = moving;
  const [finalExtra, movingExtra, finalModify, movingModify, space, movingSpace] = rest;
  const levels: Readonly<Record<string, string>> = { s: 'SAFE', r: 'RESTRICTED' };
  const modifies: Readonly<Record<string, string>> = { s: 'SHAREABLE', w: 'READ_WRITE' };
  const literal = (value: Value): Value => (typeof value === 'string' ? quoteLiteral(value) : null);
  return list([
    ['SFUNC', transition],
    ['STYPE', state],
    ['SSPACE', space],
    ['FINALFUNC', final],
    ['FINALFUNC_EXTRA', finalExtra],
    ['FINALFUNC_MODIFY', modifies[String(finalModify)]],
    ['COMBINEFUNC', combine],
    ['SERIALFUNC', serial],
    ['DESERIALFUNC', deserial],
    ['INITCOND', literal(initial)],
    ['MSFUNC', movingTransition],
    ['MINVFUNC', movingInverse],
    ['MSTYPE', movingState],
    ['MSSPACE', movingSpace],
    ['MFINALFUNC', movingFinal],
    ['MFINALFUNC_EXTRA', movingExtra],
    ['MFINALFUNC_MODIFY', movingTransition === '-' ? null : modifies[String(movingModify)]],
    ['MINITCOND', literal(movingInitial)],
    ['SORTOP', sort === '0' ? null : sort],
    ['PARALLEL', levels[String(parallel)]],
    ['HYPOTHETICAL', kind === 'h'],
  ]);
}

/** Provider, LC_COLLATE, LC_CTYPE, locale, determinism, rules. */
export function describeCollation(parts: readonly (string | boolean | null)[]): string {
  const [provider, collate, ctype, locale, deterministic, rules] = parts;
  const providers: Readonly<Record<string, string>> = { i: 'icu', c: 'libc', b: 'builtin' };
  const literal = (value: Value): Value => (typeof value === 'string' ? quoteLiteral(value) : null);
  // Before 15 the locale of an ICU collation stood in place of LC_COLLATE and LC_CTYPE.
  const one = locale ?? (collate === ctype ? collate : null);
  return list([
    ['PROVIDER', providers[String(provider)]],
    ['LOCALE', literal(one)],
    ['LC_COLLATE', one === null ? literal(collate) : null],
    ['LC_CTYPE', one === null ? literal(ctype) : null],
    ['DETERMINISTIC', deterministic === false ? 'false' : null],
    ['RULES', literal(rules)],
  ]);
}

/** Function, context, method. */
export function describeCast([callable, context, method]: readonly (string | null)[]): string {
  const how =
    method === 'i'
      ? 'WITH INOUT'
      : callable === null || callable === undefined
        ? 'WITHOUT FUNCTION'
        : `WITH FUNCTION ${callable}`;
  return `${how}${context === 'a' ? ' AS ASSIGNMENT' : context === 'i' ? ' AS IMPLICIT' : ''}`;
}

/** Function, commutator, negator, restriction and join estimators, merge and hash. */
export function describeOperator(row: Catalogue['operators'][number]): string {
  const [callable, commutator, negator, restrict, join, merges, hashes] = row.definition;
  const operatorName = (value: Value): Value =>
    typeof value === 'string' && value !== '0' ? `OPERATOR(${value.replace(/\(.*$/s, '')})` : null;
  return list([
    ['FUNCTION', callable],
    ['LEFTARG', row.left],
    ['RIGHTARG', row.right],
    ['COMMUTATOR', operatorName(commutator)],
    ['NEGATOR', operatorName(negator)],
    ['RESTRICT', restrict],
    ['JOIN', join],
    ['MERGES', merges],
    ['HASHES', hashes],
  ]);
}

/** All tables, the four operations, via root, schemas, tables with their filters and columns, stored generated columns. */
export function describePublication(parts: readonly unknown[]): string {
  const [all, insert, update, remove, truncate, viaRoot, schemas, tables, generated] = parts as [
    boolean,
    boolean,
    boolean,
    boolean,
    boolean,
    boolean,
    readonly string[] | null,
    readonly (readonly [string, string, string | null, readonly string[] | null])[] | null,
    boolean,
  ];
  const members = [
    ...(tables ?? []).map(
      ([namespace, name, filter, columns], index) =>
        // PostgreSQL 14 knows the word only once.
        `${index === 0 ? 'TABLE ' : ''}${printName(namespace)}.${printName(name)}${columns === null ? '' : ` (${columns.map(quoteName).join(', ')})`}${filter === null ? '' : ` WHERE (${filter})`}`,
    ),
    ...(schemas ?? []).map((name) => `TABLES IN SCHEMA ${printName(name)}`),
  ];
  const operations = [
    insert ? 'insert' : '',
    update ? 'update' : '',
    remove ? 'delete' : '',
    truncate ? 'truncate' : '',
  ].filter((word) => word !== '');
  const scope = all ? 'FOR ALL TABLES ' : members.length === 0 ? '' : `FOR ${members.join(', ')} `;
  return `${scope}WITH (publish = '${operations.join(', ')}', publish_via_partition_root = ${String(viaRoot)}${generated ? ', publish_generated_columns = stored' : ''})`;
}

/** The publications that a subscription follows, and how; where they are is nobody's business. */
export function describeSubscription(row: Catalogue['subscriptions'][number]): string {
  const { publications, enabled, sync, binary } = row;
  const options = [
    `enabled = ${String(enabled)}`,
    ...(sync === null ? [] : [`synchronous_commit = ${sync}`]),
    ...(binary ? ['binary = true'] : []),
  ];
  return `PUBLICATION ${[...publications].map(quoteName).join(', ')} WITH (${options.join(', ')})`;
}

export function describeWrapper(row: Catalogue['wrappers'][number], print: typeof printOptions): string {
  const parts = [
    row.handler === null ? 'NO HANDLER' : `HANDLER ${row.handler}`,
    row.validator === null ? 'NO VALIDATOR' : `VALIDATOR ${row.validator}`,
  ];
  return `${parts.join(' ')}${print(row.options)}`;
}

export function describeServer(row: Catalogue['servers'][number], print: typeof printOptions): string {
  const parts = [
    ...(row.type === null ? [] : [`TYPE ${quoteLiteral(row.type)}`]),
    ...(row.version === null ? [] : [`VERSION ${quoteLiteral(row.version)}`]),
    `FOREIGN DATA WRAPPER ${printName(row.wrapper)}`,
  ];
  return `${parts.join(' ')}${print(row.options)}`;
}

export function describeDictionary(row: Catalogue['searchDictionaries'][number]): string {
  const template = `TEMPLATE = ${printName(row.templateNamespace)}.${printName(row.template)}`;
  return `(${row.options === null ? template : `${template}, ${row.options}`})`;
}

/** Values that are nobody's to read in a report. */
const secret =
  /^(?:.*_)?(?:password|passwd|passphrase|secret|token|api_?key|access_?key|secret_?access_?key)$/i;

/** ` OPTIONS (name 'value', …)`, or nothing, with secrets as `***`: for people to read. The order of options means nothing. */
export function printOptions(options: Options): string {
  return writeOptions(options, (name, value) => (secret.test(name) ? '***' : value));
}

/** The same with every value as it is: to be compared, and never shown. */
export function printValues(options: Options): string {
  return writeOptions(options, (_name, value) => value);
}

function writeOptions(options: Options, show: (name: string, value: string) => string): string {
  if (options === null || options.length === 0) return '';
  const sorted = [...options].sort(([a], [b]) => compareText(a, b));
  return ` OPTIONS (${sorted.map(([name, value]) => `${printName(name)} ${quoteLiteral(show(name, value ?? ''))}`).join(', ')})`;
}
