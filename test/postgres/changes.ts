/** Changes that somebody makes by hand, and what each of them is. */

export interface HandMadeChange {
  readonly sql: string;
  /** `kind.type address [fields]`, as {@link describeChange} prints it, one per change. */
  readonly expected: readonly string[];
  /** First major that can do it. */
  readonly from?: number;
}

const change = (sql: string, ...expected: readonly string[]): HandMadeChange => ({ sql, expected });
const since = (from: number, sql: string, ...expected: readonly string[]): HandMadeChange => ({
  sql,
  expected,
  from,
});

export const changes: readonly HandMadeChange[] = [
  // Tables
  change('drop table plain', 'table.create plain'),
  change('create table extra (id integer primary key)', 'table.drop extra'),
  change('create table sales.extra (id integer)', 'table.drop sales.extra'),
  change('alter table plain set unlogged', 'table.alter plain unlogged'),
  change('alter table cache set logged', 'table.alter cache unlogged'),
  change('alter table users disable row level security', 'table.alter users rowSecurity'),
  change('alter table plain enable row level security', 'table.alter plain rowSecurity'),
  change('alter table users force row level security', 'table.alter users forceRowSecurity'),
  change('alter table documents set (fillfactor = 70)', 'table.alter documents storage'),
  change('alter table documents reset (fillfactor)', 'table.alter documents storage'),
  change('alter table plain set (autovacuum_enabled = off)', 'table.alter plain storage'),
  change('alter table plain set (toast.autovacuum_enabled = off)', 'table.alter plain storage'),
  change('alter table plain replica identity full', 'table.alter plain replicaIdentity'),
  change('alter table users replica identity nothing', 'table.alter users replicaIdentity'),
  change(
    'alter table ledger replica identity using index ledger_id_index',
    'table.alter ledger replicaIdentity',
  ),
  change('alter table drafts no inherit documents', 'table.alter drafts inherits'),
  change("comment on table users is 'customers'", 'table.alter users comment'),
  change('comment on table users is null', 'table.alter users comment'),
  change("comment on table plain is 'plain'", 'table.alter plain comment'),
  change('alter table plain owner to shop_other', 'table.alter plain owner'),
  change('grant select on plain to shop_reader', 'table.alter plain grants'),
  change('grant insert, update on plain to public', 'table.alter plain grants'),
  change('revoke delete on plain from postgres', 'table.alter plain grants'),
  change('alter table plain rename to simple', 'table.create plain', 'table.drop simple'),
  change('alter table plain set schema sales', 'table.create plain', 'table.drop sales.plain'),

  // Columns
  change('alter table plain add column extra text', 'column.drop plain.extra'),
  // What has another value is another default, however alike it looks.
  change("alter table users alter column tags set default ARRAY['{}']", 'column.alter users.tags default'),
  change(
    "alter table users alter column tags set default ARRAY[''::text]",
    'column.alter users.tags default',
  ),
  change(
    'alter table users alter column score set default 0.51::numeric',
    'column.alter users.score default',
  ),
  change("alter table users alter column name set default ''::text", 'column.alter users.name default'),
  change('alter table users alter column age set default 18::bigint'),
  change('alter table plain drop column note', 'column.create plain.note'),
  change(
    'alter table plain rename column note to remark',
    'column.create plain.note',
    'column.drop plain.remark',
  ),
  change('alter table plain alter column id type bigint', 'column.alter plain.id type'),
  change('alter table plain alter column note type varchar(20)', 'column.alter plain.note type'),
  change(
    'alter table order_lines alter column product type varchar(20)',
    'column.alter order_lines.product type',
  ),
  change('alter table users alter column updated_at type timestamp(6)', 'column.alter users.updated_at type'),
  change(
    'alter table users alter column updated_at type timestamptz(3)',
    'column.alter users.updated_at type',
  ),
  change('alter table users alter column code type char(5)', 'column.alter users.code type'),
  change('alter table users alter column code type varchar(4)', 'column.alter users.code type'),
  change('alter table users alter column score type numeric(12,2)', 'column.alter users.score type'),
  change('alter table users alter column score type numeric', 'column.alter users.score type'),
  change('alter table users alter column tags type varchar[]', 'column.alter users.tags type'),
  change(
    'alter table users alter column settings drop default, alter column settings type json using settings::json',
    'column.alter users.settings type,default',
  ),
  change('alter table users alter column email drop not null', 'column.alter users.email nullable'),
  change('alter table plain alter column note set not null', 'column.alter plain.note nullable'),
  change('alter table users alter column age drop default', 'column.alter users.age default'),
  change('alter table users alter column age set default 21', 'column.alter users.age default'),
  change("alter table plain alter column note set default 'x'", 'column.alter plain.note default'),
  change("alter table users alter column mood set default 'sad'", 'column.alter users.mood default'),
  change("alter table users alter column tags set default '{a}'", 'column.alter users.tags default'),
  change(
    `alter table users alter column settings set default '{"a": 2}'`,
    'column.alter users.settings default',
  ),
  change(
    'alter table users alter column created_at set default clock_timestamp()',
    'column.alter users.created_at default',
  ),
  change(
    `alter table users alter column created_at set default now() + interval '1 day'`,
    'column.alter users.created_at default',
  ),
  change('alter table users alter column score set default 0.75', 'column.alter users.score default'),
  change(
    'alter table sales.orders alter column ordered_on set default now()',
    'column.alter sales.orders.ordered_on default',
  ),
  change(
    "alter table sales.orders alter column state set default 'closed'",
    'column.alter sales.orders.state default',
  ),
  change(
    'alter table users alter column id drop default',
    'column.alter users.id default',
    'sequence.drop users_id_seq',
  ),
  change('alter sequence users_id_seq increment 10', 'column.alter users.id serial.increment'),
  change('alter sequence users_id_seq cycle', 'column.alter users.id serial.cycle'),
  change('alter sequence users_id_seq as bigint', 'column.alter users.id serial.maxValue'),
  change(
    'alter table sales.orders alter column id set generated by default',
    'column.alter sales.orders.id identity',
  ),
  change('alter table sales.orders alter column id drop identity', 'column.alter sales.orders.id identity'),
  change(
    'alter table sales.orders alter column id set increment by 4',
    'column.alter sales.orders.id identity.increment',
  ),
  change(
    'alter table sales.orders alter column id set start with 20',
    'column.alter sales.orders.id identity.startWith',
  ),
  change(
    'alter table sales.orders alter column id set minvalue 5',
    'column.alter sales.orders.id identity.minValue',
  ),
  change(
    'alter table sales.orders alter column id set maxvalue 5000',
    'column.alter sales.orders.id identity.maxValue',
  ),
  change(
    'alter table sales.orders alter column id set cache 7',
    'column.alter sales.orders.id identity.cache',
  ),
  change('alter table sales.orders alter column id set cycle', 'column.alter sales.orders.id identity.cycle'),
  change(
    'alter table ledger alter column id add generated always as identity',
    'column.alter ledger.id identity',
  ),
  change(
    'alter table users alter column full_name drop expression',
    'column.alter users.full_name generated',
  ),
  since(
    17,
    "alter table users alter column full_name set expression as (coalesce(name, '') || '?')",
    'column.alter users.full_name generated',
  ),
  change(
    "alter table users drop column full_name, add column full_name text generated always as (coalesce(name, '') || '?') stored",
    'column.alter users.full_name generated',
  ),
  since(
    18,
    "alter table users drop column full_name, add column full_name text generated always as (coalesce(name, '') || '!') virtual",
    'column.alter users.full_name generatedStorage',
  ),
  change(
    'alter table plain add column twice integer generated always as (id * 2) stored',
    'column.drop plain.twice',
  ),
  change('alter table plain alter column note type text collate "C"', 'column.alter plain.note collation'),
  change('alter table plain alter column note type text collate german', 'column.alter plain.note collation'),
  change(
    'drop index users_like_index; alter table users alter column nick type text collate "default"; create index users_like_index on users (nick text_pattern_ops)',
    'column.alter users.nick collation',
  ),
  change('alter table plain alter column note set storage external', 'column.alter plain.note storageMode'),
  since(
    14,
    'alter table plain alter column note set compression pglz',
    'column.alter plain.note compression',
  ),
  change(
    'alter table plain alter column note set statistics 500',
    'column.alter plain.note statisticsTarget',
  ),
  change('alter table plain alter column note set (n_distinct = 5)', 'column.alter plain.note options'),
  change("comment on column users.email is 'mail'", 'column.alter users.email comment'),
  change("comment on column plain.note is 'a note'", 'column.alter plain.note comment'),
  change('grant select (note) on plain to shop_reader', 'column.alter plain.note grants'),

  // Primary keys
  change(
    'alter table order_lines drop constraint order_lines_pk',
    'primaryKey.create order_lines.order_lines_pk',
  ),
  change(
    'alter table plain add primary key (id)',
    'column.alter plain.id nullable',
    'primaryKey.drop plain.plain_pkey',
  ),
  change(
    'alter table order_lines drop constraint order_lines_pk, add constraint order_lines_pk primary key (line, order_id)',
    'primaryKey.alter order_lines.order_lines_pk columns',
  ),
  change(
    'alter table order_lines rename constraint order_lines_pk to lines_pk',
    'primaryKey.rename order_lines.lines_pk name',
  ),
  change(
    'alter table order_lines drop constraint order_lines_pk, add constraint order_lines_pk primary key (order_id, line) deferrable',
    'primaryKey.alter order_lines.order_lines_pk deferral',
  ),
  change(
    'alter table order_lines drop constraint order_lines_pk, add constraint order_lines_pk primary key (order_id, line) include (product)',
    'primaryKey.alter order_lines.order_lines_pk include',
  ),
  change(
    'alter index order_lines_pk set (fillfactor = 70)',
    'primaryKey.alter order_lines.order_lines_pk storage',
  ),
  change('cluster users using users_pkey', 'primaryKey.alter users.users_pkey clustered'),
  change("comment on constraint users_pkey on users is 'key'", 'primaryKey.alter users.users_pkey comment'),

  // Uniques
  change('alter table users drop constraint users_email_unique', 'unique.create users.users_email_unique'),
  change('alter table plain add constraint extra_unique unique (note)', 'unique.drop plain.extra_unique'),
  change(
    'alter table order_lines drop constraint order_lines_product_unique, add constraint order_lines_product_unique unique (line, product)',
    'unique.alter order_lines.order_lines_product_unique columns',
  ),
  change(
    'alter table users rename constraint users_email_unique to users_email_key',
    'unique.rename users.users_email_key name',
  ),
  change(
    'alter table users drop constraint users_email_unique, add constraint users_email_unique unique (email) deferrable initially deferred',
    'unique.alter users.users_email_unique deferral',
  ),
  change(
    'alter table users drop constraint users_email_unique, add constraint users_email_unique unique (email) include (age)',
    'unique.alter users.users_email_unique include',
  ),
  since(
    15,
    'alter table users drop constraint users_email_unique, add constraint users_email_unique unique nulls not distinct (email)',
    'unique.alter users.users_email_unique nullsNotDistinct',
  ),
  since(
    15,
    'alter table plain drop constraint plain_unique, add constraint plain_unique unique (id)',
    'unique.alter plain.plain_unique nullsNotDistinct',
  ),
  change(
    'alter table users drop constraint users_email_unique; create unique index users_email_unique on users (email)',
    'index.drop users.users_email_unique',
    'unique.create users.users_email_unique',
  ),

  // Foreign keys
  change(
    'alter table sales.orders drop constraint orders_user_fk',
    'foreignKey.create sales.orders.orders_user_fk',
  ),
  change(
    'alter table documents add constraint author_fk foreign key (author) references users (id)',
    'foreignKey.drop documents.author_fk',
  ),
  ...[
    ['', 'onDelete'],
    ['on delete restrict', 'onDelete'],
    ['on delete set null', 'onDelete'],
    ['on delete set default', 'onDelete'],
    ['on delete cascade on update cascade', 'onUpdate'],
    ['on delete cascade on update restrict', 'onUpdate'],
    ['match full on delete cascade', 'match'],
    ['on delete cascade deferrable', 'deferral'],
    ['on delete cascade deferrable initially deferred', 'deferral'],
    ['on delete cascade not valid', 'validated'],
  ].map(([options = '', field = '']) =>
    change(
      `alter table sales.orders drop constraint orders_user_fk, add constraint orders_user_fk foreign key (user_id) references users (id) ${options}`,
      `foreignKey.alter sales.orders.orders_user_fk ${field}`,
    ),
  ),
  since(
    15,
    'alter table sales.orders drop constraint orders_user_fk, add constraint orders_user_fk foreign key (user_id) references users (id) on delete set null (user_id)',
    'foreignKey.alter sales.orders.orders_user_fk onDelete,onDeleteColumns',
  ),
  since(
    18,
    'alter table sales.orders alter constraint orders_user_fk not enforced',
    'foreignKey.alter sales.orders.orders_user_fk validated,enforced',
  ),
  change(
    'alter table order_lines alter constraint order_lines_order_fk not deferrable',
    'foreignKey.alter order_lines.order_lines_order_fk deferral',
  ),
  change(
    'alter table order_lines alter constraint order_lines_order_fk deferrable initially immediate',
    'foreignKey.alter order_lines.order_lines_order_fk deferral',
  ),
  change(
    'alter table sales.orders drop constraint orders_user_fk, add constraint orders_user_fk foreign key (user_id) references documents (id) on delete cascade',
    'foreignKey.alter sales.orders.orders_user_fk references',
  ),
  change(
    'alter table sales.orders rename constraint orders_user_fk to orders_user_id_fkey',
    'foreignKey.rename sales.orders.orders_user_id_fkey name',
  ),
  change(
    "comment on constraint orders_user_fk on sales.orders is 'who'",
    'foreignKey.alter sales.orders.orders_user_fk comment',
  ),

  // Checks
  change('alter table users drop constraint users_age_check', 'check.create users.users_age_check'),
  change('alter table plain add constraint plain_check check (id > 0)', 'check.drop plain.plain_check'),
  change(
    'alter table users drop constraint users_age_check, add constraint users_age_check check (age > 1 and age < 150)',
    'check.alter users.users_age_check expression',
  ),
  change(
    'alter table users drop constraint users_age_check, add constraint users_age_check check (age > 0 or age < 150)',
    'check.alter users.users_age_check expression',
  ),
  change(
    "alter table users drop constraint users_name_check, add constraint users_name_check check (name in ('a', 'c') or name is null)",
    'check.alter users.users_name_check expression',
  ),
  change(
    'alter table users rename constraint users_age_check to users_age_range',
    'check.rename users.users_age_range name',
  ),
  change(
    'alter table users drop constraint users_age_check, add constraint users_age_check check (age > 0 and age < 150) not valid',
    'check.alter users.users_age_check validated',
  ),
  change(
    'alter table users drop constraint users_age_check, add constraint users_age_check check (age > 0 and age < 150) no inherit',
    'check.alter users.users_age_check noInherit',
  ),
  since(
    18,
    'alter table users drop constraint users_age_check, add constraint users_age_check check (age > 0 and age < 150) not enforced',
    'check.alter users.users_age_check validated,enforced',
  ),
  since(
    18,
    'alter table plain add constraint plain_note_nn not null note not valid',
    'column.alter plain.note nullable,notNullOptions',
  ),
  since(
    18,
    'alter table plain add constraint plain_note_nn not null note no inherit',
    'column.alter plain.note nullable,notNullOptions',
  ),
  since(
    18,
    'alter table users alter column email drop not null; alter table users add not null email not valid',
    'column.alter users.email notNullOptions',
  ),
  since(
    18,
    'alter table users rename constraint users_email_not_null to nn',
    'column.alter users.email notNullOptions',
  ),
  change(
    "comment on constraint users_age_check on users is 'range'",
    'check.alter users.users_age_check comment',
  ),

  // Exclusion constraints
  change(
    'alter table order_lines drop constraint order_lines_no_overlap',
    'exclusion.create order_lines.order_lines_no_overlap',
  ),
  change(
    'alter table order_lines drop constraint order_lines_no_overlap, add constraint order_lines_no_overlap exclude using gist (during with =)',
    'exclusion.alter order_lines.order_lines_no_overlap definition',
  ),
  change(
    'alter table order_lines drop constraint order_lines_no_overlap, add constraint order_lines_no_overlap exclude using gist (during with &&) where (line > 1)',
    'exclusion.alter order_lines.order_lines_no_overlap definition',
  ),
  change(
    'alter table order_lines rename constraint order_lines_no_overlap to no_overlap',
    'exclusion.rename order_lines.no_overlap name',
  ),

  // Indexes
  change('drop index users_name_index', 'index.create users.users_name_index'),
  change('create index plain_index on plain (id)', 'index.drop plain.plain_index'),
  change('alter index users_name_index rename to users_by_name', 'index.rename users.users_by_name name'),
  change('alter index users_lower_index rename to users_by_lower', 'index.rename users.users_by_lower name'),
  ...[
    ['users (age)', 'columns'],
    ['users (name, age)', 'columns'],
    ['users (name desc)', 'columns'],
    ['users (name nulls first)', 'columns'],
    ['users (name text_pattern_ops)', 'columns'],
    ['users (name collate "C")', 'columns'],
    ['users (lower(name))', 'columns'],
    ['users using hash (name)', 'method'],
    ['users using hash (nick)', 'columns,method'],
    ['users using brin (name)', 'method'],
    ['users (name) where age > 3', 'where'],
    ['users (name) include (age)', 'include'],
    ['users (name) with (fillfactor = 50)', 'storage'],
  ].map(([target = '', field = '']) =>
    change(
      `drop index users_name_index; create index users_name_index on ${target}`,
      `index.alter users.users_name_index ${field}`,
    ),
  ),
  change(
    'drop index users_name_index; create unique index users_name_index on users (name)',
    'index.alter users.users_name_index unique',
  ),
  ...[
    ['users (upper(name) desc nulls last, age) where age > 21', 'columns'],
    ['users (lower(name) desc, age) where age > 21', 'columns'],
    ['users (lower(name) desc nulls last, age) where age > 22', 'where'],
    ['users (lower(name) desc nulls last, age)', 'where'],
    ['users (lower(name) collate "C" desc nulls last, age) where age > 21', 'columns'],
  ].map(([target = '', field = '']) =>
    change(
      `drop index users_lower_index; create index users_lower_index on ${target}`,
      `index.alter users.users_lower_index ${field}`,
    ),
  ),
  change(
    'drop index users_code_index; create index users_code_index on users (code) include (name) with (fillfactor = 80)',
    'index.alter users.users_code_index unique',
  ),
  change(
    'drop index users_code_index; create unique index users_code_index on users (code) with (fillfactor = 80)',
    'index.alter users.users_code_index include',
  ),
  change('alter index users_code_index set (fillfactor = 60)', 'index.alter users.users_code_index storage'),
  change(
    'drop index users_like_index; create index users_like_index on users (nick)',
    'index.alter users.users_like_index columns',
  ),
  since(
    15,
    'drop index ledger_nulls_index; create unique index ledger_nulls_index on ledger (a)',
    'index.alter ledger.ledger_nulls_index nullsNotDistinct',
  ),
  change('cluster ledger using ledger_id_index', 'index.alter ledger.ledger_id_index clustered'),
  change("comment on index users_name_index is 'names'", 'index.alter users.users_name_index comment'),
  change(
    "update pg_index set indisvalid = false where indexrelid = 'users_name_index'::regclass",
    'index.alter users.users_name_index valid',
  ),
  change('drop index totals_index', 'index.create totals.totals_index'),
  change('create index totals_amount on totals (amount)', 'index.drop totals.totals_amount'),

  // Enums, domains and other types
  change("alter type mood add value 'elated'", 'enum.alter mood values'),
  change("alter type mood add value 'meh' before 'ok'", 'enum.alter mood values'),
  change(
    "alter type mood rename value 'ok' to 'fine'",
    'column.alter users.mood default',
    'enum.alter mood values',
  ),
  change("create type colour as enum ('red')", 'enum.drop colour'),
  change("comment on type mood is 'mood'", 'enum.alter mood comment'),
  change('alter domain positive drop constraint positive_check', 'domain.alter positive definition'),
  change(
    'alter domain positive add constraint small check (value < 1000)',
    'domain.alter positive definition',
  ),
  change('alter domain positive set default 5', 'domain.alter positive definition'),
  change('alter domain positive set not null', 'domain.alter positive definition'),
  change('create domain word as text', 'domain.drop word'),
  change('alter type pair add attribute c integer', 'compositeType.alter pair definition'),
  change('drop type pair', 'compositeType.create pair'),
  change('drop type span', 'rangeType.create span'),
  change('drop collation german', 'collation.create german'),

  // Sequences
  change('create sequence extra_sequence', 'sequence.drop extra_sequence'),
  change('alter sequence invoice_numbers increment 7', 'sequence.alter invoice_numbers increment'),
  change('alter sequence invoice_numbers start 200', 'sequence.alter invoice_numbers startWith'),
  change('alter sequence invoice_numbers minvalue 20', 'sequence.alter invoice_numbers minValue'),
  change('alter sequence invoice_numbers maxvalue 20000', 'sequence.alter invoice_numbers maxValue'),
  change('alter sequence invoice_numbers cache 9', 'sequence.alter invoice_numbers cache'),
  change('alter sequence invoice_numbers cycle', 'sequence.alter invoice_numbers cycle'),
  change('alter sequence invoice_numbers as integer', 'sequence.alter invoice_numbers type'),
  change('alter sequence invoice_numbers owned by plain.id', 'sequence.alter invoice_numbers ownedBy'),
  since(15, 'alter sequence invoice_numbers set unlogged', 'sequence.alter invoice_numbers unlogged'),

  // Views
  change('drop view adult_names', 'view.create adult_names'),
  change('create view extra_view as select 1 as one', 'view.drop extra_view'),
  change(
    'create or replace view adults as select id, name, age from users where age >= 21',
    'view.alter adults definition',
  ),
  change(
    'create or replace view adults as select id, name, age, email from users where age >= 18',
    'view.alter adults definition',
  ),
  change('alter view busy set (security_barrier = false)', 'view.alter busy options'),
  change('alter view busy reset (security_barrier)', 'view.alter busy options'),
  change('alter view adults set (check_option = local)', 'view.alter adults options'),
  since(15, 'alter view adults set (security_invoker = true)', 'view.alter adults options'),
  change("comment on view adults is 'grown-ups'", 'view.alter adults comment'),
  change('alter view adults rename column age to years', 'view.alter adults definition'),
  change('drop materialized view totals', 'materializedView.create totals'),
  change(
    'drop materialized view totals; create materialized view totals as select user_id, max(amount) as amount from sales.orders group by user_id; create unique index totals_index on totals (user_id)',
    'materializedView.alter totals definition',
  ),
  change('alter materialized view totals set (fillfactor = 50)', 'materializedView.alter totals options'),
  change('refresh materialized view totals with no data', 'materializedView.alter totals populated'),

  // Policies
  change('drop policy own_rows on users', 'policy.create users.own_rows'),
  change('create policy extra on users for delete using (true)', 'policy.drop users.extra'),
  change('alter policy own_rows on users using (age > 30)', 'policy.alter users.own_rows using'),
  change(
    'alter policy insert_rows on users with check (email is not null)',
    'policy.alter users.insert_rows withCheck',
  ),
  change('alter policy own_rows on users to shop_reader', 'policy.alter users.own_rows to'),
  change(
    'drop policy own_rows on users; create policy own_rows on users for update using (age > 20)',
    'policy.alter users.own_rows for',
  ),
  change(
    'drop policy own_rows on users; create policy own_rows on users as restrictive for select using (age > 20)',
    'policy.alter users.own_rows as',
  ),
  change(
    'alter policy own_rows on users rename to their_rows',
    'policy.create users.own_rows',
    'policy.drop users.their_rows',
  ),

  // What Drizzle has no word for
  change('drop trigger users_touch on users', 'trigger.create users.users_touch'),
  change('alter table users disable trigger users_touch', 'trigger.alter users.users_touch enabled'),
  change('alter table users enable always trigger users_touch', 'trigger.alter users.users_touch enabled'),
  change(
    'drop trigger users_touch on users; create trigger users_touch after update on users for each row execute function touch()',
    'trigger.alter users.users_touch definition',
  ),
  change(
    'create trigger extra before insert on plain for each row execute function touch()',
    'trigger.drop plain.extra',
  ),
  change(
    'create or replace function double(n integer) returns integer language sql immutable as $$ select n * 3 $$',
    'function.alter double(n integer) definition',
  ),
  change(
    'create or replace function double(n integer) returns integer language sql volatile as $$ select n * 2 $$',
    'function.alter double(n integer) definition',
  ),
  change('create function extra() returns integer language sql as $$ select 1 $$', 'function.drop extra()'),
  change('drop procedure tidy()', 'function.create tidy()'),
  change('drop aggregate total (integer)', 'aggregate.create total(integer)'),
  change('drop rule ledger_keep on ledger', 'rule.create ledger.ledger_keep'),
  change('alter table ledger disable rule ledger_keep', 'rule.alter ledger.ledger_keep definition'),
  change('drop statistics ledger_statistics', 'statistics.create ledger_statistics'),
  change(
    'alter statistics ledger_statistics set statistics 50',
    'statistics.alter ledger_statistics definition',
  ),
  change('drop publication shop_publication', 'publication.create shop_publication'),
  change(
    'alter publication shop_publication add table plain',
    'publication.alter shop_publication definition',
  ),
  change(
    "alter publication shop_publication set (publish = 'insert')",
    'publication.alter shop_publication definition',
  ),
  change('create schema extra', 'schema.drop extra'),
  change('drop schema attic', 'schema.create attic'),
  change("comment on schema sales is 'selling'", 'schema.alter sales comment'),
  change("comment on schema public is 'ours'", 'schema.alter public comment'),
  change('comment on schema public is null'),
  // Who may make things there depends on the version that the database was made by.
  change('grant create on schema public to public'),
  change('grant create on schema sales to shop_reader', 'schema.alter sales grants'),
  change('create extension pg_trgm', 'extension.drop pg_trgm'),
  change(
    'create operator === (leftarg = integer, rightarg = integer, function = int4eq)',
    'operator.drop ===(integer, integer)',
  ),
  change(
    'create text search configuration plain_words (copy = simple)',
    'textSearchConfiguration.drop plain_words',
  ),
  change(
    'alter default privileges in schema public grant select on tables to shop_reader',
    'defaultPrivileges.drop public.postgres r',
  ),
  change('create event trigger watch on ddl_command_end execute function watch()', 'eventTrigger.drop watch'),
  change("create table parts_a partition of events for values from ('2025-01-01') to ('2026-01-01')"),

  // Temporal keys
  since(
    18,
    'alter table stays drop constraint stays_fk, add constraint stays_fk foreign key (room, during) references bookings_plain (room, during)',
    'foreignKey.alter stays.stays_fk references,period',
  ),
  since(18, 'alter table stays drop constraint stays_fk', 'foreignKey.create stays.stays_fk'),
  since(
    18,
    'alter table bookings drop constraint bookings_pk cascade',
    'foreignKey.create stays.stays_fk',
    'primaryKey.create bookings.bookings_pk',
  ),
  since(
    18,
    'alter table stays drop constraint stays_fk; alter table bookings drop constraint bookings_pk, add constraint bookings_pk primary key (room, during)',
    'foreignKey.create stays.stays_fk',
    'primaryKey.alter bookings.bookings_pk withoutOverlaps',
  ),

  // Who owns it and who may use it
  change('grant usage on sequence invoice_numbers to shop_reader', 'sequence.alter invoice_numbers grants'),
  change('alter sequence invoice_numbers owner to shop_other', 'sequence.alter invoice_numbers owner'),
  change(
    'grant execute on function double(integer) to shop_reader',
    'function.alter double(n integer) grants',
  ),
  change('revoke execute on function double(integer) from public', 'function.alter double(n integer) grants'),
  change('grant execute on procedure tidy() to shop_reader', 'function.alter tidy() grants'),
  change('alter function double(integer) owner to shop_other', 'function.alter double(n integer) owner'),
  change('alter view adults owner to shop_other', 'view.alter adults owner'),
  change('grant select on adults to shop_reader', 'view.alter adults grants'),
  change('alter schema sales owner to shop_other', 'schema.alter sales owner'),
  change('grant usage on schema sales to shop_reader', 'schema.alter sales grants'),
  change('create schema authorization shop_other', 'schema.drop shop_other'),
  change(
    'alter default privileges revoke execute on functions from public',
    'defaultPrivileges.drop .postgres f',
  ),
  change(
    'alter default privileges grant execute on functions to shop_reader; grant execute on function double(integer) to shop_reader',
    'defaultPrivileges.drop .postgres f',
  ),

  // Columns of views
  change("alter view adults alter column name set default 'x'", 'view.alter adults columnDefaults'),
  change("comment on column adults.name is 'who'", 'view.alter adults columnComments'),
  change('grant select (name) on adults to shop_reader', 'view.alter adults columnGrants'),
  change("comment on column totals.amount is 'sum'", 'materializedView.alter totals columnComments'),
  change('grant select (amount) on totals to shop_reader', 'materializedView.alter totals columnGrants'),
  change(
    'alter materialized view totals alter column amount set statistics 500',
    'materializedView.alter totals columnSettings',
  ),
  change(
    'alter materialized view totals alter column amount set storage external',
    'materializedView.alter totals columnSettings',
  ),
  change(
    'alter materialized view totals alter column user_id set (n_distinct = 5)',
    'materializedView.alter totals columnSettings',
  ),
  // The shop says something of these already.
  change("alter view adult_names alter column name set default 'nobody'"),
  change(
    "alter view adult_names alter column name set default 'somebody'",
    'view.alter adult_names columnDefaults',
  ),
  change('alter view adult_names alter column name drop default', 'view.alter adult_names columnDefaults'),
  change('comment on column adult_names.name is null', 'view.alter adult_names columnComments'),
  change('grant select (name) on adults to postgres'),
  change('alter materialized view totals alter column amount set statistics -1'),

  // Types
  change('grant usage on type mood to shop_reader', 'enum.alter mood grants'),
  change('revoke usage on type mood from public', 'enum.alter mood grants'),
  change('grant usage on type positive to shop_reader', 'domain.alter positive grants'),
  change('revoke usage on domain positive from public', 'domain.alter positive grants'),
  change('grant usage on type pair to shop_reader', 'compositeType.alter pair grants'),
  change('grant usage on type span to shop_reader', 'rangeType.alter span grants'),
  change('alter type mood owner to shop_other', 'enum.alter mood owner'),
  change('alter domain positive owner to shop_other', 'domain.alter positive owner'),
  change('grant usage on type mood to public'),
  change('grant usage on type mood to postgres'),

  // Comments on everything
  change("comment on materialized view totals is 'x'", 'materializedView.alter totals comment'),
  change("comment on policy own_rows on users is 'x'", 'policy.alter users.own_rows comment'),
  change("comment on trigger users_touch on users is 'x'", 'trigger.alter users.users_touch comment'),
  change("comment on function double(integer) is 'x'", 'function.alter double(n integer) comment'),
  change("comment on domain positive is 'x'", 'domain.alter positive comment'),
  change("comment on sequence invoice_numbers is 'x'", 'sequence.alter invoice_numbers comment'),
  change("comment on statistics ledger_statistics is 'x'", 'statistics.alter ledger_statistics comment'),
  change("comment on publication shop_publication is 'x'", 'publication.alter shop_publication comment'),
  change("comment on rule ledger_keep on ledger is 'x'", 'rule.alter ledger.ledger_keep comment'),
  change("comment on collation german is 'x'", 'collation.alter german comment'),
  change(
    "comment on constraint order_lines_no_overlap on order_lines is 'x'",
    'exclusion.alter order_lines.order_lines_no_overlap comment',
  ),

  // More of what Drizzle has no word for
  change(
    'alter index order_lines_no_overlap set (fillfactor = 50)',
    'exclusion.alter order_lines.order_lines_no_overlap definition',
  ),
  change(
    'alter index users_name_index set (deduplicate_items = off)',
    'index.alter users.users_name_index storage',
  ),
  change('alter function double(integer) security definer', 'function.alter double(n integer) definition'),
  change(
    "alter function double(integer) set search_path = 'pg_catalog'",
    'function.alter double(n integer) definition',
  ),
  change('alter function double(integer) parallel safe', 'function.alter double(n integer) definition'),
  change('alter function double(integer) strict', 'function.alter double(n integer) definition'),
  change('alter function double(integer) cost 77', 'function.alter double(n integer) definition'),
  change(
    'alter trigger users_touch on users rename to touch_users',
    'trigger.create users.users_touch',
    'trigger.drop users.touch_users',
  ),
  change(
    'create trigger v instead of insert on adults for each row execute function touch()',
    'trigger.drop adults.v',
  ),
  change('create rule v as on insert to adults do instead nothing', 'rule.drop adults.v'),
  change(
    'create constraint trigger ct after insert on plain deferrable initially deferred for each row execute function touch()',
    'trigger.drop plain.ct',
  ),
  change('alter type pair alter attribute b type varchar(3)', 'compositeType.alter pair definition'),
  change(
    'alter domain positive add constraint nv check (value < 9) not valid',
    'domain.alter positive definition',
  ),
  change('create table typed of pair', 'table.drop typed'),
  change(
    'create foreign data wrapper fdw; create server remote foreign data wrapper fdw; create foreign table ft (a integer) server remote',
    'foreignDataWrapper.drop fdw',
    'foreignServer.drop remote',
    'foreignTable.drop ft',
  ),
  since(
    15,
    'create access method heap2 type table handler heap_tableam_handler; alter table plain set access method heap2',
    'accessMethod.drop heap2',
    'table.alter plain accessMethod',
  ),
  since(
    15,
    'alter publication shop_publication set table users (id, email), sales.orders where (amount > 0)',
    'publication.alter shop_publication definition',
  ),
  since(
    15,
    'alter publication shop_publication add tables in schema attic',
    'publication.alter shop_publication definition',
  ),
  since(
    18,
    'alter publication shop_publication set (publish_generated_columns = stored)',
    'publication.alter shop_publication definition',
  ),
  change(
    'alter publication shop_publication set (publish_via_partition_root = true)',
    'publication.alter shop_publication definition',
  ),
  since(
    16,
    "drop collation german; create collation german (provider = icu, locale = 'de-DE', rules = '&a < g')",
    'collation.alter german definition',
  ),

  change("alter foreign data wrapper files options (add a 'b')", 'foreignDataWrapper.alter files definition'),
  change(
    "create subscription more connection 'host=localhost password=x' publication p with (connect = false, enabled = false, slot_name = none, create_slot = false)",
    'subscription.drop more',
  ),
  change('drop text search dictionary words', 'textSearchDictionary.create words'),
  change(
    'alter text search dictionary words (accept = false)',
    'textSearchDictionary.alter words definition',
  ),

  // Partitions and inheritance
  change('alter table events detach partition events_2024', 'table.alter events_2024 partitionOf'),
  change('alter table events_2024 add constraint d check (id > 0)', 'check.drop events_2024.d'),
  change('create index events_2024_body on events_2024 (body)', 'index.drop events_2024.events_2024_body'),
  change('create table events_rest partition of events default'),
  change('alter table drafts add constraint d check (id > 0)', 'check.drop drafts.d'),
  change("alter table drafts alter column body set default 'x'", 'column.alter drafts.body default'),
  change('alter table drafts no inherit documents; alter table drafts inherit documents'),

  // What is the default already is no change
  change('alter table plain alter column note set statistics -1'),
  since(17, 'alter table users alter column age set statistics default'),
  change('alter table plain alter column note set storage extended'),
  change('alter table plain alter column note set default null'),
  change('alter table plain replica identity default'),
  change('alter table users no force row level security'),
  change('alter table users set without cluster'),
  change('alter view adults reset (security_barrier)'),
  change('alter table sales.orders alter column id set generated always'),
  change('alter table sales.orders alter column id restart with 100'),
  change('grant select on plain to postgres'),
  change('grant execute on function double(integer) to public'),
  // Triggers that the server keeps constraints by
  change(
    'alter table sales.orders disable trigger all',
    'foreignKey.alter order_lines.order_lines_order_fk ownTriggers',
    'foreignKey.alter sales.orders.orders_user_fk ownTriggers',
  ),
  change(
    'alter table users disable trigger all',
    'foreignKey.alter sales.orders.orders_user_fk ownTriggers',
    'trigger.alter users.users_touch enabled',
  ),
  change('alter table sales.orders disable trigger all; alter table sales.orders enable trigger all'),
  change('alter table plain disable trigger all'),
  change(
    `alter table order_lines add constraint late unique (number) deferrable;
     alter table order_lines disable trigger all`,
    'foreignKey.alter order_lines.order_lines_order_fk ownTriggers',
    'unique.drop order_lines.late',
  ),

  // What is said of parts of objects
  change("comment on column pair.b is 'second'", 'compositeType.alter pair partComments'),
  change(
    "comment on constraint positive_check on domain positive is 'x'",
    'domain.alter positive partComments',
  ),
  change("comment on index users_pkey is 'x'", 'primaryKey.alter users.users_pkey indexComment'),
  change("comment on index users_email_unique is 'x'", 'unique.alter users.users_email_unique indexComment'),
  change("comment on sequence users_id_seq is 'x'", 'column.alter users.id sequenceComment'),
  change("comment on sequence sales.orders_id_seq is 'x'", 'column.alter sales.orders.id sequenceComment'),
  change('grant usage on sequence users_id_seq to shop_reader', 'column.alter users.id sequenceGrants'),
  change(
    'grant select on sequence sales.orders_id_seq to shop_reader',
    'column.alter sales.orders.id sequenceGrants',
  ),
  change(
    'alter index users_lower_index alter column 1 set statistics 700',
    'index.alter users.users_lower_index columnStatistics',
  ),
  change('alter index users_lower_index alter column 1 set statistics -1'),
  change('create type row_of_plain as (id integer, note text)', 'compositeType.drop row_of_plain'),
  change(
    'create type row_of_plain as (id integer, note text); alter table plain of row_of_plain',
    'compositeType.drop row_of_plain',
    'table.alter plain ofType',
  ),
  since(
    18,
    'alter table users drop constraint users_email_not_null, add constraint must not null email',
    'column.alter users.email notNullOptions',
  ),
  since(
    18,
    "comment on constraint users_email_not_null on users is 'x'",
    'column.alter users.email notNullComment',
  ),
  since(18, 'alter table users rename constraint users_email_not_null to people_mail_not_null'),

  // Owners and privileges of what is rarely granted
  change('grant execute on function total(integer) to shop_reader', 'aggregate.alter total(integer) grants'),
  change('alter aggregate total(integer) owner to shop_other', 'aggregate.alter total(integer) owner'),
  change('grant usage on foreign data wrapper files to shop_reader', 'foreignDataWrapper.alter files grants'),
  change('revoke all on plain from postgres', 'table.alter plain grants'),
  change('revoke all on sequence invoice_numbers from postgres'),

  // Kinds that few databases have
  change('create type announced', 'baseType.drop announced'),
  change(
    `create type tiny; create function tiny_in(cstring) returns tiny language internal immutable strict as 'int2in';
     create function tiny_out(tiny) returns cstring language internal immutable strict as 'int2out';
     create type tiny (input = tiny_in, output = tiny_out, like = int2)`,
    'baseType.drop tiny',
    'function.drop tiny_in(cstring)',
    'function.drop tiny_out(tiny)',
  ),
  change(
    'create operator class whole for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer)',
    'operatorClass.drop whole USING btree',
  ),
  change('create operator family whole using btree', 'operatorFamily.drop whole USING btree'),
  change("create conversion small for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8", 'conversion.drop small'),
  change(
    "create function list_of(internal) returns internal language internal immutable as 'array_send'; create transform for mood language plpgsql (from sql with function list_of(internal))",
    'function.drop list_of(internal)',
    'transform.drop FOR mood LANGUAGE plpgsql',
  ),
  change('create language plagain handler plpgsql_call_handler', 'language.drop plagain'),
  change(
    'create access method like_heap type table handler heap_tableam_handler',
    'accessMethod.drop like_heap',
  ),
  change(
    'create server near foreign data wrapper files; create user mapping for shop_reader server near',
    'foreignServer.drop near',
    'userMapping.drop FOR shop_reader SERVER near',
  ),
  change(
    'create text search parser plain_parser (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)',
    'textSearchParser.drop plain_parser',
  ),
  change(
    'create text search template plain_template (lexize = dsimple_lexize)',
    'textSearchTemplate.drop plain_template',
  ),
  // Only a library can provide labels; the catalogue is written to as one would.
  change(
    "set local allow_system_table_mods = on; insert into pg_seclabel select 'plain'::regclass, 'pg_class'::regclass, 0, 'guard', 'secret'",
    'securityLabel.drop guard ON TABLE public.plain',
  ),

  // Foreign tables
  change("alter foreign table supplies options (set file 'b')", 'foreignTable.alter supplies definition'),
  change('alter foreign table supplies add column more text', 'foreignTable.alter supplies definition'),
  change(
    "alter foreign table supplies alter column label options (add name 'x')",
    'foreignTable.alter supplies definition',
  ),
  change(
    "alter foreign table supplies alter column label set default 'x'",
    'foreignTable.alter supplies definition',
  ),
  change(
    'alter foreign table supplies add constraint known check (id > 0)',
    'foreignTable.alter supplies definition',
  ),
  change("comment on column supplies.label is 'x'", 'foreignTable.alter supplies partComments'),
  change("comment on foreign table supplies is 'x'", 'foreignTable.alter supplies comment'),
  change('grant select (label) on supplies to shop_reader', 'foreignTable.alter supplies columnGrants'),
  change('grant select on supplies to shop_reader', 'foreignTable.alter supplies grants'),
  change('alter foreign table supplies owner to shop_other', 'foreignTable.alter supplies owner'),
  change(
    'create trigger counted before insert on supplies for each row execute function touch()',
    'trigger.drop supplies.counted',
  ),
  change("alter server depot options (set path 'c')", 'foreignServer.alter depot definition'),
  change("alter server depot options (drop path, add path 'a')"),
  change('grant usage on foreign server depot to shop_reader', 'foreignServer.alter depot grants'),
  change('create user mapping for current_user server depot', 'userMapping.drop FOR postgres SERVER depot'),

  // Sequences of columns are called what their tables once were called.
  change('alter sequence users_id_seq rename to people_ids'),
  change('alter sequence sales.orders_id_seq rename to people_ids'),
];
