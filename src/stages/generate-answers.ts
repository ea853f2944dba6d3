/** What a person answers on the command line, read and checked against what there is. */
import { objectsOf, type Schema } from '../catalog/schema.ts';
import type { Rename } from '../diff/renames.ts';
import type { Backfill } from '../dialects/planner.ts';
import { DriftError } from '../errors.ts';
import { nearest } from '../spelling.ts';

/**
 * Reads `table:users=people` and `column:users.name=full_name`. Names with dots and equal signs are found among those
 * that exist.
 * @param from what is there now
 * @param to what is wanted
 * @throws DriftError GENERATE_ANSWER_UNKNOWN
 */
export function readRename(text: string, from: Schema, to: Schema): Rename {
  const flag = `--rename ${text}`;
  const [, kind, body] = /^(table|column):(.*)$/s.exec(text) ?? [];
  if (kind === undefined || body === undefined) {
    return refuse(flag, 'it must begin with table: or column:, as in column:users.name=full_name');
  }
  return kind === 'table' ? readTableRename(flag, body, from, to) : readColumnRename(flag, body, from, to);
}

function readTableRename(flag: string, body: string, from: Schema, to: Schema): Rename {
  const names = objectsOf(from, 'table').map((table) => table.address.name);
  const name = names.find((candidate) => body.startsWith(`${candidate}=`) && candidate !== '');
  if (name === undefined) {
    const wanted = body.split('=')[0] ?? '';
    return refuse(flag, `there is no table ${wanted}`, nearest(wanted, names));
  }
  const target = body.slice(name.length + 1);
  const wanted = objectsOf(to, 'table').map((table) => table.address.name);
  if (!wanted.includes(target)) {
    return refuse(flag, `the models have no table ${target}`, nearest(target, wanted));
  }
  if (names.includes(target) && wanted.includes(name)) {
    return refuse(flag, `both ${name} and ${target} are there and wanted`);
  }
  return { kind: 'table', from: { namespace: 'main', name }, to: target };
}

function readColumnRename(flag: string, body: string, from: Schema, to: Schema): Rename {
  const columns = objectsOf(from, 'column').map(({ address }) => ({
    table: address.table ?? '',
    name: address.name,
  }));
  const found = columns.find(({ table, name }) => body.startsWith(`${table}.${name}=`));
  if (found === undefined) {
    const wanted = body.split('=')[0] ?? '';
    const near = nearest(
      wanted,
      columns.map(({ table, name }) => `${table}.${name}`),
    );
    return refuse(flag, `there is no column ${wanted}`, near);
  }
  const { table, name } = found;
  const target = body.slice(`${table}.${name}=`.length);
  const wanted = objectsOf(to, 'column').filter(({ address }) => address.name === target);
  if (wanted.length === 0) {
    const all = objectsOf(to, 'column').map(({ address }) => address.name);
    return refuse(flag, `the models have no column ${target}`, nearest(target, all));
  }
  return { kind: 'column', from: { namespace: 'main', table, name }, to: target };
}

/**
 * Reads `users.email=lower(name)`.
 * @throws DriftError GENERATE_ANSWER_UNKNOWN
 */
export function readBackfill(text: string, to: Schema): Backfill {
  const flag = `--backfill ${text}`;
  const columns = objectsOf(to, 'column').map(({ address }) => ({
    table: address.table ?? '',
    name: address.name,
  }));
  const found = columns.find(({ table, name }) => text.startsWith(`${table}.${name}=`));
  if (found === undefined) {
    const wanted = text.split('=')[0] ?? '';
    const near = nearest(
      wanted,
      columns.map(({ table, name }) => `${table}.${name}`),
    );
    return refuse(flag, `the models have no column ${wanted}`, near);
  }
  const expression = text.slice(`${found.table}.${found.name}=`.length).trim();
  if (expression === '') return refuse(flag, 'there is no expression after =');
  return { table: found.table, column: found.name, expression };
}

function refuse(flag: string, problem: string, near?: string): never {
  throw new DriftError('GENERATE_ANSWER_UNKNOWN', { flag, problem, nearest: near });
}
