import type { Address } from '../catalog/address.ts';
import type { CatalogObject, ObjectKind } from '../catalog/objects.ts';

/** A value as reports show it: already text where the catalogue holds something with structure. */
export type FieldValue =
  string | number | boolean | null | readonly string[] | Readonly<Record<string, string>>;

/** One attribute that differs. */
export interface FieldChange {
  readonly field: string;
  /** What the database has; null for nothing. */
  readonly database: FieldValue;
  /** What it is expected to have; null for nothing. */
  readonly expected: FieldValue;
  /** What the migrations make, where that and not the database is what differs. */
  readonly recorded?: FieldValue;
}

export type ChangeType = 'create' | 'drop' | 'alter' | 'rename';

interface ChangeBase {
  readonly kind: ObjectKind;
  /** Where it is in the database; for `create`, where it is expected. */
  readonly address: Address;
}

/** It is expected and not there. */
export interface CreateChange<O extends CatalogObject = CatalogObject> extends ChangeBase {
  readonly type: 'create';
  readonly expected: O;
}

/** It is there and not expected. */
export interface DropChange<O extends CatalogObject = CatalogObject> extends ChangeBase {
  readonly type: 'drop';
  readonly database: O;
}

/** It is there and expected, with other attributes. */
export interface AlterChange<O extends CatalogObject = CatalogObject> extends ChangeBase {
  readonly type: 'alter';
  readonly database: O;
  readonly expected: O;
  readonly fields: readonly FieldChange[];
}

/** It is there under another name, and possibly with other attributes. */
export interface RenameChange<O extends CatalogObject = CatalogObject> extends ChangeBase {
  readonly type: 'rename';
  readonly to: Address;
  readonly database: O;
  readonly expected: O;
  /** The first is always `name`. */
  readonly fields: readonly FieldChange[];
}

/** What would bring the database to what is expected. */
export type Change = CreateChange | DropChange | AlterChange | RenameChange;
