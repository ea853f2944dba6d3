/**
 * One query for everything that few databases have: the kind, the name, the part of the CREATE statement that follows it, and
 * what may be said of it. What the server came with has an oid below 16384 (FirstNormalObjectId).
 */
import { acl, type Facts } from './query-parts.ts';

interface Source {
  readonly kind: string;
  /** The catalogue, whose row has the name `o` in what follows. */
  readonly catalogue: string;
  /** Where it lies in a schema: its oid. */
  readonly namespace?: string;
  readonly name: string;
  readonly definition: string;
  /** What else is joined. */
  readonly join?: string;
  readonly where?: string;
  readonly owner?: string;
  readonly acl?: string;
}

function select(source: Source): string {
  const { kind, catalogue, namespace, name, definition, join = '', where = 'o.oid >= 16384' } = source;
  return `SELECT '${kind}' AS kind, '${catalogue}'::regclass AS catalogue, o.oid, ${namespace ?? '0'} AS namespace,
    ${name} AS name, ${definition} AS definition, ${source.owner ?? '0'} AS owner, ${source.acl ?? 'NULL::aclitem[]'} AS acl
    FROM ${catalogue} o ${join} WHERE ${where}`;
}

/** `WORD value`, nothing where there is no function. */
function callable(word: string, oid: string): string {
  return `CASE WHEN ${oid}::oid <> 0 THEN '${word} ' || ${oid}::regproc END`;
}

/** The operators and functions that belong to an operator class or family, in their order. */
const members = `(SELECT string_agg(item, ', ' ORDER BY part, number, item) FROM (
      SELECT 1 AS part, a.amopstrategy AS number, format('OPERATOR %s %s%s', a.amopstrategy, a.amopopr::regoperator,
        (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, sf.opfname) FROM pg_opfamily sf
          JOIN pg_namespace sn ON sn.oid = sf.opfnamespace WHERE sf.oid = a.amopsortfamily)) AS item
      FROM pg_depend d JOIN pg_amop a ON a.oid = d.objid
      WHERE d.classid = 'pg_amop'::regclass AND d.refclassid = o.tableoid AND d.refobjid = o.oid
      UNION ALL SELECT 2, p.amprocnum, format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
        format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
      FROM pg_depend d JOIN pg_amproc p ON p.oid = d.objid
      WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid = o.tableoid AND d.refobjid = o.oid) parts)`;

const alignments = `CASE o.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END`;
const storages = `CASE o.typstorage WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' WHEN 'm' THEN 'main' ELSE 'plain' END`;

/** A base type; the text of one that is only announced is empty. */
function baseType({ version }: Facts): Source {
  const subscript = version >= 14 ? `${callable('SUBSCRIPT =', 'o.typsubscript')},` : '';
  return {
    kind: 'baseType',
    catalogue: 'pg_type',
    namespace: 'o.typnamespace',
    name: 'o.typname',
    definition: `CASE WHEN NOT o.typisdefined THEN '' ELSE '(' || concat_ws(', ', ${callable('INPUT =', 'o.typinput')},
      ${callable('OUTPUT =', 'o.typoutput')}, ${callable('RECEIVE =', 'o.typreceive')}, ${callable('SEND =', 'o.typsend')},
      ${callable('TYPMOD_IN =', 'o.typmodin')}, ${callable('TYPMOD_OUT =', 'o.typmodout')}, ${callable('ANALYZE =', 'o.typanalyze')},
      ${subscript} 'INTERNALLENGTH = ' || CASE WHEN o.typlen < 0 THEN 'VARIABLE' ELSE o.typlen::text END,
      CASE WHEN o.typbyval THEN 'PASSEDBYVALUE' END, 'ALIGNMENT = ' || ${alignments}, 'STORAGE = ' || ${storages},
      'CATEGORY = ' || quote_literal(o.typcategory::text), CASE WHEN o.typispreferred THEN 'PREFERRED = true' END,
      'DEFAULT = ' || quote_literal(o.typdefault), CASE WHEN o.typelem <> 0 THEN 'ELEMENT = ' || format_type(o.typelem, NULL) END,
      CASE WHEN o.typdelim <> ',' THEN 'DELIMITER = ' || quote_literal(o.typdelim::text) END,
      CASE WHEN o.typcollation <> 0 THEN 'COLLATABLE = true' END) || ')' END`,
    // An array belongs to its element; what is announced is a pseudo-type.
    where: `o.oid >= 16384 AND (o.typtype = 'b' AND o.typcategory <> 'A' OR o.typtype = 'p' AND NOT o.typisdefined)`,
    owner: 'o.typowner',
    acl: 'o.typacl',
  };
}

