/** Catalogue queries for tables, views, columns, constraints and indexes. Each is a SELECT that becomes one JSON array. */
import { acl, comment, options, type Facts } from './query-parts.ts';

/** Tables, partitioned tables, foreign tables, views and materialized views. */
export function relationsQuery(_facts: Facts): string {
  return `SELECT c.oid, n.nspname AS namespace, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
    c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS "forceRowSecurity",
    ${options('c.reloptions')} AS options, ${options('toast.reloptions')} AS "toastOptions",
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partitionBy",
    c.relispartition AS "isPartition", pg_get_expr(c.relpartbound, c.oid) AS bound,
    (SELECT json_agg(json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
      WHERE i.inhrelid = c.oid) AS parents,
    c.relreplident AS "replicaIdentity",
    CASE WHEN c.relreplident = 'i' THEN (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = c.oid AND i.indisreplident) END AS "replicaIndex",
    CASE WHEN am.amname <> 'heap' THEN am.amname END AS "accessMethod", ts.spcname AS tablespace,
    CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS "ofType",
    pg_get_userbyid(c.relowner) AS owner, ${acl('c.relacl')} AS acl, ${comment('c.oid', 'pg_class')} AS comment,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition, c.relispopulated AS populated,
    CASE WHEN c.relkind = 'f' THEN (SELECT json_build_object('server', s.srvname, 'options', ${options('ft.ftoptions')})
      FROM pg_foreign_table ft JOIN pg_foreign_server s ON s.oid = ft.ftserver WHERE ft.ftrelid = c.oid) END AS "foreign"
    FROM rel c JOIN ns n ON n.oid = c.relnamespace
    LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
    LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace`;
}

/** Columns of relations and of composite types. */
export function columnsQuery({ version }: Facts): string {
  const compression = version >= 14 ? "nullif(a.attcompression, '')" : 'NULL';
  const notNullOptions =
    version >= 18
      ? `CASE WHEN a.attnotnull THEN (SELECT concat_ws(' ', CASE WHEN nn.connoinherit THEN 'NO INHERIT' END,
            CASE WHEN NOT nn.convalidated THEN 'NOT VALID' END)
          FROM pg_constraint nn WHERE nn.conrelid = a.attrelid AND nn.contype = 'n'
          AND nn.conkey = ARRAY[a.attnum] AND (nn.connoinherit OR NOT nn.convalidated)) END`
      : 'NULL';
  return `SELECT a.attrelid AS relation, a.attnum AS position, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AS "notNull", ${notNullOptions} AS "notNullOptions", a.attidentity AS identity, a.attgenerated AS generated,
    pg_get_expr(ad.adbin, ad.adrelid) AS "default",
    CASE WHEN a.attcollation <> t.typcollation THEN (SELECT json_build_array(cn.nspname, co.collname)
      FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END AS collation,
    CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage, ${compression} AS compression,
    nullif(a.attstattarget, -1) AS statistics, ${options('a.attoptions')} AS options, ${acl('a.attacl')} AS acl,
    remark.description AS comment,
    CASE WHEN c.relkind = 'f' THEN ${options('a.attfdwoptions')} END AS "foreignOptions",
    owned.sequence
    FROM pg_attribute a JOIN relation c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_description remark ON remark.classoid = 'pg_class'::regclass AND remark.objoid = a.attrelid
      AND remark.objsubid = a.attnum
    LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
    LEFT JOIN owned ON owned.relation = a.attrelid AND owned.attribute = a.attnum
    WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped`;
}

/** The sequence that a column owns (serial) or is made with (identity); where it owns several, the one it uses. */
export const ownedSequencesQuery = `SELECT DISTINCT ON (d.refobjid, d.refobjsubid)
    d.refobjid AS relation, d.refobjsubid AS attribute, json_build_object(
      'namespace', n.nspname, 'name', c.relname, 'deptype', d.deptype,
      'start', q.seqstart::text, 'increment', q.seqincrement::text, 'min', q.seqmin::text, 'max', q.seqmax::text,
      'cache', q.seqcache::text, 'cycle', q.seqcycle, 'type', format_type(q.seqtypid, NULL), 'persistence', c.relpersistence,
      'isDefault', used.is_default) AS sequence
    FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
      AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_attrdef ad JOIN pg_depend u ON u.classid = 'pg_attrdef'::regclass
      AND u.objid = ad.oid AND u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid
      WHERE ad.adrelid = d.refobjid AND ad.adnum = d.refobjsubid) AS is_default) used
    ORDER BY d.refobjid, d.refobjsubid, d.deptype DESC, used.is_default DESC, c.relname`;

