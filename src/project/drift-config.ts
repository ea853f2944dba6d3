/** The optional drift.config, decoded with its defaults. */
import type { HazardPolicy, IgnoreRule } from '../config.ts';
import type { IgnoreFilter } from '../diff/ignore.ts';
import { DriftError } from '../errors.ts';
import { hazardTitles, type HazardCode } from '../plan/hazards.ts';
import { nearest } from '../spelling.ts';
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
  readonly hazards: ReadonlyMap<HazardCode, HazardPolicy>;
}

/**
 * Finds, runs and decodes drift.config; all defaults where there is none.
 * @throws DriftError CONFIG_UNKNOWN_KEY, CONFIG_INVALID, and what running it can throw
 */
export async function loadDriftSettings(root: string): Promise<DriftSettings> {
  const file = findDriftConfig(root);
  const config = { file: 'drift.config', key: '', value: {} };
  if (file === undefined) return decodeDriftSettings(config, undefined, { kinds: [], fieldsOf: () => [] });
  const [value, { listFieldWords, listKindWords }] = await Promise.all([
    loadConfigFile(root, file),
    import('../diff/vocabulary.ts'),
  ]);
  const words = { kinds: listKindWords(), fieldsOf: listFieldWords };
  return decodeDriftSettings({ file: displayPath(root, file), key: '', value }, file, words);
}

/** What rules may speak of. Loaded only where there may be a rule. */
interface Vocabulary {
  readonly kinds: readonly string[];
  readonly fieldsOf: (kinds: readonly string[] | undefined) => readonly string[];
}

function decodeDriftSettings(config: Field, file: string | undefined, words: Vocabulary): DriftSettings {
  if (!isRecord(config.value)) return reject(config, 'a config object');
  rejectUnknownKeys(config, ['ignore', 'baseline', 'scratch', 'timeouts', 'hazards', ...schemaKey(config)]);
  return {
    file,
    ignore: readIgnore(pick(config, 'ignore'), words),
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

function readIgnore(field: Field, words: Vocabulary): readonly IgnoreFilter[] {
  if (field.value === undefined) return [];
  if (!Array.isArray(field.value)) return reject(field, 'a list of rules');
  return field.value.map((value: unknown, index) =>
    readRule({ file: field.file, key: `${field.key}[${String(index)}]`, value }, words),
  );
}

function readRule(rule: Field, words: Vocabulary): IgnoreFilter {
  if (!isRecord(rule.value)) return reject(rule, 'an object');
  rejectUnknownKeys(rule, ignoreKeys);
  const kinds = readWords(
    pick(rule, 'kind'),
    words.kinds,
    'an object word such as index, or one with a change',
  );
  const filter = {
    kinds,
    name: readString(pick(rule, 'name')),
    table: readString(pick(rule, 'table')),
    namespace: readString(pick(rule, 'namespace')),
    fields: readWords(pick(rule, 'field'), words.fieldsOf(kinds), nameFields(kinds)),
  };
  const named = Object.values(filter).some((part) => part !== undefined && part.length > 0);
  if (named) return filter;
  // A rule without a condition would hide every difference there is.
  const expected = `an object with at least one of ${ignoreKeys.join(', ')}`;
  throw invalid(rule, expected, 'one that names nothing');
}

function nameFields(kinds: readonly string[] | undefined): string {
  return kinds === undefined ? 'a field of an object' : `a field of ${kinds.join(' or ')}`;
}

/** One word or a list of them, each one of those that mean something. */
function readWords(field: Field, valid: readonly string[], expected: string): readonly string[] | undefined {
  const words = readStrings(field);
  for (const word of words ?? []) {
    if (!valid.includes(word))
      throw invalid(field, expected, `'${word}'`, nearest(word, likeOf(word, valid)));
  }
  return words;
}

/** `column.altr` is a misspelt change, and not a long way of writing `column`. */
function likeOf(word: string, valid: readonly string[]): readonly string[] {
  return word.includes('.') ? valid.filter((one) => one.includes('.')) : valid;
}

function invalid({ file, key }: Field, expected: string, received: string, near?: string): DriftError {
  return new DriftError('CONFIG_INVALID', { file, key, expected, received, nearest: near });
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

function readHazards(field: Field): ReadonlyMap<HazardCode, HazardPolicy> {
  rejectUnknownKeys(field, Object.keys(hazardTitles));
  const named = Object.keys(readObject(field) ?? {}) as HazardCode[];
  return new Map(
    named.map((code) => {
      const policy = pick(field, code);
      return [
        code,
        readWord(policy, ['allow', 'warn', 'error']) ?? reject(policy, "'allow', 'warn' or 'error'"),
      ];
    }),
  );
}
