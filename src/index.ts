/** The public API: what the command line does, as functions. */
export { DriftError, errorCatalogue, type ErrorCode } from './errors.ts';
export { runCheck } from './stages/check.ts';
export { runDiff, type DiffRequest, type DiffResult } from './stages/compare-two.ts';
export { runWait, type WaitRequest, type WaitResult } from './stages/wait.ts';
export { renderModels } from './stages/build.ts';
export type { ProjectRequest } from './stages/project.ts';
export type { CheckReport, MigrationState, ReportStatus } from './report/report.ts';
export type { DiffChange, DiffReport, DiffStatus } from './report/diff-report.ts';
export type { Cause, Drift, SourceLocation } from './diff/drift.ts';
export type { ChangeType, FieldChange, FieldValue } from './diff/changes.ts';
export type { Address } from './catalog/address.ts';
export type { ObjectKind } from './catalog/objects.ts';
export type { Hazard } from './plan/hazards.ts';