const sources: readonly Source[] = [
  {
    kind: 'operatorClass',
    catalogue: 'pg_opclass',
    namespace: 'o.opcnamespace',
    name: `format('%I USING %I', o.opcname, am.amname)`,
    // The family that CREATE OPERATOR CLASS makes by itself is called like the class.
    definition: `concat_ws(' ', CASE WHEN o.opcdefault THEN 'DEFAULT' END, 'FOR TYPE', format_type(o.opcintype, NULL),
      format('USING %I', am.amname), (SELECT format('FAMILY %I.%I', fn.nspname, f.opfname) FROM pg_opfamily f
        JOIN pg_namespace fn ON fn.oid = f.opfnamespace
        WHERE f.oid = o.opcfamily AND (f.opfname <> o.opcname OR f.opfnamespace <> o.opcnamespace)), 'AS',
      concat_ws(', ', ${members},
        'STORAGE ' || format_type(CASE WHEN o.opckeytype = 0 THEN o.opcintype ELSE o.opckeytype END, NULL)))`,
    join: 'JOIN pg_am am ON am.oid = o.opcmethod',
    owner: 'o.opcowner',
  },
  {
    kind: 'operatorFamily',
    catalogue: 'pg_opfamily',
    namespace: 'o.opfnamespace',
    name: `format('%I USING %I', o.opfname, am.amname)`,
    definition: `coalesce(${members}, CASE WHEN NOT EXISTS (SELECT FROM pg_opclass c WHERE c.opcfamily = o.oid
      AND c.opcname = o.opfname AND c.opcnamespace = o.opfnamespace) THEN '' END)`,
    join: 'JOIN pg_am am ON am.oid = o.opfmethod',
    owner: 'o.opfowner',
  },
  {
    kind: 'conversion',
    catalogue: 'pg_conversion',
    namespace: 'o.connamespace',
    name: 'o.conname',
    definition: `concat_ws(' ', CASE WHEN o.condefault THEN 'DEFAULT' END, format('FOR %L TO %L FROM %s',
      pg_encoding_to_char(o.conforencoding), pg_encoding_to_char(o.contoencoding), o.conproc::regproc))`,
    owner: 'o.conowner',
  },
  {
    kind: 'textSearchParser',
    catalogue: 'pg_ts_parser',
    namespace: 'o.prsnamespace',
    name: 'o.prsname',
    definition: `'(' || concat_ws(', ', ${callable('START =', 'o.prsstart')}, ${callable('GETTOKEN =', 'o.prstoken')},
      ${callable('END =', 'o.prsend')}, ${callable('HEADLINE =', 'o.prsheadline')}, ${callable('LEXTYPES =', 'o.prslextype')}) || ')'`,
  },
  {
    kind: 'textSearchTemplate',
    catalogue: 'pg_ts_template',
    namespace: 'o.tmplnamespace',
    name: 'o.tmplname',
    definition: `'(' || concat_ws(', ', ${callable('INIT =', 'o.tmplinit')}, ${callable('LEXIZE =', 'o.tmpllexize')}) || ')'`,
  },
  {
    kind: 'transform',
    catalogue: 'pg_transform',
    name: `format('FOR %s LANGUAGE %I', format_type(o.trftype, NULL), l.lanname)`,
    definition: `'(' || concat_ws(', ',
      CASE WHEN o.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || o.trffromsql::regprocedure END,
      CASE WHEN o.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || o.trftosql::regprocedure END) || ')'`,
    join: 'JOIN pg_language l ON l.oid = o.trflang',
  },
  {
    kind: 'language',
    catalogue: 'pg_language',
    name: 'o.lanname',
    definition: `concat_ws(' ', CASE WHEN o.lanpltrusted THEN 'TRUSTED' END, ${callable('HANDLER', 'o.lanplcallfoid')},
      ${callable('INLINE', 'o.laninline')}, ${callable('VALIDATOR', 'o.lanvalidator')})`,
    owner: 'o.lanowner',
    acl: 'o.lanacl',
  },
  {
    kind: 'accessMethod',
    catalogue: 'pg_am',
    name: 'o.amname',
    definition: `format('TYPE %s HANDLER %s', CASE o.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, o.amhandler)`,
  },
];

/** Their options are passwords; everybody may read the rest. */
const userMappings = `SELECT 'userMapping', 0::regclass, u.umid, 0,
    format('FOR %s SERVER %I', CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname), '', 0, NULL
    FROM pg_user_mappings u`;

const securityLabels = `SELECT 'securityLabel', 0::regclass, 0, 0, format('%I ON %s %s', l.provider, upper(o.type), o.identity),
    quote_literal(l.label), 0, NULL
    FROM pg_seclabel l CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) o
    WHERE o.schema IS NULL OR o.schema IN (SELECT nspname FROM ns)`;

export function rareObjectsQuery(facts: Facts): string {
  const all = [...[...sources, baseType(facts)].map(select), userMappings, securityLabels];
  return `SELECT r.kind, coalesce(n.nspname, '') AS namespace, r.name, r.definition,
    CASE WHEN r.owner <> 0 THEN pg_get_userbyid(r.owner) END AS owner, ${acl('r.acl')} AS acl,
    (SELECT d.description FROM pg_description d WHERE d.objoid = r.oid AND d.classoid = r.catalogue AND d.objsubid = 0) AS comment
    FROM (${all.join('\n    UNION ALL ')}) r LEFT JOIN ns n ON n.oid = r.namespace
    WHERE (r.namespace = 0 OR n.oid IS NOT NULL) AND r.definition IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_depend member WHERE member.classid = r.catalogue AND member.objid = r.oid
        AND member.deptype = 'e')`;
}
