/** What `drift stamp` did, as data, and how it is told. */
import type { DialectName } from '../catalog/schema.ts';
import { makePrintable } from '../diff/printable.ts';
import type { Failure } from './report.ts';
import { shortenTime } from './status-human.ts';
import { count } from './summary.ts';
import { measureWidth, padTo, wrapText } from './width.ts';

/** Grows only when a reader of the old format would misread the new one. */
export const stampFormatVersion = 1;

/** A row of Drizzle's table of applied migrations. */
export interface StampedRow {
  readonly tag: string;
  /** SHA-256 (hex) of the file. */
  readonly hash: string;
  /** The journal's `when`, milliseconds since 1970; NaN where the name of a folder has no time. */
  readonly createdAt: number;
  /** Null in a row of Drizzle 0.x. */
  readonly name: string | null;
}

export interface StampResult {
  /** `refused` is what a dry run says where the real one would be refused. */
  readonly status: 'stamped' | 'dry-run' | 'refused' | 'nothing-to-do';
  readonly dialect: DialectName;
  /** The database, never with a password. */
  readonly target: string;
  /** The tag that was asked for. */
  readonly tag: string;
  /** What was, or would be, marked as applied: in order. */
  readonly rows: readonly StampedRow[];
  /** In what the database differs from what the migrations make: only with `force` or in a dry run. */
  readonly differences: readonly string[];
}

/** The document for machines, its keys in a fixed order. */
export function renderStampJson({ status, dialect, target, tag, rows, differences }: StampResult): string {
  return print({
    formatVersion: stampFormatVersion,
    status,
    dialect,
    target,
    tag,
    rows: rows.map((row) => ({
      migration: row.tag,
      hash: row.hash,
      createdAt: Number.isFinite(row.createdAt) ? row.createdAt : null,
      name: row.name,
    })),
    differences,
  });
}

/** What a machine reads where nothing was stamped: the same keys, and the error. */
export function renderFailedStamp({ code, message, next }: Failure): string {
  return print({
    formatVersion: stampFormatVersion,
    status: 'failed',
    dialect: null,
    target: null,
    tag: null,
    rows: [],
    differences: [],
    error: { code, message, next },
  });
}

function print(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** For people: the rows, in what the database differs, and what to do next. */
export function renderStampHuman(
  result: StampResult,
  { width, quiet }: { readonly width: number; readonly quiet: boolean },
): string {
  const summary = wrapText(summariseStamp(result), width);
  const lines = quiet ? summary : [...listRows(result), ...listDifferences(result, width), ...summary];
  return `${[...lines, ...adviseNext(result, width)].join('\n')}\n`;
}

function listRows({ rows }: StampResult): readonly string[] {
  const wide = Math.max(0, ...rows.map(({ tag }) => measureWidth(makePrintable(tag))));
  const lines = rows.map(({ tag, createdAt, hash }) => {
    const time = Number.isFinite(createdAt) ? shortenTime(new Date(createdAt).toISOString()) : 'no time';
    return `  ${padTo(makePrintable(tag), wide)}  ${hash.slice(0, 12)}  made ${time}`;
  });
  return lines.length === 0 ? [] : [...lines, ''];
}

function listDifferences({ differences, status }: StampResult, width: number): readonly string[] {
  if (differences.length === 0) return [];
  const heading =
    status === 'stamped'
      ? 'Stamped in spite of what the database has otherwise:'
      : 'The database is not what these migrations make:';
  const lines = differences.flatMap((one) =>
    wrapText(makePrintable(one), width - 4).map((line, at) => `${at === 0 ? '  - ' : '    '}${line}`),
  );
  return [...wrapText(heading, width), ...lines, ''];
}

function summariseStamp({ status, target, tag, rows }: StampResult): string {
  const what = count(rows.length, 'migration');
  const where = makePrintable(target);
  switch (status) {
    case 'nothing-to-do':
      return `Nothing to do: ${where} has had ${makePrintable(tag)} and what comes before it.`;
    case 'dry-run':
      return `${where}: ${what} would be marked as applied. Nothing was written.`;
    case 'refused':
      return `${where}: marking ${what} as applied would be refused. Nothing was written.`;
    case 'stamped':
      return `${where}: ${what} marked as applied.`;
  }
}

function adviseNext({ status, tag }: StampResult, width: number): readonly string[] {
  const name = makePrintable(tag);
  switch (status) {
    case 'refused':
      // A command stays on one line, so that it can be copied.
      return [
        ...wrapText('Next: correct the database, or stamp in spite of that:', width),
        `  drift stamp ${name} --force`,
      ];
    case 'dry-run':
      return wrapText(`Next: run it without --dry-run`, width);
    case 'stamped':
      return wrapText('Next: run drift check', width);
    case 'nothing-to-do':
      return [];
  }
}
