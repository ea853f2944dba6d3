/** Tables and columns that look as if somebody had renamed them by hand. It is said, and never acted upon. */
import { addressKey, type Address } from '../catalog/address.ts';
import type { ComparablePair } from './causes-align.ts';
import type { ExplainedChange } from './causes.ts';
import { findRenameCandidates } from './renames.ts';

/** Below this the likeness is not worth a word. */
const leastLikeness = 0.8;

/** Adds to what was dropped and what was made by hand where the same thing may be, or have been, instead. */
export function noteLookalikes(
  changes: readonly ExplainedChange[],
  pair: ComparablePair,
): readonly ExplainedChange[] {
  const made = collect(changes, 'drop');
  const dropped = collect(changes, 'create');
  if (made.size === 0 || dropped.size === 0) return changes;
  const pairs = findRenameCandidates(pair.database, pair.expected)
    .map(({ from, to, likeness }) => ({ from, to: { ...from, name: to }, likeness }))
    .filter((one) => one.likeness >= leastLikeness)
    .filter((one) => made.has(addressKey(one.from)) && dropped.has(addressKey(one.to)));
  const partners = new Map<string, Address | null>();
  for (const { from, to } of pairs) {
    // Where there are several that are as good, none is better than silence.
    partners.set(addressKey(from), partners.has(addressKey(from)) ? null : to);
    partners.set(addressKey(to), partners.has(addressKey(to)) ? null : from);
  }
  return changes.map((explained) => {
    const partner = isByHand(explained) ? partners.get(addressKey(explained.change.address)) : undefined;
    return partner ? { ...explained, lookalike: partner } : explained;
  });
}

function collect(changes: readonly ExplainedChange[], type: 'create' | 'drop'): ReadonlySet<string> {
  return new Set(
    changes
      .filter((explained) => isByHand(explained) && explained.change.type === type)
      .map(({ change }) => addressKey(change.address)),
  );
}

function isByHand({ cause, change, observed }: ExplainedChange): boolean {
  const canBeRenamed = change.kind === 'table' || change.kind === 'column';
  return canBeRenamed && cause === 'out-of-band' && observed === 'database';
}
