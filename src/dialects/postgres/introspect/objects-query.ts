/** Catalogue queries for everything that is not a relation or part of one. Each is a SELECT that becomes one JSON array. */
import { acl, comment, notOfExtension, options, type Facts } from './query-parts.ts';

/** What privileges are held against. */
export function databaseQuery(): string {
  return `SELECT pg_get_userbyid(d.datdba) AS owner, pg_get_userbyid(10) AS superuser,
    (SELECT json_agg(x.privilege_type) FROM aclexplode(acldefault('r', 10)) x) AS "tablePrivileges",
    (SELECT json_agg(x.privilege_type) FROM aclexplode(acldefault('n', 10)) x) AS "schemaPrivileges"
    FROM pg_database d WHERE d.datname = current_database()`;
}

/** The schemas in scope. */
export function namespacesQuery(): string {
  return `SELECT n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner, ${acl('s.nspacl')} AS acl,
    ${comment('n.oid', 'pg_namespace')} AS comment,
    EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')) AS "hasRelations"
    FROM ns n JOIN pg_namespace s ON s.oid = n.oid`;
}

/** Who owns a type of the WITH list and who else may use it. */
const typePrivileges = `pg_get_userbyid(t.typowner) AS owner, ${acl('t.typacl')} AS acl`;

export function enumsQuery(): string {
  return `SELECT n.nspname AS namespace, t.typname AS name, ${comment('t.oid', 'pg_type')} AS comment, ${typePrivileges},
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS values
    FROM typ t JOIN ns n ON n.oid = t.typnamespace WHERE t.typtype = 'e'`;
}

/** Sequences that are behind no identity and no serial column. */
export function sequencesQuery(): string {
  return `SELECT n.nspname AS namespace, c.relname AS name, format_type(q.seqtypid, NULL) AS type, c.relpersistence AS persistence,
    q.seqstart::text AS start, q.seqincrement::text AS increment, q.seqmin::text AS min, q.seqmax::text AS max,
    q.seqcache::text AS cache, q.seqcycle AS cycle, ${comment('c.oid', 'pg_class')} AS comment,
    pg_get_userbyid(c.relowner) AS owner, ${acl('c.relacl')} AS acl,
    (SELECT json_build_array(tn.nspname, tc.relname, a.attname) FROM pg_depend d
      JOIN pg_class tc ON tc.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
        AND d.deptype = 'a' LIMIT 1) AS owned
    FROM pg_class c JOIN ns n ON n.oid = c.relnamespace JOIN pg_sequence q ON q.seqrelid = c.oid
    WHERE c.relkind = 'S' AND ${notOfExtension('c.oid', 'pg_class')}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'
        AND d.refclassid = 'pg_class'::regclass)
      AND c.oid NOT IN (SELECT owned.oid FROM owned WHERE owned.own)`;
}

/** Owners and grants of the sequences behind columns, as often as they are there: what is usual is told by them too. */
export function serialPrivilegesQuery(): string {
  return `SELECT n.nspname AS namespace, pg_get_userbyid(s.relowner) AS owner, ${acl('s.relacl')} AS acl, s.count
    FROM (SELECT relnamespace, relowner, acl AS relacl, count(*) FROM owned WHERE owned.own
      GROUP BY relnamespace, relowner, acl) s
    JOIN ns n ON n.oid = s.relnamespace`;
}

export function policiesQuery(): string {
  return `SELECT p.polrelid::int8 AS relation, p.polname AS name, p.polcmd AS command, p.polpermissive AS permissive,
    (SELECT json_agg(coalesce(r.rolname, 'public')) FROM unnest(p.polroles) AS o(oid) LEFT JOIN pg_roles r ON r.oid = o.oid) AS roles,
    pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS "withCheck",
    ${comment('p.oid', 'pg_policy')} AS comment
    FROM pg_policy p JOIN relation c ON c.oid = p.polrelid`;
}

/** A partition has its parent's triggers, which are worth a word where they are enabled otherwise. */
const strayTriggers = `SELECT part.oid FROM pg_trigger part JOIN pg_trigger whole ON whole.oid = part.tgparentid
    WHERE part.tgenabled <> whole.tgenabled
      AND NOT EXISTS (SELECT FROM pg_constraint con WHERE con.oid = part.tgconstraint AND con.contype = 'f')`;

