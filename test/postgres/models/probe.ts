/** Holds catalogue objects against what a server has: what it prints for each, and for the same text written anew. */
import type pg from 'pg';
import type { CatalogObject, Column, Index, ObjectOf, Policy } from '../../../src/catalog/objects.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the server has, as comparable facts by object; and what it prints for the objects that were read. */
export interface Findings {
  readonly server: Readonly<Record<string, unknown>>;
  readonly read: Readonly<Record<string, unknown>>;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const path = (namespace: string, name: string): string => `${quote(namespace)}.${quote(name)}`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export async function probe(client: pg.Client, objects: readonly CatalogObject[]): Promise<Findings> {
  const server = await describeServer(client);
  const read: Record<string, unknown> = {};
  for (const object of objects) {
    const names = [object.address.name, ...(object.alsoNamed ?? [])];
    const keyOf = (name: string): string =>
      JSON.stringify([object.kind, object.address.namespace, object.address.table ?? '', name]);
    const key = names.map(keyOf).find((candidate) => candidate in server) ?? keyOf(object.address.name);
    read[key] = await describeObject(client, object);
  }
  return { server, read };
}

// What was read

async function describeObject(client: pg.Client, object: CatalogObject): Promise<unknown> {
  switch (object.kind) {
    case 'table':
      return { rowSecurity: object.rowSecurity === true };
    case 'column':
      return describeColumn(client, object);
    case 'primaryKey':
      return { columns: object.columns };
    case 'unique':
      return { columns: object.columns, nullsNotDistinct: object.nullsNotDistinct };
    case 'foreignKey':
      return {
        columns: object.columns,
        references: object.references,
        onDelete: object.onDelete,
        onUpdate: object.onUpdate,
      };
    case 'check':
      return { definition: await printCheck(client, object) };
    case 'index':
      return printIndex(client, object);
    case 'enum':
      return { values: object.values };
    case 'sequence':
      return { type: object.type, options: object.options };
    case 'view':
    case 'materializedView':
      return describeView(client, object);
    case 'policy':
      return printPolicy(client, object);
    default:
      return {};
  }
}

async function describeColumn(client: pg.Client, column: Column): Promise<unknown> {
  const { type, nullable, position, value } = column;
  const facts = { type, nullable, position };
  switch (value.kind) {
    case 'none':
      return { ...facts, value: 'none' };
    case 'default':
      return {
        ...facts,
        value: 'default',
        text: await printAdded(client, column, `default ${value.expression.text}`),
      };
    case 'generated':
      return {
        ...facts,
        value: 'generated',
        text: await printAdded(client, column, `generated always as (${value.expression.text}) stored`),
      };
    case 'identity':
      return { ...facts, value: `identity ${value.generation}`, sequence: value.sequence };
    case 'serial':
      return { ...facts, value: 'serial', sequence: value.sequence };
  }
}

/** What the server prints for a value on a new column of the same table. */
async function printAdded(client: pg.Client, column: Column, clause: string): Promise<unknown> {
  const on = path(column.address.namespace, String(column.address.table));
  return undo(client, async () => {
    await client.query(`alter table ${on} add column probe ${column.type} ${clause}`);
    const { rows } = await client.query<Row>(
      `select pg_get_expr(adbin, adrelid) as text from pg_attrdef where adrelid = ${literal(on)}::regclass
       order by adnum desc limit 1`,
    );
    return rows[0]?.['text'];
  });
}

async function printCheck(client: pg.Client, check: ObjectOf<'check'>): Promise<unknown> {
  const on = path(check.address.namespace, String(check.address.table));
  return undo(client, async () => {
    await client.query(`alter table ${on} add constraint probe check (${check.expression.text})`);
    const { rows } = await client.query<Row>(
      `select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'probe'`,
    );
    return rows[0]?.['text'];
  });
}

async function printIndex(client: pg.Client, index: Index): Promise<unknown> {
  const on = path(index.address.namespace, String(index.address.table));
  const parts = index.parts.map((part) => {
    const what = 'column' in part.on ? quote(part.on.column) : `(${part.on.expression.text})`;
    const collation = part.collation === null ? '' : ` collate ${part.collation}`;
    const order = part.order === 'desc' ? ' desc' : '';
    return `${what}${collation} ${part.opclass ?? ''}${order}${part.nulls === undefined ? '' : ` nulls ${part.nulls}`}`;
  });
  const storage = Object.entries(index.storage ?? {}).map(([name, value]) => `${name}=${value}`);
  const text = `create ${index.unique ? 'unique' : ''} index probe on ${on} using ${String(index.method)} (${parts.join(', ')})
    ${storage.length > 0 ? `with (${storage.join(', ')})` : ''} ${index.where === null ? '' : `where ${index.where.text}`}`;
  return undo(client, async () => {
    await client.query(text);
    const { rows } = await client.query<Row>(
      `select pg_get_indexdef(oid) as text from pg_class where relname = 'probe'`,
    );
    // A class that is the default of its type has to be left out: the comparison does not ask the server.
    const classes = await client.query<Row>(classesOf(literal(path(index.address.namespace, 'probe'))));
    return {
      definition: withoutName(String(rows[0]?.['text']), 'probe'),
      classes: index.parts.map((part, at) => (part.opclass ? classes.rows[at]?.['name'] : null)),
    };
  });
}

function withoutName(definition: string, name: string): string {
  return definition.replace(` INDEX ${name} ON`, ' INDEX ON').replace(` INDEX "${name}" ON`, ' INDEX ON');
}

async function describeView(
  client: pg.Client,
  view: ObjectOf<'view' | 'materializedView'>,
): Promise<unknown> {
  const materialized = view.kind === 'materializedView';
  const facts = { options: view.options ?? {}, ...(materialized && { populated: view.populated }) };
  return undo(client, async () => {
    await client.query(`create view public.probe as ${view.definition.text}`);
    const { rows } = await client.query<Row>(`select pg_get_viewdef('public.probe'::regclass) as text`);
    return { ...facts, definition: rows[0]?.['text'] };
  });
}

async function printPolicy(client: pg.Client, policy: Policy): Promise<unknown> {
  const on = path(policy.address.namespace, String(policy.address.table));
  const special = new Set(['public', 'current_user']);
  const to = policy.to.map((role) => (special.has(role) ? role : quote(role))).join(', ');
  const using = policy.using === null ? '' : `using (${policy.using.text})`;
  const check = policy.withCheck === null ? '' : `with check (${policy.withCheck.text})`;
  return undo(client, async () => {
    await client.query(
      `create policy probe on ${on} as ${policy.as} for ${policy.for} to ${to} ${using} ${check}`,
    );
    const { rows } = await client.query<Row>(policyQuery(`policyname = 'probe'`));
    return omit(rows[0] ?? {}, ['namespace', 'table', 'name']);
  });
}

/** Runs something and takes it back. */
async function undo<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('savepoint probe');
  try {
    return await work();
  } finally {
    await client.query('rollback to savepoint probe');
  }
}

