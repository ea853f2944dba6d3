import type { ReportStatus } from '../report/report.ts';

/** What the exit code of every command means. */
export const exitCodes = {
  /** Up to date, or done. */
  done: 0,
  /** Drift, or migrations that are not in order; for `lint`, hazards. */
  notUpToDate: 1,
  /** Could not tell. */
  failed: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const codes: Readonly<Record<ReportStatus, ExitCode>> = {
  'up-to-date': exitCodes.done,
  'not-up-to-date': exitCodes.notUpToDate,
  undetermined: exitCodes.failed,
};

export function exitCodeOf(status: ReportStatus): ExitCode {
  return codes[status];
}
