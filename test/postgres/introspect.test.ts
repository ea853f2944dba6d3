import { describe, expect, test } from 'vitest';
import { fingerprintSchema } from '../../src/catalog/fingerprint.ts';
import type { CatalogObject, ObjectKind, ObjectOf } from '../../src/catalog/objects.ts';
import { showIndexPart } from '../../src/diff/show-parts.ts';
import { wholeDatabase, withSession } from '../support/postgres-sessions.ts';
import { createDatabase, postgresMajors } from '../support/postgres-servers.ts';

const scope = { ...wholeDatabase, schemas: ['public'], tables: ['*', '!hidden'] };

async function introspect(major: number, sql: string) {
  const database = await createDatabase(major);
  try {
    await database.run(sql);
    return await withSession(database.url, (session) => session.introspect(scope));
  } finally {
    await database.drop();
  }
}

function find<K extends ObjectKind>(objects: readonly CatalogObject[], kind: K, name: string): ObjectOf<K> {
  const found = objects.find((object) => object.kind === kind && object.address.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found as ObjectOf<K>;
}

describe.each(postgresMajors)('on PostgreSQL %i', (major) => {
  test('columns are named by their numbers, also where some were dropped and where the table is not looked at', async () => {
    const { objects } = await introspect(
      major,
      `create schema other; create table other.places (gone integer, b integer, a integer, unique (a, b));
       alter table other.places drop column gone;
       create table hidden (gone integer, key integer primary key); alter table hidden drop column gone;
       create table users (gone integer, id integer, x integer, y integer, z integer,
         constraint users_key primary key (z, id), constraint users_pair unique (y) include (x));
       alter table users drop column gone;
       create table posts (w integer, v integer, u integer,
         constraint far foreign key (v, w) references other.places (a, b) on delete cascade,
         constraint near foreign key (u, v) references users (z, id) on update set null,
         constraint out_of_scope foreign key (u) references hidden (key));`,
    );
    expect(find(objects, 'primaryKey', 'users_key')).toMatchObject({ columns: ['z', 'id'] });
    expect(find(objects, 'unique', 'users_pair')).toMatchObject({ columns: ['y'], include: ['x'] });
    expect(find(objects, 'foreignKey', 'far')).toMatchObject({
      columns: ['v', 'w'],
      references: { namespace: 'other', table: 'places', columns: ['a', 'b'] },
      onDelete: 'cascade',
    });
    expect(find(objects, 'foreignKey', 'near')).toMatchObject({
      columns: ['u', 'v'],
      references: { namespace: 'public', table: 'users', columns: ['z', 'id'] },
      onUpdate: 'set null',
    });
    expect(find(objects, 'foreignKey', 'out_of_scope')).toMatchObject({
      references: { namespace: 'public', table: 'hidden', columns: ['key'] },
    });
  });

  test('what an index holds is told in full, whatever its table is like', async () => {
    const { objects } = await introspect(
      major,
      `create table plain (gone integer, a text, b integer); alter table plain drop column gone;
       create index plain_1 on plain (b desc, a) include (a);
       create index plain_2 on plain (a collate "C", b nulls first);
       create index plain_3 on plain (a text_pattern_ops);
       create index plain_4 on plain (lower(a), b) where b > 0;
       create index plain_5 on plain using hash (a);
       create table odd (a text collate "C", b text);
       create index odd_1 on odd (a, b);
       create index odd_2 on odd (a collate "default");
       create materialized view kept as select b, a from plain;
       create unique index kept_1 on kept (a desc nulls last, b);`,
    );
    const parts = (name: string): readonly string[] => find(objects, 'index', name).parts.map(showIndexPart);
    expect(parts('plain_1')).toEqual(['b desc', 'a']);
    expect(find(objects, 'index', 'plain_1').include).toEqual(['a']);
    expect(parts('plain_2')).toEqual(['a collate "C"', 'b nulls first']);
    expect(parts('plain_3')).toEqual(['a text_pattern_ops']);
    expect(parts('plain_4')).toEqual(['lower(a)', 'b']);
    expect(find(objects, 'index', 'plain_4').where?.text).toBe('(b > 0)');
    expect(find(objects, 'index', 'plain_5')).toMatchObject({ method: 'hash', parts: [{ order: 'asc' }] });
    expect(find(objects, 'index', 'plain_5').parts[0]).not.toHaveProperty('nulls');
    expect(parts('odd_1')).toEqual(['a', 'b']);
    expect(parts('odd_2')).toEqual(['a collate "default"']);
    expect(parts('kept_1')).toEqual(['a desc nulls last', 'b']);
  });

  test('a sequence is told once: by the column that it fills, or by itself', async () => {
    const { objects } = await introspect(
      major,
      `create table filled (id serial, other serial, plain integer); alter table filled alter other drop default;
       create sequence free; create sequence used; alter table filled alter plain set default nextval('used');`,
    );
    const sequences = objects.filter(({ kind }) => kind === 'sequence').map(({ address }) => address.name);
    expect(sequences).toEqual(['filled_other_seq', 'free', 'used']);
    expect(find(objects, 'column', 'id').value).toMatchObject({
      kind: 'serial',
      sequenceName: 'filled_id_seq',
    });
    expect(find(objects, 'column', 'other').value).toEqual({ kind: 'none' });
  });

  test('the sequences of serial columns tell what is usual too', async () => {
    const { objects } = await introspect(
      major,
      `create table a (id serial); create table b (id serial); create sequence free; create sequence closed;
       grant usage on all sequences in schema public to pg_monitor; revoke usage on sequence closed from pg_monitor;`,
    );
    expect(find(objects, 'sequence', 'free').grants).toEqual(['~pg_monitor=USAGE']);
    expect(find(objects, 'sequence', 'closed').grants).toEqual([]);
  });

  test('what is put back as it was leaves no trace', async () => {
    const table = `create table users (id integer primary key, name text); create index users_name on users (name);`;
    const before = await introspect(major, table);
    const after = await introspect(
      major,
      `${table} comment on table users is 'x'; comment on table users is null;
       alter table users set (fillfactor = 50); alter table users reset (fillfactor);
       grant select on users to public; revoke select on users from public;
       alter table users alter name set statistics 10; alter table users alter name set statistics -1;
       alter index users_name set (fillfactor = 50); alter index users_name reset (fillfactor);`,
    );
    expect(fingerprintSchema(after)).toBe(fingerprintSchema(before));
  });
});
