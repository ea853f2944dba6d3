/** SQL of each thing a plan can do. */
import type { Address } from '../../../catalog/address.ts';
import type { CatalogObject, ForeignKey } from '../../../catalog/objects.ts';
import type { Action, ActionType, CopyTable, Guard, Shield, TemporaryIndex } from '../../../plan/plan.ts';
import { raw, sql } from '../quote.ts';
import { endLine, renderColumn, renderTable } from '../render-table.ts';
import { renderIndex, renderTrigger, renderView, renderVirtualTable } from '../render.ts';
import { quoteString } from '../syntax/names.ts';
import { renderGuard, renderAssertion } from './render-guard.ts';

type ActionOf<T extends ActionType> = Extract<Action, { readonly type: T }>;
type Renderers = { readonly [T in ActionType]: (action: ActionOf<T>) => readonly string[] };

/** @returns one text for each statement, without semicolons */
export function renderAction(action: Action): readonly string[] {
  // The action and its renderer are of one type; TypeScript cannot carry that through the lookup.
  const render = renderers[action.type] as (action: Action) => readonly string[];
  return render(action);
}

const renderers: Renderers = {
  createTable: ({ definition }) => [renderDefinition(definition)],
  dropTable: ({ table }) => [sql`DROP TABLE ${table.name}`],
  renameTable: ({ table, to }) => [sql`ALTER TABLE ${table.name} RENAME TO ${to}`],
  addColumn: ({ column, foreignKey }) => {
    const definition = renderColumn(column, undefined);
    const reference = foreignKey ? ` ${renderReference(foreignKey)}` : '';
    return [sql`ALTER TABLE ${tableOf(column.address)} ADD COLUMN ${raw(definition + reference)}`];
  },
  dropColumn: ({ column }) => [sql`ALTER TABLE ${tableOf(column)} DROP COLUMN ${column.name}`],
  renameColumn: ({ column, to }) => [
    sql`ALTER TABLE ${tableOf(column)} RENAME COLUMN ${column.name} TO ${to}`,
  ],
  setNullable: ({ column, nullable }) => [
    sql`ALTER TABLE ${tableOf(column)} ALTER COLUMN ${column.name} ${raw(nullable ? 'DROP' : 'SET')} NOT NULL`,
  ],
  addCheck: ({ check }) => [
    sql`ALTER TABLE ${tableOf(check.address)} ADD CONSTRAINT ${check.address.name} CHECK (${raw(endLine(check.expression.text))})`,
  ],
  dropConstraint: ({ constraint }) => [
    sql`ALTER TABLE ${tableOf(constraint)} DROP CONSTRAINT ${constraint.name}`,
  ],
  createIndex: ({ index }) => [renderIndex(index)],
  dropIndex: ({ index }) => [sql`DROP INDEX ${index.name}`],
  createView: ({ view }) => [renderView(view)],
  dropView: ({ view }) => [sql`DROP VIEW ${view.name}`],
  createTrigger: ({ trigger }) => [renderTrigger(trigger)],
  dropTrigger: ({ trigger }) => [sql`DROP TRIGGER ${trigger.name}`],
  createVirtualTable: ({ table }) => [renderVirtualTable(table)],
  copyTable: (copy) => [renderCopy(copy)],
  carrySequence: ({ from, to }) => [
    `DELETE FROM sqlite_sequence WHERE name = ${quoteString(to)}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${quoteString(to)}, seq FROM sqlite_sequence WHERE name = ${quoteString(from)}`,
  ],
  createTemporaryIndex: ({ index }) => [renderTemporaryIndex(index)],
  dropTemporaryIndex: ({ index }) => [sql`DROP INDEX ${index.name}`],
  shieldRows: ({ shield }) => [renderShield(shield)],
  unshieldRows: ({ shield }) => [sql`DROP TRIGGER ${shield.name}`],
  deferForeignKeys: ({ deferred }) => [`PRAGMA defer_foreign_keys = ${deferred ? 'ON' : 'OFF'}`],
  openGuard: ({ guard }) => [renderGuard(guard)],
  assert: ({ guard, assertion }) => [renderAssertion(guard, assertion)],
  closeGuard: ({ guard }) => [sql`DROP TABLE ${guardSchema(guard)}${guard.name}`],
};

function guardSchema(guard: Guard) {
  return raw(guard.temporary ? 'temp.' : '');
}

function tableOf(address: Address): string {
  return address.table ?? '';
}

function renderDefinition(definition: readonly CatalogObject[]): string {
  const table = definition.find((object) => object.kind === 'table');
  if (table === undefined) throw new TypeError('A definition without its table.');
  return renderTable(
    table,
    definition.filter((object) => object !== table),
  );
}

function renderReference({ references, onDelete, onUpdate, match, deferral }: ForeignKey): string {
  const deferrals = {
    immediate: '',
    deferrable: ' DEFERRABLE',
    deferred: ' DEFERRABLE INITIALLY DEFERRED',
  } as const;
  const columns = references.columns.length === 0 ? '' : sql` (${references.columns})`;
  return [
    sql`REFERENCES ${references.table}${raw(columns)}`,
    match === 'simple' ? '' : ` MATCH ${match.toUpperCase()}`,
    onUpdate === 'no action' ? '' : ` ON UPDATE ${onUpdate.toUpperCase()}`,
    onDelete === 'no action' ? '' : ` ON DELETE ${onDelete.toUpperCase()}`,
    deferrals[deferral],
  ].join('');
}

/** A clause of its own overrides the ON CONFLICT of a constraint, which could leave rows out in silence. */
function renderCopy({ from, to, columns, rowid }: CopyTable): string {
  const targets = [...(rowid ? [rowid.to] : []), ...columns.map((column) => sql`${column.to}`)];
  const sources = [
    ...(rowid ? [rowid.from] : []),
    ...columns.map(({ from: source }) => ('column' in source ? sql`${source.column}` : source.expression)),
  ];
  return sql`INSERT OR ABORT INTO ${to} (${raw(targets.join(', '))})\nSELECT ${raw(sources.join(', '))} FROM ${from}`;
}

function renderTemporaryIndex({ name, table, columns, unique }: TemporaryIndex): string {
  return sql`CREATE ${raw(unique ? 'UNIQUE ' : '')}INDEX ${name} ON ${table} (${columns})`;
}

function renderShield({ name, table, against }: Shield): string {
  return sql`CREATE TRIGGER ${name} BEFORE ${raw(against.toUpperCase())} ON ${table} BEGIN\n\tSELECT RAISE(IGNORE);\nEND`;
}
