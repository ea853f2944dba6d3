import type { Address } from '../catalog/address.ts';
import type { FieldValue } from '../diff/changes.ts';
import type { Drift, SourceLocation } from '../diff/drift.ts';
import type { RenderOptions } from './format.ts';
import type { CheckReport, Report } from './report.ts';
import { adviseFirst } from './summary.ts';

/**
 * The report for machines, as `report.schema.json` describes it. Keys come in a fixed order, so that two
 * runs on the same input are equal byte by byte. Notes on the order of columns are there with `--verbose` only.
 */
export function renderJson(report: Report, options: Pick<RenderOptions, 'verbose'>): string {
  const value = 'error' in report ? report : orderReport(report, options.verbose);
  return `${JSON.stringify(value, null, 2)}\n`;
}

function orderReport(report: CheckReport, verbose: boolean): unknown {
  const { migrations } = report;
  return {
    formatVersion: report.formatVersion,
    status: report.status,
    dialect: report.dialect,
    target: report.target,
    offline: report.offline,
    drifts: report.drifts.map(orderDrift),
    migrations: {
      folder: migrations.folder,
      total: migrations.total,
      applied: migrations.applied,
      pending: migrations.pending,
      unknown: migrations.unknown,
      edited: migrations.edited,
      outOfOrder: migrations.outOfOrder,
      problems: migrations.problems.map(({ code, migration, file, line, message, next }) => ({
        code,
        migration,
        file,
        line,
        message,
        next,
      })),
    },
    unmanaged: report.unmanaged.map(({ kind, address }) => ({ kind, address: orderAddress(address) })),
    undetermined: report.undetermined.map((open) => ({
      kind: open.kind,
      address: orderAddress(open.address),
      field: open.field,
      database: open.database,
      expected: open.expected,
      reason: open.reason,
      source: orderSource(open.source),
    })),
    ignored: report.ignored.map(({ kind, address }) => ({ kind, address: orderAddress(address) })),
    baseline: report.baseline && {
      file: report.baseline.file,
      accepted: report.baseline.accepted.length,
      obsolete: report.baseline.obsolete.map(({ kind, address, fields }) => ({
        kind,
        address: orderAddress(address),
        fields: fields.map(({ field, database, expected }) => ({
          field,
          database: orderValue(database),
          expected: orderValue(expected),
        })),
      })),
    },
    notes: report.notes
      .filter(({ kind }) => verbose || kind === 'not-replayed')
      .map((note) =>
        note.kind === 'not-replayed'
          ? {
              kind: note.kind,
              migration: note.migration,
              file: note.file,
              line: note.line,
              message: note.message,
            }
          : { kind: note.kind, address: orderAddress(note.address), message: note.message },
      ),
    next: adviseFirst(report),
  };
}

function orderDrift(drift: Drift): unknown {
  return {
    kind: drift.kind,
    address: orderAddress(drift.address),
    fields: drift.fields.map(({ field, database, expected, recorded }) => ({
      field,
      database: orderValue(database),
      expected: orderValue(expected),
      recorded: recorded === undefined ? undefined : orderValue(recorded),
    })),
    cause: drift.cause,
    migration: drift.migration,
    renamed: drift.renamed && orderAddress(drift.renamed),
    lookalike: drift.lookalike && orderAddress(drift.lookalike),
    expectedBy: drift.expectedBy,
    observed: drift.observed,
    message: drift.message,
    definition: drift.definition,
    source: orderSource(drift.source),
    hazards: drift.hazards.map(({ code, severity, message, instead }) => ({
      code,
      severity,
      message,
      instead,
    })),
  };
}

/** Keys that are undefined do not appear: JSON.stringify leaves them out. */
function orderAddress({ namespace, table, name }: Address): unknown {
  return { namespace, table, name };
}

function orderSource(source: SourceLocation | undefined): unknown {
  return source && { file: source.file, line: source.line, column: source.column };
}

function orderValue(value: FieldValue): FieldValue {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
