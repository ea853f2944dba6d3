/** Types as the server's format_type() spells them. postgresql.org/docs/current/datatype.html */
import { qualifyName, quoteWhereNeeded } from './names.ts';

/** Other spellings of a type, in lower case. What takes a precision or a length is in {@link spellings}. */
const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int2: 'smallint',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  dec: 'numeric',
  decimal: 'numeric',
  varchar: 'character varying',
  'char varying': 'character varying',
  'national character varying': 'character varying',
  'national char varying': 'character varying',
  'nchar varying': 'character varying',
  char: 'character',
  nchar: 'character',
  'national character': 'character',
  'national char': 'character',
  varbit: 'bit varying',
  timestamptz: 'timestamp with time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  time: 'time without time zone',
};

interface TypeText {
  /** Words before the parentheses, in lower case, and after them: `timestamp`, `with time zone`. */
  readonly name: string;
  readonly tail: string;
  readonly args: readonly string[];
}

const spellings: Readonly<Record<string, (type: TypeText) => string>> = {
  numeric: ({ args: [precision, scale] }) =>
    precision === undefined ? 'numeric' : `numeric(${precision},${scale ?? '0'})`,
  float: ({ args: [bits] }) => (bits !== undefined && Number(bits) <= 24 ? 'real' : 'double precision'),
  character: ({ args: [length] }) => `character(${length ?? '1'})`,
  bpchar: ({ args: [length] }) => (length === undefined ? 'bpchar' : `character(${length})`),
  bit: ({ args: [length] }) => `bit(${length ?? '1'})`,
  geometry: (type) => spellSpatial(type),
  geography: (type) => spellSpatial(type),
};

const shapes = [
  'Geometry',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
  'CircularString',
  'CompoundCurve',
  'CurvePolygon',
  'MultiCurve',
  'MultiSurface',
  'PolyhedralSurface',
  'Tin',
  'Triangle',
];

/** PostGIS prints the shape in capitals of its own, the dimensions as ZM, and no SRID where it is 0. */
function spellSpatial({ name, args: [shape, srid] }: TypeText): string {
  if (shape === undefined) return name;
  const dimensions = /(zm|z|m)$/i.exec(shape)?.[0] ?? '';
  const bare = shape.slice(0, shape.length - dimensions.length).toLowerCase();
  const known = shapes.find((candidate) => candidate.toLowerCase() === bare);
  const spelt = known === undefined ? shape : known + dimensions.toUpperCase();
  // Geography without an SRID is WGS 84.
  const shownSrid = srid ?? (name === 'geography' ? '4326' : '0');
  return shownSrid === '0' ? `${name}(${spelt})` : `${name}(${spelt},${shownSrid})`;
}

/** Types of the server that no alias is needed for. Their names are taken in any case. */
const builtins: ReadonlySet<string> = new Set(
  `integer smallint bigint real float numeric boolean text name bytea uuid json jsonb jsonpath xml date interval money
  inet cidr macaddr macaddr8 point line lseg box path polygon circle tsvector tsquery oid regclass regtype regproc
  pg_lsn txid_snapshot xid cid tid int4range int8range numrange tsrange tstzrange daterange int4multirange
  int8multirange nummultirange tsmultirange tstzmultirange datemultirange citext hstore ltree vector halfvec sparsevec
  geometry geography cube`.split(/\s+/),
);

/**
 * The server's spelling of a type's text. Arrays of any dimension are one `[]`, as the server keeps no more.
 * `keepCase` is for drizzle-kit 0.x, which puts what it does not know into quotes.
 */
export function formatType(text: string, keepCase: boolean): string {
  const known = keepCase ? formattedTypes.asWritten : formattedTypes.folded;
  let formatted = known.get(text);
  if (formatted === undefined) {
    const { base, isArray } = splitArray(text.trim());
    formatted = formatElement(base, keepCase) + (isArray ? '[]' : '');
    known.set(text, formatted);
  }
  return formatted;
}

/** A schema of thousands of columns has a handful of types. */
const formattedTypes = { asWritten: new Map<string, string>(), folded: new Map<string, string>() } as const;

function splitArray(text: string): { readonly base: string; readonly isArray: boolean } {
  const match = /^(.*?)((?:\s*\[\s*\d*\s*\])+|\s+array(?:\s*\[\s*\d+\s*\])?)$/is.exec(text);
  return match ? { base: (match[1] ?? '').trim(), isArray: true } : { base: text, isArray: false };
}

function formatElement(text: string, keepCase: boolean): string {
  const path = readPath(text);
  if (path !== null) return path;
  const match = /^([\p{L}_][\p{L}\p{N}_$ ]*?)\s*(?:\(([^()]*)\)\s*([a-z ]*))?$/iu.exec(collapse(text));
  if (!match) return text;
  const written = match[1] ?? '';
  const args = (match[2] ?? '').split(',').map((arg) => arg.trim());
  const type = {
    name: written.toLowerCase(),
    tail: match[3] ?? '',
    args: match[2] === undefined ? [] : args,
  };
  return spellInterval(type) ?? spellKnown(type) ?? spellOther(type, written, keepCase);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** `interval day to second(3)`: the fields belong to the words. */
function spellInterval({ name, args }: TypeText): string | null {
  if (name !== 'interval' && !name.startsWith('interval ')) return null;
  return args.length === 0 ? name : `${name}(${args.join(',')})`;
}

function spellKnown(type: TypeText): string | null {
  const { name, tail, args } = type;
  const full = tail === '' ? name : `${name} ${tail.toLowerCase().trim()}`;
  const canonical = aliases[full] ?? full;
  const spell = spellings[canonical];
  if (spell) return spell({ ...type, name: canonical });
  const zoned = /^(time|timestamp) (with|without) time zone$/.exec(canonical);
  if (zoned) return `${zoned[1] ?? ''}${showArgs(args)} ${zoned[2] ?? ''} time zone`;
  if (canonical === name && !builtins.has(name)) return null;
  return canonical + showArgs(args);
}

function showArgs(args: readonly string[]): string {
  return args.length === 0 ? '' : `(${args.join(',')})`;
}

function spellOther({ name, args }: TypeText, written: string, keepCase: boolean): string {
  // Words that go together are the server's own: `double precision`, `character varying`, `bit varying`.
  if (name.includes(' ')) return name + showArgs(args);
  return quoteWhereNeeded(keepCase ? written : name) + showArgs(args);
}

/** A quoted or qualified name: `"My Type"`, `extensions.vector(3)`. */
function readPath(text: string): string | null {
  const match =
    /^(?:("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*\.\s*)?("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*(\([^()]*\))?$/iu.exec(
      text,
    );
  const name = match?.[2];
  if (name === undefined || (match?.[1] === undefined && !name.startsWith('"'))) return null;
  const schema = match?.[1] === undefined ? undefined : unquote(match[1]);
  const args = (match?.[3] ?? '').replace(/\s+/g, '');
  if (schema === 'pg_catalog') return formatElement(unquote(name) + args, false);
  // The internal type "char" prints with its quotes.
  return qualifyName(schema, unquote(name)) + args;
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
