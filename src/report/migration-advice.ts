/** What to do about the states of migrations: the same words wherever a person reads of them. */
import { makePrintable } from '../diff/printable.ts';

/** States that a list of tags says nothing more about; the other ones come with a problem that has its own advice. */
export type AdvisedState = 'unknown' | 'edited' | 'out-of-order';

/** More names than this are not repeated. */
const mostNames = 3;

/** What a person does about migrations of this state: a clause, without a capital and a full stop. */
export function adviseState(state: AdvisedState, tags: readonly string[]): string {
  const [it, them] = tags.length === 1 ? ['it', 'it'] : ['they', 'them'];
  const names = tags.length > mostNames ? them : tags.map(makePrintable).join(', ');
  switch (state) {
    case 'unknown':
      return `the database is ahead of this checkout: deploy the code that has ${them}, or check out the branch that ${it} came from`;
    case 'edited':
      return `restore ${names} as ${it} ${tags.length === 1 ? 'was' : 'were'} applied from version control, and make the change in a new migration`;
    case 'out-of-order':
      return `if ${names} ${tags.length === 1 ? 'does' : 'do'} not depend on what was applied before ${them}, run drift migrate --allow out-of-order; otherwise generate ${them} again`;
  }
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
