import { tableAddress } from '../catalog/address.ts';
import { nameWithinTable, printAddress } from '../diff/naming.ts';
import type { SourceLocation } from '../diff/drift.ts';
import { escapeMarkup } from './markup.ts';
import { objectOfDrift, type CheckReport, type Report } from './report.ts';

interface Case {
  /** The table, for the grouping that test reporters do. */
  readonly group: string;
  readonly name: string;
  readonly source?: SourceLocation | undefined;
  readonly outcome: {
    readonly tag: 'failure' | 'error';
    readonly type: string;
    readonly text: string;
  } | null;
}

/** JUnit XML: a failed case for every finding, an error for what could not be decided, one passed case for none. */
export function renderJunit(report: Report): string {
  const name = `drift check${report.target === null ? '' : ` ${report.target}`}`;
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
  const { migrations } = report;
  const failure = (type: string, text: string): Case['outcome'] => ({ tag: 'failure', type, text });
  const states = (['pending', 'outOfOrder', 'edited', 'unknown'] as const).flatMap((state) =>
    migrations[state].map((tag) => ({
      group: 'migrations',
      name: tag,
      outcome: failure(`migration.${state}`, `${tag} is ${stateWords[state]}.`),
    })),
  );
  const problems = migrations.problems.map(({ code, migration, message, next }) => ({
    group: 'migrations',
    name: migration ?? code,
    outcome: failure(`migration.${code}`, next === undefined ? message : `${message} ${next}`),
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
  const all = [...states, ...problems, ...drifts, ...open];
  return all.length === 0 ? [{ group: 'drift', name: 'up to date', outcome: null }] : all;
}

const stateWords = {
  pending: 'pending',
  outOfOrder: 'older than the newest applied migration, so that drizzle would skip it',
  edited: 'not the file that was applied',
  unknown: 'applied but not in the folder',
} as const;

function printCase({ group, name, source, outcome }: Case): readonly string[] {
  const place =
    source === undefined ? '' : ` file="${escapeMarkup(source.file)}" line="${String(source.line)}"`;
  const open = `    <testcase classname="${escapeMarkup(group)}" name="${escapeMarkup(name)}"${place}`;
  if (outcome === null) return [`${open}/>`];
  const text = escapeMarkup(outcome.text);
  const at = source === undefined ? '' : ` ${escapeMarkup(source.file)}:${String(source.line)}`;
  return [
    `${open}>`,
    `      <${outcome.tag} type="${escapeMarkup(outcome.type)}" message="${text}">${text}${at}</${outcome.tag}>`,
    '    </testcase>',
  ];
}
