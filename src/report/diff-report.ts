/** What `drift diff` found, as data: the document of `--format json`, and what the other formats are made of. */
import { compareText, type Address } from '../catalog/address.ts';
import { compareObjects, type DialectName, type Located } from '../catalog/schema.ts';
import type { Drift } from '../diff/drift.ts';
import { objectOfDrift, type Failure, type Note, type UndeterminedComparison } from './report.ts';

/** Grows only when a reader of the old format would misread the new one. */
export const diffFormatVersion = 1;

export type DiffStatus = 'equal' | 'different' | 'undetermined';

/** One change that would bring FROM to TO; `database` in its fields is FROM's value, and `expected` TO's. */
export type DiffChange = Pick<
  Drift,
  'kind' | 'address' | 'fields' | 'message' | 'definition' | 'source' | 'hazards'
>;

/** The result of a comparison. Made by {@link createDiffReport}, which sorts everything and decides the status. */
export interface DiffReport {
  readonly formatVersion: typeof diffFormatVersion;
  readonly status: DiffStatus;
  readonly dialect: DialectName;
  /** What was compared, as a person would name it: one of the words, a URL without its password, or a path. */
  readonly from: string;
  readonly to: string;
  readonly changes: readonly DiffChange[];
  /** What one side has and the models, which are the other side, have no word for. */
  readonly unmanaged: readonly Located[];
  readonly undetermined: readonly UndeterminedComparison[];
  /** Differences that a rule in drift.config hides. */
  readonly ignored: readonly { readonly kind: DiffChange['kind']; readonly address: Address }[];
  readonly notes: readonly Note[];
  /** How many tables each side has, so that nobody takes two empty schemas for two equal ones. */
  readonly tables: { readonly from: number; readonly to: number };
}

export type DiffParts = Omit<DiffReport, 'formatVersion' | 'status'>;

/** Sorts every list, so that two runs are equal byte by byte, and decides the status. */
export function createDiffReport(parts: DiffParts): DiffReport {
  return {
    ...parts,
    formatVersion: diffFormatVersion,
    status: parts.changes.length > 0 ? 'different' : parts.undetermined.length > 0 ? 'undetermined' : 'equal',
    changes: [...parts.changes].sort(compareChanges),
    unmanaged: parts.unmanaged.map(({ kind, address }) => ({ kind, address })).sort(compareObjects),
    undetermined: [...parts.undetermined].sort(
      (a, b) => compareObjects(a, b) || compareText(a.field, b.field),
    ),
    ignored: [...parts.ignored].sort(compareChanges),
  };
}

type Placed = Pick<DiffChange, 'kind' | 'address'>;

function compareChanges(a: Placed, b: Placed): number {
  const locate = ({ kind, address }: Placed): Located => ({ kind: objectOfDrift(kind), address });
  return compareObjects(locate(a), locate(b)) || compareText(a.kind, b.kind);
}

/** The document for machines, its keys in a fixed order. */
export function renderDiffJson(report: DiffReport, verbose: boolean): string {
  const { formatVersion, status, dialect, from, to } = report;
  const document = {
    formatVersion,
    status,
    dialect,
    from,
    to,
    changes: report.changes.map((change) => ({
      kind: change.kind,
      address: orderAddress(change.address),
      fields: change.fields.map(({ field, database, expected }) => ({ field, from: database, to: expected })),
      message: change.message,
      definition: change.definition,
      source: change.source,
      hazards: change.hazards.map(({ code, severity, message, instead }) => ({
        code,
        severity,
        message,
        instead,
      })),
    })),
    unmanaged: report.unmanaged.map(({ kind, address }) => ({ kind, address: orderAddress(address) })),
    undetermined: report.undetermined.map(({ kind, address, field, database, expected, reason }) => ({
      kind,
      address: orderAddress(address),
      field,
      from: database,
      to: expected,
      reason,
    })),
    ignored: report.ignored.map(({ kind, address }) => ({ kind, address: orderAddress(address) })),
    notes: verbose
      ? report.notes.map(({ kind, address, message }) => ({ kind, address: orderAddress(address), message }))
      : undefined,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What a machine reads where the schemas could not be compared: the same keys, and the error. */
export function renderFailedDiff({ code, message, next }: Failure): string {
  const document = {
    formatVersion: diffFormatVersion,
    status: 'undetermined',
    dialect: null,
    from: null,
    to: null,
    changes: [],
    unmanaged: [],
    undetermined: [],
    ignored: [],
    error: { code, message, next },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function orderAddress({ namespace, table, name }: Address): unknown {
  return { namespace, table, name };
}
