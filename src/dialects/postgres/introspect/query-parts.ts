import type { ServerFacts } from '../drivers/connection.ts';

/** What the text of a catalogue query depends on. */
export type Facts = Pick<ServerFacts, 'version'>;

/** `name=value` options of a catalogue array, as an array of pairs. Most are NULL, and a CASE is cheaper than a subquery. */
export function options(array: string): string {
  return `CASE WHEN ${array} IS NOT NULL THEN (SELECT json_agg(json_build_array(o.option_name, o.option_value))
    FROM pg_options_to_table(${array}) o) END`;
}

/** An access control list as `[grantee, privilege, grantable]`; null where nobody ever granted or revoked anything, empty where nothing is left. */
export function acl(column: string): string {
  return `CASE WHEN ${column} IS NOT NULL THEN (SELECT coalesce(json_agg(json_build_array(coalesce(g.rolname, 'PUBLIC'), x.privilege_type, x.is_grantable)), '[]')
    FROM aclexplode(${column}) x LEFT JOIN pg_roles g ON g.oid = x.grantee) END`;
}

/** What obj_description() does, without the cost of calling an SQL function for each row. */
export function comment(oid: string, catalogue: string): string {
  return `(SELECT d.description FROM pg_description d
    WHERE d.objoid = ${oid} AND d.classoid = '${catalogue}'::regclass AND d.objsubid = 0)`;
}

/** Leaves out what an extension brought along. */
export function notOfExtension(oid: string, catalogue: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend member WHERE member.classid = '${catalogue}'::regclass
    AND member.objid = ${oid} AND member.deptype = 'e')`;
}

/** One value of {@link unusual}: SQL that is NULL where there is nothing to say, or what is said under a condition. */
export type UnusualValue = string | { readonly when: string; readonly value: string };

/**
 * What few rows have: an object of what there is to say, and NULL for the many rows of which there is nothing. Most of a
 * catalogue is usual, and what is not said costs neither side any time.
 */
export function unusual(values: Readonly<Record<string, UnusualValue>>): string {
  const entries = Object.entries(values).map(([name, value]) =>
    typeof value === 'string'
      ? { name, when: `(${value}) IS NOT NULL`, value }
      : { name, when: `(${value.when})`, value: `CASE WHEN ${value.when} THEN ${value.value} END` },
  );
  const isUnusual = entries.map(({ when }) => when).join(' OR ');
  const members = entries.map(({ name, value }) => `'${name}', ${value}`).join(', ');
  return `CASE WHEN ${isUnusual} THEN json_strip_nulls(json_build_object(${members})) END`;
}

/** A fact, for {@link unusual}. */
export function fact(condition: string): UnusualValue {
  return { when: condition, value: 'true' };
}

/** `name=value` options of an array, for {@link unusual}. */
export function unusualOptions(array: string): UnusualValue {
  return { when: `${array} IS NOT NULL`, value: options(array) };
}

/** An access control list, for {@link unusual}. */
export function unusualAcl(column: string): UnusualValue {
  return { when: `${column} IS NOT NULL`, value: acl(column) };
}
