import type { Address } from '../catalog/address.ts';
import type { ObjectKind } from '../catalog/objects.ts';
import type { ChangeType, FieldChange } from './changes.ts';

/** Which of the three schemas moved; see the table in the guide on causes. */
export type Cause = 'unapplied' | 'ungenerated' | 'out-of-band';

/** A place in a TypeScript file: path relative to the project with `/`, line and column from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A risk of the change that would repair the drift; the shape of `Hazard` in plan/, which diff/ does not import. */
export interface DriftHazard {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'danger';
  readonly message: string;
  readonly instead?: string;
}

/** One thing that is not up to date: the change that is missing, and why it is. */
export interface Drift {
  readonly kind: `${ObjectKind}.${ChangeType}`;
  readonly address: Address;
  readonly fields: readonly FieldChange[];
  readonly cause: Cause;
  /** Tag of the pending migration, with cause `unapplied`. */
  readonly migration?: string;
  readonly expectedBy: 'models' | 'migrations';
  /** A sentence for a reviewer. */
  readonly message: string;
  readonly source?: SourceLocation;
  readonly hazards: readonly DriftHazard[];
}
