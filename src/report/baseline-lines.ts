/** What the formats for people say of accepted drift. */
import { showField } from '../diff/describe.ts';
import type { AcceptedDrift } from '../diff/baseline.ts';
import { nameObject } from '../diff/naming.ts';
import { makePrintable } from '../diff/printable.ts';
import { objectOfDrift, type CheckReport } from './report.ts';

const valueLength = 60;

/** How many were accepted, one line; with `verbose` they are named in lines that begin with two blanks. */
export function listAccepted(
  { baseline }: Pick<CheckReport, 'baseline'>,
  verbose: boolean,
): readonly string[] {
  if (!baseline) return [];
  const file = makePrintable(baseline.file);
  if (baseline.accepted.length === 0) {
    return baseline.updated ? [`Nothing to accept: there is no difference to write to ${file}.`] : [];
  }
  const head = baseline.updated ? `Written to ${file} as accepted` : `Accepted by ${file}`;
  if (!verbose) return [`${head}: ${String(baseline.accepted.length)} (--verbose names them).`];
  return [
    `${head}:`,
    ...baseline.accepted.map(
      ({ kind, address }) => `  ${kind} ${nameObject({ kind: objectOfDrift(kind), address })}`,
    ),
  ];
}

/** What the baseline accepts and was not found, a sentence each; it is to be taken out, lest it hides the next one. */
export function listObsolete({ baseline }: Pick<CheckReport, 'baseline'>): readonly string[] {
  if (!baseline || baseline.obsolete.length === 0) return [];
  const file = makePrintable(baseline.file);
  return baseline.obsolete.map(
    (entry) => `No longer there, but still accepted by ${file}: ${describeEntry(entry)}.`,
  );
}

/** What to do about entries that are not needed any more. */
export const adviceOnObsolete = 'drift check --update-baseline takes out what is no longer there.';

function describeEntry({ kind, address, fields }: AcceptedDrift): string {
  const object = objectOfDrift(kind);
  const values = fields.map((field) => {
    const { database, expected } = showField(object, field, valueLength);
    return `${database} → ${expected}`;
  });
  const subject = `${kind} ${nameObject({ kind: object, address })}`;
  return values.length === 0 ? subject : `${subject} (${values.join(', ')})`;
}
