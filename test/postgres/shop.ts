/** A database with something of everything, to change one thing at a time in. */

/** SQL for a major version. */
export function writeShop(major: number): string {
  return `
create extension citext;
create schema sales;
create schema attic;
create type mood as enum ('sad', 'ok', 'happy');
create type sales.state as enum ('open', 'closed');
create domain positive as integer check (value > 0);
create type pair as (a integer, b text);
create type span as range (subtype = float8);
create collation german (provider = icu, locale = 'de-DE');
create sequence invoice_numbers as bigint start 100 increment 5 minvalue 10 maxvalue 100000 cache 3;
create function touch() returns trigger language plpgsql as $$ begin new.updated_at = now(); return new; end $$;
create function double(n integer) returns integer language sql immutable as $$ select n * 2 $$;
create procedure tidy() language sql as $$ select 1 $$;
create aggregate total (integer) (sfunc = int4pl, stype = integer, initcond = '0');

create table users (
  id serial primary key,
  email citext not null,
  name varchar(100),
  age integer default 18,
  score numeric(10, 2) default 0.5,
  mood mood default 'ok',
  tags text[] default '{}',
  settings jsonb not null default '{"a": 1}',
  created_at timestamp with time zone not null default now(),
  updated_at timestamp(3) without time zone,
  code char(4),
  nick text collate "C",
  full_name text generated always as (coalesce(name, '') || '!') stored,
  constraint users_email_unique unique (email),
  constraint users_age_check check (age > 0 and age < 150),
  constraint users_name_check check (name in ('a', 'b') or name is null)
);
create index users_name_index on users (name);
create index users_lower_index on users (lower(name) desc nulls last, age) where age > 21;
create unique index users_code_index on users (code) include (name) with (fillfactor = 80);
create index users_tags_index on users using gin (tags);
create index users_like_index on users (nick text_pattern_ops);
create trigger users_touch before update on users for each row execute function touch();
alter table users enable row level security;
create policy own_rows on users for select to public using (age > 20);
create policy insert_rows on users as restrictive for insert to public with check (name is not null);
comment on table users is 'people';
comment on column users.email is 'where to write';

create table sales.orders (
  id bigint generated always as identity (start with 10 increment by 2),
  user_id integer not null,
  state sales.state not null default 'open',
  amount numeric not null default 0,
  ordered_on date default current_date,
  primary key (id),
  constraint orders_user_fk foreign key (user_id) references users (id) on delete cascade,
  constraint orders_amount_check check (amount >= 0)
);
create index orders_user_index on sales.orders (user_id, ordered_on desc);

create table order_lines (
  order_id bigint not null,
  line integer not null,
  quantity positive not null default 1,
  product text not null,
  during tsrange,
  number bigint default nextval('invoice_numbers'),
  constraint order_lines_pk primary key (order_id, line),
  constraint order_lines_order_fk foreign key (order_id) references sales.orders (id) on update cascade deferrable initially deferred,
  constraint order_lines_no_overlap exclude using gist (during with &&),
  constraint order_lines_product_unique unique (product, line)
);
create table events (id bigint not null, at date not null, body text) partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table documents (id integer primary key, body text, author integer) with (fillfactor = 90);
create table drafts (reason text) inherits (documents);
create unlogged table cache (key text primary key, value text);
create table plain (id integer, note text);
create table ledger (id integer not null, a integer, b integer, c integer);
create unique index ledger_id_index on ledger (id);
create statistics ledger_statistics (dependencies) on a, b from ledger;
create rule ledger_keep as on delete to ledger do instead nothing;

create view adults as select id, name, age from users where age >= 18;
create view adult_names as select name from adults;
alter view adult_names alter column name set default 'nobody';
comment on column adult_names.name is 'who';
create view busy with (security_barrier = true) as select u.id, count(*) as orders from users u join sales.orders o on o.user_id = u.id group by u.id;
create materialized view totals as select user_id, sum(amount) as amount from sales.orders group by user_id;
create unique index totals_index on totals (user_id);
create text search dictionary words (template = simple, accept = true);
create foreign data wrapper files options (z 'y');
create server depot foreign data wrapper files options (path 'a', host 'h');
create foreign table supplies (id integer not null, label text) server depot options (file 'a');
create publication shop_publication for table users, sales.orders;
${
  major >= 18
    ? `create table bookings (room int4range not null, during tsrange not null,
  constraint bookings_pk primary key (room, during without overlaps));
create table bookings_plain (room int4range, during tsrange, constraint bookings_plain_unique unique (room, during));
create table stays (room int4range, during tsrange,
  constraint stays_fk foreign key (room, period during) references bookings (room, period during));`
    : ''
}
${major >= 15 ? 'create unique index ledger_nulls_index on ledger (a) nulls not distinct; alter table plain add constraint plain_unique unique nulls not distinct (id);' : ''}
`;
}
