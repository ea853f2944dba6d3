/** Differences between models and migrations that may be none: a statement that could not be replayed may have made them. */
import type { Address } from '../catalog/address.ts';
import type { ObjectKind } from '../catalog/objects.ts';
import type { Change, FieldValue } from '../diff/changes.ts';
import type { Undetermined } from '../dialects/dialect.ts';
import type { Detected } from './detect.ts';
import type { ReplayFailure } from './recorded.ts';

/** Constraints get their names from the server where a statement gives them none. */
const oftenUnnamed: ReadonlySet<ObjectKind> = new Set([
  'primaryKey',
  'unique',
  'foreignKey',
  'check',
  'exclusion',
  'index',
]);

/**
 * Takes out of what was detected without a database whatever a failed statement names, and says of it that it cannot be
 * told. Only failures that are the scratch database's count: where a statement can run nowhere, the models are right.
 * @param describe why a statement could not be replayed
 */
export function withholdUnknown(
  detected: Detected,
  failures: readonly ReplayFailure[],
  describe: (failure: ReplayFailure) => string,
): Detected {
  const unknown = failures
    .filter(({ matters, lacking }) => matters && lacking)
    .map((failure) => ({ failure, words: collectWords(failure.statement) }));
  if (unknown.length === 0) return detected;
  const withheld: Undetermined[] = [];
  const changes = detected.changes.filter(({ change }) => {
    const cause = unknown.find(({ words }) => isNamed(change, words));
    if (cause) withheld.push(...leaveOpen(change, describe(cause.failure)));
    return cause === undefined;
  });
  return { ...detected, changes, undetermined: [...detected.undetermined, ...withheld] };
}

/** Names in a statement as the server understands them, and words in its texts: a DO block may name what it makes. */
export function collectWords(statement: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [word, quoted] of statement.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu)) {
    words.add(quoted?.replaceAll('""', '"') ?? word.toLowerCase());
  }
  return words;
}

function isNamed(change: Change, words: ReadonlySet<string>): boolean {
  const isIn = ({ table, name }: Address): boolean =>
    table === undefined
      ? words.has(name)
      : words.has(table) && (oftenUnnamed.has(change.kind) || words.has(name));
  return isIn(change.address) || (change.type === 'rename' && isIn(change.to));
}

/** The fields of a change, or whether the object is there, as comparisons that nobody can decide. */
export function leaveOpen(change: Change, reason: string): readonly Undetermined[] {
  const { kind, address } = change;
  if ('fields' in change) {
    return change.fields.map(({ field, database, expected }) => {
      return { kind, address, field, database: printValue(database), expected: printValue(expected), reason };
    });
  }
  const isExpected = change.type === 'create';
  const [database, expected] = isExpected ? ['unknown', 'present'] : ['present', 'unknown'];
  return [{ kind, address, field: 'presence', database, expected, reason }];
}

function printValue(value: FieldValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
