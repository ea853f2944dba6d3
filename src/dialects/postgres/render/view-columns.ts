/** SQL for what is said of single columns of a relation that is there: privileges, and of a view everything but its query. */
import type { Address } from '../../../catalog/address.ts';
import type { MaterializedView, View } from '../../../catalog/objects.ts';
import { quoteAddress, quoteLiteral, quoteName } from '../quote.ts';
import { writeGrants } from './objects.ts';

/**
 * GRANT and REVOKE of privileges on one column.
 * @param column as it stands in SQL
 */
export function grantOnColumn(
  relation: Address,
  column: string,
  grants: readonly string[],
): readonly string[] {
  return writeGrants(`TABLE ${quoteAddress(relation)}`, null, grants).map((statement) =>
    // The list of columns stands after each privilege.
    statement.replace(/^(GRANT|REVOKE) (.*?) ON /, (_all, verb: string, list: string) => {
      const words = list.split(', ').map((word) => `${word} (${column})`);
      return `${verb} ${words.join(', ')} ON `;
    }),
  );
}

/** Defaults, settings, comments and privileges of the columns of a view. */
export function alterViewColumns(view: View | MaterializedView): readonly string[] {
  const name = quoteAddress(view.address);
  const alter = (column: string, action: string): string =>
    `ALTER ${view.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW'} ${name} ALTER COLUMN ${quoteName(column)} ${action}`;
  const defaults = view.kind === 'view' ? Object.entries(view.columnDefaults ?? {}) : [];
  const settings = view.kind === 'view' ? [] : Object.entries(view.columnSettings ?? {});
  return [
    ...defaults.map(([column, { text }]) => alter(column, `SET DEFAULT ${text}`)),
    ...settings.flatMap(([column, text]) => text.split('; ').map((action) => alter(column, action))),
    ...Object.entries(view.columnComments ?? {}).map(
      ([column, text]) => `COMMENT ON COLUMN ${name}.${quoteName(column)} IS ${quoteLiteral(text)}`,
    ),
    ...grantOnColumns(view.address, view.columnGrants),
  ];
}

/** @param grants as `column grantee=privileges` */
export function grantOnColumns(relation: Address, grants: readonly string[] | undefined): readonly string[] {
  return (grants ?? []).flatMap((item) => {
    const [, column = '', grant = ''] = /^("(?:[^"]|"")*"|\S+) (.*)$/s.exec(item) ?? [];
    return grantOnColumn(relation, column, [grant]);
  });
}
