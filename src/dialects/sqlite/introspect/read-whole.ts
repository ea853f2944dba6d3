/** Objects that are compared as a whole: views, triggers, virtual tables. */
import type { Trigger, View, VirtualTable } from '../../../catalog/objects.ts';
import type { CreateView, CreateVirtualTable } from '../syntax/ast.ts';

/** Works for a view whose tables are gone too: only its text is looked at. */
export function readView(name: string, statement: CreateView): View {
  const columns = statement.columns.map((column) => column.value);
  return {
    kind: 'view',
    address: { namespace: 'main', name },
    definition: { text: statement.select.text, canonical: statement.select.text },
    ...(columns.length === 0 ? {} : { columns }),
  };
}

export function readTrigger(table: string, name: string, sql: string): Trigger {
  return {
    kind: 'trigger',
    address: { namespace: 'main', table, name },
    definition: { text: sql, canonical: sql },
  };
}

export function readVirtualTable(
  name: string,
  statement: CreateVirtualTable,
  shadowTables: readonly string[],
): VirtualTable {
  return {
    kind: 'virtualTable',
    address: { namespace: 'main', name },
    module: statement.module.value,
    arguments: statement.args.map((argument) => argument.text),
    shadowTables: [...shadowTables].sort(),
  };
}
