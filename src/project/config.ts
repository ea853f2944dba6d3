/** The Drizzle config, read as drizzle-kit reads it and fully decoded. */
import path from 'node:path';
import type { DatabaseTarget, ModelOptions } from '../dialects/dialect.ts';
import type { DialectName } from '../catalog/schema.ts';
import { DriftError } from '../errors.ts';
import { decodeCredentials, type Credentials, type KitDialect, type RemoteTarget } from './credentials.ts';
import {
  isRecord,
  pick,
  readBoolean,
  readObject,
  readString,
  readStrings,
  readWord,
  reject,
  type Field,
} from './decode.ts';
import { loadDotenv } from './dotenv.ts';
import { findDrizzleConfig } from './find-config.ts';
import { loadConfigFile } from './load-config.ts';
import { displayPath } from './paths.ts';

export type MigrationPrefix = 'index' | 'timestamp' | 'supabase' | 'unix' | 'none';

/** drizzle.config with every default filled in. */
export interface ProjectConfig {
  /** The working directory, absolute. Paths in the config are relative to it, not to the config, as in drizzle-kit. */
  readonly root: string;
  /** Absolute path of the config. */
  readonly configFile: string;
  readonly dialect: DialectName;
  readonly kitDialect: KitDialect;
  readonly credentials: Credentials;
  /** Patterns of the model files as written; empty where the config has none. */
  readonly schema: readonly string[];
  /** The migrations folder, absolute. */
  readonly out: string;
  readonly casing: ModelOptions['casing'];
  readonly tablesFilter: readonly string[] | undefined;
  /** Undefined where not given: drizzle-kit 0.31 then looks at `public`, 1.0 at every schema. */
  readonly schemaFilter: readonly string[] | undefined;
  readonly extensionsFilters: readonly string[] | undefined;
  readonly roles: NonNullable<ModelOptions['roles']>;
  readonly migrations: {
    /** Drizzle's table of applied migrations, and the PostgreSQL schema it is in. */
    readonly table: string;
    readonly schema: string;
    readonly prefix: MigrationPrefix;
  };
  /** Whether statements in migrations are divided by `--> statement-breakpoint`. */
  readonly breakpoints: boolean;
}

export interface LoadConfigOptions {
  /** The working directory, absolute. */
  readonly cwd: string;
  /** `--config`, relative to the working directory. */
  readonly config?: string | undefined;
  /** The environment that the config sees (`process.env`); `.env` is read into it. Left alone where not given. */
  readonly env?: Record<string, string | undefined>;
}

/**
 * Finds, runs and decodes drizzle.config.
 * @throws DriftError CONFIG_NOT_FOUND, CONFIG_FILE_MISSING, CONFIG_INVALID, DIALECT_UNSUPPORTED, and what running the
 *   config can throw: CODE_SYNTAX, CODE_THREW, IMPORT_NOT_FOUND, PACKAGE_NOT_INSTALLED
 */
export async function loadProjectConfig(options: LoadConfigOptions): Promise<ProjectConfig> {
  const root = path.resolve(options.cwd);
  const configFile = findDrizzleConfig(root, options.config);
  if (options.env !== undefined) loadDotenv(root, options.env);
  return decodeProjectConfig(await loadConfigFile(root, configFile), root, configFile);
}

/** @throws DriftError CONFIG_INVALID, DIALECT_UNSUPPORTED */
export function decodeProjectConfig(value: unknown, root: string, configFile: string): ProjectConfig {
  const config: Field = { file: displayPath(root, configFile), key: '', value };
  if (!isRecord(value)) return reject(config, 'a config object');
  const kitDialect = readDialect(config);
  return {
    root,
    configFile,
    dialect: kitDialect === 'postgresql' ? 'postgres' : 'sqlite',
    kitDialect,
    credentials: decodeCredentials(config, kitDialect, root),
    // An empty string would be the working directory itself; drizzle-kit takes it for a missing value.
    schema: (readStrings(pick(config, 'schema')) ?? []).filter((pattern) => pattern !== ''),
    out: path.resolve(root, readFilledString(pick(config, 'out')) ?? 'drizzle'),
    casing: readWord(pick(config, 'casing'), ['snake_case', 'camelCase']),
    tablesFilter: readStrings(pick(config, 'tablesFilter')),
    schemaFilter: readStrings(pick(config, 'schemaFilter')),
    extensionsFilters: readStrings(pick(config, 'extensionsFilters')),
    roles: readRoles(config),
    migrations: readMigrations(config),
    breakpoints: readBoolean(pick(config, 'breakpoints')) ?? true,
  };
}

/**
 * The database of the config.
 * @throws DriftError DATABASE_NOT_CONFIGURED, DATABASE_URL_FOREIGN
 */
export function requireTarget(config: ProjectConfig): DatabaseTarget | RemoteTarget {
  const { credentials, kitDialect } = config;
  if ('target' in credentials) return credentials.target;
  if ('foreignScheme' in credentials) {
    throw new DriftError('DATABASE_URL_FOREIGN', {
      scheme: credentials.foreignScheme,
      dialect: kitDialect,
    });
  }
  const file = displayPath(config.root, config.configFile);
  throw new DriftError('DATABASE_NOT_CONFIGURED', { file, missing: credentials.missing });
}

const supported = ['postgresql', 'sqlite', 'turso'] as const;
const otherDialects = ['mysql', 'singlestore', 'gel', 'mssql', 'cockroach', 'duckdb'];

function readDialect(config: Field): KitDialect {
  const field = pick(config, 'dialect');
  if (typeof field.value === 'string' && otherDialects.includes(field.value)) {
    throw new DriftError('DIALECT_UNSUPPORTED', { file: config.file, dialect: field.value });
  }
  return readWord(field, supported) ?? reject(field, "'postgresql', 'sqlite' or 'turso'");
}

function readFilledString(field: Field): string | undefined {
  const text = readString(field);
  return text === '' ? undefined : text;
}

function readMigrations(config: Field): ProjectConfig['migrations'] {
  const field = pick(config, 'migrations');
  readObject(field);
  return {
    table: readFilledString(pick(field, 'table')) ?? '__drizzle_migrations',
    schema: readFilledString(pick(field, 'schema')) ?? 'drizzle',
    prefix: readWord(pick(field, 'prefix'), ['index', 'timestamp', 'supabase', 'unix', 'none']) ?? 'index',
  };
}

function readRoles(config: Field): ProjectConfig['roles'] {
  const entities = pick(config, 'entities');
  readObject(entities);
  const field = pick(entities, 'roles');
  if (field.value === undefined || field.value === null || typeof field.value === 'boolean')
    return field.value ?? false;
  if (!isRecord(field.value)) return reject(field, 'true, false or an object');
  const provider = readString(pick(field, 'provider'));
  const include = readStrings(pick(field, 'include'));
  const exclude = readStrings(pick(field, 'exclude'));
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
  };
}
