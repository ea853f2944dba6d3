import { createHash } from 'node:crypto';
import { addressKey, type Address } from '../catalog/address.ts';
import { showField } from '../diff/describe.ts';
import { kindNames, printAddress } from '../diff/naming.ts';
import type { RenderOptions } from './format.ts';
import { listMigrationFindings } from './migration-findings.ts';
import { objectOfDrift, type CheckReport, type Report } from './report.ts';

/** SARIF 2.1.0, for GitHub code scanning and editors. docs.oasis-open.org/sarif/sarif/v2.1.0 */
export function renderSarif(report: Report, options: Pick<RenderOptions, 'version' | 'configFile'>): string {
  const findings = 'error' in report ? [] : findAll(report);
  const rules = [...new Map(findings.map(({ rule }) => [rule.id, rule])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'drift',
            version: options.version,
            rules: rules.map(({ id, text }) => ({ id, shortDescription: { text } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [describeInvocation(report)],
        results: findings.map((finding) => ({
          ruleId: finding.rule.id,
          ruleIndex: rules.findIndex(({ id }) => id === finding.rule.id),
          kind: finding.open ? 'open' : 'fail',
          level: finding.open ? 'none' : 'error',
          message: { text: finding.message },
          locations: [locate(finding, options.configFile)],
          partialFingerprints: { 'finding/v1': fingerprint(finding) },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Line and column from 1. */
interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

interface Finding {
  readonly rule: { readonly id: string; readonly text: string };
  readonly message: string;
  readonly address?: Address;
  /** What it is about where that is no object of the database: the tag of a migration. */
  readonly identity?: string | undefined;
  readonly place?: Place | undefined;
  /** True where nobody could decide whether it is one. */
  readonly open: boolean;
}

function findAll(report: CheckReport): readonly Finding[] {
  const drifts = report.drifts.map((drift): Finding => {
    const kind = objectOfDrift(drift.kind);
    const what = drift.kind.slice(kind.length + 1);
    const risks = drift.hazards.map(({ code, message }) => ` Risk ${code}: ${message}`);
    return {
      rule: { id: drift.kind, text: `${kindNames[kind][0]}: ${ruleTexts[what] ?? what}` },
      message: `${drift.message}${risks.join('')}`,
      address: drift.address,
      place: drift.source,
      open: false,
    };
  });
  const problems = listMigrationFindings(report).map(({ code, migration, message, file, line }): Finding => ({
    rule: { id: `migrations.${code}`, text: stateTexts[code] ?? 'The migrations folder is not in order' },
    message,
    identity: migration,
    place: file === undefined ? undefined : { file, line },
    open: false,
  }));
  const open = report.undetermined.map((comparison): Finding => {
    const { label, database, expected } = showField(comparison.kind, comparison);
    return {
      rule: { id: 'undetermined', text: 'A comparison that nobody could decide' },
      message: `${printAddress(comparison.address)}: ${label} is ${database} in the database; ${expected} is expected. ${comparison.reason}`,
      address: comparison.address,
      place: comparison.source,
      open: true,
    };
  });
  return [...problems, ...drifts, ...open];
}

const stateTexts: Readonly<Record<string, string>> = {
  pending: 'A migration that the database has not had',
  outOfOrder: 'A pending migration that is older than an applied one',
  edited: 'A migration whose file is not the one that was applied',
  unknown: 'An applied migration that is not in the folder',
};

const ruleTexts: Readonly<Record<string, string>> = {
  create: 'expected, and missing in the database',
  drop: 'in the database, and not expected',
  alter: 'other attributes in the database than expected',
  rename: 'another name in the database than expected',
};

function describeInvocation(report: Report): unknown {
  if (!('error' in report)) return { executionSuccessful: report.status !== 'undetermined' };
  const { code, message, next } = report.error;
  return {
    executionSuccessful: false,
    toolExecutionNotifications: [
      { level: 'error', descriptor: { id: code }, message: { text: `${message} ${next}` } },
    ],
  };
}

/** GitHub accepts no result without a file, so what is nowhere in the models is shown at the config. */
function locate({ place, address }: Finding, configFile: string): unknown {
  const file = place === undefined ? configFile : place.file;
  const region = place?.line === undefined ? undefined : { startLine: place.line, startColumn: place.column };
  return {
    physicalLocation: { artifactLocation: locateFile(file), region },
    logicalLocations:
      address === undefined ? undefined : [{ fullyQualifiedName: printAddress(address), kind: 'object' }],
  };
}

function locateFile(file: string): unknown {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

/** Stays the same while the finding does, whatever moves in the file around it. */
function fingerprint({ rule, address, identity, message }: Finding): string {
  const subject = address === undefined ? (identity ?? message) : addressKey(address);
  return createHash('sha256').update(`${rule.id}\n${subject}`).digest('hex');
}