export function triggersQuery(): string {
  return `SELECT t.tgrelid::int8 AS relation, t.tgname AS name, pg_get_triggerdef(t.oid) AS definition, t.tgenabled AS enabled,
    ${comment('t.oid', 'pg_trigger')} AS comment, t.tgparentid <> 0 AS inherited
    FROM pg_trigger t JOIN relation c ON c.oid = t.tgrelid
    WHERE (t.tgparentid = 0 AND NOT t.tgisinternal OR t.tgparentid <> 0 AND t.oid IN (${strayTriggers}))
      AND ${notOfExtension('t.oid', 'pg_trigger')}`;
}

export function rulesQuery(): string {
  return `SELECT r.ev_class::int8 AS relation, r.rulename AS name, pg_get_ruledef(r.oid) AS definition, r.ev_enabled AS enabled,
    ${comment('r.oid', 'pg_rewrite')} AS comment
    FROM pg_rewrite r JOIN relation c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'`;
}

/** Roles that a person may have made: the system's own and the superusers are nobody's models. */
export function rolesQuery(): string {
  return `SELECT r.rolname AS name, r.rolcreatedb AS "createDb", r.rolcreaterole AS "createRole", r.rolinherit AS inherit,
    shobj_description(r.oid, 'pg_authid') AS comment
    FROM pg_roles r WHERE r.rolname !~ '^pg_' AND NOT r.rolsuper AND r.rolname <> CURRENT_USER`;
}

/** Functions, procedures, window functions and aggregates. */
export function routinesQuery(): string {
  return `SELECT n.nspname AS namespace, p.proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments,
    p.prokind AS kind, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS definition,
    CASE WHEN p.prokind = 'a' THEN (SELECT json_build_array(pg_get_function_result(p.oid), g.aggtransfn::regproc::text,
      format_type(g.aggtranstype, NULL), g.aggfinalfn::regproc::text, g.agginitval, g.aggcombinefn::regproc::text,
      g.aggkind, g.aggsortop::regoper::text, p.proparallel, g.aggserialfn::regproc::text, g.aggdeserialfn::regproc::text,
      g.aggmtransfn::regproc::text, g.aggminvtransfn::regproc::text, g.aggmfinalfn::regproc::text,
      g.aggmtranstype::regtype::text, g.aggminitval, g.aggfinalextra, g.aggmfinalextra, g.aggfinalmodify, g.aggmfinalmodify,
      g.aggtransspace, g.aggmtransspace)
      FROM pg_aggregate g WHERE g.aggfnoid = p.oid) END AS aggregate,
    pg_get_userbyid(p.proowner) AS owner, ${acl('p.proacl')} AS acl, ${comment('p.oid', 'pg_proc')} AS comment
    FROM pg_proc p JOIN ns n ON n.oid = p.pronamespace
    WHERE ${notOfExtension('p.oid', 'pg_proc')}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`;
}

export function extensionsQuery(): string {
  return `SELECT e.extname AS name, e.extversion AS version, n.nspname AS namespace,
    ${comment('e.oid', 'pg_extension')} AS comment
    FROM pg_extension e JOIN ns n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`;
}

export function domainsQuery(): string {
  return `SELECT n.nspname AS namespace, t.typname AS name, format_type(t.typbasetype, t.typtypmod) AS base, t.typnotnull AS "notNull",
    t.typdefault AS "default",
    CASE WHEN t.typcollation <> b.typcollation THEN (SELECT json_build_array(cn.nspname, co.collname) FROM pg_collation co
      JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = t.typcollation) END AS collation,
    (SELECT json_agg(json_build_array(c.conname, pg_get_constraintdef(c.oid)) ORDER BY c.conname) FROM pg_constraint c
      WHERE c.contypid = t.oid AND c.contype = 'c') AS checks,
    (SELECT json_agg(json_build_array(c.conname, d.description) ORDER BY c.conname) FROM pg_constraint c
      JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = c.oid
      WHERE c.contypid = t.oid AND c.contype = 'c') AS remarks, ${comment('t.oid', 'pg_type')} AS comment, ${typePrivileges}
    FROM typ t JOIN ns n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd'`;
}

/** Composite types; the row types of tables and views are no objects of their own. */
export function compositesQuery(): string {
  return `SELECT n.nspname AS namespace, t.typname AS name, ${comment('t.oid', 'pg_type')} AS comment, ${typePrivileges},
    (SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> at.typcollation THEN (SELECT json_build_array(cn.nspname, co.collname) FROM pg_collation co
          JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END) ORDER BY a.attnum)
      FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes,
    (SELECT json_agg(json_build_array(a.attname, d.description) ORDER BY a.attname) FROM pg_attribute a
      JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
      WHERE a.attrelid = t.typrelid) AS remarks
    FROM typ t JOIN ns n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typtype = 'c' AND c.relkind = 'c'`;
}

