import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CatalogObject, Column, Index, ObjectKind } from '../../src/catalog/objects.ts';
import { createSchema } from '../../src/catalog/schema.ts';
import type { Change, ChangeType, FieldChange } from '../../src/diff/changes.ts';
import { diffSchemas } from '../../src/diff/compare.ts';
import { createDrift, describeDrift, type Circumstances } from '../../src/diff/describe.ts';
import { describeObject, kindNames, nameWithinTable } from '../../src/diff/naming.ts';
import { excerptPair, makePrintable } from '../../src/diff/printable.ts';
import { wordings } from '../../src/diff/wording.ts';

const byHand: Circumstances = { cause: 'out-of-band', expectedBy: 'models', witness: 'three-way' };
const source = { file: 'schema/users.ts', line: 12, column: 3 };

function column(name: string, rest: Partial<Column> = {}): Column {
  return {
    kind: 'column',
    address: { namespace: 'public', table: 'users', name },
    type: 'text',
    nullable: false,
    value: { kind: 'none' },
    collation: null,
    position: 1,
    ...rest,
  };
}

function index(name: string, rest: Partial<Index> = {}): Index {
  return {
    kind: 'index',
    address: { namespace: 'main', table: 'users', name },
    unique: false,
    parts: [{ on: { column: 'email' }, order: 'asc', collation: null }],
    where: null,
    ...rest,
  };
}

const users: CatalogObject = { kind: 'table', address: { namespace: 'public', name: 'users' } };

/** The sentence for the one difference between two objects; undefined for one that is not there. */
function sentence(
  database: CatalogObject | undefined,
  expected: CatalogObject | undefined,
  circumstances: Partial<Circumstances> = {},
): string {
  const changes = diffSchemas(
    createSchema('postgres', database ? [users, database] : [users]),
    createSchema('postgres', expected ? [users, expected] : [users]),
  );
  expect(changes).toHaveLength(1);
  return describeDrift(changes[0] as Change, { ...byHand, ...circumstances });
}

