/** The risks a change can carry, by code. Each code has a page in `docs/hazards`. */
export interface Hazard {
  readonly code: HazardCode;
  readonly severity: 'info' | 'warning' | 'danger';
  /** What happens, one sentence. */
  readonly message: string;
  /** What to do instead, one sentence. */
  readonly instead?: string;
}

export type HazardCode = keyof typeof hazardTitles;

export const hazardTitles = {
  'data-loss': 'Rows or values are deleted',
  'table-rewrite': 'The whole table is written anew',
  'table-rebuild': 'SQLite cannot alter this in place: the table is rebuilt',
  'constraint-validation': 'Existing rows may violate the new constraint',
  'not-null-without-default': 'Existing rows would hold NULL in a NOT NULL column',
  'lossy-cast': 'Values may change or be lost when the type changes',
  'blocks-writes': 'Writes to the table wait while this runs',
  'blocks-reads': 'Reads and writes of the table wait while this runs',
  'behaviour-change': 'The same statements give other results afterwards',
} as const;