export function rangesQuery({ version }: Facts): string {
  return `SELECT n.nspname AS namespace, t.typname AS name, ${comment('t.oid', 'pg_type')} AS comment, ${typePrivileges},
    format_type(r.rngsubtype, NULL) AS subtype, CASE WHEN NOT op.opcdefault THEN op.opcname END AS opclass,
    CASE WHEN r.rngcollation <> st.typcollation THEN r.rngcollation::regcollation::text END AS collation,
    nullif(r.rngcanonical::oid, 0)::regproc::text AS canonical, nullif(r.rngsubdiff::oid, 0)::regproc::text AS subdiff,
    ${version >= 14 ? 'format_type(r.rngmultitypid, NULL)' : 'NULL'} AS multirange
    FROM typ t JOIN ns n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type st ON st.oid = r.rngsubtype
    JOIN pg_opclass op ON op.oid = r.rngsubopc`;
}

export function statisticsQuery({ version }: Facts): string {
  return `SELECT n.nspname AS namespace, s.stxname AS name, pg_get_statisticsobjdef(s.oid) AS definition,
    ${version >= 17 ? 's.stxstattarget' : 'nullif(s.stxstattarget, -1)'} AS target, ${comment('s.oid', 'pg_statistic_ext')} AS comment,
    pg_get_userbyid(s.stxowner) AS owner
    FROM pg_statistic_ext s JOIN ns n ON n.oid = s.stxnamespace`;
}

export function serversQuery(): string {
  return `SELECT s.srvname AS name, w.fdwname AS wrapper, s.srvtype AS type, s.srvversion AS version,
    ${options('s.srvoptions')} AS options, ${comment('s.oid', 'pg_foreign_server')} AS comment,
    pg_get_userbyid(s.srvowner) AS owner, ${acl('s.srvacl')} AS acl
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    WHERE ${notOfExtension('s.oid', 'pg_foreign_server')}`;
}

export function collationsQuery({ version }: Facts): string {
  const locale = version >= 17 ? 'c.colllocale' : version >= 15 ? 'c.colliculocale' : 'NULL';
  return `SELECT n.nspname AS namespace, c.collname AS name, ${comment('c.oid', 'pg_collation')} AS comment,
    pg_get_userbyid(c.collowner) AS owner,
    json_build_array(c.collprovider, c.collcollate, c.collctype, ${locale}, c.collisdeterministic, ${version >= 16 ? 'c.collicurules' : 'NULL'}) AS definition
    FROM pg_collation c JOIN ns n ON n.oid = c.collnamespace WHERE ${notOfExtension('c.oid', 'pg_collation')}`;
}

export function operatorsQuery(): string {
  return `SELECT n.nspname AS namespace, o.oprname AS name,
    format_type(nullif(o.oprleft, 0), NULL) AS left, format_type(nullif(o.oprright, 0), NULL) AS right,
    json_build_array(o.oprcode::regproc::text, o.oprcom::regoperator::text, o.oprnegate::regoperator::text,
      o.oprrest::regproc::text, o.oprjoin::regproc::text, o.oprcanmerge, o.oprcanhash) AS definition,
    ${comment('o.oid', 'pg_operator')} AS comment, pg_get_userbyid(o.oprowner) AS owner
    FROM pg_operator o JOIN ns n ON n.oid = o.oprnamespace
    WHERE o.oprcode <> 0 AND ${notOfExtension('o.oid', 'pg_operator')}`;
}

/** Casts made by people: the server's own have oids below 16384 (FirstNormalObjectId). */
export function castsQuery(): string {
  return `SELECT format_type(c.castsource, NULL) AS source, format_type(c.casttarget, NULL) AS target,
    json_build_array(CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END, c.castcontext, c.castmethod) AS definition,
    ${comment('c.oid', 'pg_cast')} AS comment
    FROM pg_cast c WHERE c.oid >= 16384 AND ${notOfExtension('c.oid', 'pg_cast')}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')`;
}

