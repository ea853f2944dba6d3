/** Turns the sqlite-core objects that the model files export into catalogue objects. */
import type { ModelModule, ModelOptions, ModelReading } from '../../dialect.ts';
import type { Casing } from '../../drizzle/casing.ts';
import { viewConfig, type DrizzleTable, type DrizzleView } from '../../drizzle/entities.ts';
import { collectExports, refuseEmpty, selectKind, type Exported } from '../../drizzle/exports.ts';
import { createReadingBuilder, refuseModel, type ReadingBuilder } from '../../drizzle/reading.ts';
import { renderSql } from '../../drizzle/sql-text.ts';
import { asWritten } from './columns.ts';
import { readTable } from './table.ts';

/**
 * Reads every exported table and view.
 * @throws DriftError MODELS_EMPTY, MODELS_DUPLICATE, MODEL_INVALID
 */
export function readModels(modules: readonly ModelModule[], options: ModelOptions): ModelReading {
  const exported = collectExports(modules);
  const reading = createReadingBuilder('sqlite');
  for (const table of selectKind<DrizzleTable>(exported, 'SQLiteTable')) {
    readTable(table, options.casing, reading);
  }
  for (const view of selectKind<DrizzleView>(exported, 'SQLiteView')) {
    readView(view, options.casing, reading);
  }
  if (reading.isEmpty) return refuseEmpty('sqlite', modules, exported);
  return reading.finish();
}

function readView(exported: Exported<DrizzleView>, casing: Casing, reading: ReadingBuilder): void {
  const { name, query } = exported.value[viewConfig];
  const address = { namespace: 'main', name };
  if (query === undefined) {
    reading.addExisting(address);
    return;
  }
  const text = renderView(exported, name, query, casing);
  const { file, exportName } = exported;
  reading.add({ kind: 'view', address, definition: asWritten(text) }, { file, exportName, name });
}

function renderView(exported: Exported<DrizzleView>, name: string, query: unknown, casing: Casing): string {
  try {
    return renderSql(query, { dialect: 'sqlite', casing, columns: 'qualified', objects: 'drizzle' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuseModel(exported, 'view', name, `its query cannot be written: ${reason}`, error);
  }
}
