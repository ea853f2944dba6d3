import { tableAddress } from '../catalog/address.ts';
import { nameWithinTable, printAddress } from '../diff/naming.ts';
import { escapeMarkup } from './markup.ts';
import { listMigrationFindings } from './migration-findings.ts';
import { objectOfDrift, type CheckReport, type Report } from './report.ts';

interface Case {
  /** The table, for the grouping that test reporters do. */
  readonly group: string;
  readonly name: string;
  readonly source?: { readonly file: string; readonly line?: number | undefined } | undefined;
  readonly outcome: {
    readonly tag: 'failure' | 'error';
    readonly type: string;
    readonly text: string;
  } | null;
}

/** JUnit XML: a failed case for every finding, an error for what could not be decided, one passed case for none. */
export function renderJunit(report: Report): string {
  const command = ('command' in report ? report.command : undefined) ?? 'drift check';
  const name = `${command}${report.target === null ? '' : ` ${report.target}`}`;
  const cases = 'error' in report ? [failedCase(report.error)] : listCases(report);
  const count = (tag: 'failure' | 'error'): string =>
    String(cases.filter(({ outcome }) => outcome?.tag === tag).length);
  const counts = `tests="${String(cases.length)}" failures="${count('failure')}" errors="${count('error')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="drift" ${counts}>`,
    `  <testsuite name="${escapeMarkup(name)}" ${counts} skipped="0">`,
    ...cases.flatMap(printCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function failedCase(error: { readonly code: string; readonly message: string; readonly next: string }): Case {
  return {
    group: 'drift',
    name: 'check',
    outcome: { tag: 'error', type: error.code, text: `${error.message} ${error.next}` },
  };
}

function listCases(report: CheckReport): readonly Case[] {
  const failure = (type: string, text: string): Case['outcome'] => ({ tag: 'failure', type, text });
  const migrations = listMigrationFindings(report).map(({ code, migration, message, file, line }) => ({
    group: 'migrations',
    name: migration ?? code,
    source: file === undefined ? undefined : { file, line },
    outcome: failure(`migration.${code}`, message),
  }));
  const drifts = report.drifts.map((drift) => ({
    group: printAddress(tableAddress(drift.address)),
    name: `${drift.kind} ${nameWithinTable({ kind: objectOfDrift(drift.kind), address: drift.address })}`,
    source: drift.source,
    outcome: failure(drift.cause, drift.message),
  }));
  const open = report.undetermined.map((comparison) => ({
    group: printAddress(tableAddress(comparison.address)),
    name: `${nameWithinTable(comparison)} ${comparison.field}`,
    source: comparison.source,
    outcome: { tag: 'error' as const, type: 'undetermined', text: comparison.reason },
  }));
  const all = [...migrations, ...drifts, ...open];
  return all.length === 0 ? [{ group: 'drift', name: 'up to date', outcome: null }] : all;
}

function printCase({ group, name, source, outcome }: Case): readonly string[] {
  const line = source?.line === undefined ? '' : ` line="${String(source.line)}"`;
  const place = source === undefined ? '' : ` file="${escapeMarkup(source.file)}"${line}`;
  const open = `    <testcase classname="${escapeMarkup(group)}" name="${escapeMarkup(name)}"${place}`;
  if (outcome === null) return [`${open}/>`];
  const text = escapeMarkup(outcome.text);
  const at =
    source === undefined
      ? ''
      : ` ${escapeMarkup([source.file, ...(source.line === undefined ? [] : [source.line])].join(':'))}`;
  return [
    `${open}>`,
    `      <${outcome.tag} type="${escapeMarkup(outcome.type)}" message="${text}">${text}${at}</${outcome.tag}>`,
    '    </testcase>',
  ];
}
