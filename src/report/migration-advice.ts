/** What to do about the states of migrations: the same words wherever a person reads of them. */
import { makePrintable } from '../diff/printable.ts';
import type { ProjectCommands } from './project-commands.ts';

/** States that a list of tags says nothing more about; the other ones come with a problem that has its own advice. */
export type AdvisedState = 'unknown' | 'edited' | 'out-of-order';

/** More names than this are not repeated. */
const mostNames = 3;

export interface AdviceContext {
  readonly commands: ProjectCommands;
  /** Tags of what drizzle-orm 0.x passes over in silence, so that drizzle-kit does too. */
  readonly skipped: ReadonlySet<string>;
}

/** What a person does about migrations of this state: a clause, without a capital and a full stop. */
export function adviseState(state: AdvisedState, tags: readonly string[], context: AdviceContext): string {
  const [it, them] = tags.length === 1 ? ['it', 'it'] : ['they', 'them'];
  const names = tags.length > mostNames ? them : tags.map(makePrintable).join(', ');
  switch (state) {
    case 'unknown':
      return `the database is ahead of this checkout: deploy the code that has ${them}, or check out the branch that ${it} came from`;
    case 'edited':
      return `restore ${names} as ${it} ${tags.length === 1 ? 'was' : 'were'} applied from version control, and make the change in a new migration`;
    case 'out-of-order':
      return `if ${names} ${tags.length === 1 ? 'does' : 'do'} not depend on what was applied before ${them}, ${adviseLate(tags, context)}; otherwise generate ${them} again`;
  }
}

/** What a person does where the database has had migrations, and there is not one to hold against them. */
export const adviceOnEmptyFolder =
  'the folder has no migration at all: correct `out` in drizzle.config, or check out the code that has them';

/** What is said of edited migrations where the database is what they make now. */
export function remarkOnEdit(tags: readonly string[]): string {
  const [it, makes] = tags.length === 1 ? ['it', 'makes'] : ['they', 'make'];
  return `The database is what ${it} ${makes} now: the edit changed comments, white space or rows alone.`;
}

/** How migrations are run though later ones are applied. */
export function adviseLate(tags: readonly string[], { commands, skipped }: AdviceContext): string {
  const { by, text } = commands.migrate;
  if (by === 'drift') return `run ${text} --allow out-of-order`;
  if (!tags.some((tag) => skipped.has(tag))) return `run ${text}`;
  const whose = tags.length === 1 ? 'its' : 'their';
  return `raise ${whose} "when" in meta/_journal.json above all others and run ${text}`;
}

/** A clause as a sentence. */
export function toSentence(clause: string): string {
  return `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}.`;
}

/** A sentence as a clause; a first word that is a name or code keeps its letters. */
export function toClause(sentence: string): string {
  const plain = sentence.replace(/\.$/, '');
  return /^[A-Z][a-z]*[ ,]/.test(plain) ? `${plain.slice(0, 1).toLowerCase()}${plain.slice(1)}` : plain;
}
