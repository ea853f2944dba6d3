/** The risks of single changes on PostgreSQL. */
import { describe, expect, it } from 'vitest';
import type { Column, Index } from '../../src/catalog/objects.ts';
import { assessChange } from '../../src/dialects/postgres/hazards.ts';

const column = (type: string): Column => ({
  kind: 'column',
  address: { namespace: 'public', table: 'users', name: 'email' },
  type,
  nullable: true,
  value: { kind: 'none' },
  collation: null,
  position: 1,
});

const index: Index = {
  kind: 'index',
  address: { namespace: 'public', table: 'users', name: 'users_email' },
  unique: false,
  parts: [{ on: { column: 'email' }, order: 'asc', collation: null }],
  where: null,
};

describe('the risk of a change on PostgreSQL', () => {
  it('is that of the step, and not of where the way ends', () => {
    const [database, expected] = [column('character varying(75)'), column('character varying(200)')];
    const step = (to: string): readonly string[] =>
      assessChange({
        type: 'alter',
        kind: 'column',
        address: database.address,
        database,
        expected,
        fields: [{ field: 'type', database: database.type, expected: to }],
      }).map(({ code }) => code);
    expect(step('character varying(50)')).toEqual(['table-rewrite', 'lossy-cast']);
    expect(step('character varying(200)')).toEqual(['blocks-reads']);
  });

  it('is none where only the mark of CLUSTER goes from an index', () => {
    const hazards = assessChange({
      type: 'alter',
      kind: 'index',
      address: index.address,
      database: { ...index, clustered: true },
      expected: index,
      fields: [{ field: 'clustered', database: true, expected: false }],
    });
    expect(hazards).toEqual([]);
  });
});
