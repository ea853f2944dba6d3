/** The pages of `drift explain`, put together from the catalogues that the code itself works with. */
import type { ObjectKind } from '../catalog/objects.ts';
import type { ChangeType } from '../diff/changes.ts';
import type { Cause } from '../diff/drift.ts';
import { kindNames } from '../diff/naming.ts';
import { changeTypes, objectKinds } from '../diff/vocabulary.ts';
import { wordings } from '../diff/wording.ts';
import { errorCatalogue } from '../errors.ts';
import { hazardTitles, type HazardCode } from '../plan/hazards.ts';
import { findingPages, problemPages, statePages, type PageText } from './pages-migrations.ts';

export interface Page {
  readonly code: string;
  readonly kind: 'error' | 'hazard' | 'problem' | 'finding' | 'state' | 'cause' | 'change' | 'object';
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** Every page, by kind and then by code. */
export function listPages(): readonly Page[] {
  const byCode = (a: Page, b: Page): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
  return [
    listErrors(),
    listHazards(),
    listTexts('problem', problemPages),
    listTexts('finding', findingPages),
    listTexts('state', statePages),
    listTexts('cause', causePages),
    listChanges(),
    objectKinds.map(describeKind),
  ].flatMap((pages) => [...pages].sort(byCode));
}

/** The page for a code, in whatever case it is typed. */
export function findPage(code: string): Page | undefined {
  const typed = code.toLowerCase();
  return listPages().find((page) => page.code.toLowerCase() === typed);
}

function listErrors(): readonly Page[] {
  return Object.entries(errorCatalogue).map(([code, { title, page }]) => ({
    code,
    kind: 'error',
    title,
    paragraphs: [page],
  }));
}

function listHazards(): readonly Page[] {
  return Object.entries(hazardTitles).map(([code, title]) => ({
    code,
    kind: 'hazard',
    title,
    paragraphs: [hazardPages[code as HazardCode]],
  }));
}

const hazardPages: { readonly [C in HazardCode]: string } = {
  'data-loss':
    'A table, a column or values in it are deleted and cannot be brought back from the database itself. Make sure that nothing reads them any more and that there is a backup; drift asks for --allow data-loss before it writes such a step.',
  'table-rewrite':
    'The engine writes every row of the table anew and keeps everybody else out until it is done. The time grows with the size of the table. Where that is too long, add a new column, fill it in batches, and switch over.',
  'table-rebuild':
    "SQLite has no ALTER for this change. The table is made anew under another name, its rows are copied, and the new one takes the old one's place with its indexes and triggers. The time grows with the size of the table, and about twice its space is needed.",
  'constraint-validation':
    'The engine looks at every row when the constraint is added, and refuses it if one row does not keep it. Look for such rows first. PostgreSQL can add a constraint NOT VALID and validate it later without keeping writers out.',
  'not-null-without-default':
    'The column becomes NOT NULL, and rows that exist have no value for it. Give it a default, or fill it first: drift takes --backfill table.column=SQL.',
  'lossy-cast':
    "Values are converted to another type and may be cut, rounded or refused: '007' becomes 7, 'abc' is no number. Look at the values first.",
  'blocks-writes':
    'While the step runs nobody else can write to the table; reading goes on. On PostgreSQL an index is made without that by CREATE INDEX CONCURRENTLY.',
  'blocks-reads':
    'While the step runs nobody else can read or write the table, and everybody who comes later waits behind it. Run it when there is little to do, with a short lock timeout.',
  'behaviour-change':
    'The data stay as they are, and the same statements give other results afterwards: another default, another order, other rows that are allowed.',
  'foreign-key-mismatch':
    "SQLite lets a foreign key point at columns that are neither the primary key nor unique, and then refuses every INSERT, UPDATE and DELETE that has to look at it ('foreign key mismatch') where foreign keys are on. What it points at must be the primary key, UNIQUE, or a unique index without WHERE, without expressions and with the collations of its columns.",
  'impossible-action':
    "A foreign key says ON DELETE SET NULL or ON UPDATE SET NULL, and its column is NOT NULL or a primary key that is never NULL; or it says SET DEFAULT, and the column is NOT NULL and has no default. The database takes that without a word. Whoever then deletes a row that others point at gets 'NOT NULL constraint failed', as if it said RESTRICT. Let the column be NULL, or choose CASCADE or RESTRICT.",
  'drop-cascades':
    "Where foreign keys are on, DROP TABLE deletes the rows of the table first, and the tables that point at it do what their foreign keys say: CASCADE deletes their rows, SET NULL empties their columns. drizzle-kit makes a table anew by dropping the old one, and drizzle-orm's migrators keep foreign keys on: the PRAGMA foreign_keys=OFF in the file does nothing within their transaction. drift migrate turns foreign keys off before the transaction begins, for whatever file it runs, and drift generate --runner drizzle writes a form that keeps the rows with foreign keys on.",
  'drop-refused':
    "Where foreign keys are on, DROP TABLE deletes the rows of the table first, and fails where a row of another table points at one of them (NO ACTION, RESTRICT). The migration then fails with 'FOREIGN KEY constraint failed', and nothing is changed. It goes well on an empty database, so that tests may not show it. drift migrate turns foreign keys off before the transaction begins; drift generate --runner drizzle writes a form that works with foreign keys on.",
  'destructive-order':
    'The order that keeps everything is: make the new table under another name, copy the rows, drop the old table, rename the new one. Where the old table is renamed away first, the foreign keys of other tables follow it and point at nothing once it is dropped; where it is dropped before the copy, the rows are gone.',
  'dropped-trigger':
    'Dropping a table drops its triggers. drizzle-kit knows nothing of triggers, so a table that it makes anew has lost them. Create them again after the rename; drift generate does. Where DROP TRIGGER stands in the file it is only said.',
  'dropped-view': 'The file drops a view and does not make it again. Whatever reads it fails from then on.',
  'dropped-index':
    'Dropping a table drops its indexes. One that a custom migration made is unknown to drizzle-kit, and missing after drizzle-kit has made the table anew; a unique one has kept duplicates out. Create it again after the rename, or say DROP INDEX where that is meant.',
  'dropped-constraint':
    'The table is made anew, and the new definition is without one of its constraints. That may be just what the migration is for; a constraint that a custom migration has added is unknown to drizzle-kit and lost by accident.',
  'broken-dependent':
    'SQLite lets a table or column be dropped that a view or a trigger names. The view fails when it is read, the trigger at the next INSERT, UPDATE or DELETE, and every later ALTER TABLE … RENAME fails on both. Drop them first and create them anew.',
  'lost-attribute':
    "Drizzle's models have no word for COLLATE, STRICT, WITHOUT ROWID, DEFERRABLE and ON CONFLICT. What a custom migration has said about a table is missing after drizzle-kit has made it anew: comparisons and checks then work in another way.",
  'lost-sequence':
    'AUTOINCREMENT promises never to give out an id twice. The highest one so far is kept in sqlite_sequence and is lost when the table is dropped; the copy begins with the highest id that it has. Where later rows had been deleted their ids come back. drift generate carries the row of sqlite_sequence over, and drift migrate does so for whatever file it runs.',
  'lost-rowids':
    'A table without INTEGER PRIMARY KEY has rowids of its own, which a copy gives anew. A text search index with content=table, or a trigger that names rowid, then finds other rows. Copy the rowid as a column.',
  'double-quoted-string':
    'Double quotes are for names. A word in double quotes that names no column is an error in better-sqlite3, and a text in other builds of SQLite (libSQL, D1, the sqlite3 program). drizzle-kit 0.31 writes such a word when it makes a table anew that also gets a new column: it selects the new column from the old table, and those builds write its name into every row (sqlite.org/quirks.html).',
  'not-in-transaction':
    "Drizzle's migrators run all pending files in one transaction. BEGIN, VACUUM, PRAGMA journal_mode and the like fail within one; COMMIT and ROLLBACK end it, so that the rest of the migration is not undone when it fails.",
  'pragma-without-effect':
    "Within a transaction PRAGMA foreign_keys changes nothing, and says nothing (sqlite.org/pragma.html). Drizzle's migrators for better-sqlite3 and D1 run every file within one, so foreign keys stay on. drift migrate, and the migrator for libSQL, turn them off before.",
  'several-statements':
    "drizzle-orm splits a file at --> statement-breakpoint and gives each part to the driver as one prepared statement. better-sqlite3 refuses a part with more than one ('The supplied SQL string contains more than one statement'); a driver that does not refuse it may run the first and pass over the rest.",
  'no-statement':
    "drizzle-orm gives every part of a file to the driver, and better-sqlite3 refuses one without a statement ('The supplied SQL string contains no statements'): a file that is all comments, a breakpoint after the last statement. The text that generate --custom writes, for somebody to fill in, is let pass.",
  'libsql-only':
    'libSQL has statements that SQLite has not: ALTER TABLE … ALTER COLUMN … TO, vector indexes, RANDOM ROWID. They are no hazard where drizzle.config says dialect: turso. drift replays migrations with SQLite, and makes up for what it lacks: ALTER COLUMN … TO puts the new definition into the text of the table as libSQL does, RANDOM ROWID, which says only which rowids new rows get, is left out, and vector functions are known by name. A database with RANDOM ROWID can be read by libSQL alone.',
  'newer-sqlite':
    'ALTER TABLE … ALTER COLUMN … SET NOT NULL, ADD CONSTRAINT and DROP CONSTRAINT came with SQLite 3.53. Every older one refuses them as syntax errors, also the ones inside of drivers and phones.',
  'statement-fails':
    'The statement was tried on a scratch database that the migrations before it have built, or on one with sample rows, and SQLite refused it. The migration fails there.',
  'not-replayed':
    'The statement needs a module, a function or a table that the scratch database has not, such as an extension that the program loads. Nothing is known of its effect, and what stands on it is not examined either.',
};

function listTexts(kind: Page['kind'], texts: Readonly<Record<string, PageText>>): readonly Page[] {
  return Object.entries(texts).map(([code, [title, page]]) => ({ code, kind, title, paragraphs: [page] }));
}

const causePages: { readonly [C in Cause]: PageText } = {
  unapplied: [
    'A pending migration makes this change',
    'The models and the migrations agree; the database has not had the migration yet. Apply the pending migrations.',
  ],
  ungenerated: [
    'The models changed, and no migration says so',
    'The models are ahead of the migrations folder. Generate a migration, review it and apply it. Without a migrations folder nobody can tell whether the models or the database moved; what the models can say is then given this cause, and the message says so.',
  ],
  'out-of-band': [
    'The database changed, and nobody wrote it down',
    'Neither the models nor any migration makes this. Somebody changed the database by hand, or another program did. Put the database back as it was, or take the change into the models and generate a migration.',
  ],
};

function listChanges(): readonly Page[] {
  return objectKinds.flatMap((kind) => changeTypes.map((type) => describeChangeKind(kind, type)));
}

function describeChangeKind(kind: ObjectKind, type: ChangeType): Page {
  const name = kindNames[kind][0];
  return {
    code: `${kind}.${type}`,
    kind: 'change',
    title: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}: ${changeTitles[type]}`,
    paragraphs: [changePages[type], ...(type === 'alter' || type === 'rename' ? [listFields(kind)] : [])],
  };
}

const changeTitles: Readonly<Record<ChangeType, string>> = {
  create: 'expected, and missing in the database',
  drop: 'in the database, and not expected',
  alter: 'other attributes in the database than expected',
  rename: 'another name in the database than expected',
};

const changePages: Readonly<Record<ChangeType, string>> = {
  create:
    'The models (or, where they have no word for it, the migrations) say that it is there, and it is not. The word says what would bring the database to what is expected: creating it. What belongs to a missing table is part of the one difference and not listed again.',
  drop: 'It is in the database, and neither the models nor the migrations say so. The word says what would bring the database to what is expected: dropping it. If it is wanted, take it into the models instead.',
  alter:
    'It is there and expected, and is not the same on both sides. The word says what would bring the database to what is expected: altering it. Every attribute that differs is listed with both values.',
  rename:
    'It is there under another name, the same in everything that matters. Constraints and indexes are recognised by what they are; a renamed table or column is never guessed.',
};

/** An object word by itself, as `unmanaged` and `ignore` name it. */
function describeKind(kind: ObjectKind): Page {
  const [one, many] = kindNames[kind];
  return {
    code: kind,
    kind: 'object',
    title: `${one.slice(0, 1).toUpperCase()}${one.slice(1)}`,
    paragraphs: [
      listFields(kind),
      `Differences between ${many} are called ${changeTypes.map((type) => `${kind}.${type}`).join(', ')}; a rule in drift.config can name any of them, or ${kind} for all.`,
    ],
  };
}

function listFields(kind: ObjectKind): string {
  const labels = [...new Set(Object.values(wordings[kind]).map(({ label }) => label))];
  return `Attributes that are compared: ${labels.join(', ')}.`;
}