/** Primary keys, uniques, foreign keys, checks and exclusion constraints of tables. */
export function constraintsQuery({ version }: Facts): string {
  const names = (relation: string, numbers: string): string =>
    `(SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(${numbers}) WITH ORDINALITY AS k(attnum, n)
      JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.attnum)`;
  return `SELECT con.conrelid AS relation, con.conname AS name, con.contype AS type,
    ${names('con.conrelid', 'con.conkey')} AS columns,
    CASE WHEN con.contype = 'f' THEN ${names('con.confrelid', 'con.confkey')} END AS "foreignColumns",
    fn.nspname AS "foreignNamespace", fc.relname AS "foreignTable",
    con.confdeltype AS "onDelete", con.confupdtype AS "onUpdate", con.confmatchtype AS match,
    ${version >= 15 ? names('con.conrelid', 'con.confdelsetcols') : 'NULL::json'} AS "onDeleteColumns",
    con.condeferrable AS deferrable, con.condeferred AS deferred, con.convalidated AS validated,
    con.connoinherit AND con.contype = 'c' AS "noInherit",
    ${version >= 18 ? 'con.conenforced' : 'true'} AS enforced, ${version >= 18 ? 'con.conperiod' : 'false'} AS period,
    CASE WHEN con.contype = 'c' THEN pg_get_expr(con.conbin, con.conrelid) END AS expression,
    CASE WHEN con.contype = 'x' THEN pg_get_constraintdef(con.oid) END AS definition,
    ${version >= 15 ? 'coalesce(i.indnullsnotdistinct, false)' : 'false'} AS "nullsNotDistinct",
    (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
      JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts) AS include,
    ${options('x.reloptions')} AS options, ts.spcname AS tablespace, i.indisclustered AS clustered,
    ${comment('con.oid', 'pg_constraint')} AS comment
    FROM pg_constraint con JOIN relation c ON c.oid = con.conrelid
    LEFT JOIN pg_index i ON con.contype IN ('p', 'u', 'x') AND i.indexrelid = con.conindid
    LEFT JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace
    LEFT JOIN pg_class fc ON fc.oid = con.confrelid LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace
    WHERE con.contype IN ('p', 'u', 'f', 'c', 'x')
      -- A foreign key to a partitioned table has a shadow for each of its partitions.
      AND NOT EXISTS (SELECT FROM pg_constraint whole WHERE whole.oid = con.conparentid AND whole.conrelid = con.conrelid)`;
}

/** Indexes; the ones behind constraints too, for what a constraint does not tell. */
export function indexesQuery({ version }: Facts): string {
  return `SELECT i.indrelid AS relation, x.relname AS name, i.indisunique AS "isUnique", i.indisvalid AS valid,
    (SELECT con.conname FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.conrelid = i.indrelid
      AND con.contype IN ('p', 'u', 'x') LIMIT 1) AS "constraint",
    am.amname AS method, ${options('x.reloptions')} AS options, ts.spcname AS tablespace, i.indisclustered AS clustered,
    ${version >= 15 ? 'i.indnullsnotdistinct' : 'false'} AS "nullsNotDistinct",
    pg_get_expr(i.indpred, i.indrelid) AS predicate, x.relkind AS kind, x.relispartition AS "isPartition",
    ${indexPartsQuery('i')} AS parts,
    (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts) AS include,
    ${comment('x.oid', 'pg_class')} AS comment
    FROM pg_index i JOIN relation c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_am am ON am.oid = x.relam LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace`;
}

/** What an index holds, place by place; also asked of the indexes on temporary tables when the server referees. */
export function indexPartsQuery(index: string): string {
  return `(SELECT json_agg(json_build_object(
      'column', CASE WHEN k.attnum <> 0 THEN a.attname END,
      'expression', CASE WHEN k.attnum = 0 THEN pg_get_indexdef(${index}.indexrelid, k.n::int, false) END,
      'option', ${index}.indoption[k.n - 1], 'ordered', pg_indexam_has_property(xc.relam, 'can_order'),
      'opclass', CASE WHEN NOT op.opcdefault OR ia.attoptions IS NOT NULL THEN op.opcname END,
      'opclassOptions', ${options('ia.attoptions')},
      'collation', CASE WHEN CASE WHEN k.attnum <> 0 THEN ${index}.indcollation[k.n - 1] <> a.attcollation
          -- Only the printer knows which collation an expression has by itself.
          ELSE strpos(pg_get_indexdef(${index}.indexrelid), pg_get_indexdef(${index}.indexrelid, k.n::int, false) || ' COLLATE ') > 0 END
        THEN (SELECT json_build_array(cn.nspname, co.collname) FROM pg_collation co
          JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = ${index}.indcollation[k.n - 1]) END) ORDER BY k.n)
    FROM unnest(${index}.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
    JOIN pg_class xc ON xc.oid = ${index}.indexrelid
    JOIN pg_attribute ia ON ia.attrelid = ${index}.indexrelid AND ia.attnum = k.n
    JOIN pg_opclass op ON op.oid = ${index}.indclass[k.n - 1]
    LEFT JOIN pg_attribute a ON a.attrelid = ${index}.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
    WHERE k.n <= ${index}.indnkeyatts)`;
}
