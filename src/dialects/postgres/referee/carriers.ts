/** Temporary objects that carry a text, and the queries that print what the server made of it. */
import type { Column, IndexPart, Index } from '../../../catalog/objects.ts';
import { indexPartsQuery } from '../introspect/relations-query.ts';
import { quoteLiteral, quoteName } from '../quote.ts';
import type { Ask, SetupStep } from './batch.ts';
import { isConstant, typeOfValue } from './constants.ts';

/** A temporary table of columns without anything but type and collation, and a primary key where one is wanted. */
export function makeTable(
  name: string,
  columns: readonly Column[],
  primaryKey: readonly string[] = [],
): SetupStep {
  const declared = columns.map(
    (column) =>
      `${quoteName(column.address.name)} ${column.type}${column.collation === null ? '' : ` COLLATE ${column.collation}`}`,
  );
  const key = primaryKey.length === 0 ? [] : [`PRIMARY KEY (${primaryKey.map(quoteName).join(', ')})`];
  const table = `pg_temp.${quoteName(name)}`;
  return {
    sql: `CREATE TEMP TABLE ${quoteName(name)} (${[...declared, ...key].join(', ')})`,
    // A type that is not there must not take the other columns with it.
    otherwise: [
      `CREATE TEMP TABLE ${quoteName(name)} ()`,
      ...declared.map((column) => `ALTER TABLE ${table} ADD COLUMN ${column}`),
      ...key.map((part) => `ALTER TABLE ${table} ADD ${part}`),
    ],
  };
}

/** A temporary table with the columns of a query, which is not run. */
export function makeTableOf(name: string, query: string): SetupStep {
  return { sql: `CREATE TEMP TABLE ${quoteName(name)} AS ${query} WITH NO DATA` };
}

/** What a table's own temporary copy can carry. */
export type TableText =
  | { readonly carrier: 'default'; readonly column: string; readonly type: string; readonly text: string }
  | { readonly carrier: 'generated'; readonly type: string; readonly text: string }
  | { readonly carrier: 'condition' | 'policy' | 'exclusion'; readonly text: string }
  | { readonly carrier: 'index'; readonly index: Index };

/** An ask whose print can stand where the text stood. */
function askText(id: string, before: string, text: string, after: string, print: string): Ask {
  return {
    id,
    make: `${before}${text}${after}`,
    print,
    again: `SELECT ${quoteLiteral(before)} || (${print}) || ${quoteLiteral(after)}`,
  };
}

/** The statements that ask for a text on a temporary table; `id` makes names that no other ask in the group has. */
export function askTable(id: string, table: string, question: TableText): Ask {
  const target = `pg_temp.${quoteName(table)}`;
  const oid = `${quoteLiteral(target)}::regclass`;
  const name = `drift ${id}`;
  const isNamed = (column: string): string => `${column} = ${quoteLiteral(name)}`;
  const defaultOf = (column: string): string => `SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid = ${oid} AND a.attname = ${quoteLiteral(column)}`;
  switch (question.carrier) {
    case 'default': {
      const { text, type } = question;
      const before = `ALTER TABLE ${target} ALTER COLUMN ${quoteName(question.column)} SET DEFAULT `;
      // The server keeps nothing for DEFAULT NULL.
      const ask = askText(id, before, text, '', `SELECT coalesce((${defaultOf(question.column)}), 'NULL')`);
      if (!isConstant(text, type)) return ask;
      const value = `((${text}\n)::${typeOfValue(type)})::text`;
      return { ...ask, again: `SELECT ${quoteLiteral(before)} || quote_nullable(${value})` };
    }
    case 'generated':
      return askText(
        id,
        `ALTER TABLE ${target} ADD COLUMN ${quoteName(name)} ${question.type} GENERATED ALWAYS AS (`,
        question.text,
        '\n) STORED',
        defaultOf(name),
      );
    case 'condition':
      return askText(
        id,
        `ALTER TABLE ${target} ADD CONSTRAINT ${quoteName(name)} CHECK (`,
        question.text,
        '\n)',
        `SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = ${oid} AND ${isNamed('conname')}`,
      );
    case 'exclusion':
      return askText(
        id,
        `ALTER TABLE ${target} ADD CONSTRAINT ${quoteName(name)} `,
        question.text,
        '',
        `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = ${oid} AND ${isNamed('conname')}`,
      );
    case 'policy':
      return askText(
        id,
        `CREATE POLICY ${quoteName(name)} ON ${target} USING (`,
        question.text,
        '\n)',
        `SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = ${oid} AND ${isNamed('polname')}`,
      );
    case 'index': {
      const { index } = question;
      const from = `FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = ${oid} AND ${isNamed('x.relname')}`;
      return {
        id,
        make: `CREATE INDEX ${quoteName(name)} ON ${target} USING ${quoteName(index.method ?? 'btree')} (${index.parts.map(writePart).join(', ')})`,
        print: `SELECT ${indexPartsQuery('i')}::text ${from}`,
        again: `SELECT pg_get_indexdef(i.indexrelid) ${from}`,
      };
    }
  }
}

/** One place of an index as CREATE INDEX takes it. */
export function writePart(part: IndexPart): string {
  return [
    'column' in part.on ? quoteName(part.on.column) : `(${part.on.expression.text}\n)`,
    part.collation === null ? '' : `COLLATE ${part.collation}`,
    part.opclass ?? '',
    part.order === 'desc' ? 'DESC' : '',
    part.nulls === undefined ? '' : `NULLS ${part.nulls.toUpperCase()}`,
  ]
    .filter((word) => word !== '')
    .join(' ');
}

/** Asks for a query as a temporary view: its text, and the names and types of its columns. */
export function askView(id: string, text: string): Ask {
  const name = `drift ${id}`;
  const oid = `${quoteLiteral(`pg_temp.${quoteName(name)}`)}::regclass`;
  const before = `CREATE TEMP VIEW ${quoteName(name)} AS `;
  return {
    id,
    make: `${before}${text}`,
    print: `SELECT pg_get_viewdef(${oid}) || ' -- ' || (SELECT string_agg(quote_ident(attname) || ' ' ||
      format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = ${oid} AND attnum > 0)`,
    again: `SELECT ${quoteLiteral(before)} || rtrim(pg_get_viewdef(${oid}), ';')`,
  };
}

/** Asks how the server prints a type. */
export function askType(id: string, type: string): Ask {
  const name = `drift ${id}`;
  const oid = `${quoteLiteral(`pg_temp.${quoteName(name)}`)}::regclass`;
  return askText(
    id,
    `CREATE TEMP TABLE ${quoteName(name)} (c `,
    type,
    ')',
    `SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ${oid} AND attnum = 1`,
  );
}
