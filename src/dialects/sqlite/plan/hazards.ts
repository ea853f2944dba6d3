/** What the changes of a SQLite schema put at risk. */
import type { CatalogObject, Column } from '../../../catalog/objects.ts';
import type { Change } from '../../../diff/changes.ts';
import { writeBackfill } from '../../../plan/flags.ts';
import type { Hazard } from '../../../plan/hazards.ts';
import { writeAddress } from '../../../plan/refusals.ts';
import type { Affinity } from '../syntax/affinity.ts';
import { quoteIdentifier } from '../syntax/names.ts';
import type { Address } from '../../../catalog/address.ts';

export function hazardOfDrop(kind: 'table' | 'column' | 'virtualTable', address: Address): Hazard {
  const what =
    kind === 'column' ? `All values of ${writeAddress(address)}` : `All rows of ${writeAddress(address)}`;
  return { code: 'data-loss', severity: 'danger', message: `${what} are deleted.` };
}

export function hazardOfRebuild(table: string): Hazard {
  return {
    code: 'table-rebuild',
    severity: 'info',
    message: `The table ${table} is made anew with all its rows, as SQLite cannot alter it in place.`,
  };
}

function hazardOfNewRule(subject: string, rule: string): Hazard {
  const message = `Rows of ${subject} that break ${rule} stop the migration; nothing is changed then.`;
  return { code: 'constraint-validation', severity: 'warning', message };
}

/** Values that are there must not be NULL. */
export function hazardOfNotNull(column: Address): Hazard {
  const subject = writeAddress(column);
  return {
    code: 'not-null-without-default',
    severity: 'warning',
    message: `Rows of ${subject} that hold NULL stop the migration; nothing is changed then.`,
    instead: `Fill them: ${writeBackfill(subject)}`,
  };
}

/** How a change of type treats the values that are there. */
export type CastRisk =
  /** Every value stays as it is. */
  | 'none'
  /** Numbers become their text; a real number may have more digits than its text. */
  | 'numbersToText'
  /** Whole numbers become real ones, which hold 53 bits. */
  | 'wholeToReal'
  /** Texts become numbers where they look like one: '007' becomes 7. */
  | 'textsToNumbers';

/** What storing a value under another affinity does: sqlite.org/datatype3.html#type_affinity */
export function findCastRisk(before: Affinity, after: Affinity): CastRisk {
  if (before === after || after === 'blob') return 'none';
  if (after === 'text') return 'numbersToText';
  if (before === 'text' || before === 'blob') return 'textsToNumbers';
  return after === 'real' ? 'wholeToReal' : 'none';
}

const castMessages: Readonly<Record<Exclude<CastRisk, 'none'>, string>> = {
  numbersToText: 'numbers become texts. One with more digits than its text shows stops the migration',
  wholeToReal: 'whole numbers become real ones. One with more than 53 bits stops the migration',
  textsToNumbers: "texts become numbers. One that would change ('007', 'abc') stops the migration",
};

export function hazardOfCast(column: Column, risk: CastRisk): readonly Hazard[] {
  if (risk === 'none') return [];
  const name = writeAddress(column.address);
  const type = column.type === '' ? 'NUMERIC' : column.type;
  return [
    {
      code: 'lossy-cast',
      severity: 'warning',
      message: `In ${name} ${castMessages[risk]}; nothing is changed then.`,
      instead: `To convert it all the same: ${writeBackfill(name, `CAST(${quoteIdentifier(column.address.name)} AS ${type})`)}`,
    },
  ];
}

/** What may go wrong with the rows that are there. */
export function hazardsOfChange(change: Change): readonly Hazard[] {
  if (change.type === 'drop') return [];
  const { expected } = change;
  const hazards = hazardsOfRule(expected);
  if (hazards.length > 0) return hazards;
  if (expected.kind === 'table' && change.type === 'alter' && expected.strict === true) {
    return [hazardOfNewRule(expected.address.name, 'the declared types (STRICT)')];
  }
  return [];
}

/** What rows may have against a rule that is new to them. */
export function hazardsOfRule(object: CatalogObject): readonly Hazard[] {
  const rule = describeRule(object);
  if (rule === null) return [];
  return [hazardOfNewRule(writeAddress({ namespace: '', name: object.address.table ?? '' }), rule)];
}

function describeRule(object: CatalogObject): string | null {
  switch (object.kind) {
    case 'unique':
      return `UNIQUE (${object.columns.join(', ')})`;
    case 'index':
      return object.unique ? `the unique index ${object.address.name}` : null;
    case 'check':
      return `the check ${object.address.name}`;
    case 'foreignKey':
      return `the foreign key to ${object.references.table}`;
    case 'primaryKey':
      return `the primary key (${object.columns.join(', ')})`;
    default:
      return null;
  }
}