// What the server has

const own = `n.nspname not like 'pg_%' and n.nspname <> 'information_schema'`;

function policyQuery(condition: string): string {
  return `select schemaname as namespace, tablename as table, policyname as name, permissive, cmd, roles, qual, with_check
    from pg_policies where ${condition}`;
}

function classesOf(index: string): string {
  return `select c.opcname as name, c.opcdefault as usual from pg_index i
    join lateral unnest(i.indclass::oid[]) with ordinality as u(oid, at) on true
    join pg_opclass c on c.oid = u.oid where i.indexrelid = ${index}::regclass order by u.at`;
}

const queries: Readonly<Record<string, string>> = {
  table: `select n.nspname as namespace, '' as table, c.relname as name, c.relrowsecurity as "rowSecurity"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and ${own}`,
  primaryKey: `${constraints('p')}`,
  unique: `${constraints('u')}`,
  foreignKey: `select n.nspname as namespace, t.relname as table, c.conname as name, ${keyColumns('c.conrelid', 'c.conkey')} as columns,
      json_build_object('namespace', fn.nspname, 'table', f.relname, 'columns', ${keyColumns('c.confrelid', 'c.confkey')}) as references,
      ${action('c.confdeltype')} as "onDelete", ${action('c.confupdtype')} as "onUpdate"
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
    join pg_class f on f.oid = c.confrelid join pg_namespace fn on fn.oid = f.relnamespace where c.contype = 'f'`,
  check: `select n.nspname as namespace, t.relname as table, c.conname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
    where c.contype = 'c' and ${own}`,
  enum: `select n.nspname as namespace, '' as table, t.typname as name,
      (select array_agg(enumlabel::text order by enumsortorder) from pg_enum where enumtypid = t.oid) as values
    from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e'`,
  schema: `select '' as namespace, '' as table, n.nspname as name from pg_namespace n where ${own} and n.nspname not in ('public', 'theirs')`,
  policy: policyQuery('true'),
  view: `select n.nspname as namespace, '' as table, c.relname as name, c.reloptions, pg_get_viewdef(c.oid) as definition
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'v' and ${own}`,
  materializedView: `select n.nspname as namespace, '' as table, c.relname as name, c.reloptions, pg_get_viewdef(c.oid) as definition,
      c.relispopulated as populated
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm' and ${own}`,
};

