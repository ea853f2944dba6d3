/**
 * The operator class that an index has anyway. `drizzle-kit pull` writes every class out, and the server prints none
 * that is the default of the column's type. pg_opclass, opcdefault.
 */

/** Default classes of btree and hash by the type's name without length and precision. */
const scalars: Readonly<Record<string, string>> = {
  smallint: 'int2_ops',
  integer: 'int4_ops',
  bigint: 'int8_ops',
  real: 'float4_ops',
  'double precision': 'float8_ops',
  numeric: 'numeric_ops',
  boolean: 'bool_ops',
  text: 'text_ops',
  'character varying': 'text_ops',
  character: 'bpchar_ops',
  bpchar: 'bpchar_ops',
  '"char"': 'char_ops',
  name: 'name_ops',
  bytea: 'bytea_ops',
  uuid: 'uuid_ops',
  date: 'date_ops',
  time: 'time_ops',
  'time with time zone': 'timetz_ops',
  timestamp: 'timestamp_ops',
  'timestamp with time zone': 'timestamptz_ops',
  interval: 'interval_ops',
  inet: 'inet_ops',
  cidr: 'inet_ops',
  macaddr: 'macaddr_ops',
  macaddr8: 'macaddr8_ops',
  money: 'money_ops',
  oid: 'oid_ops',
  bit: 'bit_ops',
  'bit varying': 'varbit_ops',
  jsonb: 'jsonb_ops',
  tsvector: 'tsvector_ops',
  tsquery: 'tsquery_ops',
  citext: 'citext_ops',
  hstore: 'btree_hstore_ops',
  ltree: 'ltree_ops',
  vector: 'vector_ops',
};

const byMethod: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gin: { jsonb: 'jsonb_ops', tsvector: 'tsvector_ops', hstore: 'gin_hstore_ops' },
  gist: {
    point: 'point_ops',
    box: 'box_ops',
    polygon: 'poly_ops',
    circle: 'circle_ops',
    tsvector: 'tsvector_ops',
    tsquery: 'tsquery_ops',
    ltree: 'gist_ltree_ops',
    hstore: 'gist_hstore_ops',
    geometry: 'gist_geometry_ops_2d',
    geography: 'gist_geography_ops',
  },
  spgist: {
    point: 'quad_point_ops',
    box: 'box_ops',
    polygon: 'poly_ops',
    text: 'text_ops',
    inet: 'inet_ops',
  },
  ivfflat: { vector: 'vector_l2_ops', halfvec: 'halfvec_l2_ops' },
};

/** True where naming the class says nothing. */
export function isDefaultOpclass(opclass: string, method: string, type: string, isEnum: boolean): boolean {
  const name = opclass.replace(/^pg_catalog\./, '');
  if (type.endsWith('[]')) return name === 'array_ops' && ['btree', 'hash', 'gin'].includes(method);
  if (isEnum) return name === 'enum_ops' && ['btree', 'hash'].includes(method);
  const bare = bareType(type);
  if (/range$/.test(bare)) return name === 'range_ops' || name === 'multirange_ops';
  if (method === 'btree') return scalars[bare] === name;
  // Hash has no classes for the types that it cannot hash; where it has one, it is called the same.
  if (method === 'hash') return scalars[bare] === name;
  if (method === 'brin') return scalars[bare]?.replace(/_ops$/, '_minmax_ops') === name;
  return byMethod[method]?.[bare] === name;
}

function bareType(type: string): string {
  return type
    .replace(/\([^)]*\)/, '')
    .replace(' without time zone', '')
    .trim();
}
