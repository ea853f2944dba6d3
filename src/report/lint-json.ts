import type { AllowedHazard, LintHazard, LintReport } from './lint-report.ts';

/** For machines; keys come in a fixed order. `docs/guides/lint.md` describes it. */
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

function orderHazard(hazard: LintHazard | AllowedHazard): object {
  const { code, severity, migration, file, line, column, table, name, message, instead } = hazard;
  return { code, severity, migration, file, line, column, table, name, message, instead };
}
