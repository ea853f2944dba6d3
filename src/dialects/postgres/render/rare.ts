/** SQL that makes what few databases have, and what is said of parts that are no objects of their own. */
import type { Address } from '../../../catalog/address.ts';
import type { CatalogObject, Opaque } from '../../../catalog/objects.ts';
import { quoteAddress, quoteLiteral, quoteName } from '../quote.ts';

/** `name USING method` and `FOR type LANGUAGE name` are in SQL already. */
export function rareName({ namespace, name }: Address): string {
  return namespace === '' ? name : `${quoteName(namespace)}.${name}`;
}

/** Types that functions need before they can be made themselves. */
export function announceTypes(types: readonly Opaque[]): readonly string[] {
  return types.map(({ address }) => `CREATE TYPE ${quoteAddress(address)}`);
}

/** The functions that base types are made of. */
export function isCalledBy(types: readonly Opaque[], { address }: Opaque): boolean {
  const name = address.name.replace(/\(.*$/s, '');
  return types.some(({ definition }) =>
    definition.text.split(/[^\w"$.]+/).some((word) => word.replace(/^.*\./, '') === name),
  );
}

export function createRare(object: Opaque): readonly string[] {
  const { address, definition } = object;
  const { text } = definition;
  const name = quoteAddress(address);
  switch (object.kind) {
    case 'baseType':
      // It was announced before.
      return text === '' ? [] : [`CREATE TYPE ${name} ${text}`];
    case 'operatorClass': {
      const [, left = address.name] = /^(.*) USING [^ ]+$/s.exec(address.name) ?? [];
      return [`CREATE OPERATOR CLASS ${quoteName(address.namespace)}.${left} ${text}`];
    }
    case 'operatorFamily':
      return [
        `CREATE OPERATOR FAMILY ${rareName(address)}`,
        ...(text === '' ? [] : [`ALTER OPERATOR FAMILY ${rareName(address)} ADD ${text}`]),
      ];
    case 'conversion': {
      const isDefault = text.startsWith('DEFAULT ');
      return [`CREATE ${isDefault ? 'DEFAULT ' : ''}CONVERSION ${name} ${text.replace(/^DEFAULT /, '')}`];
    }
    case 'transform':
      return [`CREATE TRANSFORM ${address.name} ${text}`];
    case 'language': {
      const isTrusted = text.startsWith('TRUSTED ');
      return [`CREATE ${isTrusted ? 'TRUSTED ' : ''}LANGUAGE ${name} ${text.replace(/^TRUSTED /, '')}`];
    }
    case 'accessMethod':
      return [`CREATE ACCESS METHOD ${name} ${text}`];
    case 'userMapping':
      return [`CREATE USER MAPPING ${address.name}`];
    case 'textSearchParser':
      return [`CREATE TEXT SEARCH PARSER ${name} ${text}`];
    case 'textSearchTemplate':
      return [`CREATE TEXT SEARCH TEMPLATE ${name} ${text}`];
    default:
      // A label needs its provider, which is a library of the server: elsewhere there is none.
      return [];
  }
}

/** COMMENT ON what stands within an object. */
export function commentParts(object: CatalogObject): readonly string[] {
  const { address } = object;
  const write = (target: string, text: string): string => `COMMENT ON ${target} IS ${quoteLiteral(text)}`;
  switch (object.kind) {
    case 'domain':
    case 'compositeType':
    case 'foreignTable':
      return Object.entries(object.partComments ?? {}).map(([part, text]) =>
        write(
          object.kind === 'domain'
            ? `CONSTRAINT ${quoteName(part)} ON DOMAIN ${quoteAddress(address)}`
            : `COLUMN ${quoteAddress(address)}.${quoteName(part)}`,
          text,
        ),
      );
    case 'primaryKey':
    case 'unique':
      return object.indexComment
        ? [
            write(
              `INDEX ${quoteAddress({ namespace: address.namespace, name: address.name })}`,
              object.indexComment,
            ),
          ]
        : [];
    case 'column':
      return object.sequenceComment && 'sequenceName' in object.value && object.value.sequenceName
        ? [
            write(
              `SEQUENCE ${quoteAddress({ namespace: address.namespace, name: object.value.sequenceName })}`,
              object.sequenceComment,
            ),
          ]
        : [];
    default:
      return [];
  }
}

/** Triggers of the server's own that were stopped: only all of a table together can be. */
export function stopOwnTriggers(object: CatalogObject): readonly string[] {
  if (!('ownTriggers' in object) || object.ownTriggers === undefined) return [];
  return object.ownTriggers.flatMap((item) => {
    const [, state = '', table = ''] =
      /^(disabled|enabled for (?:replica|always)) on (.*)$/s.exec(item) ?? [];
    return state === 'disabled' ? [`ALTER TABLE ${table} DISABLE TRIGGER ALL`] : [];
  });
}
