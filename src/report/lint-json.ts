import { lintFormatVersion, type AllowedHazard, type LintHazard, type LintReport } from './lint-report.ts';
import type { Failure } from './report.ts';

/** The document for machines, as `lint.schema.json` describes it, its keys in a fixed order. */
export function renderLintJson(report: LintReport): string {
  const value = {
    formatVersion: report.formatVersion,
    status: report.status,
    dialect: report.dialect,
    target: report.target,
    migrations: report.migrations,
    hazards: report.hazards.map((hazard) => ({ level: hazard.level, ...orderHazard(hazard) })),
    allowed: report.allowed.map((hazard) => ({
      by: hazard.by,
      reason: hazard.reason,
      ...orderHazard(hazard),
    })),
    problems: report.problems.map(({ code, file, message, next }) => ({ code, file, message, next })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What a machine reads where the migrations could not be looked at: the same keys, and the error. */
export function renderFailedLint({ code, message, next }: Failure): string {
  const value = {
    formatVersion: lintFormatVersion,
    status: 'undetermined',
    dialect: null,
    target: null,
    migrations: [],
    hazards: [],
    allowed: [],
    problems: [],
    error: { code, message, next },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function orderHazard(hazard: LintHazard | AllowedHazard): object {
  const { code, severity, migration, file, line, column, table, name, message, instead } = hazard;
  return { code, severity, migration, file, line, column, table, name, message, instead };
}
