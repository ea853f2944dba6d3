import type { Address } from '../catalog/address.ts';

/** What a plan needs a person's word for, with the flag that gives it. */
export type Refusal =
  | {
      readonly code: 'data-loss';
      readonly address: Address;
      readonly kind: 'table' | 'column' | 'virtualTable';
      /** Renames that would keep the data instead; each is a value of `--rename`. */
      readonly renames: readonly string[];
      readonly flag: '--allow data-loss';
    }
  | {
      readonly code: 'backfill-required';
      readonly address: Address;
      /** `--backfill table.column=SQL` */
      readonly flag: string;
    };

/** Where it is, as flags write it: `users.name`, `people`. */
export function writeAddress(address: Address): string {
  return address.table === undefined ? address.name : `${address.table}.${address.name}`;
}
