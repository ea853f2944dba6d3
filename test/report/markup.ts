/** Elements of HTML that have no end tag. */
const empty = new Set(['meta', 'br', 'link', 'img', 'hr', 'input']);

const token =
  /<!doctype html>|<\?xml [^?]*\?>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|[^<]+/y;
const entity = /&(?!(amp|lt|gt|quot|#39);)/;

/**
 * Reads a document tag by tag and fails where one is not closed, an attribute is not quoted or a character is not
 * escaped. Answers with the names of the elements in their order.
 */
export function assertWellFormed(text: string, kind: 'xml' | 'html'): readonly string[] {
  const open: string[] = [];
  const names: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`Not well-formed at ${String(at)}: ${text.slice(at, at + 80)}`);
    if (entity.test(match[0]) && !open.includes('style'))
      throw new Error(`Bare & in ${match[0].slice(0, 80)}`);
    const name = match[2];
    if (name === undefined) continue;
    if (match[1] === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes another element`);
      continue;
    }
    names.push(name);
    if (match[4] !== '/' && !(kind === 'html' && empty.has(name))) open.push(name);
  }
  if (open.length > 0) throw new Error(`Never closed: ${open.join(', ')}`);
  if (/[\ud800-\udbff](?![\udc00-\udfff])|\uffff/.test(text))
    throw new Error('Characters that XML does not know');
  return names;
}
