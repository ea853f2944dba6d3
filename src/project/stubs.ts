/**
 * Stand-ins for modules that cannot be had: packages that are not installed, and modules of another platform
 * (`bun:sqlite`, `cloudflare:workers`). Models often import them for things that say nothing about the schema: an
 * id generator in `$defaultFn`, a validator made of a table.
 *
 * A stand-in never becomes part of a schema: wherever its value would be needed, it throws PACKAGE_NOT_INSTALLED.
 */
import { DriftError } from '../errors.ts';
import { findImport, formatPlace } from './code-frame.ts';

/** What the stand-in is for. */
export interface MissingModule {
  readonly specifier: string;
  /** The file that imports it, absolute. */
  readonly importer: string;
  readonly root: string;
  /** What is being loaded, for the message: 'The models'. */
  readonly loading: string;
  /** Whether its functions may be called: only where it surely holds no table. */
  readonly inert: boolean;
}

// Packages that cannot hold a table: validators, id generators, drivers, frameworks. Their functions may be called
// at the top level of a model file (`createInsertSchema(users)`) without changing what the models say.
const inertPackages = new Set([
  ...[
    'zod',
    'drizzle-zod',
    'drizzle-valibot',
    'drizzle-typebox',
    'drizzle-arktype',
    'drizzle-seed',
    'valibot',
  ],
  ...[
    'arktype',
    'yup',
    'joi',
    'superstruct',
    '@sinclair/typebox',
    'typebox',
    'zod-openapi',
    'zod-validation-error',
  ],
  ...['@hono/zod-openapi', '@asteasolutions/zod-to-openapi', 'drizzle-graphql', 'drizzle-dbml-generator'],
  ...['nanoid', 'uuid', 'uuidv7', 'ulid', 'ulidx', 'cuid', '@paralleldrive/cuid2', 'typeid-js', 'short-uuid'],
  ...[
    '@sapphire/snowflake',
    'human-id',
    'bcrypt',
    'bcryptjs',
    'argon2',
    '@node-rs/argon2',
    '@node-rs/bcrypt',
  ],
  ...['oslo', '@oslojs/crypto', '@oslojs/encoding', 'date-fns', 'dayjs', 'luxon', 'moment', 'ms', 'slugify'],
  ...['@faker-js/faker', 'superjson', 'dotenv', 'dotenv-mono', 'dotenv-flow', 'dotenv-expand', '@next/env'],
  ...[
    'pg',
    'postgres',
    'mysql2',
    'better-sqlite3',
    '@libsql/client',
    '@neondatabase/serverless',
    '@vercel/postgres',
  ],
  ...[
    '@planetscale/database',
    '@electric-sql/pglite',
    'expo-sqlite',
    'ioredis',
    'redis',
    'ws',
    '@supabase/supabase-js',
  ],
  ...['next', 'next-auth', 'react', 'react-dom', 'hono', 'express', 'fastify', 'graphql', 'winston', 'pino'],
  ...[
    '@trpc/server',
    '@auth/core',
    'better-auth',
    '@clerk/nextjs',
    'tiny-invariant',
    'invariant',
    'bun',
    'expo',
  ],
]);

/** `zod/v4` belongs to `zod`, `@scope/name/x` to `@scope/name`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Whether a package is known to hold nothing that makes a schema. */
export function isInertPackage(specifier: string): boolean {
  return inertPackages.has(packageName(specifier));
}

/** The name under which bundles find {@link createStub}: they run in this process, but are no part of drift. */
export const stubRegistry = Symbol.for('drizzle-drift.stub');

/** The text of the module that stands in. CommonJS, so that every named import is allowed. */
export function writeStubModule(missing: MissingModule): string {
  Reflect.set(globalThis, stubRegistry, createStub);
  return `module.exports = globalThis[Symbol.for('drizzle-drift.stub')](${JSON.stringify(missing)});`;
}

// Asked for by code that tests what a value is; the honest answer is "not that".
const absent = new Set<PropertyKey>(['then', 'toJSON', 'nodeType', '$$typeof', 'asymmetricMatch']);
// Asked for only by code that needs the value itself.
const needed = new Set<PropertyKey>([
  Symbol.iterator,
  Symbol.asyncIterator,
  Symbol.toPrimitive,
  'toString',
  'valueOf',
  'length',
]);

/** Makes the stand-in for a module. It throws PACKAGE_NOT_INSTALLED later, when its value is needed. */
export function createStub(missing: MissingModule): unknown {
  const refuse = (): never => {
    throw describeMissing(missing);
  };
  const value: object = new Proxy(createTarget(), {
    get: (_target, key) => {
      if (key === '__esModule') return true;
      if (key === 'prototype') return {};
      if (needed.has(key)) return refuse();
      return typeof key === 'symbol' || absent.has(key) ? undefined : value;
    },
    apply: () => (missing.inert ? value : refuse()),
    construct: () => (missing.inert ? value : refuse()),
    set: () => true,
    ownKeys: refuse,
  });
  return createModule(value);
}

/** A function that can be called and constructed and has no property that a proxy would have to report. */
function createTarget(): () => void {
  return function stub() {
    /* never runs */
  }.bind(undefined);
}

/**
 * The module object. It is the stand-in itself, for importers that take a CommonJS module as the default export,
 * but it has no keys of its own: a bundle copies the keys and looks up other names through the prototype, so there
 * any name is found.
 */
function createModule(value: object): object {
  const names = new Proxy({}, { get: (_target, key) => (typeof key === 'symbol' ? undefined : value) });
  return new Proxy(createTarget(), {
    get: (_target, key) => Reflect.get(value, key) as unknown,
    apply: (_target, self, values) => Reflect.apply(value as () => unknown, self, values),
    construct: (_target, values) => Reflect.construct(value as new () => object, values),
    getPrototypeOf: () => names,
    ownKeys: () => [],
  });
}

function describeMissing(missing: MissingModule): DriftError<'PACKAGE_NOT_INSTALLED'> {
  const place = findImport(missing.importer, missing.specifier) ?? {
    file: missing.importer,
    line: 1,
    column: 1,
  };
  return new DriftError('PACKAGE_NOT_INSTALLED', {
    package: packageName(missing.specifier),
    where: formatPlace(missing.root, place),
    loading: missing.loading,
  });
}
