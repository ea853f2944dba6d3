import type { Address } from '../catalog/address.ts';
import { writeRename } from './flags.ts';

/** What a plan needs a person's word for, with the flag that gives it. */
export type Refusal =
  | {
      /** A migration written by hand made it, and the models do not have it: they may never have been asked to. */
      readonly code: 'hand-written';
      readonly address: Address;
      readonly kind: 'view' | 'index';
      readonly flag: '--allow hand-made';
    }
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
    }
  | {
      /** Rows of the database that the migration would break, or that would break it. */
      readonly code: 'rows';
      readonly address: Address;
      /** Which, one sentence. */
      readonly problem: string;
      /** `--backfill table.column=SQL` */
      readonly flag: string;
    };

/** Where it is, as flags write it: `users.name`, `people`. */
export function writeAddress(address: Address): string {
  return address.table === undefined ? address.name : `${address.table}.${address.name}`;
}

/** What is asked, one sentence. */
export function describeRefusal(refusal: Refusal): string {
  const where = writeAddress(refusal.address);
  if (refusal.code === 'backfill-required') {
    return `${where} is new, NOT NULL and has no default: what shall the rows hold that are there?`;
  }
  if (refusal.code === 'rows') return refusal.problem;
  if (refusal.code === 'hand-written') {
    const { table, name } = refusal.address;
    const on = table === undefined ? '' : ` on ${table}`;
    return `A migration written by hand made the ${refusal.kind} ${name}${on}, and the models do not have it: this would drop it, unless it is put into the models or ignored in drift.config.`;
  }
  const what =
    refusal.kind === 'column' ? `the column ${where} with its values` : `the table ${where} with its rows`;
  const renamed = refusal.renames.length === 0 ? '' : ', unless it was renamed';
  return `This would delete ${what}${renamed}.`;
}

/** The flags that answer, the gentler ones first. */
export function flagsOf(refusal: Refusal): readonly string[] {
  if (refusal.code !== 'data-loss') return [refusal.flag];
  return [...refusal.renames.map(writeRename), refusal.flag];
}

/** The question with its answers. */
export function questionOf(refusal: Refusal): {
  readonly question: string;
  readonly flags: readonly string[];
} {
  return { question: describeRefusal(refusal), flags: flagsOf(refusal) };
}
