/** The file of accepted drift: where it is, what is in it, and how it is written. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../catalog/address.ts';
import { compareObjects, type DialectName } from '../catalog/schema.ts';
import {
  acceptDrift,
  applyBaseline,
  type AcceptedDrift,
  type AcceptedField,
  type DigestedDrift,
} from '../diff/baseline.ts';
import type { FieldValue } from '../diff/changes.ts';
import type { Cause, Drift } from '../diff/drift.ts';
import { kindNames, nameObject } from '../diff/naming.ts';
import type { Undetermined } from '../dialects/dialect.ts';
import { DriftError } from '../errors.ts';
import { findJsonProblem } from '../project/migrations/json-error.ts';
import { displayPath, findNearestPath, isFile } from '../project/paths.ts';
import { objectOfDrift, type BaselineState } from '../report/report.ts';
import type { Project } from './project.ts';

/** What the command line says of the baseline. */
export interface BaselineRequest {
  /** `--baseline`, relative to the working directory. */
  readonly file?: string | undefined;
  /** `--no-baseline` */
  readonly ignore?: boolean | undefined;
  /** `--update-baseline`: writes a text wholly or not at all. */
  readonly write?: ((file: string, text: string) => Promise<void>) | undefined;
}

export interface Baseline {
  /** Absolute. */
  readonly file: string;
  /** Relative to the project. */
  readonly shown: string;
  readonly entries: readonly AcceptedDrift[];
}

/** Grows only when a reader of the old format would misread the new one. */
const baselineFormatVersion = 1;

export const defaultBaseline = 'drift.baseline.json';

/** Where the baseline is to be: where the command line says, or drift.config, or beside drizzle.config. */
function locateBaseline(
  project: Project,
  request: BaselineRequest,
): { readonly file: string; readonly isNamed: boolean } {
  const { root, configFile } = project.config;
  const named = request.file ?? project.settings.baseline;
  if (named !== undefined) return { file: path.resolve(root, named), isNamed: true };
  return { file: path.join(path.dirname(configFile), defaultBaseline), isNamed: false };
}

/**
 * Reads the baseline; null where there is none, or none is wanted.
 * @throws DriftError BASELINE_MISSING for one that is named and not there, BASELINE_INVALID
 */
export async function readBaseline(project: Project, request: BaselineRequest): Promise<Baseline | null> {
  if (request.ignore === true) return null;
  const { file, isNamed } = locateBaseline(project, request);
  const { root, dialect } = project.config;
  const shown = displayPath(root, file);
  if (!isFile(file)) {
    if (!isNamed || request.write) return null;
    const near = findNearestPath(root, file);
    const nearest = near !== undefined && isFile(near) ? displayPath(root, near) : undefined;
    throw new DriftError('BASELINE_MISSING', { file: shown, nearest });
  }
  return { file, shown, entries: decodeBaseline(await readText(file, shown), shown, dialect) };
}

async function readText(file: string, shown: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new DriftError('BASELINE_INVALID', { file: shown, problem }, { cause: error });
  }
}

/**
 * Writes the drifts down as accepted.
 * @throws DriftError OUTPUT_NOT_WRITTEN
 */
export async function writeBaseline(
  project: Project,
  request: BaselineRequest,
  drifts: readonly DigestedDrift[],
): Promise<Baseline> {
  const { file } = locateBaseline(project, request);
  const { root, dialect } = project.config;
  const entries = drifts.map(acceptDrift).sort(compareAccepted);
  // An empty file where there was none would only be one more thing to review.
  if (entries.length > 0 || isFile(file)) await request.write?.(file, encodeBaseline(entries, dialect));
  return { file, shown: displayPath(root, file), entries };
}

/** What a report says of the baseline, and what drift it leaves. */
export interface SettledBaseline {
  readonly fresh: readonly Drift[];
  readonly state: BaselineState;
}

/**
 * Takes what was accepted out of the drifts; with `--update-baseline` after all of them were accepted.
 * @returns null where there is no baseline
 * @throws DriftError BASELINE_UNDECIDED, OUTPUT_NOT_WRITTEN
 */
export async function settleBaseline(
  project: Project,
  { request, known }: { readonly request: BaselineRequest; readonly known: Baseline | null },
  drifts: readonly DigestedDrift[],
  found: { readonly offline: boolean; readonly undetermined: readonly Undetermined[] },
): Promise<SettledBaseline | null> {
  if (request.write && found.undetermined.length > 0) {
    const comparisons = found.undetermined.map((open) => `${nameObject(open)} (${open.field})`);
    throw new DriftError('BASELINE_UNDECIDED', { comparisons });
  }
  const baseline = request.write ? await writeBaseline(project, request, drifts) : known;
  if (!baseline) return null;
  const { fresh, accepted, obsolete } = applyBaseline(drifts, baseline.entries);
  // Without a database nothing can be said of what is drift in it.
  const gone = found.offline ? obsolete.filter(({ observed }) => observed === 'migrations') : obsolete;
  const { shown } = baseline;
  return { fresh, state: { file: shown, accepted, obsolete: gone, updated: request.write !== undefined } };
}

