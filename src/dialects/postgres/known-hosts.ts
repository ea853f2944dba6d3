/**
 * What hosts of PostgreSQL have put into a database before its owner begins, as far as models and migrations refer to it.
 * It stands in where there is no database to look into. supabase.com/docs/guides/database, neon.com/docs/guides/neon-rls
 */
import type { CatalogObject } from '../../catalog/objects.ts';
import { quoteName } from './quote.ts';

const uuidKey = 'id uuid PRIMARY KEY';

/** SQL by schema. Two hosts have an `auth` each; their functions have other names. */
const schemas: Readonly<Record<string, readonly string[]>> = {
  auth: [
    `CREATE TABLE auth.users (instance_id uuid, ${uuidKey}, aud varchar(255), role varchar(255), email varchar(255),
      encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz, last_sign_in_at timestamptz,
      raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean, created_at timestamptz,
      updated_at timestamptz, phone text, phone_confirmed_at timestamptz, confirmed_at timestamptz, banned_until timestamptz,
      deleted_at timestamptz, is_sso_user boolean, is_anonymous boolean)`,
    `CREATE TABLE auth.sessions (${uuidKey}, user_id uuid, created_at timestamptz, updated_at timestamptz)`,
    `CREATE TABLE auth.identities (${uuidKey}, user_id uuid, provider text, provider_id text, identity_data jsonb,
      email text, last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz)`,
    ...['uid() RETURNS uuid', 'jwt() RETURNS jsonb', 'role() RETURNS text', 'email() RETURNS text'].map(
      (head) => makeFunction(`auth.${head}`),
    ),
    ...['user_id() RETURNS text', 'session() RETURNS jsonb'].map((head) => makeFunction(`auth.${head}`)),
  ],
  extensions: [],
  graphql_public: [],
  neon_auth: [
    'CREATE TABLE neon_auth.users_sync (raw_json jsonb NOT NULL, id text PRIMARY KEY, name text, email text, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz)',
  ],
  realtime: [
    `CREATE TABLE realtime.messages (topic text NOT NULL, extension text NOT NULL, payload jsonb, event text,
      private boolean DEFAULT false, updated_at timestamp NOT NULL DEFAULT now(), inserted_at timestamp NOT NULL DEFAULT now(),
      id uuid NOT NULL DEFAULT gen_random_uuid())`,
    makeFunction('realtime.topic() RETURNS text'),
    makeFunction(
      'realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void',
    ),
    makeFunction(
      "realtime.broadcast_changes(topic_name text, event_name text, operation text, table_name text, table_schema text, new record, old record, level text DEFAULT 'ROW') RETURNS void",
    ),
  ],
  storage: [
    `CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL, owner uuid, created_at timestamptz,
      updated_at timestamptz, public boolean, avif_autodetection boolean, file_size_limit bigint, allowed_mime_types text[],
      owner_id text)`,
    `CREATE TABLE storage.objects (${uuidKey} DEFAULT gen_random_uuid(), bucket_id text, name text, owner uuid,
      created_at timestamptz, updated_at timestamptz, last_accessed_at timestamptz, metadata jsonb, path_tokens text[],
      version text, owner_id text, user_metadata jsonb)`,
    ...[
      'foldername(name text) RETURNS text[]',
      'filename(name text) RETURNS text',
      'extension(name text) RETURNS text',
    ].map((head) => makeFunction(`storage.${head}`)),
  ],
  vault: [],
};

/** One that is never called. */
function makeFunction(head: string): string {
  return `CREATE FUNCTION ${head} LANGUAGE plpgsql STABLE AS 'BEGIN RAISE EXCEPTION ''stands in''; END'`;
}

/** SQL that makes a schema, with what a host is known to have in it. */
export function standInSchema(name: string): readonly string[] {
  return [`CREATE SCHEMA ${quoteName(name)}`, ...(Object.hasOwn(schemas, name) ? (schemas[name] ?? []) : [])];
}

/** The hosts' schemas that texts name something of. */
export function findHostSchemas(texts: readonly string[]): readonly string[] {
  return Object.keys(schemas).filter((name) => {
    const named = new RegExp(`(?:\\b${name}|"${name}")\\s*\\.`, 'i');
    return texts.some((text) => named.test(text));
  });
}

/** Roles that tables are for where a host puts an API before the database. */
const hostRoles = /(?:^|, )(?:anon|authenticated|service_role|neon_superuser)=/;

/**
 * {@link Dialect.isOfHost} of PostgreSQL: what lies in no schema of the host's and so cannot be told by one. A host publishes
 * changes of rows, and gives what is made later to its roles.
 */
export function isOfHost(object: CatalogObject): boolean {
  switch (object.kind) {
    case 'publication':
      return /^supabase_/.test(object.address.name);
    case 'defaultPrivileges':
      return hostRoles.test(object.definition.text);
    default:
      return false;
  }
}
