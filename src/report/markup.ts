/** Escaping for formats made of tags. */
import { makePrintable } from '../diff/printable.ts';

/** Halves of surrogate pairs, and the two code points that no XML document may contain. */
const notXml = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for the content or an attribute of an XML or HTML element. */
export function escapeMarkup(text: string): string {
  return makePrintable(text)
    .replace(notXml, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
