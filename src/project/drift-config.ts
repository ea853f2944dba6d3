/** The optional drift.config, decoded with its defaults. */
import type { HazardPolicy, IgnoreRule } from '../config.ts';
import {
  isRecord,
  pick,
  readBoolean,
  readObject,
  readString,
  readStrings,
  readWord,
  reject,
  rejectUnknownKeys,
  type Field,
} from './decode.ts';
import { findDriftConfig } from './find-config.ts';
import { loadConfigFile } from './load-config.ts';
import { displayPath } from './paths.ts';

/** An {@link IgnoreRule} with its lists made lists. */
export interface IgnoreFilter {
  readonly kinds: readonly string[] | undefined;
  readonly name: string | undefined;
  readonly table: string | undefined;
  readonly namespace: string | undefined;
  readonly fields: readonly string[] | undefined;
}

/** drift.config, decoded. */
export interface DriftSettings {
  /** Absolute path; undefined where there is no drift.config. */
  readonly file: string | undefined;
  readonly ignore: readonly IgnoreFilter[];
  /** As written; undefined where it is left out or empty. */
  readonly baseline: string | undefined;
  readonly scratch: { readonly url: string | undefined; readonly createDatabase: boolean | undefined };
  /** In milliseconds; undefined where the command's own default holds. */
  readonly timeouts: {
    readonly command: number | undefined;
    readonly connect: number | undefined;
    readonly statement: number | undefined;
    readonly lock: number | undefined;
  };
  /** Policy by hazard code. Whether the codes exist is for the reader of the policy to say. */
  readonly hazards: ReadonlyMap<string, HazardPolicy>;
}

/**
 * Finds, runs and decodes drift.config; all defaults where there is none.
 * @throws DriftError CONFIG_UNKNOWN_KEY, CONFIG_INVALID, and what running it can throw
 */
export async function loadDriftSettings(root: string): Promise<DriftSettings> {
  const file = findDriftConfig(root);
  if (file === undefined) return decodeDriftSettings({ file: 'drift.config', key: '', value: {} }, undefined);
  const value = await loadConfigFile(root, file);
  return decodeDriftSettings({ file: displayPath(root, file), key: '', value }, file);
}

function decodeDriftSettings(config: Field, file: string | undefined): DriftSettings {
  if (!isRecord(config.value)) return reject(config, 'a config object');
  rejectUnknownKeys(config, ['ignore', 'baseline', 'scratch', 'timeouts', 'hazards', ...schemaKey(config)]);
  return {
    file,
    ignore: readIgnore(pick(config, 'ignore')),
    baseline: readString(pick(config, 'baseline')) || undefined,
    scratch: readScratch(pick(config, 'scratch')),
    timeouts: readTimeouts(pick(config, 'timeouts')),
    hazards: readHazards(pick(config, 'hazards')),
  };
}

/** `$schema` is how a JSON file names its JSON Schema to an editor. */
function schemaKey(config: Field): readonly string[] {
  return isRecord(config.value) && '$schema' in config.value ? ['$schema'] : [];
}

const ignoreKeys = [
  'kind',
  'name',
  'table',
  'namespace',
  'field',
] as const satisfies readonly (keyof IgnoreRule)[];

function readIgnore(field: Field): readonly IgnoreFilter[] {
  if (field.value === undefined) return [];
  if (!Array.isArray(field.value)) return reject(field, 'a list of rules');
  return field.value.map((value: unknown, index) =>
    readRule({ file: field.file, key: `${field.key}[${String(index)}]`, value }),
  );
}

function readRule(rule: Field): IgnoreFilter {
  if (!isRecord(rule.value)) return reject(rule, 'an object');
  rejectUnknownKeys(rule, ignoreKeys);
  const filter = {
    kinds: readStrings(pick(rule, 'kind')),
    name: readString(pick(rule, 'name')),
    table: readString(pick(rule, 'table')),
    namespace: readString(pick(rule, 'namespace')),
    fields: readStrings(pick(rule, 'field')),
  };
  const named = Object.values(filter).some((part) => part !== undefined && part.length > 0);
  // A rule without a condition would hide every difference there is.
  return named ? filter : reject(rule, `an object with at least one of ${ignoreKeys.join(', ')}`);
}

function readScratch(field: Field): DriftSettings['scratch'] {
  readObject(field);
  rejectUnknownKeys(field, ['url', 'createDatabase']);
  const url = readString(pick(field, 'url'));
  return { url: url === '' ? undefined : url, createDatabase: readBoolean(pick(field, 'createDatabase')) };
}

function readTimeouts(field: Field): DriftSettings['timeouts'] {
  readObject(field);
  rejectUnknownKeys(field, ['command', 'connect', 'statement', 'lock']);
  return {
    command: readSeconds(pick(field, 'command')),
    connect: readSeconds(pick(field, 'connect')),
    statement: readSeconds(pick(field, 'statement')),
    lock: readSeconds(pick(field, 'lock')),
  };
}

/** Seconds as milliseconds. */
function readSeconds(field: Field): number | undefined {
  const { value } = field;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    return reject(field, 'a number of seconds greater than 0');
  }
  return Math.round(value * 1000);
}

function readHazards(field: Field): ReadonlyMap<string, HazardPolicy> {
  const codes = Object.keys(readObject(field) ?? {});
  return new Map(
    codes.map((code) => {
      const policy = pick(field, code);
      return [
        code,
        readWord(policy, ['allow', 'warn', 'error']) ?? reject(policy, "'allow', 'warn' or 'error'"),
      ];
    }),
  );
}
