/**
 * Stand-ins for modules that cannot be had: packages that are not installed, modules of another platform
 * (`bun:sqlite`, `cloudflare:workers`), and database clients, which are left alone. Models often import them for things that say nothing about the schema: an
 * id generator in `$defaultFn`, a validator made of a table, a client of some service made in a shared file.
 *
 * A stand-in lets the code run on. It throws PACKAGE_NOT_INSTALLED where text or a number would be made of it, and
 * `refuseStandIns` sees to it that none becomes part of a schema.
 */
import { DriftError } from '../errors.ts';
import { findImport, formatPlace } from './code-frame.ts';
import { isDatabaseClient } from './database-clients.ts';
import { packageName } from './package-name.ts';

/** What the stand-in is for. */
export interface MissingModule {
  readonly specifier: string;
  /** The file that imports it, absolute. */
  readonly importer: string;
  readonly root: string;
  /** What is being loaded, for the message: 'The models'. */
  readonly loading: string;
  /** True for a database client that is there and is left alone, see {@link isDatabaseClient}. */
  readonly idle?: boolean;
}

// Packages that cannot make a table: validators, id generators, drivers, frameworks. What a model file exports of them
// (`createInsertSchema(users)`) is no part of the schema.
const tablelessPackages = new Set([
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
  ...['ws', '@supabase/supabase-js'],
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

/** Whether a module is known to make no tables: a listed package, or one of a platform (`bun:sqlite`). */
export function isTableless({ specifier }: MissingModule): boolean {
  return (
    specifier.includes(':') || tablelessPackages.has(packageName(specifier)) || isDatabaseClient(specifier)
  );
}

// What a validated environment says decides which code runs (`env.NODE_ENV === 'test'`), so it must not be made up.
function isEnvironmentKit(specifier: string): boolean {
  return /^@t3-oss\/env|^(envalid|env-var|znv|envsafe|@julr\/vite-plugin-validate-env)$/.test(
    packageName(specifier),
  );
}

const standIns = new WeakMap<object, MissingModule>();

/** The missing module that a value stands in for. */
export function findMissingModule(value: unknown): MissingModule | undefined {
  return typeof value === 'function' ? standIns.get(value) : undefined;
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
// Asked for by code that makes text or numbers of it, in which it could no longer be found.
const needed = new Set<PropertyKey>([Symbol.toPrimitive, 'toString', 'valueOf']);

/** Makes the stand-in for a module. It throws PACKAGE_NOT_INSTALLED later, when its value is needed. */
export function createStub(missing: MissingModule): unknown {
  const strict = isEnvironmentKit(missing.specifier);
  const refuse = (): never => {
    throw describeMissing(missing);
  };
  const use = (): object => (strict ? refuse() : value);
  const value: object = new Proxy(createTarget(), {
    get: (_target, key) => {
      if (key === '__esModule') return true;
      if (key === 'prototype') return {};
      if (needed.has(key)) return refuse();
      if (key === Symbol.iterator) return () => [value].values();
      return typeof key === 'symbol' || absent.has(key) ? undefined : value;
    },
    apply: use,
    construct: use,
    set: () => true,
    // What is spread or listed holds the stand-in too, so that it can be found there.
    ownKeys: () => ['missing'],
    getOwnPropertyDescriptor: () => ({ value, enumerable: true, configurable: true, writable: true }),
  });
  const module = createModule(value);
  standIns.set(value, missing);
  standIns.set(module, missing);
  return module;
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
  const names = new Proxy(
    {},
    {
      get: (_target, key) => {
        return typeof key === 'symbol' ? undefined : value;
      },
    },
  );
  return new Proxy(createTarget(), {
    get: (_target, key) => Reflect.get(value, key) as unknown,
    apply: (_target, self, values) => Reflect.apply(value as () => unknown, self, values),
    construct: (_target, values) => Reflect.construct(value as new () => object, values),
    getPrototypeOf: () => names,
    ownKeys: () => [],
  });
}

let awaited = false;

/** Whether an idle client was needed after all since this was last asked. */
export function takeAwaited(): boolean {
  const answer = awaited;
  awaited = false;
  return answer;
}

/** The error that names the package and the line that imports it. */
export function describeMissing(missing: MissingModule): DriftError<'PACKAGE_NOT_INSTALLED'> {
  if (missing.idle === true) awaited = true;
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
