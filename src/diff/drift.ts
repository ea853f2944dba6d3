import type { Address } from '../catalog/address.ts';
import type { ObjectKind } from '../catalog/objects.ts';
import type { Hazard } from '../plan/hazards.ts';
import type { ChangeType, FieldChange } from './changes.ts';

/** Which of the three schemas moved; see the table in the guide on causes. */
export type Cause = 'unapplied' | 'ungenerated' | 'out-of-band';

/** A place in a TypeScript file: path relative to the project with `/`, line and column from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is not up to date: the change that is missing, and why it is. */
export interface Drift {
  readonly kind: `${ObjectKind}.${ChangeType}`;
  readonly address: Address;
  readonly fields: readonly FieldChange[];
  readonly cause: Cause;
  /** Tag of the pending migration, with cause `unapplied`. */
  readonly migration?: string;
  /** With cause `unapplied`: what the migration renames it to, or makes it of by renaming. */
  readonly renamed?: Address;
  /** With cause `out-of-band`: where the same thing may be now, or may have been, under another name. */
  readonly lookalike?: Address;
  readonly expectedBy: 'models' | 'migrations';
  /** A sentence for a reviewer. */
  readonly message: string;
  /** `migrations` where it is the migrations that differ from what is expected, and not the database. */
  readonly observed?: 'migrations';
  /** The object in short, where it is on one side only: `text NOT NULL`. */
  readonly definition?: string;
  readonly source?: SourceLocation;
  readonly hazards: readonly Hazard[];
}
