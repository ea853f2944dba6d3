import type {
  CatalogObject,
  Index,
  IndexPart,
  ObjectKind,
  Trigger,
  View,
  VirtualTable,
} from '../../catalog/objects.ts';
import { addressKey, tableAddress } from '../../catalog/address.ts';
import { objectsOf, type Schema } from '../../catalog/schema.ts';
import { raw, sql } from './quote.ts';
import { endLine, renderTable } from './render-table.ts';

/**
 * Statements that build the schema in an empty database. Tables come before what names them; SQLite looks neither at
 * the targets of foreign keys nor into views before they are used.
 */
export function renderSchema(schema: Schema): readonly string[] {
  const parts = groupByTable(schema.objects);
  return [
    ...objectsOf(schema, 'table').map((table) =>
      renderTable(table, parts.get(addressKey(table.address)) ?? []),
    ),
    ...objectsOf(schema, 'virtualTable').map(renderVirtualTable),
    ...objectsOf(schema, 'index').map(renderIndex),
    ...objectsOf(schema, 'view').map(renderView),
    ...objectsOf(schema, 'trigger').map(renderTrigger),
  ];
}

const inTable: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'column',
  'primaryKey',
  'unique',
  'foreignKey',
  'check',
]);

function groupByTable(objects: readonly CatalogObject[]): ReadonlyMap<string, readonly CatalogObject[]> {
  const groups = new Map<string, CatalogObject[]>();
  for (const object of objects) {
    if (!inTable.has(object.kind)) continue;
    const key = addressKey(tableAddress(object.address));
    const group = groups.get(key);
    if (group) group.push(object);
    else groups.set(key, [object]);
  }
  return groups;
}

/** @returns CREATE INDEX, without a semicolon */
export function renderIndex(index: Index): string {
  const unique = raw(index.unique ? 'UNIQUE ' : '');
  const parts = raw(index.parts.map(renderPart).join(', '));
  const where = raw(index.where === null ? '' : ` WHERE ${index.where.text}`);
  return sql`CREATE ${unique}INDEX ${index.address.name} ON ${index.address.table ?? ''} (${parts})${where}`;
}

function renderPart(part: IndexPart): string {
  const on = 'column' in part.on ? sql`${part.on.column}` : endLine(part.on.expression.text);
  const collation = part.collation === null ? '' : sql` COLLATE ${part.collation}`;
  return `${on}${collation}${part.order === 'desc' ? ' DESC' : ''}`;
}

/** @returns CREATE VIEW, without a semicolon */
export function renderView(view: View): string {
  const columns = raw(view.columns && view.columns.length > 0 ? sql` (${view.columns})` : '');
  return sql`CREATE VIEW ${view.address.name}${columns} AS ${raw(view.definition.text)}`;
}

/** @returns CREATE TRIGGER as it was written */
export function renderTrigger(trigger: Trigger): string {
  return trigger.definition.text;
}

/** @returns CREATE VIRTUAL TABLE, without a semicolon; the module makes its shadow tables itself */
export function renderVirtualTable(table: VirtualTable): string {
  const list = raw(table.arguments.length === 0 ? '' : `(${table.arguments.join(', ')})`);
  return sql`CREATE VIRTUAL TABLE ${table.address.name} USING ${table.module}${list}`;
}
