/** A check whose migrations could not be replayed, for want of a scratch database: what is known all the same. */
import { tableAddress, type Address } from '../catalog/address.ts';
import type { Change } from '../diff/changes.ts';
import type { ExplainedChange } from '../diff/causes.ts';
import { DriftError } from '../errors.ts';
import type { Migration } from '../project/migrations/migration.ts';
import { splitAtSemicolons, splitForReplay } from '../project/migrations/statements.ts';
import type { ReplayNote } from '../report/report.ts';
import type { Detected } from './detect.ts';
import type { Project } from './project.ts';
import type { Recorded } from './recorded.ts';
import { collectWords, leaveOpen } from './withhold.ts';

/** What a replay gave, or which package it would have taken. */
export type Replay =
  { readonly recorded: Recorded; readonly lack: null } | { readonly recorded: null; readonly lack: string };

/**
 * The database is open, so that a driver that is not installed is the one of the scratch database: nothing else needs it.
 * @throws DriftError whatever else keeps the migrations from being replayed
 */
export async function replayWherePossible(replay: Promise<Recorded>): Promise<Replay> {
  try {
    return { recorded: await replay, lack: null };
  } catch (error) {
    if (isNotInstalled(error)) return { recorded: null, lack: error.details.package };
    throw error;
  }
}

function isNotInstalled(error: unknown): error is DriftError<'DRIVER_NOT_INSTALLED'> {
  return error instanceof DriftError && error.code === 'DRIVER_NOT_INSTALLED';
}

/**
 * Models and database are two witnesses, as where there is no folder. What the models have no word for a migration may
 * well have made, so that nobody can tell; and a pending migration may say that it makes a change.
 */
export function explainUnreplayed(
  detected: Detected,
  pending: readonly Migration[],
  dialect: Project['dialect']['name'],
): Detected {
  const isOpen = ({ change, cause }: ExplainedChange): boolean =>
    cause === 'out-of-band' && 'fields' in change;
  const statements = pending.flatMap((migration) => readPending(migration, dialect));
  return {
    ...detected,
    changes: detected.changes.filter((one) => !isOpen(one)).map((one) => attribute(one, statements)),
    undetermined: [
      ...detected.undetermined,
      ...detected.changes.filter(isOpen).flatMap(({ change }) => leaveOpen(change, openReason)),
    ],
  };
}

const openReason = 'the models have no word for it, and the migrations, which may, were not replayed';

/** A statement of a pending migration: the names and words in it. */
interface PendingStatement {
  readonly tag: string;
  readonly words: ReadonlySet<string>;
}

function readPending(migration: Migration, dialect: Project['dialect']['name']): readonly PendingStatement[] {
  return splitForReplay(migration, dialect)
    .flatMap(splitAtSemicolons)
    .map(({ text }) => ({ tag: migration.tag, words: collectWords(text) }));
}

/** By a statement that names the object and does what is missing. What comes first makes it, what comes last changes it. */
function attribute(explained: ExplainedChange, statements: readonly PendingStatement[]): ExplainedChange {
  const { change } = explained;
  const named = statements.filter(({ words }) => isAbout(words, change));
  const found = change.type === 'create' ? named[0] : named.at(-1);
  return found
    ? { ...explained, cause: 'unapplied', migration: found.tag, witness: 'three-way' }
    : { ...explained, witness: 'unreplayed' };
}

const verbs: Readonly<Record<Change['type'], readonly string[]>> = {
  create: ['create', 'add'],
  drop: ['drop'],
  alter: ['alter'],
  rename: ['rename'],
};

function isAbout(words: ReadonlySet<string>, change: Change): boolean {
  if (!verbs[change.type].some((verb) => words.has(verb))) return false;
  const { address } = change;
  // ALTER TABLE and CREATE INDEX may name a table that another statement makes.
  const isTable = address.table === undefined && change.kind === 'table';
  if (isTable && change.type === 'create' && (words.has('alter') || words.has('index'))) return false;
  return words.has(address.name) && words.has(ownerOf(address));
}

function ownerOf(address: Address): string {
  return tableAddress(address).name;
}

/** The one note that says what the report lacks, and how to have it. */
export function noteUnreplayed(lack: string): ReplayNote {
  return {
    kind: 'not-replayed',
    message: `The migrations were not replayed, since ${lack} is not installed: only models and database were compared, and which side moved cannot be told. Install it (npm install --save-dev ${lack}), or name a server for it with scratch.url in drift.config.`,
  };
}