function keyColumns(table: string, key: string): string {
  return `(select array_agg(a.attname::text order by k.at) from unnest(${key}) with ordinality k(number, at)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = k.number)`;
}

function action(code: string): string {
  return `case ${code} when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set null' else 'set default' end`;
}

function constraints(type: 'p' | 'u'): string {
  return `select n.nspname as namespace, t.relname as table, c.conname as name, ${keyColumns('c.conrelid', 'c.conkey')} as columns
      ${type === 'u' ? ', i.indnullsnotdistinct as "nullsNotDistinct"' : ''}
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
    join pg_index i on i.indexrelid = c.conindid where c.contype = '${type}' and ${own}`;
}

const sequenceOptions = `case when s.seqrelid is null then null else json_build_object('startWith', s.seqstart::text,
  'increment', s.seqincrement::text, 'minValue', s.seqmin::text, 'maxValue', s.seqmax::text, 'cache', s.seqcache::text,
  'cycle', s.seqcycle) end`;

const columnQuery = `select n.nspname as namespace, t.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as nullable, a.attnum as position, a.attidentity as identity, a.attgenerated as generated,
    pg_get_expr(d.adbin, d.adrelid) as text, ${sequenceOptions} as sequence
  from pg_attribute a join pg_class t on t.oid = a.attrelid join pg_namespace n on n.oid = t.relnamespace
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_depend o on o.refobjid = t.oid and o.refobjsubid = a.attnum and o.classid = 'pg_class'::regclass and o.deptype in ('a', 'i')
  left join pg_sequence s on s.seqrelid = o.objid
  where t.relkind = 'r' and a.attnum > 0 and not a.attisdropped and ${own}`;

const indexQuery = `select n.nspname as namespace, t.relname as table, c.relname as name, pg_get_indexdef(i.indexrelid) as definition, i.indexrelid::text as oid
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  where ${own} and not exists (select from pg_constraint where conindid = i.indexrelid)`;

const sequenceQuery = `select n.nspname as namespace, '' as table, c.relname as name, format_type(s.seqtypid, null) as type, ${sequenceOptions} as options
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where not exists (select from pg_depend where objid = c.oid and classid = 'pg_class'::regclass and deptype in ('a', 'i'))`;

async function describeServer(client: pg.Client): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  const keep = (kind: string, row: Row, facts: unknown): void => {
    found[JSON.stringify([kind, row['namespace'], row['table'], row['name']])] = facts;
  };
  for (const [kind, query] of Object.entries(queries)) {
    for (const row of (await client.query<Row>(query)).rows) keep(kind, row, describeRow(row));
  }
  for (const row of (await client.query<Row>(columnQuery)).rows) keep('column', row, describeColumnRow(row));
  for (const row of (await client.query<Row>(indexQuery)).rows) {
    const classes = (await client.query<Row>(classesOf(`'${String(row['oid'])}'`))).rows;
    keep('index', row, {
      definition: withoutName(String(row['definition']), String(row['name'])),
      classes: classes.map((entry) => (entry['usual'] === true ? null : entry['name'])),
    });
  }
  for (const row of (await client.query<Row>(sequenceQuery)).rows)
    keep('sequence', row, { type: row['type'], options: row['options'] });
  return found;
}

function describeRow(row: Row): unknown {
  const { reloptions, ...facts } = omit(row, ['namespace', 'table', 'name']);
  if (reloptions === undefined) return facts;
  const entries = ((reloptions as readonly string[] | null) ?? []).map(
    (option) => option.split('=', 2) as [string, string],
  );
  return { ...facts, options: Object.fromEntries(entries) };
}

function describeColumnRow(row: Row): unknown {
  const { identity, generated, text, sequence, type, nullable, position } = row;
  const facts = { type, nullable, position };
  if (identity !== '')
    return { ...facts, value: `identity ${identity === 'a' ? 'always' : 'byDefault'}`, sequence };
  if (sequence !== null) return { ...facts, value: 'serial', sequence };
  if (generated !== '') return { ...facts, value: 'generated', text };
  return text === null ? { ...facts, value: 'none' } : { ...facts, value: 'default', text };
}

function omit(row: Row, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