function compareAccepted(a: AcceptedDrift, b: AcceptedDrift): number {
  const locate = ({ kind, address }: AcceptedDrift) => ({ kind: objectOfDrift(kind), address });
  return (
    compareObjects(locate(a), locate(b)) ||
    compareText(a.kind, b.kind) ||
    compareText(JSON.stringify(a.fields), JSON.stringify(b.fields)) ||
    compareText(a.observed ?? '', b.observed ?? '')
  );
}

/** For review: one entry after the other in the order of the report, keys in a fixed order, no clocks. */
export function encodeBaseline(entries: readonly AcceptedDrift[], dialect: DialectName): string {
  const document = {
    formatVersion: baselineFormatVersion,
    dialect,
    drifts: entries.map(({ kind, address, observed, fields, definition, digest, cause }) => ({
      kind,
      address: { namespace: address.namespace, table: address.table, name: address.name },
      observed,
      fields: fields.length === 0 ? undefined : fields,
      definition,
      digest,
      cause,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** @throws DriftError BASELINE_INVALID */
export function decodeBaseline(text: string, shown: string, dialect: DialectName): readonly AcceptedDrift[] {
  const fail = (problem: string): never => {
    throw new DriftError('BASELINE_INVALID', { file: shown, problem });
  };
  const broken = findJsonProblem(text);
  if (broken) {
    const { line, column, problem } = broken;
    const isConflict = /^(?:<{7}|={7}|>{7})/m.test(text);
    return fail(
      isConflict
        ? 'git left conflict markers in it'
        : `line ${String(line)}, column ${String(column)}: ${problem}`,
    );
  }
  const document: unknown = JSON.parse(text);
  if (!isRecord(document)) return fail('it must be an object');
  if (document['formatVersion'] !== baselineFormatVersion) {
    return fail(
      `formatVersion must be ${String(baselineFormatVersion)}, not ${JSON.stringify(document['formatVersion'])}`,
    );
  }
  if (document['dialect'] !== dialect) {
    return fail(`it is for ${JSON.stringify(document['dialect'])}, and the project is ${dialect}`);
  }
  const { drifts } = document;
  if (!Array.isArray(drifts)) return fail('drifts must be a list');
  return drifts.map(
    (drift: unknown, at) => decodeDrift(drift) ?? fail(`drifts[${String(at)}] is no accepted drift`),
  );
}

/** Null for what is none. */
function decodeDrift(value: unknown): AcceptedDrift | null {
  if (!isRecord(value)) return null;
  const { kind, address, observed, fields = [], definition, digest, cause } = value;
  if (!isKind(kind) || !isAddress(address) || !isCause(cause)) return null;
  if (observed !== undefined && observed !== 'migrations') return null;
  if (!Array.isArray(fields) || !fields.every(isField)) return null;
  if (!isOptionalText(definition) || !isOptionalText(digest)) return null;
  const isOfWhole = kind.endsWith('.create') || kind.endsWith('.drop');
  if (isOfWhole !== (fields.length === 0) || isOfWhole !== (digest !== undefined)) return null;
  return {
    kind,
    address,
    ...(observed === undefined ? {} : { observed }),
    fields,
    ...(definition === undefined ? {} : { definition }),
    ...(digest === undefined ? {} : { digest }),
    cause,
  };
}

function isKind(value: unknown): value is Drift['kind'] {
  if (typeof value !== 'string') return false;
  const [object = '', change = '', ...more] = value.split('.');
  return (
    more.length === 0 && Object.hasOwn(kindNames, object) && /^(?:create|drop|alter|rename)$/.test(change)
  );
}

function isAddress(value: unknown): value is AcceptedDrift['address'] {
  if (!isRecord(value)) return false;
  const { namespace, table, name } = value;
  return typeof namespace === 'string' && typeof name === 'string' && isOptionalText(table);
}

function isCause(value: unknown): value is Cause {
  return value === 'unapplied' || value === 'ungenerated' || value === 'out-of-band';
}

function isField(value: unknown): value is AcceptedField {
  if (!isRecord(value) || typeof value['field'] !== 'string') return false;
  const { recorded = null } = value;
  return (
    'database' in value &&
    'expected' in value &&
    [value['database'], value['expected'], recorded].every(isValue)
  );
}

function isValue(value: unknown): value is FieldValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string');
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string');
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
