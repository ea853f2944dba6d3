/** Random SQLite schemas, as small specifications that are written out as DDL, and random changes to them. */
import fc from 'fast-check';

export interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly fallback: string | null;
  readonly collate: string | null;
  readonly generated: 'stored' | 'virtual' | null;
}

export interface KeySpec {
  readonly column: string;
  readonly parent: string;
  readonly onDelete: string;
  readonly deferred: boolean;
}

export type IndexShape = 'plain' | 'unique' | 'partial' | 'expression' | 'desc';

export interface TableSpec {
  readonly name: string;
  readonly key: 'rowid' | 'autoincrement' | 'text' | 'composite' | 'none';
  readonly columns: readonly ColumnSpec[];
  readonly keys: readonly KeySpec[];
  /** Columns of inline UNIQUE constraints. */
  readonly uniques: readonly string[];
  readonly indexes: readonly { readonly column: string; readonly shape: IndexShape }[];
  /** Columns with `CHECK (column IS NULL OR column <> 'never')`. */
  readonly checks: readonly { readonly column: string; readonly named: boolean }[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  readonly view: boolean;
  readonly trigger: 'none' | 'own' | 'other';
}

export type SchemaSpec = readonly TableSpec[];

const actions = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
const types = ['integer', 'text', 'real', 'blob'] as const;
const columnNames = ['a', 'b', 'c', 'd', 'e e', 'order'] as const;
const tableNames = ['t', 'u', 'v v', 'group'] as const;

export const arbitraryColumn = (name: string): fc.Arbitrary<ColumnSpec> =>
  fc.record({
    name: fc.constant(name),
    type: fc.constantFrom(...types),
    notNull: fc.boolean(),
    fallback: fc.constantFrom(null, null, '1', "'x'", '(1 + 1)', 'CURRENT_TIMESTAMP'),
    collate: fc.constantFrom(null, null, null, 'NOCASE'),
    generated: fc.constantFrom(null, null, null, null, 'stored' as const, 'virtual' as const),
  });

const arbitraryTable = (name: string, names: readonly string[]): fc.Arbitrary<TableSpec> =>
  fc.uniqueArray(fc.constantFrom(...columnNames), { minLength: 1, maxLength: 4 }).chain((columns) =>
    fc.record({
      name: fc.constant(name),
      key: fc.constantFrom(
        'rowid' as const,
        'rowid' as const,
        'autoincrement' as const,
        'text' as const,
        'composite' as const,
        'none' as const,
      ),
      columns: fc.tuple(...columns.map(arbitraryColumn)),
      keys: fc.uniqueArray(
        fc.record({
          column: fc.constantFrom(...columns),
          parent: fc.constantFrom(...names),
          onDelete: fc.constantFrom(...actions),
          deferred: fc.boolean(),
        }),
        { maxLength: 2, selector: (key) => key.column },
      ),
      uniques: fc.uniqueArray(fc.constantFrom(...columns), { maxLength: 1 }),
      indexes: fc.uniqueArray(
        fc.record({
          column: fc.constantFrom(...columns),
          shape: fc.constantFrom<IndexShape>('plain', 'unique', 'partial', 'expression', 'desc'),
        }),
        { maxLength: 2, selector: (index) => index.column },
      ),
      checks: fc.uniqueArray(fc.record({ column: fc.constantFrom(...columns), named: fc.boolean() }), {
        maxLength: 1,
        selector: (check) => check.column,
      }),
      strict: fc.constantFrom(false, false, true),
      withoutRowid: fc.constantFrom(false, false, true),
      view: fc.boolean(),
      trigger: fc.constantFrom('none' as const, 'own' as const, 'other' as const),
    }),
  );

export const arbitrarySchema: fc.Arbitrary<SchemaSpec> = fc
  .uniqueArray(fc.constantFrom(...tableNames), { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map((name) => arbitraryTable(name, names))));

/** One random change of a schema. */
export type Mutation = (schema: SchemaSpec) => SchemaSpec;

const at = <T>(items: readonly T[], index: number): T | undefined => items[index % Math.max(items.length, 1)];

function changeTable(pick: number, change: (table: TableSpec, schema: SchemaSpec) => TableSpec): Mutation {
  return (schema) => {
    const table = at(schema, pick);
    return schema.map((other) => (other === table ? change(other, schema) : other));
  };
}

function changeColumn(pick: number, nth: number, change: (column: ColumnSpec) => ColumnSpec): Mutation {
  return changeTable(pick, (table) => {
    const column = at(table.columns, nth);
    return { ...table, columns: table.columns.map((other) => (other === column ? change(other) : other)) };
  });
}

function dropColumn(table: TableSpec, nth: number): TableSpec {
  const column = at(table.columns, nth);
  if (table.columns.length < 2 || column === undefined) return table;
  const stays = (other: { readonly column: string }): boolean => other.column !== column.name;
  return {
    ...table,
    columns: table.columns.filter((other) => other !== column),
    keys: table.keys.filter(stays),
    uniques: table.uniques.filter((name) => name !== column.name),
    indexes: table.indexes.filter(stays),
    checks: table.checks.filter(stays),
  };
}

function dropTable(schema: SchemaSpec, pick: number): SchemaSpec {
  const table = at(schema, pick);
  if (schema.length < 2 || table === undefined) return schema;
  return schema
    .filter((other) => other !== table)
    .map((other) => ({ ...other, keys: other.keys.filter((key) => key.parent !== table.name) }));
}

export const arbitraryMutation: fc.Arbitrary<Mutation> = fc
  .tuple(fc.nat(11), fc.nat(11), fc.nat(17), fc.constantFrom(...columnNames, 'new'))
  .chain(([pick, nth, what, name]) => {
    const column = arbitraryColumn(name);
    switch (what) {
      case 0:
        return fc.constantFrom(...types).map((type) => changeColumn(pick, nth, (old) => ({ ...old, type })));
      case 1:
        return fc.constant(changeColumn(pick, nth, (old) => ({ ...old, notNull: !old.notNull })));
      case 2:
        return column.map((other) =>
          changeColumn(pick, nth, (old) => ({ ...old, fallback: other.fallback })),
        );
      case 3:
        return column.map((other) => changeColumn(pick, nth, (old) => ({ ...old, collate: other.collate })));
      case 4:
        return column.map((other) =>
          changeColumn(pick, nth, (old) => ({ ...old, generated: other.generated })),
        );
      case 5:
      case 6:
        return column.map((added) =>
          changeTable(pick, (table) =>
            table.columns.some((other) => other.name === added.name)
              ? table
              : { ...table, columns: [...table.columns, added] },
          ),
        );
      case 7:
        return fc.constant(changeTable(pick, (table) => dropColumn(table, nth)));
      case 8:
        return fc.constant((schema: SchemaSpec) => dropTable(schema, pick));
      case 9:
        return arbitraryTable('extra', ['extra', 't']).map(
          (table): Mutation =>
            (schema) =>
              schema.some((other) => other.name === 'extra') || !schema.some((other) => other.name === 't')
                ? schema
                : [...schema, table],
        );
      case 10:
        return fc.constantFrom(...actions).map((onDelete) =>
          changeTable(pick, (table) => ({
            ...table,
            keys: table.keys.map((key) => ({ ...key, onDelete })),
          })),
        );
      case 11:
        return fc.constant(changeTable(pick, (table) => ({ ...table, keys: [] })));
      case 12:
        return fc.constantFrom(...actions).map((onDelete) =>
          changeTable(pick, (table, schema) => {
            const [own, parent] = [at(table.columns, nth), at(schema, nth)];
            if (
              own === undefined ||
              parent === undefined ||
              table.keys.some((key) => key.column === own.name)
            )
              return table;
            return {
              ...table,
              keys: [
                ...table.keys,
                { column: own.name, parent: parent.name, onDelete, deferred: nth % 2 === 0 },
              ],
            };
          }),
        );
      case 13:
        return fc.constant(
          changeTable(pick, (table) => ({
            ...table,
            uniques: table.uniques.length > 0 ? [] : [at(table.columns, nth)?.name ?? ''],
          })),
        );
      case 14:
        return fc.constantFrom<IndexShape>('plain', 'unique', 'partial', 'expression', 'desc').map((shape) =>
          changeTable(pick, (table) => ({
            ...table,
            indexes:
              table.indexes.length > 1
                ? table.indexes.slice(1)
                : [{ column: at(table.columns, nth)?.name ?? '', shape }],
          })),
        );
      case 15:
        return fc.boolean().map((named) =>
          changeTable(pick, (table) => ({
            ...table,
            checks: table.checks.length > 0 ? [] : [{ column: at(table.columns, nth)?.name ?? '', named }],
          })),
        );
      case 16:
        return fc.constant(
          changeTable(pick, (table) =>
            nth % 2 === 0
              ? { ...table, strict: !table.strict }
              : { ...table, withoutRowid: !table.withoutRowid },
          ),
        );
      case 17:
        // What foreign keys point at moves, in every table at once: circles of tables have it both ways then.
        return fc.constant((schema: SchemaSpec) =>
          schema.map((table) => ({
            ...table,
            key: table.key === 'composite' ? table.key : ('none' as const),
            uniques: [at(table.columns, nth)?.name ?? ''],
          })),
        );
      default:
        return fc.constantFrom('rowid' as const, 'autoincrement' as const, 'none' as const).map((key) =>
          changeTable(pick, (table) => ({
            ...table,
            key: nth % 3 === 0 ? key : table.key,
            view: !table.view,
          })),
        );
    }
  });

const q = (name: string): string => `"${name}"`;

/** What children point at: the key, or else a column that an index or a constraint keeps unique. */
export function parentKeyOf(table: TableSpec | undefined): string | null {
  if (table === undefined) return null;
  if (table.key === 'rowid' || table.key === 'autoincrement' || table.key === 'text') return 'id';
  const unique = table.uniques[0] ?? table.indexes.find(({ shape }) => shape === 'unique')?.column;
  return unique === undefined || unique === '' ? null : unique;
}

/** One table or one column under a new name, everywhere. */
export interface RenameSpec {
  readonly table: string;
  readonly column: string | null;
  readonly to: string;
}

export const arbitraryRename: fc.Arbitrary<RenameSpec> = fc.record({
  table: fc.constantFrom(...tableNames),
  column: fc.constantFrom(null, ...columnNames),
  to: fc.constantFrom('renamed', 'new name', 'select'),
});

export function applyRename(schema: SchemaSpec, { table, column, to }: RenameSpec): SchemaSpec {
  if (column === null) {
    return schema.map((other) => ({
      ...other,
      name: other.name === table ? to : other.name,
      keys: other.keys.map((key) => ({ ...key, parent: key.parent === table ? to : key.parent })),
    }));
  }
  const name = (old: string): string => (old === column ? to : old);
  const named = <T extends { readonly column: string }>(item: T): T => ({
    ...item,
    column: name(item.column),
  });
  return schema.map((other) =>
    other.name !== table
      ? other
      : {
          ...other,
          columns: other.columns.map((one) => ({ ...one, name: name(one.name) })),
          keys: other.keys.map(named),
          uniques: other.uniques.map(name),
          indexes: other.indexes.map(named),
          checks: other.checks.map(named),
        },
  );
}

export function writeSchema(schema: SchemaSpec): readonly string[] {
  const named = new Map(schema.map((table) => [table.name, table]));
  return [
    ...schema.map((table) => writeTable(table, named)),
    ...schema.flatMap(writeIndexes),
    ...schema
      .filter((table) => table.view)
      .map((table) => `CREATE VIEW ${q(`view ${table.name}`)} AS SELECT count(*) AS n FROM ${q(table.name)}`),
    ...schema.flatMap((table) => writeTrigger(table, schema)),
  ];
}

function writeTable(table: TableSpec, named: ReadonlyMap<string, TableSpec>): string {
  const keyed = {
    rowid: 'id integer PRIMARY KEY',
    autoincrement: 'id integer PRIMARY KEY AUTOINCREMENT',
    text: 'id text NOT NULL PRIMARY KEY',
    composite: 'id integer NOT NULL',
    none: '',
  }[table.key];
  const [first] = table.columns;
  const isComposite = table.key === 'composite' && first !== undefined && first.generated === null;
  const lines = [
    ...(keyed === '' ? [] : [keyed]),
    ...table.columns.map((column) => writeColumn(column, isComposite && column === first)),
    ...(isComposite ? [`PRIMARY KEY (id, ${q(first.name)})`] : []),
    ...table.uniques.filter((name) => name !== '').map((name) => `UNIQUE (${q(name)})`),
    ...table.checks.map(
      ({ column, named: hasName }) =>
        `${hasName ? `CONSTRAINT ${q(`${table.name} ${column}`)} ` : ''}CHECK (${q(column)} IS NULL OR ${q(column)} <> 'never')`,
    ),
    ...table.keys.flatMap((key) => {
      const target = parentKeyOf(named.get(key.parent));
      // SQLite cannot run SET NULL on a generated column: no row of the parent could ever be deleted.
      const own = table.columns.find((column) => column.name === key.column);
      if (target === null || own?.generated !== null) return [];
      // Nor SET DEFAULT where a STRICT column does not take its own default: it fails before any trigger could help.
      if (key.onDelete === 'SET DEFAULT' && table.strict && !takesDefault(own)) return [];
      const deferred = key.deferred ? ' DEFERRABLE INITIALLY DEFERRED' : '';
      return [
        `FOREIGN KEY (${q(key.column)}) REFERENCES ${q(key.parent)} (${q(target)}) ON DELETE ${key.onDelete}${deferred}`,
      ];
    }),
  ];
  const hasKey = table.key !== 'none' && (table.key !== 'composite' || isComposite);
  const options = [
    table.strict ? 'STRICT' : '',
    table.withoutRowid && hasKey && table.key !== 'autoincrement' ? 'WITHOUT ROWID' : '',
  ].filter((option) => option !== '');
  return `CREATE TABLE ${q(table.name)} (${lines.join(', ')}) ${options.join(', ')}`.trim();
}

function takesDefault({ type, fallback }: ColumnSpec): boolean {
  if (fallback === null) return true;
  const isText = fallback === "'x'" || fallback === 'CURRENT_TIMESTAMP';
  return isText ? type === 'text' : type === 'integer' || type === 'real' || type === 'text';
}

function writeColumn(column: ColumnSpec, inKey: boolean): string {
  const collate = column.collate === null ? '' : ` COLLATE ${column.collate}`;
  if (column.generated !== null && !inKey)
    return `${q(column.name)} ${column.type}${collate} AS (1) ${column.generated.toUpperCase()}`;
  const notNull = column.notNull || inKey ? ' NOT NULL' : '';
  const fallback = column.fallback === null ? '' : ` DEFAULT ${column.fallback}`;
  return `${q(column.name)} ${column.type}${notNull}${fallback}${collate}`;
}

function writeIndexes(table: TableSpec): readonly string[] {
  return table.indexes
    .filter(({ column }) => column !== '')
    .map(({ column, shape }) => {
      const name = q(`${table.name} ${column} ${shape}`);
      const term = {
        plain: q(column),
        unique: q(column),
        partial: q(column),
        expression: `lower(${q(column)})`,
        desc: `${q(column)} DESC`,
      }[shape];
      const where = shape === 'partial' ? ` WHERE ${q(column)} IS NOT NULL` : '';
      return `CREATE ${shape === 'unique' ? 'UNIQUE ' : ''}INDEX ${name} ON ${q(table.name)} (${term})${where}`;
    });
}

function writeTrigger(table: TableSpec, schema: SchemaSpec): readonly string[] {
  if (table.trigger === 'none') return [];
  const other = table.trigger === 'other' ? (schema.find((one) => one !== table) ?? table) : table;
  return [
    `CREATE TRIGGER ${q(`trigger ${table.name}`)} AFTER DELETE ON ${q(table.name)} BEGIN DELETE FROM ${q(other.name)} WHERE 1; END`,
  ];
}
