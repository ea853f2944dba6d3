/**
 * What a scratch database is given of the database that it resembles: migrations may stand on what somebody else has put
 * there before them, as a host its schema `auth`. It is given when a text fails for want of it, and is no part of what the
 * scratch database says that migrations make. Where there is no database to look into, what the hosts are known to have
 * and extensions that go by the name of what is wanting stand in.
 */
import type { CatalogObject, ForeignKey } from '../../catalog/objects.ts';
import { createSchema, indexObjects, objectKey, objectsOf, type Schema } from '../../catalog/schema.ts';
import type { Scope, ScratchFailure } from '../dialect.ts';
import type { Connection } from './drivers/connection.ts';
import { findBringer } from './known-extensions.ts';
import { standInSchema } from './known-hosts.ts';
import { quoteName } from './quote.ts';
import { renderSchema } from './render.ts';
import { createSession, type PostgresSession } from './session.ts';

/** What to do after a failure: try the text again, go on behind it, or report it. */
export type Remedy = 'retry' | 'skip' | 'none';

export interface Supplies {
  remedy(failure: ScratchFailure): Promise<Remedy>;
  /** True where what the failure is for want of may well be in the database, and there is none to look into. */
  isUnknown(failure: ScratchFailure): boolean;
  /** Is told which texts could be run: what one of them makes as well is no longer only supplied. */
  note(texts: readonly string[]): void;
  /** The schema without what was supplied. */
  hide(schema: Schema): Schema;
  /** `objectKey`s of what was supplied. */
  list(): readonly string[];
}

const everything: Scope = {
  tables: undefined,
  schemas: ['*'],
  extensions: undefined,
  migrationsTable: { schema: '', table: '' },
};

/** Roles belong to a server: only one that is a throw-away may be given some. */
export function createSupplies(
  scratch: Connection,
  like: PostgresSession | null,
  mayMakeRoles: boolean,
): Supplies {
  const hidden = new Set<string>();
  const tried = new Set<string>();
  let live: Promise<Schema> | undefined;
  const session = createSession(scratch);

  async function supply(failure: ScratchFailure): Promise<boolean> {
    const { reason } = failure;
    const role = /^role "(.*)" does not exist$/s.exec(reason)?.[1];
    if (role !== undefined)
      return mayMakeRoles && (await runAll(scratch, [`CREATE ROLE ${quoteName(role)}`]));
    const before = await session.introspect(everything);
    const texts = await chooseTexts(reason, before);
    if (texts.length === 0 || !(await runAll(scratch, texts))) return false;
    const known = indexObjects(before);
    const after = await session.introspect(everything);
    for (const object of after.objects) if (!known.has(objectKey(object))) hidden.add(objectKey(object));
    return true;
  }

  async function chooseTexts(reason: string, there: Schema): Promise<readonly string[]> {
    if (like === null) return chooseStandIns(reason, there);
    live ??= like.introspect(everything);
    return chooseLive(reason, await live, there, like.connection.server.searchPath);
  }

  return {
    async remedy(failure) {
      const made = readDuplicate(failure);
      // The migrations make it after all.
      if (made !== null && hidden.delete(made)) return 'skip';
      if (!isWant(failure) || tried.has(failure.reason)) return 'none';
      tried.add(failure.reason);
      return (await supply(failure)) ? 'retry' : 'none';
    },
    isUnknown(failure) {
      if (like !== null) return false;
      const schema = readSchemaOf(failure.reason);
      return (
        isForeign(failure) ||
        (schema !== null &&
          hidden.has(objectKey({ kind: 'schema', address: { namespace: '', name: schema } })))
      );
    },
    note(texts) {
      if (hidden.size === 0) return;
      for (const made of texts.map(readMade)) if (made !== null) hidden.delete(made);
    },
    list: () => [...hidden],
    hide(schema) {
      if (hidden.size === 0) return schema;
      return createSchema(
        'postgres',
        schema.objects.filter((object) => !hidden.has(objectKey(object))),
      );
    },
  };
}

function codeOf({ cause }: ScratchFailure): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

/** A schema, a relation, a function, or another object that is not there. */
function isWant(failure: ScratchFailure): boolean {
  return ['3F000', '42P01', '42883', '42704'].includes(String(codeOf(failure)));
}

/** The key of the schema or extension that a text makes though it is there. */
function readDuplicate(failure: ScratchFailure): string | null {
  if (!['42710', '42P06'].includes(String(codeOf(failure)))) return null;
  const [, kind, name] = /^(schema|extension) "(.*)" already exists$/s.exec(failure.reason) ?? [];
  if (name === undefined) return null;
  return objectKey({ kind: kind as 'schema' | 'extension', address: { namespace: '', name } });
}

/** The key of the schema or extension that a text makes if it is not there. */
function readMade(text: string): string | null {
  const [, kind, name] =
    /^\s*create\s+(schema|extension)\s+if\s+not\s+exists\s+("(?:[^"]|"")+"|[\w$]+)/i.exec(text) ?? [];
  if (kind === undefined || name === undefined) return null;
  const bare = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
  const address = { namespace: '', name: bare };
  return objectKey({ kind: kind.toLowerCase() as 'schema' | 'extension', address });
}

