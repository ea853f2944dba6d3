import type { Address } from '../../../catalog/address.ts';
import type { MaterializedView, View } from '../../../catalog/objects.ts';
import type { Casing } from '../../drizzle/casing.ts';
import { viewConfig, type DrizzleView } from '../../drizzle/entities.ts';
import type { Exported } from '../../drizzle/exports.ts';
import { refuseModel, type ReadingBuilder } from '../../drizzle/reading.ts';
import { renderSql } from '../../drizzle/sql-text.ts';
import { asWritten, namespaceOf } from './columns.ts';
import { truncateName } from './names.ts';

const plainConfig = Symbol.for('drizzle:PgViewConfig');
const materializedConfig = Symbol.for('drizzle:PgMaterializedViewConfig');

interface ViewOptions {
  readonly with?: Readonly<Record<string, unknown>>;
  readonly using?: string;
  readonly tablespace?: string;
  readonly withNoData?: boolean;
}

/** Adds a view or a materialized view; one that only `.existing()` declares is noted as such. */
export function readView(exported: Exported<DrizzleView>, casing: Casing, reading: ReadingBuilder): void {
  const view = exported.value;
  const { name, schema, query } = view[viewConfig];
  const address = { namespace: namespaceOf(schema), name: truncateName(name) };
  if (query === undefined) {
    reading.addExisting(address);
    return;
  }
  const text = renderView(exported, name, query, casing);
  const { file, exportName, kinds } = exported;
  const object = kinds.has('PgMaterializedView')
    ? makeMaterializedView(view, address, text)
    : makeView(view, address, text);
  reading.add(object, { file, exportName, name });
}

function renderView(exported: Exported<DrizzleView>, name: string, query: unknown, casing: Casing): string {
  try {
    return renderSql(query, { dialect: 'postgres', casing, columns: 'qualified', objects: 'drizzle' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuseModel(exported, 'view', name, `its query cannot be written: ${reason}`, error);
  }
}

function makeView(view: DrizzleView, address: Address, text: string): View {
  const config = Reflect.get(view, plainConfig) as ViewOptions | undefined;
  return { kind: 'view', address, definition: asWritten(text), ...readOptions(config?.with) };
}

function makeMaterializedView(view: DrizzleView, address: Address, text: string): MaterializedView {
  const config = (Reflect.get(view, materializedConfig) ?? {}) as ViewOptions;
  return {
    kind: 'materializedView',
    address,
    definition: asWritten(text),
    ...readOptions(config.with),
    // The server keeps no word for its own defaults.
    accessMethod: config.using === undefined || config.using === 'heap' ? null : config.using,
    tablespace:
      config.tablespace === undefined || config.tablespace === 'pg_default' ? null : config.tablespace,
    populated: config.withNoData !== true,
  };
}

/** `securityInvoker: true` is the server's `security_invoker=true`. */
function readOptions(options: ViewOptions['with']): Pick<View, 'options'> {
  const entries = Object.entries(options ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [toSnakeCase(name), String(value)] as const);
  return entries.length === 0 ? {} : { options: Object.fromEntries(entries.sort()) };
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
