import type { CatalogObject } from '../../catalog/objects.ts';
import { createSchema } from '../../catalog/schema.ts';
import type { NormalisedPair, SchemaPair } from '../dialect.ts';
import { canonicaliseTable, Memory } from './normalise/canonicalise.ts';
import { groupByTable } from './normalise/groups.ts';
import { alignTable } from './normalise/pairing.ts';
import { respellTable } from './normalise/respell.ts';
import { areSaidAlike } from './normalise/same.ts';
import { leaveOutStandIns } from './normalise/stand-ins.ts';
import { collectFacts, type TableFacts } from './normalise/tables.ts';

/**
 * Brings both schemas to comparable form. SQLite keeps every text as it was written, so the tokens tell everything
 * and no engine has to be asked. The expected objects keep their addresses; the database's take theirs over where
 * SQLite sees no difference.
 */
export function normalise(pair: SchemaPair): NormalisedPair {
  const present = groupByTable(createSchema('sqlite', pair.database.objects));
  const exact = pair.exact === true;
  const all = createSchema('sqlite', pair.expected.objects);
  const sought = exact ? all : createSchema('sqlite', leaveOutStandIns(all.objects, pair.database.objects));
  const wanted = groupByTable(sought);
  const names = new Set([...wanted.keys(), ...present.keys()]);
  const alike = new Set(
    [...names].filter((name) => areSaidAlike(present.get(name) ?? [], wanted.get(name) ?? [])),
  );
  if (pair.alone === true && alike.size === names.size) {
    return { database: sought, expected: sought, undetermined: [] };
  }
  const general = new Memory();
  const database: CatalogObject[] = [];
  const expected: CatalogObject[] = [];
  for (const name of names) {
    const expectedObjects = wanted.get(name) ?? [];
    if (alike.has(name)) {
      for (const object of canonicaliseByItself(expectedObjects, general)) {
        database.push(object);
        expected.push(object);
      }
      continue;
    }
    const expectedFacts = collectFacts(expectedObjects);
    const databaseObjects = respellTable(present.get(name) ?? [], expectedObjects, wanted);
    const databaseFacts = collectFacts(databaseObjects);
    const local = new Memory();
    // Texts mean the same on both sides only where they can name the same columns.
    const ownLocal = haveSameColumns(databaseFacts, expectedFacts) ? local : new Memory();
    const sides = {
      database: canonicaliseTable(databaseObjects, databaseFacts, general, ownLocal),
      expected: canonicaliseTable(expectedObjects, expectedFacts, general, local),
    };
    for (const object of alignTable({ ...sides, databaseFacts, expectedFacts, exact })) database.push(object);
    for (const object of sides.expected) expected.push(object);
  }
  const wantedSchema = createSchema('sqlite', expected);
  const isSame =
    database.length === expected.length && database.every((object, place) => object === expected[place]);
  return {
    database: isSame ? wantedSchema : createSchema('sqlite', database),
    expected: wantedSchema,
    undetermined: [],
  };
}

function canonicaliseByItself(objects: readonly CatalogObject[], general: Memory): readonly CatalogObject[] {
  return canonicaliseTable(objects, collectFacts(objects), general, new Memory());
}

function haveSameColumns(a: TableFacts, b: TableFacts): boolean {
  return (
    a.name === b.name &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, place) => column === b.columns[place])
  );
}
