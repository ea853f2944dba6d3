/** Reads untyped values of a config, one key at a time, with an error that names the key. */
import { DriftError } from '../errors.ts';
import { nearest } from '../spelling.ts';
import { describeMissing, findMissingModule } from './stubs.ts';

/** A value and where it is: the file as shown, and the key with its path (`dbCredentials.url`). */
export interface Field {
  readonly file: string;
  readonly key: string;
  readonly value: unknown;
}

/** A field inside an object. */
export function pick(parent: Field, key: string): Field {
  const record = isRecord(parent.value) ? parent.value : {};
  return { file: parent.file, key: parent.key === '' ? key : `${parent.key}.${key}`, value: record[key] };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws DriftError CONFIG_INVALID, or PACKAGE_NOT_INSTALLED where the value would have come from such a package */
export function reject(field: Field, expected: string, suggestion?: string): never {
  const { file, key } = field;
  const missing = findMissingModule(field.value);
  if (missing !== undefined) throw describeMissing(missing);
  throw new DriftError('CONFIG_INVALID', {
    file,
    key: key === '' ? 'the default export' : key,
    expected,
    received: describeValue(field.value),
    nearest: suggestion,
  });
}

/** What was received instead. Values under keys that may hold secrets are never shown, so only words are. */
function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'string' ? 'a string' : `a ${typeof value}`;
}

export function readObject(field: Field): Readonly<Record<string, unknown>> | undefined {
  if (field.value === undefined || field.value === null) return undefined;
  return isRecord(field.value) ? field.value : reject(field, 'an object');
}

export function readString(field: Field): string | undefined {
  if (field.value === undefined || field.value === null) return undefined;
  return typeof field.value === 'string' ? field.value : reject(field, 'a string');
}

export function readBoolean(field: Field): boolean | undefined {
  if (field.value === undefined || field.value === null) return undefined;
  return typeof field.value === 'boolean' ? field.value : reject(field, 'true or false');
}

/** A string or a list of strings, as a list. */
export function readStrings(field: Field): readonly string[] | undefined {
  const { value } = field;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return reject(field, 'a string or a list of strings');
  return value.map((item: unknown, index) =>
    typeof item === 'string'
      ? item
      : reject({ ...field, key: `${field.key}[${String(index)}]`, value: item }, 'a string'),
  );
}

/** One of a few words; another word is an error that names the nearest. */
export function readWord<const W extends string>(field: Field, words: readonly W[]): W | undefined {
  const text = readString(field);
  if (text === undefined) return undefined;
  const word = words.find((valid) => valid === text);
  if (word !== undefined) return word;
  const near = nearest(text, words);
  const { file, key } = field;
  throw new DriftError('CONFIG_INVALID', {
    file,
    key,
    expected: listWords(words),
    received: `'${text}'`,
    nearest: near === undefined ? undefined : `'${near}'`,
  });
}

function listWords(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** @throws DriftError CONFIG_UNKNOWN_KEY where the object has a key that is not in the list */
export function rejectUnknownKeys(field: Field, valid: readonly string[]): void {
  for (const key of Object.keys(readObject(field) ?? {})) {
    if (valid.includes(key)) continue;
    const near = nearest(key, valid);
    throw new DriftError('CONFIG_UNKNOWN_KEY', {
      file: field.file,
      key: pick(field, key).key,
      valid,
      nearest: near,
    });
  }
}