/**
 * Something that migrations as a rule do not make themselves. An index or a constraint that is not there is the migrations'
 * own affair.
 */
function isForeign(failure: ScratchFailure): boolean {
  const code = codeOf(failure);
  if (code === '3F000' || code === '42883') return true;
  return (
    code === '42704' &&
    /^(?:type|operator class|access method|collation|text search|publication|foreign|server|language|tablespace)\b/.test(
      failure.reason,
    )
  );
}

/** The schema that is not there, or in which a relation is not there; null where no schema is named. */
function readSchemaOf(reason: string): string | null {
  const [, schema, namespace] =
    /^(?:schema "(.*)"|relation "([^".]+)\.[^"]*") does not exist$/s.exec(reason) ?? [];
  return schema ?? namespace ?? null;
}

function readPublication(reason: string): string | undefined {
  return /^publication "(.*)" does not exist$/s.exec(reason)?.[1];
}

/** SQL that makes something in place of what is wanting. */
function chooseStandIns(reason: string, there: Schema): readonly string[] {
  const schema = readSchemaOf(reason);
  if (schema !== null) {
    return objectsOf(there, 'schema').some(({ address }) => address.name === schema)
      ? []
      : standInSchema(schema);
  }
  const publication = readPublication(reason);
  if (publication !== undefined) return [`CREATE PUBLICATION ${quoteName(publication)}`];
  const word =
    /^(?:type|operator class) "(?:.*\.)?([^".]*)" does not exist/s.exec(reason)?.[1] ??
    /^function (?:.*\.)?([^.(]*)\(.*\) does not exist$/s.exec(reason)?.[1];
  const extension = word === undefined ? null : findBringer(word);
  return extension === null ? [] : [`CREATE EXTENSION IF NOT EXISTS ${quoteName(extension)}`];
}

/** SQL that makes what is wanting as the database has it. */
function chooseLive(reason: string, live: Schema, there: Schema, searchPath: string): readonly string[] {
  const schema = /^schema "(.*)" does not exist$/s.exec(reason)?.[1];
  if (schema !== undefined) return renderNamespace(live, schema);
  const publication = readPublication(reason);
  if (publication !== undefined) {
    const isThere = objectsOf(live, 'publication').some(({ address }) => address.name === publication);
    // Which tables are in it is the migrations' to say.
    return isThere ? [`CREATE PUBLICATION ${quoteName(publication)}`] : [];
  }
  const extensions = missing(objectsOf(live, 'extension'), there);
  if (extensions.length > 0) return renderExtensions(extensions, searchPath);
  const called = /^function (?:(.*)\.)?([^.(]*)\(.*\) does not exist$/s.exec(reason);
  if (called === null) return [];
  const name = (called[2] ?? '').replace(/^"(.*)"$/s, '$1').replaceAll('""', '"');
  const functions = objectsOf(live, 'function').filter(({ address }) => address.name.startsWith(`${name}(`));
  return render(missing(functions, there));
}

function missing<O extends CatalogObject>(objects: readonly O[], there: Schema): readonly O[] {
  const known = indexObjects(there);
  return objects.filter((object) => !known.has(objectKey(object)));
}

/** A schema with what is in it, but for triggers, rules and policies: they do nothing for whoever refers to a table. */
function renderNamespace(live: Schema, name: string): readonly string[] {
  const idle: ReadonlySet<CatalogObject['kind']> = new Set(['trigger', 'rule', 'policy', 'publication']);
  const isInside = (key: ForeignKey): boolean => key.references.namespace === name;
  const objects = live.objects.filter(
    (object) =>
      (object.kind === 'schema' ? object.address.name : object.address.namespace) === name &&
      !idle.has(object.kind) &&
      (object.kind !== 'foreignKey' || isInside(object)),
  );
  return render(objects);
}

function renderExtensions(extensions: readonly CatalogObject[], searchPath: string): readonly string[] {
  const schemas = extensions.flatMap((object) => {
    const text = object.kind === 'extension' ? object.definition.text : '';
    const name = /\bSCHEMA ("(?:[^"]|"")+"|[^\s"]+)/.exec(text)?.[1];
    return name === undefined ? [] : [`CREATE SCHEMA IF NOT EXISTS ${name}`];
  });
  // Types of an extension are named without their schema where the path leads to it.
  return [...new Set(schemas), ...render(extensions), `SET search_path = ${searchPath}`];
}

/** Who owns what and who may do what is of no importance here. */
function render(objects: readonly CatalogObject[]): readonly string[] {
  if (objects.length === 0) return [];
  const bare = objects.map((object) => {
    const copy: Record<string, unknown> = { ...object };
    for (const field of ['owner', 'grants', 'comment']) Reflect.deleteProperty(copy, field);
    return copy as unknown as CatalogObject;
  });
  return [...renderSchema(createSchema('postgres', bare)), 'RESET check_function_bodies'];
}

/** Runs what can be run; true where something could. */
async function runAll(connection: Connection, texts: readonly string[]): Promise<boolean> {
  let made = 0;
  for (const text of texts) {
    try {
      await connection.run(text);
      if (!/^(?:SET|RESET)\b/.test(text)) made += 1;
    } catch {
      // What it lacks itself is missing here too; the rest may be enough.
      continue;
    }
  }
  return made > 0;
}
