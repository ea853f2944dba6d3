/** What does not work in a schema by itself, before anything is done to it. */
import type { Address } from '../../../catalog/address.ts';
import type { Schema } from '../../../catalog/schema.ts';
import { dropBroken, openWorkbench } from './workbench.ts';
import { findWritable, type Writable } from './writable.ts';

export interface Faults {
  /** Views and triggers that name something that is not there. */
  readonly broken: readonly Address[];
  readonly writable: Writable;
}

export const noFaults: Faults = { broken: [], writable: new Map() };

/** Builds the schema on a scratch database and tries it out. */
export function findFaults(schema: Schema): Faults {
  const connection = openWorkbench(schema);
  try {
    const writable = findWritable(connection);
    return { broken: dropBroken(connection), writable };
  } finally {
    connection.close();
  }
}
