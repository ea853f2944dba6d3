import { createHash } from 'node:crypto';
import { hazardTitles } from '../plan/hazards.ts';
import type { RenderOptions } from './format.ts';
import type { LintHazard, LintReport } from './lint-report.ts';

/** SARIF 2.1.0, for GitHub code scanning and editors. docs.oasis-open.org/sarif/sarif/v2.1.0 */
export function renderLintSarif(report: LintReport, { version }: Pick<RenderOptions, 'version'>): string {
  const codes = [...new Set(report.hazards.map(({ code }) => code))].sort();
  const seen = new Map<string, number>();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'drift',
            version,
            rules: codes.map((code) => ({ id: code, shortDescription: { text: hazardTitles[code] } })),
          },
        },
        // One upload for each command, so that neither takes the other's results for fixed.
        automationDetails: { id: 'drift-lint/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.problems.length === 0,
            toolExecutionNotifications: report.problems.map(({ code, message, next }) => ({
              level: 'error',
              descriptor: { id: code },
              message: { text: `${message} ${next}` },
            })),
          },
        ],
        results: report.hazards.map((hazard) => ({
          ruleId: hazard.code,
          ruleIndex: codes.indexOf(hazard.code),
          level: hazard.level,
          message: { text: hazard.instead === null ? hazard.message : `${hazard.message} ${hazard.instead}` },
          locations: [locate(hazard)],
          partialFingerprints: { 'hazard/v1': fingerprint(hazard, seen) },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function locate({ file, line, column }: LintHazard): unknown {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  const artifactLocation = file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
  return { physicalLocation: { artifactLocation, region: { startLine: line, startColumn: column } } };
}

/** Stays the same while the hazard does, whatever moves in the file around it. */
function fingerprint({ code, migration, table, name }: LintHazard, seen: Map<string, number>): string {
  const identity = JSON.stringify([code, migration, table, name]);
  const ordinal = seen.get(identity) ?? 0;
  seen.set(identity, ordinal + 1);
  return createHash('sha256')
    .update(`${identity}\n${String(ordinal)}`)
    .digest('hex');
}
