import type { Change, FieldChange } from './changes.ts';

/** The change that leads back: what was created is dropped, and every value has the other one's place. */
export function invertChange(change: Change): Change {
  switch (change.type) {
    case 'create':
      return { type: 'drop', kind: change.kind, address: change.address, database: change.expected };
    case 'drop':
      return { type: 'create', kind: change.kind, address: change.address, expected: change.database };
    case 'alter':
      return {
        ...change,
        database: change.expected,
        expected: change.database,
        fields: change.fields.map(invertField),
      };
    case 'rename':
      return {
        ...change,
        address: change.to,
        to: change.address,
        database: change.expected,
        expected: change.database,
        fields: change.fields.map(invertField),
      };
  }
}

function invertField({ field, database, expected }: FieldChange): FieldChange {
  return { field, database: expected, expected: database };
}
