/** The pages of `drift explain`, put together from the catalogues that the code itself works with. */
import type { ObjectKind } from '../catalog/objects.ts';
import type { ChangeType } from '../diff/changes.ts';
import type { Cause } from '../diff/drift.ts';
import { kindNames } from '../diff/naming.ts';
import { wordings } from '../diff/wording.ts';
import { errorCatalogue } from '../errors.ts';
import { hazardTitles, type HazardCode } from '../plan/hazards.ts';

export interface Page {
  readonly code: string;
  readonly kind: 'error' | 'hazard' | 'cause' | 'change';
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** Every page, by kind and then by code. */
export function listPages(): readonly Page[] {
  const byCode = (a: Page, b: Page): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
  return [listErrors(), listHazards(), listCauses(), listChanges()].flatMap((pages) =>
    [...pages].sort(byCode),
  );
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
};

function listCauses(): readonly Page[] {
  return Object.entries(causePages).map(([code, [title, page]]) => ({
    code,
    kind: 'cause',
    title,
    paragraphs: [page],
  }));
}

const causePages: { readonly [C in Cause]: readonly [title: string, page: string] } = {
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
  const kinds = Object.keys(kindNames) as ObjectKind[];
  return kinds.flatMap((kind) => changeTypes.map((type) => describeChangeKind(kind, type)));
}

const changeTypes: readonly ChangeType[] = ['create', 'drop', 'alter', 'rename'];

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

function listFields(kind: ObjectKind): string {
  const labels = [...new Set(Object.values(wordings[kind]).map(({ label }) => label))];
  return `Attributes that are compared: ${labels.join(', ')}.`;
}
