/** What extensions bring, by the words that name it: a text that uses them says so without naming the extension. */

/** Words by extension: types, operator classes, functions. From the extensions' own documentation. */
const broughtBy: Readonly<Record<string, readonly string[]>> = {
  btree_gin: [],
  btree_gist: ['gist_int4_ops', 'gist_int8_ops', 'gist_text_ops', 'gist_uuid_ops'],
  citext: ['citext'],
  cube: ['cube'],
  earthdistance: ['ll_to_earth', 'earth_distance', 'earth_box'],
  fuzzystrmatch: ['levenshtein', 'soundex', 'metaphone', 'dmetaphone', 'daitch_mokotoff'],
  hstore: ['hstore'],
  intarray: ['gist__int_ops', 'gin__int_ops'],
  ltree: ['ltree', 'lquery', 'gist_ltree_ops'],
  pg_trgm: ['gin_trgm_ops', 'gist_trgm_ops', 'similarity', 'word_similarity', 'show_trgm'],
  pgcrypto: ['crypt', 'gen_salt', 'gen_random_bytes', 'digest', 'hmac', 'pgp_sym_encrypt', 'pgp_sym_decrypt'],
  unaccent: ['unaccent'],
  'uuid-ossp': [
    'uuid_generate_v1',
    'uuid_generate_v1mc',
    'uuid_generate_v3',
    'uuid_generate_v4',
    'uuid_generate_v5',
  ],
  vector: [
    'vector',
    'halfvec',
    'sparsevec',
    ...['l2', 'ip', 'cosine', 'l1'].flatMap((distance) =>
      ['vector', 'halfvec', 'sparsevec'].map((type) => `${type}_${distance}_ops`),
    ),
  ],
};

const byWord = new Map(
  Object.entries(broughtBy).flatMap(([name, words]) => words.map((word) => [word, name] as const)),
);

/** The extension that brings a type, an operator class or a function; null where none is known to. */
export function findBringer(word: string): string | null {
  return byWord.get(word) ?? null;
}

/** Extensions that texts create, or use something of. */
export function findExtensions(texts: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const text of texts) {
    for (const [, name = ''] of text.matchAll(
      /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|[\w$]+)/gi,
    )) {
      found.add(name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase());
    }
    for (const [word] of text.matchAll(/[a-z_][a-z0-9_]*/gi)) {
      const name = byWord.get(word.toLowerCase());
      if (name !== undefined) found.add(name);
    }
  }
  return [...found].sort();
}