describe('what differs', () => {
  it('names both values and the line that expects one of them', () => {
    expect(sentence(column('email', { nullable: true }), column('email'), { source })).toBe(
      'users.email allows NULL in the database; schema/users.ts:12 says NOT NULL. Changed by hand: no migration does this.',
    );
    expect(
      sentence(column('email', { type: 'character varying(255)' }), column('email'), {
        source,
        cause: 'unapplied',
        migration: '0004_widen_email',
      }),
    ).toBe(
      'users.email is character varying(255) in the database; schema/users.ts:12 says text. Pending migration 0004_widen_email changes it.',
    );
  });

  it('joins several fields into one sentence', () => {
    const now = { kind: 'default', expression: { text: 'now()', canonical: 'now()' } } as const;
    expect(sentence(column('at', { nullable: true, type: 'date', value: now }), column('at'))).toBe(
      'users.at is date, allows NULL and has DEFAULT now() in the database; the models say text, NOT NULL and no default. Changed by hand: no migration does this.',
    );
  });

  it('says what is missing and what is too much, in short', () => {
    expect(sentence(undefined, column('phone', { nullable: true }), { source })).toBe(
      'users.phone (text) is missing in the database; schema/users.ts:12 has it. Dropped by hand: no migration drops it.',
    );
    const partial = index('tmp', {
      unique: true,
      where: { text: 'email is not null', canonical: 'email is not null' },
    });
    expect(sentence(partial, undefined)).toBe(
      'Index tmp on users, UNIQUE (email) WHERE email is not null, is in the database and not in the models. Made by hand: no migration makes it.',
    );
  });

  it('tells a rename apart from its other changes', () => {
    expect(sentence(index('users_email_index'), index('users_email_idx'), { source })).toBe(
      'The index of users is called users_email_index in the database; schema/users.ts:12 calls it users_email_idx. Renamed by hand: no migration does this.',
    );
  });

  it('shows long texts around their first difference', () => {
    const view = (query: string): CatalogObject => ({
      kind: 'view',
      address: { namespace: 'main', name: 'active' },
      definition: { text: query, canonical: query },
    });
    const start = 'select id, name, email, created_at, updated_at\n  from users\n  where deleted_at is null';
    expect(sentence(view(`${start} and age > 18`), view(`${start} and age > 21`))).toBe(
      'View active reads …is null and age > 18 in the database; the models say …is null and age > 21. Changed by hand: no migration does this.',
    );
  });

  it('names the line of the models only where it is they that say so', () => {
    const [change] = diffSchemas(
      createSchema('postgres', [column('email', { type: 'varchar(50)' })]),
      createSchema('postgres', [column('email', { type: 'varchar(100)' })]),
    );
    if (!change) throw new Error('no change');
    const said = (expectedBy: 'models' | 'migrations') =>
      describeDrift(change, { ...byHand, expectedBy, source });
    expect(said('models')).toContain('; schema/users.ts:12 says varchar(100).');
    expect(said('migrations')).toContain('; the migrations say varchar(100).');
  });

  it('shows white space where nothing else differs', () => {
    expect(excerptPair("'a\nb'", "'a b'")).toEqual({ database: "'a\\nb'", expected: "'a b'" });
  });

  it('keeps pairs of surrogates whole when it cuts', () => {
    const cut = excerptPair(`${'😀'.repeat(60)}x`, `${'😀'.repeat(60)}y`, 21);
    expect(cut.database).not.toMatch(/^…[\udc00-\udfff]|[\ud800-\udbff]…?$/);
    expect(cut.database).not.toBe(cut.expected);
  });

  it('never shows two texts alike that differ, and cuts both at the same place', () => {
    const piece = fc.constantFrom(
      'a',
      'b ',
      'id, ',
      ' from users ',
      '\n  ',
      '\t',
      '\\n',
      '\\',
      '\u001b',
      '😀',
      '\ud83d',
      'é',
    );
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    const pair = fc
      .tuple(text, text, text, text)
      .map(([start, one, other, end]) => [start + one + end, start + other + end] as const);
    fc.assert(
      fc.property(pair, fc.constantFrom(8, 21, 60, 72, 160), ([one, other], length) => {
        const cut = excerptPair(one, other, length);
        expect(cut.database === cut.expected).toBe(one === other);
        for (const shown of [cut.database, cut.expected]) {
          expect(shown.length).toBeLessThanOrEqual(length);
        }
        expect(cut.database.startsWith('…')).toBe(cut.expected.startsWith('…'));
      }),
      { numRuns: 2000, seed: 4 },
    );
  });

  it('cuts no difference off that is just before the end of what is shown', () => {
    const start = 'x'.repeat(71);
    const cut = excerptPair(`${start}1 and more of it`, `${start}2`);
    expect(cut).toEqual({ database: `…${'x'.repeat(24)}1 and more of it`, expected: `…${'x'.repeat(24)}2` });
  });

  it('lets no control character of a name through', () => {
    const said = sentence(undefined, column('a\n\u001b[31mred\u202e'));
    expect(said).toContain('users.a\\n\\u{1b}[31mred\\u{202e}');
    expect(makePrintable('plain – ünïcödé 表')).toBe('plain – ünïcödé 表');
  });
});

describe('why it differs', () => {
  const changed = [column('email', { nullable: true }), column('email')] as const;

  it('does not guess without a migrations folder', () => {
    expect(sentence(...changed, { witness: 'two-way' })).toMatch(
      / There is no migrations folder, so drift cannot tell which side moved\.$/,
    );
  });

  it('says that the models are ahead', () => {
    expect(sentence(...changed, { cause: 'ungenerated' })).toMatch(
      / The models changed, and no migration has been generated for it yet\.$/,
    );
    expect(sentence(...changed, { cause: 'ungenerated', observed: 'migrations' })).toBe(
      'users.email allows NULL in the migrations; the models say NOT NULL. No migration has been generated for it yet.',
    );
  });

  it('speaks of what the migrations expect where the models have no word for it', () => {
    const trigger: CatalogObject = {
      kind: 'trigger',
      address: { namespace: 'main', table: 'users', name: 'audit' },
      definition: { text: 'CREATE TRIGGER …', canonical: 'x' },
    };
    expect(sentence(undefined, trigger, { expectedBy: 'migrations' })).toBe(
      'Trigger audit on users is missing in the database; the migrations have it. Dropped by hand: no migration drops it.',
    );
  });
});

describe('the drift that a report holds', () => {
  it('carries the sentence, the fields and what it is in short', () => {
    const change: Change = {
      type: 'create',
      kind: 'column',
      address: column('phone').address,
      expected: column('phone'),
    };
    expect(createDrift(change, { ...byHand, source, cause: 'unapplied', migration: '0001_a' })).toEqual({
      kind: 'column.create',
      address: { namespace: 'public', table: 'users', name: 'phone' },
      fields: [],
      cause: 'unapplied',
      migration: '0001_a',
      expectedBy: 'models',
      message:
        'users.phone (text NOT NULL) is missing in the database; schema/users.ts:12 has it. Pending migration 0001_a creates it.',
      definition: 'text NOT NULL',
      source,
      hazards: [],
    });
  });
});

