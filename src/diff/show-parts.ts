/** Addresses, foreign keys and index columns as texts for people. */
import type { Address } from '../catalog/address.ts';
import type { ForeignKey, IndexPart } from '../catalog/objects.ts';

/** Prints an address for people: the namespaces that everybody starts in are left out. */
export function showAddress(address: Address): string {
  const path = address.table === undefined ? [address.name] : [address.table, address.name];
  const hidden = address.namespace === '' || address.namespace === 'public' || address.namespace === 'main';
  return (hidden ? path : [address.namespace, ...path]).join('.');
}

/** Prints what a foreign key points at: `users(id)`. */
export function showReference(value: ForeignKey['references']): string {
  return `${showAddress({ namespace: value.namespace, name: value.table })}(${value.columns.join(', ')})`;
}

/** Prints one place of an index the way it would stand in CREATE INDEX. */
export function showIndexPart(part: IndexPart): string {
  // The order of nulls is only worth a word where it is not the one that comes with the direction.
  const usual = usualNulls(part);
  return [
    'column' in part.on ? part.on.column : part.on.expression.text,
    part.collation === null ? '' : `collate ${part.collation}`,
    part.opclass ?? '',
    part.order === 'desc' ? 'desc' : '',
    part.nulls === undefined || part.nulls === usual ? '' : `nulls ${part.nulls}`,
  ]
    .filter((word) => word !== '')
    .join(' ');
}

/** The order of nulls that comes with the direction. */
export function usualNulls({ order }: IndexPart): 'first' | 'last' {
  return order === 'desc' ? 'first' : 'last';
}
