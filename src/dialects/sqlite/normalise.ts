import type { CatalogObject } from '../../catalog/objects.ts';
import { createSchema } from '../../catalog/schema.ts';
import type { NormalisedPair, SchemaPair } from '../dialect.ts';
import { canonicaliseObjects, type Memory } from './normalise/canonicalise.ts';
import { sortForeignKey } from './normalise/foreign-keys.ts';
import { alignTable, Belongings, groupBelongings } from './normalise/pairing.ts';
import { respell } from './normalise/respell.ts';
import { leaveOutStandIns } from './normalise/stand-ins.ts';
import { indexTables } from './normalise/tables.ts';

/**
 * Brings both schemas to comparable form. SQLite keeps every text as it was written, so the tokens tell everything
 * and no engine has to be asked. The expected objects keep their addresses; the database's take theirs over where
 * SQLite sees no difference.
 */
export function normalise(pair: SchemaPair): NormalisedPair {
  const memory: Memory = new Map();
  const wanted = leaveOutStandIns(pair.expected.objects, pair.database.objects).map(orderColumns);
  const present = respell(pair.database.objects, wanted).map(orderColumns);
  const expectedTables = indexTables(wanted);
  const databaseTables = indexTables(present);
  const expected = canonicaliseObjects(wanted, expectedTables, memory);
  const database = groupBelongings(canonicaliseObjects(present, databaseTables, memory));
  const counterparts = groupBelongings(expected);
  const nothing = new Belongings();
  const aligned = [...database].flatMap(([table, belongings]) =>
    alignTable({
      database: belongings,
      expected: counterparts.get(table) ?? nothing,
      databaseFacts: databaseTables.get(table),
      expectedFacts: expectedTables.get(table),
    }),
  );
  return {
    database: createSchema('sqlite', aligned),
    expected: createSchema('sqlite', expected),
    undetermined: [],
  };
}

function orderColumns(object: CatalogObject): CatalogObject {
  return object.kind === 'foreignKey' ? sortForeignKey(object) : object;
}
