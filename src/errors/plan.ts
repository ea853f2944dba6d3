/** What keeps a migration from being planned, proven or written. */
import { entry, type ErrorEntry } from './entry.ts';

/** What is open, one sentence, and the flags of which one answers it. */
export interface Question {
  readonly question: string;
  readonly flags: readonly string[];
}

export const planErrors = {
  VERIFY_OTHER_SCHEMA: entry<{ file: string }>({
    title: 'The database to verify on is not what the migrations make',
    message: (d) => `${d.file} does not have the schema that the migrations make, so the plan is not for it.`,
    next: () => 'Run drift check on it first: apply what is pending, and settle what was changed by hand.',
    page: 'A plan starts from what the migrations folder makes. It can only be tried on a copy of a database that has just that schema.',
  }),
  VERIFY_FAILED: entry<{ problems: readonly string[]; on: string }>({
    title: 'The migration did not stand its proof',
    message: (d) =>
      `The migration was tried on ${d.on} and did not do what it has to; nothing was written. ${d.problems.join(' ')}`,
    next: () =>
      'Where the data breaks a new rule, mend it or say how with --backfill. Otherwise write the migration by hand: drift generate --custom',
    page: 'Before a migration is written it runs on a scratch copy of what the migrations make, filled with sample rows: the result must be what the models say, every row must keep its values, and planning again must find nothing to do.',
  }),
  GENERATE_UNANSWERED: entry<{ questions: readonly Question[] }>({
    title: 'The migration needs answers',
    message: (d) =>
      d.questions.length === 1
        ? `Nothing was written: ${d.questions[0]?.question ?? ''}`
        : `Nothing was written. ${String(d.questions.length)} questions are open:\n${d.questions.map(({ question }) => `  ${question}`).join('\n')}`,
    next: (d) => {
      const answers = [...new Set(d.questions.map(({ flags }) => flags.join('  or  ')))];
      const [only = ''] = answers;
      if (answers.length === 1) return `Answer with ${only}`;
      return `Answer with one of each line:\n${answers.map((line) => `  ${line}`).join('\n')}`;
    },
    page: 'drift never guesses whether a column was renamed or dropped, and never drops data without being told so. On a terminal it asks; elsewhere the flags answer.',
  }),
  GENERATE_ROWS_REFUSED: entry<{ target: string; problems: readonly string[] }>({
    title: 'What the database holds stands in the way of the migration',
    message: (d) =>
      `Nothing was written, since something in ${d.target} stands in the way:\n${d.problems.map((line) => `  ${line}`).join('\n')}`,
    next: () =>
      'Mend what stands in the way; or write the migration all the same: drift generate --no-preflight',
    page: 'Where the database of the config can be reached, its rows are asked before a migration is written: what would break a new rule, what would not fit a new type, and what was added by hand to a table that is made anew. drift never deletes rows to make them fit. Without a database a migration is written all the same, and drift migrate asks the rows before it runs.',
  }),
  GENERATE_DOWN_EMPTY: entry<{ tag: string; file: string }>({
    title: 'A migration does not change the schema',
    message: (d) =>
      `${d.tag} does not change the schema, so drift cannot tell what would take it back; nothing was written.`,
    next: (d) => `Write it by hand: ${d.file}`,
    page: 'drift generate --down TAG plans the way from the schema that a migration leaves to the one that it found. What a migration did to rows is not in the schema.',
  }),
  GENERATE_ANSWER_UNKNOWN: entry<{ flag: string; problem: string; nearest?: string | undefined }>({
    title: 'An answer is about something that is not there',
    message: (d) => `${d.flag}: ${d.problem}.`,
    next: (d) =>
      d.nearest === undefined ? 'Correct the flag, or leave it out.' : `Did you mean ${d.nearest}?`,
    page: '--rename names what is there now and what it is to be called: table:users=people, column:users.name=full_name. --backfill names a column that is new or changes and an SQL expression: users.email="lower(name)".',
  }),
  GENERATE_RECORDED_INCOMPLETE: entry<{ problems: readonly string[] }>({
    title: 'What the migrations make is not known',
    message: (d) =>
      `The migrations folder cannot be replayed as a whole, so there is nothing to start from. ${d.problems.join(' ')}`,
    next: () =>
      'Mend the migration or restore its file; drift status shows all that is wrong with the folder.',
    page: 'drift generate compares the models with what all migrations make together. Where one of them cannot be replayed on a scratch database, the difference cannot be told.',
  }),
  GENERATE_UNSUPPORTED: entry<{ dialect: string }>({
    title: 'Migrations of this dialect cannot be generated',
    message: (d) => `drift generate does not write migrations for ${d.dialect} yet.`,
    next: () => 'Use drizzle-kit generate, and drift check after it.',
    page: 'drift checks PostgreSQL and SQLite, and writes migrations for SQLite.',
  }),
  RENAME_FAILED: entry<{ renames: readonly string[]; reason: string }>({
    title: 'A rename is not possible',
    message: (d) => `The renames ${d.renames.join(', ')} are not possible: ${d.reason}.`,
    next: () => 'Correct the --rename flags.',
    page: 'drift tries renames on a scratch database first. The reason is what SQLite said there.',
  }),
  SCHEMA_NOT_BUILDABLE: entry<{ reason: string }>({
    title: 'The schema cannot be built on a scratch database',
    message: (d) => `The schema cannot be built on a scratch database: ${d.reason}.`,
    next: () =>
      'Build it on an empty database (for migrations: run them there), and look at the statement that fails.',
    page: 'Every plan is proven on a scratch database before it is written. It has the same SQLite as better-sqlite3; extensions and functions that a program registers itself are not there. Nor can a table be renamed where SQLite itself cannot read an index or a generated column again.',
  }),
  PLAN_UNSUPPORTED: entry<{ what: string }>({
    title: 'No plan can be made for this change',
    message: (d) => `drift cannot plan ${d.what}.`,
    next: () => 'Write it by hand in an empty migration: drift generate --custom',
    page: 'A few things can only be changed by somebody who knows what they are for: what a virtual table holds is known to its module alone. An empty migration is the place for it; drift takes what it makes as recorded.',
  }),
} as const satisfies Record<string, ErrorEntry<never>>;