export function searchConfigurationsQuery(): string {
  return `SELECT n.nspname AS namespace, c.cfgname AS name, ${comment('c.oid', 'pg_ts_config')} AS comment,
    pg_get_userbyid(c.cfgowner) AS owner,
    (SELECT p.prsname FROM pg_ts_parser p WHERE p.oid = c.cfgparser) AS parser,
    (SELECT json_agg(json_build_array((SELECT alias FROM ts_token_type(c.cfgparser) k WHERE k.tokid = m.maptokentype),
        m.mapdict::regdictionary::text) ORDER BY m.maptokentype, m.mapseqno)
      FROM pg_ts_config_map m WHERE m.mapcfg = c.oid) AS mappings
    FROM pg_ts_config c JOIN ns n ON n.oid = c.cfgnamespace WHERE ${notOfExtension('c.oid', 'pg_ts_config')}`;
}

export function eventTriggersQuery(): string {
  return `SELECT e.evtname AS name, e.evtevent AS event, e.evtfoid::regproc::text AS function, e.evtenabled AS enabled,
    to_json(e.evttags) AS tags, ${comment('e.oid', 'pg_event_trigger')} AS comment,
    pg_get_userbyid(e.evtowner) AS owner
    FROM pg_event_trigger e WHERE ${notOfExtension('e.oid', 'pg_event_trigger')}`;
}

export function publicationsQuery({ version }: Facts): string {
  const filter = version >= 15 ? 'pg_get_expr(r.prqual, r.prrelid)' : 'NULL';
  const columns =
    version >= 15
      ? `(SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))`
      : 'NULL::json';
  const schemas =
    version >= 15
      ? `(SELECT json_agg(sn.nspname ORDER BY sn.nspname) FROM pg_publication_namespace pn
          JOIN pg_namespace sn ON sn.oid = pn.pnnspid WHERE pn.pnpubid = p.oid)`
      : 'NULL::json';
  return `SELECT p.pubname AS name, ${comment('p.oid', 'pg_publication')} AS comment, pg_get_userbyid(p.pubowner) AS owner,
    json_build_array(p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot, ${schemas},
      (SELECT json_agg(json_build_array(n.nspname, c.relname, ${filter}, ${columns}) ORDER BY n.nspname, c.relname)
        FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.prpubid = p.oid), ${version >= 18 ? "p.pubgencols = 's'" : 'false'}) AS definition
    FROM pg_publication p WHERE ${notOfExtension('p.oid', 'pg_publication')}`;
}

/** Without the connection string: it holds passwords, and only superusers may read it. */
export function subscriptionsQuery({ version }: Facts): string {
  // What everybody may read of them.
  const more =
    version >= 14
      ? `s.subsynccommit AS sync, s.subbinary AS binary, ${comment('s.oid', 'pg_subscription')} AS comment`
      : 'NULL AS sync, false AS binary, NULL AS comment';
  return `SELECT s.subname AS name, s.subpublications AS publications, s.subenabled AS enabled,
    pg_get_userbyid(s.subowner) AS owner, ${more}
    FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
}

export function wrappersQuery(): string {
  return `SELECT w.fdwname AS name, CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END AS handler,
    CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END AS validator, ${options('w.fdwoptions')} AS options,
    ${comment('w.oid', 'pg_foreign_data_wrapper')} AS comment,
    pg_get_userbyid(w.fdwowner) AS owner, ${acl('w.fdwacl')} AS acl
    FROM pg_foreign_data_wrapper w WHERE ${notOfExtension('w.oid', 'pg_foreign_data_wrapper')}`;
}

export function searchDictionariesQuery(): string {
  return `SELECT n.nspname AS namespace, dict.dictname AS name, t.tmplname AS template, tn.nspname AS "templateNamespace",
    dict.dictinitoption AS options, ${comment('dict.oid', 'pg_ts_dict')} AS comment,
    pg_get_userbyid(dict.dictowner) AS owner
    FROM pg_ts_dict dict JOIN ns n ON n.oid = dict.dictnamespace JOIN pg_ts_template t ON t.oid = dict.dicttemplate
    JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE ${notOfExtension('dict.oid', 'pg_ts_dict')}`;
}

export function defaultPrivilegesQuery(): string {
  return `SELECT pg_get_userbyid(d.defaclrole) AS role, coalesce(n.nspname, '') AS namespace, d.defaclobjtype AS "objectType",
    ${acl('d.defaclacl')} AS acl FROM pg_default_acl d LEFT JOIN ns n ON n.oid = d.defaclnamespace
    WHERE d.defaclnamespace = 0 OR n.oid IS NOT NULL`;
}