describe('every kind of object, every kind of change, every field', () => {
  const values: readonly FieldChange['database'][] = [
    null,
    true,
    false,
    7,
    'value',
    '(value)',
    ['a', 'b'],
    [],
    { fillfactor: '70', a: 'b' },
  ];
  const types: readonly ChangeType[] = ['create', 'drop', 'alter', 'rename'];
  const causes = ['unapplied', 'ungenerated', 'out-of-band'] as const;
  const sentences = Object.keys(wordings).flatMap((kind) => {
    const fields = [...Object.keys(wordings[kind as ObjectKind]), 'somethingNew'];
    const changes = fields.flatMap((field) =>
      values.flatMap((database) =>
        values.filter((expected) => expected !== database).map((expected) => ({ field, database, expected })),
      ),
    );
    return changes.map((field, at) => {
      const type = at % 2 === 0 ? 'alter' : 'rename';
      const change = changeOf(kind as ObjectKind, type, [
        ...(type === 'rename' ? [{ field: 'name', database: 'a', expected: 'b' }] : []),
        field,
      ]);
      return describeDrift(change, { ...byHand, cause: causes[at % 3] ?? 'unapplied' });
    });
  });
  const comment: FieldChange = { field: 'comment', database: 'old', expected: null };
  const others = Object.keys(kindNames).flatMap((kind) =>
    types.flatMap((type) =>
      causes.map((cause) =>
        describeDrift(changeOf(kind as ObjectKind, type, [comment]), { ...byHand, cause }),
      ),
    ),
  );

  function changeOf(kind: ObjectKind, type: ChangeType, fields: readonly FieldChange[]): Change {
    // Only what a sentence about any kind needs; `table` has every kind's place.
    const object = { ...users, address: { namespace: 'app', table: 't', name: 'n' } } as CatalogObject;
    const at = { kind, address: object.address };
    if (type === 'create') return { type, ...at, expected: object };
    if (type === 'drop') return { type, ...at, database: object };
    if (type === 'alter') return { type, ...at, database: object, expected: object, fields };
    return { type, ...at, to: object.address, database: object, expected: object, fields };
  }

  it('makes a sentence without gaps, raw data or doubled blanks', () => {
    expect(sentences.length).toBeGreaterThan(5000);
    for (const text of [...sentences, ...others]) {
      expect(text).not.toMatch(/undefined|\[object|\bnull\b|NaN|[{}"]|\s\s|;;|\.\./);
      expect(text).toMatch(/\.$/);
    }
  });

  it('has words of its own for every field the comparators report', () => {
    expect(describeObject(users)).toBeNull();
    expect(describeObject(index('hot', { include: ['total'], nullsNotDistinct: true, unique: true }))).toBe(
      'UNIQUE (email) INCLUDE (total) NULLS NOT DISTINCT',
    );
    const expression = (text: string) => ({ text, canonical: text });
    const address = { namespace: 'public', table: 'users', name: 'own' };
    expect(
      describeObject({
        kind: 'policy',
        address,
        as: 'restrictive',
        for: 'all',
        to: ['public'],
        using: expression('true'),
        withCheck: expression('(a > 1)'),
      }),
    ).toBe('AS RESTRICTIVE FOR ALL TO public USING (true) WITH CHECK (a > 1)');
    expect(
      describeObject({ kind: 'check', address, expression: expression('(a > 1)'), noInherit: true }),
    ).toBe('CHECK (a > 1) NO INHERIT');
    expect(describeObject({ kind: 'check', address, expression: expression('a > 1') })).toBe('CHECK (a > 1)');
    const unnamed = { ...address, name: 'check (a > 1)' };
    expect(nameWithinTable({ kind: 'check', address: unnamed })).toBe('check (a > 1)');
    expect(nameWithinTable({ kind: 'check', address: { ...address, name: 'adult' } })).toBe('check adult');
    expect(describeObject({ kind: 'unique', address, columns: ['a', 'b'], nullsNotDistinct: true })).toBe(
      'NULLS NOT DISTINCT (a, b)',
    );
    expect(wordings.table.owner.says(null)).toBe('the usual owner');
    const fieldsOf = (kind: ObjectKind): readonly string[] => Object.keys(wordings[kind]);
    expect(fieldsOf('column')).toEqual(
      expect.arrayContaining(['default', 'generated', 'identity', 'identity.cycle', 'serial.startWith']),
    );
    expect(fieldsOf('index')).toContain('columns');
    expect(fieldsOf('sequence')).toContain('increment');
  });
});
