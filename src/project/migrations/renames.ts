/** What migrations say they rename: no guess, their own words. */

export interface StatedRename {
  readonly kind: 'table' | 'column';
  /** The column's table; of a table itself undefined. Names are without their schema. */
  readonly table?: string;
  readonly from: string;
  readonly to: string;
}

const name = '(?:"(?:[^"]|"")+"|`[^`]+`|\\[[^\\]]+\\]|[\\p{L}_][\\p{L}\\p{N}_$]*)';
const rename = new RegExp(
  `^\\s*alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?(?:${name}\\s*\\.\\s*)?(${name})\\s+rename\\s+` +
    `(?:to\\s+(?:${name}\\s*\\.\\s*)?(${name})|(?:column\\s+)?(${name})\\s+to\\s+(${name}))\\s*;?\\s*$`,
  'iu',
);

/** Null where the statement renames neither a table nor a column. */
export function readRename(statement: string): StatedRename | null {
  const code = statement.replace(/--[^\n]*|\/\*[^]*?\*\//g, ' ');
  const [, table, newTable, column, newColumn] = rename.exec(code)?.map(unquote) ?? [];
  if (table === undefined) return null;
  if (newTable !== undefined) return { kind: 'table', from: table, to: newTable };
  return column === undefined || newColumn === undefined
    ? null
    : { kind: 'column', table, from: column, to: newColumn };
}

function unquote(text: string | undefined): string | undefined {
  return text?.replace(/^["`[]|["`\]]$/g, '').replaceAll('""', '"');
}
