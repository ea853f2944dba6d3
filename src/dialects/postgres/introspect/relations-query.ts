/**
 * Catalogue queries for tables, views, columns, constraints and indexes. Each is a SELECT that becomes one JSON array.
 * What belongs to a table tells it by its oid and columns by their numbers: their names are told once.
 */
import {
  comment,
  fact,
  options,
  unusual,
  unusualAcl,
  unusualOptions,
  type Facts,
  type UnusualValue,
} from './query-parts.ts';

/** Tables, partitioned tables, foreign tables, views and materialized views. */
export function relationsQuery(_facts: Facts): string {
  return `SELECT c.oid::int8, n.nspname AS namespace, c.relname AS name, c.relkind AS kind, pg_get_userbyid(c.relowner) AS owner,
    ${unusual({
      persistence: { when: `c.relpersistence <> 'p'`, value: 'c.relpersistence' },
      rowSecurity: fact('c.relrowsecurity'),
      forceRowSecurity: fact('c.relforcerowsecurity'),
      options: unusualOptions('c.reloptions'),
      toastOptions: unusualOptions('toast.reloptions'),
      partitionBy: { when: `c.relkind = 'p'`, value: 'pg_get_partkeydef(c.oid)' },
      isPartition: fact('c.relispartition'),
      bound: { when: 'c.relispartition', value: 'pg_get_expr(c.relpartbound, c.oid)' },
      parents: {
        when: 'c.oid IN (SELECT i.inhrelid FROM pg_inherits i)',
        value: `(SELECT json_agg(json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
          FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
          WHERE i.inhrelid = c.oid)`,
      },
      replicaIdentity: {
        when: `c.relreplident <> 'd' AND c.relkind IN ('r', 'p')`,
        value: 'c.relreplident',
      },
      replicaIndex: {
        when: `c.relreplident = 'i'`,
        value: `(SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
          WHERE i.indrelid = c.oid AND i.indisreplident)`,
      },
      ofType: { when: 'c.reloftype <> 0', value: 'format_type(c.reloftype, NULL)' },
      accessMethod: { when: `am.amname <> 'heap'`, value: 'am.amname' },
      tablespace: 'ts.spcname',
      acl: unusualAcl('c.relacl'),
      comment: comment('c.oid', 'pg_class'),
      definition: { when: `c.relkind IN ('v', 'm')`, value: 'pg_get_viewdef(c.oid)' },
      unpopulated: fact('NOT c.relispopulated'),
      foreign: {
        when: `c.relkind = 'f'`,
        value: `(SELECT json_build_object('server', s.srvname, 'options', ${options('ft.ftoptions')})
          FROM pg_foreign_table ft JOIN pg_foreign_server s ON s.oid = ft.ftserver WHERE ft.ftrelid = c.oid)`,
      },
    })} AS unusual
    FROM rel c JOIN ns n ON n.oid = c.relnamespace
    LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
    LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace`;
}

/** What is said of columns of views apart from the query, which the server prints with their names and types. */
export function viewColumnsQuery({ version }: Facts): string {
  const said = unusual({
    default: { when: 'ad.oid IS NOT NULL', value: 'pg_get_expr(ad.adbin, ad.adrelid)' },
    storage: { when: `c.relkind = 'm' AND a.attstorage <> t.typstorage`, value: 'a.attstorage' },
    compression: version >= 14 ? `nullif(a.attcompression, '')` : 'NULL',
    statistics: 'nullif(a.attstattarget, -1)',
    options: unusualOptions('a.attoptions'),
    acl: unusualAcl('a.attacl'),
    comment: 'remark.description',
  });
  // Without OFFSET 0 the server would make each object twice: for the condition, and to show it.
  return `SELECT * FROM (SELECT a.attrelid::int8 AS relation, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, ${said} AS unusual
    FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_description remark ON remark.classoid = 'pg_class'::regclass AND remark.objoid = a.attrelid
      AND remark.objsubid = a.attnum
    LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
    WHERE c.relkind IN ('v', 'm') AND a.attnum > 0 AND NOT a.attisdropped OFFSET 0) told WHERE told.unusual IS NOT NULL`;
}

/** Columns of tables. */
export function columnsQuery({ version }: Facts): string {
  // A name that the server chose is the table's and the column's first one: it says nothing, and stays when they are renamed.
  const isNamed = `nn.conname !~ '_not_null[0-9]*$'`;
  const notNull = `nn.contype = 'n' AND nn.conrelid = a.attrelid AND nn.conkey[1] = a.attnum`;
  const isMarked = `nn.contype = 'n' AND (nn.connoinherit OR NOT nn.convalidated OR ${isNamed})`;
  const notNullOptions: UnusualValue =
    version >= 18
      ? {
          // Held against a list of all of them, since a look for each column would cost more than everything else.
          when: `(a.attrelid, a.attnum) IN (SELECT nn.conrelid, nn.conkey[1] FROM pg_constraint nn WHERE ${isMarked})`,
          value: `(SELECT concat_ws(' ', CASE WHEN ${isNamed} THEN 'CONSTRAINT ' || quote_ident(nn.conname) END,
              CASE WHEN nn.connoinherit THEN 'NO INHERIT' END, CASE WHEN NOT nn.convalidated THEN 'NOT VALID' END)
            FROM pg_constraint nn WHERE ${notNull})`,
        }
      : 'NULL';
  const remarks = `pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = nn.oid AND d.objsubid = 0`;
  const notNullComment: UnusualValue =
    version >= 18
      ? {
          when: `(a.attrelid, a.attnum) IN (SELECT nn.conrelid, nn.conkey[1] FROM pg_constraint nn JOIN ${remarks} WHERE nn.contype = 'n')`,
          value: `(SELECT d.description FROM pg_constraint nn JOIN ${remarks} WHERE ${notNull})`,
        }
      : 'NULL';
  return `SELECT a.attrelid::int8 AS relation, a.attnum AS position, a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
    pg_get_expr(ad.adbin, ad.adrelid) AS "default",
    ${unusual({
      notNullOptions,
      notNullComment,
      identity: { when: `a.attidentity <> ''`, value: 'a.attidentity' },
      generated: { when: `a.attgenerated <> ''`, value: 'a.attgenerated' },
      collation: {
        when: 'a.attcollation <> t.typcollation',
        value: `(SELECT json_build_array(cn.nspname, co.collname)
          FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation)`,
      },
      storage: { when: 'a.attstorage <> t.typstorage', value: 'a.attstorage' },
      compression: version >= 14 ? `nullif(a.attcompression, '')` : 'NULL',
      statistics: 'nullif(a.attstattarget, -1)',
      options: unusualOptions('a.attoptions'),
      acl: unusualAcl('a.attacl'),
      comment: 'remark.description',
      foreignOptions: unusualOptions('a.attfdwoptions'),
      sequence: 'owned.sequence',
      sequenceComment: 'owned.comment',
      sequenceAcl: unusualAcl('owned.acl'),
    })} AS unusual
    FROM pg_attribute a JOIN relation c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_description remark ON remark.classoid = 'pg_class'::regclass AND remark.objoid = a.attrelid
      AND remark.objsubid = a.attnum
    LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
    LEFT JOIN owned ON owned.relation = a.attrelid AND owned.attribute = a.attnum
    WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped`;
}

/** The sequence that a column owns (serial) or is made with (identity); where it owns several, the one it uses. */
export const ownedSequencesQuery = `SELECT DISTINCT ON (d.refobjid, d.refobjsubid)
    d.refobjid AS relation, d.refobjsubid AS attribute, c.oid, c.relnamespace, c.relowner, c.relacl AS acl,
    ${comment('c.oid', 'pg_class')} AS comment, d.deptype = 'i' OR used.is_default AS own, json_build_object(
      'name', c.relname, 'deptype', d.deptype, 'isDefault', used.is_default,
      'start', q.seqstart::text, 'increment', q.seqincrement::text, 'min', q.seqmin::text, 'max', q.seqmax::text,
      'cache', q.seqcache::text, 'cycle', q.seqcycle) AS sequence
    FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
      AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    JOIN relation ON relation.oid = d.refobjid
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_attrdef ad JOIN pg_depend u ON u.classid = 'pg_attrdef'::regclass
      AND u.objid = ad.oid AND u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid
      WHERE ad.adrelid = d.refobjid AND ad.adnum = d.refobjsubid) AS is_default
      -- Else the server would look for each place where it is used.
      OFFSET 0) used
    ORDER BY d.refobjid, d.refobjsubid, d.deptype DESC, used.is_default DESC, c.relname`;

/** Primary keys, uniques, foreign keys, checks and exclusion constraints of tables. */
export function constraintsQuery({ version }: Facts): string {
  return `SELECT con.conrelid::int8 AS relation, con.conname AS name, con.contype AS type, con.conkey AS columns,
    CASE con.contype WHEN 'c' THEN pg_get_expr(con.conbin, con.conrelid)
      WHEN 'x' THEN pg_get_constraintdef(con.oid) END AS expression,
    CASE WHEN con.contype = 'f' THEN
      json_build_array(con.confrelid::int8, con.confkey, con.confdeltype, con.confupdtype) END AS reference,
    ${unusual({
      // Another schema's table is not among the relations.
      foreign: {
        when: `con.contype = 'f' AND con.confrelid NOT IN (SELECT oid FROM relation)`,
        value: `(SELECT json_build_array(fn.nspname, fc.relname, ${names('con.confrelid', 'con.confkey')})
          FROM pg_class fc JOIN pg_namespace fn ON fn.oid = fc.relnamespace WHERE fc.oid = con.confrelid)`,
      },
      match: { when: `con.contype = 'f' AND con.confmatchtype <> 's'`, value: 'con.confmatchtype' },
      onDeleteColumns: version >= 15 ? 'con.confdelsetcols' : 'NULL',
      deferrable: fact('con.condeferrable'),
      deferred: fact('con.condeferred'),
      invalid: fact('NOT con.convalidated'),
      noInherit: fact(`con.contype = 'c' AND con.connoinherit`),
      notEnforced: version >= 18 ? fact('NOT con.conenforced') : 'NULL',
      period: version >= 18 ? fact('con.conperiod') : 'NULL',
      nullsNotDistinct: version >= 15 ? fact('i.indnullsnotdistinct') : 'NULL',
      include: included('i'),
      options: unusualOptions('x.reloptions'),
      tablespace: 'ts.spcname',
      clustered: fact('i.indisclustered'),
      indexComment: {
        // Held against a list of all of them, like the triggers.
        when: `i.indexrelid IN (SELECT d.objoid FROM pg_description d WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = 0)`,
        value: comment('i.indexrelid', 'pg_class'),
      },
      ownTriggers: {
        when: `con.oid IN (${stoppedConstraints})`,
        value: `(SELECT json_agg(DISTINCT jsonb_build_array(st.tgenabled, sn.nspname, sc.relname))
          FROM pg_trigger st JOIN pg_class sc ON sc.oid = st.tgrelid JOIN pg_namespace sn ON sn.oid = sc.relnamespace
          JOIN pg_constraint watched ON watched.oid = st.tgconstraint
          WHERE st.tgisinternal AND st.tgenabled <> 'O' AND con.oid IN (watched.oid, watched.conparentid))`,
      },
      comment: comment('con.oid', 'pg_constraint'),
    })} AS unusual
    FROM pg_constraint con JOIN relation c ON c.oid = con.conrelid
    LEFT JOIN pg_index i ON con.contype IN ('p', 'u', 'x') AND i.indexrelid = con.conindid
    LEFT JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace
    WHERE con.contype IN ('p', 'u', 'f', 'c', 'x')
      -- A foreign key to a partitioned table has a shadow for each of its partitions.
      AND NOT EXISTS (SELECT FROM pg_constraint whole WHERE whole.oid = con.conparentid AND whole.conrelid = con.conrelid)`;
}

/** Constraints with a trigger of the server's own that does not fire as usual; a key has a shadow for each partition. */
const stoppedConstraints = `SELECT CASE WHEN watched.conparentid <> 0 AND watched.conrelid = whole.conrelid
      THEN whole.oid ELSE watched.oid END
    FROM pg_trigger st JOIN pg_constraint watched ON watched.oid = st.tgconstraint
    LEFT JOIN pg_constraint whole ON whole.oid = watched.conparentid
    WHERE st.tgisinternal AND st.tgenabled <> 'O'`;

/** Indexes, but for the ones behind constraints. */
export function indexesQuery({ version }: Facts): string {
  return `SELECT i.indrelid::int8 AS relation, x.relname AS name, i.indisunique AS "isUnique", am.amname AS method,
    (i.indkey::int2[])[:i.indnkeyatts - 1] AS columns, pg_indexam_has_property(x.relam, 'can_order') AS ordered,
    CASE WHEN NOT (${isPlain}) THEN ${indexPartsQuery('i')} END AS parts,
    ${unusual({
      directions: { when: '0 <> ANY (i.indoption::int2[])', value: 'i.indoption::int2[]' },
      invalid: fact('NOT i.indisvalid'),
      options: unusualOptions('x.reloptions'),
      tablespace: 'ts.spcname',
      clustered: fact('i.indisclustered'),
      nullsNotDistinct: version >= 15 ? fact('i.indnullsnotdistinct') : 'NULL',
      predicate: { when: 'i.indpred IS NOT NULL', value: 'pg_get_expr(i.indpred, i.indrelid)' },
      isPartitioned: fact(`x.relkind = 'I'`),
      include: included('i'),
      // In the order of the places; nobody can set it of a column that is indexed as it is.
      statistics: {
        when: 'i.indexprs IS NOT NULL',
        value: `(SELECT json_object_agg(ia.attnum, ia.attstattarget ORDER BY ia.attnum) FROM pg_attribute ia
          WHERE ia.attrelid = i.indexrelid AND ia.attstattarget >= 0)`,
      },
      comment: comment('x.oid', 'pg_class'),
    })} AS unusual
    FROM pg_index i JOIN relation c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_am am ON am.oid = x.relam LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace
    WHERE NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.conrelid = i.indrelid
      AND con.contype IN ('p', 'u', 'x'))`;
}

/** Names of the columns of a relation with these numbers, in their order. */
function names(relation: string, numbers: string): string {
  return `(SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(${numbers}) WITH ORDINALITY AS k(attnum, n)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.attnum)`;
}

/** The columns that an index holds beside its keys. */
function included(index: string): { readonly when: string; readonly value: string } {
  return {
    when: `${index}.indnatts > ${index}.indnkeyatts`,
    value: names(`${index}.indrelid`, `(${index}.indkey::int2[])[${index}.indnkeyatts:]`),
  };
}

/**
 * Relations and indexes with columns that have options or a collation which is not the database's (only of those the
 * collation of an index can be another one than its column's), and indexes with operator classes that are no defaults.
 */
export const oddRelationsQuery = `SELECT a.attrelid AS relation FROM pg_attribute a
    WHERE a.attoptions IS NOT NULL OR a.attcollation NOT IN (0, 'pg_catalog."default"'::regcollation)
    UNION SELECT i.indexrelid FROM pg_index i CROSS JOIN LATERAL unnest(i.indclass::oid[]) AS k(opclass)
    JOIN pg_opclass op ON op.oid = k.opclass WHERE NOT op.opcdefault`;

/** An index whose keys are columns of a table as they are, with nothing said of them but their order. */
const isPlain = `c.relkind <> 'm' AND i.indexprs IS NULL
      AND i.indexrelid NOT IN (SELECT relation FROM odd) AND i.indrelid NOT IN (SELECT relation FROM odd)`;

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
