/** Turns the pg-core objects that the model files export into catalogue objects. */
import type { CatalogObject } from '../../../catalog/objects.ts';
import type { ModelModule, ModelOptions, ModelReading } from '../../dialect.ts';
import {
  tableName,
  tableSchema,
  viewConfig,
  type DrizzleSequenceOptions,
  type DrizzleTable,
  type DrizzleView,
} from '../../drizzle/entities.ts';
import { collectExports, refuseEmpty, selectKind, type Exported } from '../../drizzle/exports.ts';
import { createReadingBuilder, type ReadingBuilder } from '../../drizzle/reading.ts';
import { originOf } from '../../drizzle/table-parts.ts';
import { bigintBounds, fillSequence, namespaceOf } from './columns.ts';
import { truncateName } from './names.ts';
import { makePolicy, type DrizzlePolicy } from './policies.ts';
import { makeRole, wantsRole, type DrizzleRole } from './roles.ts';
import { openPgTable, readTable } from './table.ts';
import { readView } from './views.ts';

interface DrizzleSchema {
  readonly schemaName: string;
  /** 1.0: somebody else looks after the schema and all that is in it. */
  readonly isExisting?: boolean;
}

interface DrizzleEnum {
  readonly enumName: string;
  readonly enumValues: readonly string[];
  readonly schema?: string;
}

interface DrizzleSequence {
  readonly seqName: string;
  readonly seqOptions?: DrizzleSequenceOptions;
  readonly schema?: string;
}

interface LinkedPolicy extends DrizzlePolicy {
  readonly _linkedTable?: DrizzleTable;
}

/**
 * Reads every exported table, view, enum, sequence, schema, policy and (where the config wants them) role.
 * @throws DriftError MODELS_EMPTY, MODELS_DUPLICATE, MODEL_INVALID
 */
export function readModels(modules: readonly ModelModule[], options: ModelOptions): ModelReading {
  const exported = collectExports(modules);
  const reading = createReadingBuilder('postgres');
  const foreign = readSchemas(exported, reading);
  const isOwn = (schema: string | undefined): boolean => !foreign.has(namespaceOf(schema));

  readEnumsAndSequences(exported, isOwn, reading);
  readRoles(exported, options, reading);
  const policies = selectKind<LinkedPolicy>(exported, 'PgPolicy');
  const linked = new Set(policies.map(({ value }) => tableKey(value._linkedTable)));
  const isLinked = (table: DrizzleTable): boolean => linked.size > 0 && linked.has(tableKey(table));
  for (const table of selectKind<DrizzleTable>(exported, 'PgTable')) {
    if (!isOwn(table.value[tableSchema])) continue;
    readTable(openPgTable(table, options.casing), isLinked(table.value), reading);
  }
  readLinkedPolicies(policies, options, isOwn, reading);
  for (const kind of ['PgView', 'PgMaterializedView']) {
    for (const view of selectKind<DrizzleView>(exported, kind)) {
      if (isOwn(view.value[viewConfig].schema)) readView(view, options.casing, reading);
    }
  }
  if (reading.isEmpty) return refuseEmpty('postgres', modules, exported);
  return reading.finish();
}

function add(reading: ReadingBuilder, entry: Exported, name: string, object: CatalogObject): void {
  reading.add(object, { file: entry.file, exportName: entry.exportName, name });
}

/** Adds schemas, and gives back the names of those that are left to somebody else with all they hold. */
function readSchemas(exported: readonly Exported[], reading: ReadingBuilder): ReadonlySet<string> {
  const foreign = new Set<string>();
  for (const entry of selectKind<DrizzleSchema>(exported, 'PgSchema')) {
    const { schemaName, isExisting } = entry.value;
    const address = { namespace: '', name: truncateName(schemaName) };
    if (isExisting === true) {
      foreign.add(schemaName);
      reading.addExisting(address);
    } else if (schemaName !== 'public') {
      add(reading, entry, schemaName, { kind: 'schema', address });
    }
  }
  return foreign;
}

function readEnumsAndSequences(
  exported: readonly Exported[],
  isOwn: (schema: string | undefined) => boolean,
  reading: ReadingBuilder,
): void {
  for (const entry of selectKind<DrizzleEnum>(exported, 'PgEnum')) {
    const { enumName, enumValues, schema } = entry.value;
    if (!isOwn(schema)) continue;
    const address = { namespace: namespaceOf(schema), name: truncateName(enumName) };
    add(reading, entry, enumName, { kind: 'enum', address, values: enumValues.map(truncateName) });
  }
  for (const entry of selectKind<DrizzleSequence>(exported, 'PgSequence')) {
    const { seqName, seqOptions, schema } = entry.value;
    if (!isOwn(schema)) continue;
    const address = { namespace: namespaceOf(schema), name: truncateName(seqName) };
    const filled = fillSequence(seqOptions ?? {}, bigintBounds.lowest, bigintBounds.highest);
    add(reading, entry, seqName, { kind: 'sequence', address, type: 'bigint', options: filled });
  }
}

function readRoles(exported: readonly Exported[], options: ModelOptions, reading: ReadingBuilder): void {
  for (const entry of selectKind<DrizzleRole>(exported, 'PgRole')) {
    const role = entry.value;
    if (role._existing === true) reading.addExisting({ namespace: '', name: role.name });
    else if (wantsRole(options.roles, role.name)) add(reading, entry, role.name, makeRole(role));
  }
}

function tableKey(table: DrizzleTable | undefined): string | null {
  if (table === undefined) return null;
  return JSON.stringify([namespaceOf(table[tableSchema]), table[tableName]]);
}

/** Policies exported by themselves and linked to a table, which may be somebody else's. */
function readLinkedPolicies(
  policies: readonly Exported<LinkedPolicy>[],
  options: ModelOptions,
  isOwn: (schema: string | undefined) => boolean,
  reading: ReadingBuilder,
): void {
  for (const entry of policies) {
    const table = entry.value._linkedTable;
    // Without a link it belongs to no table; drizzle-kit passes over it as well.
    if (table === undefined || !isOwn(table[tableSchema])) continue;
    const context = openPgTable({ ...entry, value: table }, options.casing);
    if (context.members.some((member) => member.value === (entry.value as unknown))) continue;
    reading.add(makePolicy(context, entry.value), { ...originOf(context), name: entry.value.name });
  }
}
