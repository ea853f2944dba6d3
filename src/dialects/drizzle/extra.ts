import { readKinds, type DrizzleTable, extraConfigBuilder, isRecord } from './entities.ts';

/** A member of a table's third argument. */
export interface ExtraMember {
  readonly value: Readonly<Record<PropertyKey, unknown>>;
  readonly kinds: ReadonlySet<string>;
  /** Place among the members, from 0; members of a nested list share the place of the list. */
  readonly ordinal: number;
}

/**
 * The members of a table's third argument, in any of its forms: a list, a list of lists, an object.
 * Empty places (`condition && index()`) are passed over.
 */
export function readExtraMembers(table: DrizzleTable, columns: unknown): readonly ExtraMember[] {
  const build = table[extraConfigBuilder];
  if (typeof build !== 'function') return [];
  const result = build(columns);
  const values: readonly unknown[] = Array.isArray(result)
    ? result
    : isRecord(result)
      ? Object.values(result)
      : [];
  const members: ExtraMember[] = [];
  const add = (value: unknown, ordinal: number): void => {
    if (isRecord(value)) members.push({ value, kinds: readKinds(value), ordinal });
  };
  for (const [ordinal, value] of values.entries()) {
    if (Array.isArray(value)) for (const member of value) add(member, ordinal);
    else add(value, ordinal);
  }
  return members;
}

/** What a builder in the third argument has to say once it knows its table. */
export function buildMember(member: ExtraMember, table: DrizzleTable): unknown {
  const build = member.value['build'];
  return typeof build === 'function' ? build.call(member.value, table) : member.value;
}
