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
  'foreign-key-mismatch': 'A foreign key points at columns that are no key',
  'impossible-action': 'A foreign key would put NULL where none may be',
  'drop-cascades': 'Dropping the table deletes or empties rows of other tables',
  'drop-refused': 'Dropping the table fails while rows of other tables point at it',
  'destructive-order': 'The statements are in an order that does harm',
  'dropped-trigger': 'A trigger is gone afterwards',
  'dropped-view': 'A view is gone afterwards',
  'dropped-index': 'An index is gone afterwards, and nobody dropped it',
  'dropped-constraint': 'A constraint is gone afterwards',
  'broken-dependent': 'A view or a trigger no longer works afterwards',
  'lost-attribute': 'COLLATE, STRICT or the like is gone afterwards',
  'lost-sequence': 'AUTOINCREMENT gives out ids again',
  'lost-rowids': 'Rows get other rowids, and something finds them by rowid',
  'double-quoted-string': 'A word in double quotes that is no column',
  'not-in-transaction': 'The statement does not belong in the transaction of a migrator',
  'pragma-without-effect': 'PRAGMA foreign_keys does nothing within a transaction',
  'several-statements': 'Several statements without a breakpoint between them',
  'no-statement': 'A part of the file holds no statement',
  'libsql-only': 'Only libSQL knows the statement',
  'newer-sqlite': 'Older SQLite refuses the statement',
  'statement-fails': 'SQLite refuses the statement',
  'not-replayed': 'The statement cannot be tried here',
} as const;
