/** Drift that was accepted, and what is left when it is taken out of a report. */
import type { Address } from '../catalog/address.ts';
import type { FieldValue } from './changes.ts';
import type { Cause, Drift } from './drift.ts';

/** One accepted difference. Equal are those of one object with the same values on both sides, whatever the cause. */
export interface AcceptedDrift {
  readonly kind: Drift['kind'];
  readonly address: Address;
  /** There where the migrations, and not the database, differ from what is expected. */
  readonly observed?: 'migrations';
  /** Empty where the object is on one side only. */
  readonly fields: readonly AcceptedField[];
  /** What the object was where it is on one side only, in short and to the letter; for people the former. */
  readonly definition?: string;
  readonly digest?: string;
  /** Why it was not up to date when it was accepted; for people alone. */
  readonly cause: Cause;
}

export interface AcceptedField {
  readonly field: string;
  readonly database: FieldValue;
  readonly expected: FieldValue;
  readonly recorded?: FieldValue;
}

/** A drift, and for one of an object that is on one side only a digest of that object. */
export interface DigestedDrift {
  readonly drift: Drift;
  readonly digest: string | undefined;
}

export interface BaselineOutcome {
  /** What nobody has accepted; of a drift with several fields those that are new. */
  readonly fresh: readonly Drift[];
  readonly accepted: readonly Drift[];
  /** What was accepted and does not occur any more. */
  readonly obsolete: readonly AcceptedDrift[];
}

/** A drift as it is written down to be accepted. */
export function acceptDrift({ drift, digest }: DigestedDrift): AcceptedDrift {
  const { kind, address, observed, fields, definition, cause } = drift;
  return {
    kind,
    address,
    ...(observed === undefined ? {} : { observed }),
    fields: fields.map(({ field, database, expected, recorded }) => ({
      field,
      database,
      expected,
      ...(recorded === undefined ? {} : { recorded }),
    })),
    ...(definition === undefined ? {} : { definition }),
    ...(digest === undefined ? {} : { digest }),
    cause,
  };
}

/** Takes what was accepted out of a list of drifts. */
export function applyBaseline(
  drifts: readonly DigestedDrift[],
  entries: readonly AcceptedDrift[],
): BaselineOutcome {
  const known = new Set(entries.flatMap(keysOf));
  const found = new Set<string>();
  const fresh: Drift[] = [];
  const accepted: Drift[] = [];
  for (const digested of drifts) {
    const { drift } = digested;
    const entry = acceptDrift(digested);
    for (const key of keysOf(entry)) found.add(key);
    const fields = drift.fields.filter((_, at) => !known.has(keyOfField(entry, entry.fields[at])));
    const isKnown = entry.fields.length === 0 ? known.has(keyOfObject(entry)) : fields.length === 0;
    if (isKnown) accepted.push(drift);
    else fresh.push(fields.length === drift.fields.length ? drift : { ...drift, fields });
  }
  return { fresh, accepted, obsolete: entries.flatMap((entry) => leaveWhatIsGone(entry, found)) };
}

function leaveWhatIsGone(entry: AcceptedDrift, found: ReadonlySet<string>): readonly AcceptedDrift[] {
  if (entry.fields.length === 0) return found.has(keyOfObject(entry)) ? [] : [entry];
  const fields = entry.fields.filter((field) => !found.has(keyOfField(entry, field)));
  return fields.length === 0 ? [] : [{ ...entry, fields }];
}

/** One key for each field; one for an object that is on one side only. */
function keysOf(entry: AcceptedDrift): readonly string[] {
  return entry.fields.length === 0
    ? [keyOfObject(entry)]
    : entry.fields.map((field) => keyOfField(entry, field));
}

function keyOfObject({ kind, address, observed, digest }: AcceptedDrift): string {
  return JSON.stringify([kind, placeOf(address), observed ?? '', digest ?? '']);
}

function keyOfField({ kind, address, observed }: AcceptedDrift, field: AcceptedField | undefined): string {
  const { field: name, database, expected, recorded } = field ?? {};
  const values = [database, expected, recorded].map(sortValue);
  return JSON.stringify([kind, placeOf(address), observed ?? '', name, ...values]);
}

function placeOf({ namespace, table, name }: Address): unknown {
  return [namespace, table ?? null, name];
}

function sortValue(value: FieldValue | undefined): unknown {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) {
    return value ?? null;
  }
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
