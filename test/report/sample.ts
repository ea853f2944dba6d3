/** Reports that the tests of all formats share. */
import type { CatalogObject, Column } from '../../src/catalog/objects.ts';
import type { Change } from '../../src/diff/changes.ts';
import { createDrift } from '../../src/diff/describe.ts';
import type { Drift } from '../../src/diff/drift.ts';
import { createFailedReport, createReport } from '../../src/report/report.ts';

function column(table: string, name: string, rest: Partial<Column> = {}): Column {
  return {
    kind: 'column',
    address: { namespace: 'main', table, name },
    type: 'text',
    nullable: false,
    value: { kind: 'none' },
    collation: null,
    position: 1,
    ...rest,
  };
}

const at = (file: string, line: number, place = 3) => ({ file, line, column: place });
const three = { expectedBy: 'models', witness: 'three-way' } as const;

const widened: Change = {
  type: 'alter',
  kind: 'column',
  address: { namespace: 'main', table: 'users', name: 'email' },
  database: column('users', 'email'),
  expected: column('users', 'email'),
  fields: [
    { field: 'type', database: 'varchar(255)', expected: 'text' },
    { field: 'nullable', database: true, expected: false },
  ],
};

const created: Change = {
  type: 'create',
  kind: 'column',
  address: { namespace: 'main', table: 'users', name: 'phone_number' },
  expected: column('users', 'phone_number', { nullable: true }),
};

const extraIndex: CatalogObject = {
  kind: 'index',
  address: { namespace: 'main', table: 'orders', name: 'orders_hotfix_idx' },
  unique: false,
  parts: [{ on: { column: 'created_at' }, order: 'desc', collation: null }],
  where: null,
};

const oldQuery = 'select id, name, email from users where deleted_at is null and confirmed_at is not null';
const view: CatalogObject = {
  kind: 'view',
  address: { namespace: 'main', name: 'active_users' },
  definition: { text: oldQuery, canonical: oldQuery },
};

const renamed: Change = {
  type: 'rename',
  kind: 'index',
  address: { namespace: 'main', table: 'orders', name: 'orders_user_index' },
  to: { namespace: 'main', table: 'orders', name: 'orders_user_idx' },
  database: extraIndex,
  expected: extraIndex,
  fields: [{ field: 'name', database: 'orders_user_index', expected: 'orders_user_idx' }],
};

const drifts: readonly Drift[] = [
  createDrift(
    widened,
    { ...three, cause: 'unapplied', migration: '0012_widen_email', source: at('schema/users.ts', 14) },
    [
      {
        code: 'table-rebuild',
        severity: 'warning',
        message: 'SQLite cannot alter this in place, so the table is rebuilt.',
        instead: 'Run it while nobody writes to users.',
      },
    ],
  ),
  createDrift(created, {
    ...three,
    cause: 'unapplied',
    migration: '0012_widen_email',
    source: at('schema/users.ts', 21),
  }),
  createDrift(
    {
      type: 'alter',
      kind: 'view',
      address: view.address,
      database: view,
      expected: view,
      fields: [
        { field: 'definition', database: oldQuery, expected: `${oldQuery} and confirmed_at > '2024-01-01'` },
      ],
    },
    { ...three, cause: 'ungenerated', source: at('schema/views.ts', 8, 14) },
  ),
  createDrift(
    { type: 'drop', kind: 'index', address: extraIndex.address, database: extraIndex },
    { ...three, cause: 'out-of-band' },
  ),
  createDrift(renamed, { ...three, cause: 'out-of-band', source: at('schema/orders.ts', 40, 5) }),
];

const folder = { folder: 'migrations', applied: 11 };

/** One report of each sort. */
export const sample = {
  drifted: createReport({
    dialect: 'sqlite',
    target: './shop.db',
    drifts,
    migrations: { ...folder, pending: ['0012_widen_email'] },
    unmanaged: [
      { kind: 'trigger', address: { namespace: 'main', table: 'users', name: 'audit' } },
      { kind: 'virtualTable', address: { namespace: 'main', name: 'search' } },
    ],
    ignored: [{ kind: 'index.drop', address: { namespace: 'main', table: 'users', name: 'tmp_1' } }],
    notes: [
      {
        kind: 'column-order',
        address: { namespace: 'main', name: 'users' },
        message: 'The columns of users stand in another order than in the models.',
      },
    ],
  }),
  twoWay: createReport({
    dialect: 'sqlite',
    target: './shop.db',
    drifts: [
      createDrift(
        { ...widened, fields: widened.fields.slice(1) },
        { expectedBy: 'models', witness: 'two-way', cause: 'ungenerated', source: at('schema/users.ts', 14) },
      ),
    ],
  }),
  upToDate: createReport({ dialect: 'sqlite', target: './shop.db', drifts: [], migrations: folder }),
  undetermined: createReport({
    dialect: 'postgres',
    target: 'postgres://app@db:5432/shop',
    drifts: [],
    migrations: folder,
    undetermined: [
      {
        kind: 'check',
        address: { namespace: 'public', table: 'users', name: 'users_age_check' },
        field: 'expression',
        database: 'age = ANY (ARRAY[1, 2, 3])',
        expected: 'age in (1, 2, 3)',
        reason: 'The server is read-only and PGlite is not installed, so nobody could be asked.',
        source: at('schema/users.ts', 30),
      },
    ],
  }),
  unclean: createReport({
    dialect: 'postgres',
    target: 'postgres://app@db:5432/shop',
    drifts: [],
    migrations: {
      ...folder,
      unknown: ['0009_from_another_branch'],
      edited: ['0003_orders'],
      outOfOrder: ['0007_late'],
      problems: [
        {
          code: 'missing-file',
          migration: '0005_gone',
          file: 'migrations/0005_gone.sql',
          message: 'The journal names 0005_gone, and there is no file migrations/0005_gone.sql.',
          next: 'Restore the file from version control.',
        },
      ],
    },
  }),
  failed: createFailedReport({
    code: 'CONFIG_NOT_FOUND',
    message: 'No drizzle.config file in /app.',
    next: 'Name it with --config.',
  }),
};
