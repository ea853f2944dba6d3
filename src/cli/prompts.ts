/** Questions to the person at the terminal about a migration that is being written. */
import { makePrintable } from '../diff/printable.ts';
import { DriftError } from '../errors.ts';
import { writeAddress, type Refusal } from '../plan/refusals.ts';
import type { GenerateAnswers } from '../stages/generate.ts';
import type { Prompt } from './environment.ts';

type DataLoss = Extract<Refusal, { readonly code: 'data-loss' }>;
type HandWritten = Extract<Refusal, { readonly code: 'hand-written' }>;
type ValueQuestion = Exclude<Refusal, DataLoss | HandWritten>;

/** Asks about everything that is open, and gives all answers so far. */
export type Asker = (refusals: readonly Refusal[]) => Promise<GenerateAnswers>;

/**
 * Makes an asker that remembers what it was told. That one thing may be deleted says nothing of another: deleting is
 * allowed only once every single deletion that is left was agreed to.
 * @throws DriftError PROMPT_CANCELLED from the asker, where the person does not want to go on
 */
export function createAsker(prompt: Prompt, given: GenerateAnswers): Asker {
  const renames = [...given.renames];
  const backfills = new Map(given.backfills.map((text) => [text.split('=')[0] ?? text, text]));
  const agreed = new Set<string>();
  let allowHandMade = given.allowHandMade;
  return async (refusals) => {
    const taken = new Set(renames.map(targetOf));
    let isRenamed = false;
    for (const refusal of refusals) {
      if (refusal.code === 'hand-written') {
        await askDrop(prompt, refusal);
        allowHandMade = true;
        continue;
      }
      if (refusal.code !== 'data-loss') {
        const subject = writeAddress(refusal.address);
        backfills.set(subject, `${subject}=${await askValue(prompt, refusal)}`);
        continue;
      }
      const subject = `${refusal.kind} ${writeAddress(refusal.address)}`;
      if (agreed.has(subject)) continue;
      const free = refusal.renames.filter((rename) => !taken.has(targetOf(rename)));
      const rename = await askLoss(prompt, refusal, free);
      if (rename === null) agreed.add(subject);
      else {
        renames.push(rename);
        taken.add(targetOf(rename));
        isRenamed = true;
      }
    }
    // After a rename other things may turn out to be gone, which nobody has been asked about yet.
    const allowDataLoss = given.allowDataLoss || (agreed.size > 0 && !isRenamed);
    return {
      renames,
      backfills: [...backfills.values()],
      allowDataLoss,
      ...(allowHandMade === undefined ? {} : { allowHandMade }),
    };
  };
}

/** `column:users.name=full_name` gives `column:users.full_name`: no two things can become one. */
function targetOf(rename: string): string {
  const [subject = '', ...rest] = rename.split('=');
  const place = subject.includes('.') ? subject.slice(0, subject.lastIndexOf('.') + 1) : 'table:';
  return `${place}${rest.join('=')}`;
}

/** Everything that was written by hand is in one list of questions: agreeing to all of them is agreeing to each. */
async function askDrop(prompt: Prompt, { kind, address }: HandWritten): Promise<void> {
  const where = makePrintable(address.name);
  const question = `A migration written by hand made the ${kind} ${where}, and the models do not have it.`;
  const choice = await choose(prompt, question, ['drop it', 'stop; write nothing']);
  if (choice === 1) throw new DriftError('PROMPT_CANCELLED', {});
}

async function askLoss(
  prompt: Prompt,
  refusal: DataLoss,
  renames: readonly string[],
): Promise<string | null> {
  const { kind, address } = refusal;
  const word = kind === 'column' ? 'column' : 'table';
  const contents = kind === 'column' ? 'values' : 'rows';
  const where = makePrintable(writeAddress(address));
  const question =
    renames.length === 0
      ? `The ${word} ${where} is not in the models any more.`
      : `The ${word} ${where} is not in the models any more. What became of it?`;
  const choice = await choose(prompt, question, [
    ...renames.map((rename) => `it is called ${makePrintable(newNameOf(rename))} now; keep its ${contents}`),
    `delete it with its ${contents}`,
    'stop; write nothing',
  ]);
  if (choice === renames.length + 1) throw new DriftError('PROMPT_CANCELLED', {});
  return renames[choice] ?? null;
}

function newNameOf(rename: string): string {
  return rename.slice(rename.indexOf('=') + 1);
}

/** The place of the chosen text, from 0. */
async function choose(prompt: Prompt, question: string, choices: readonly string[]): Promise<number> {
  const list = choices.map((text, at) => `  ${String(at + 1)}) ${text}\n`).join('');
  let words = `${question}\n${list}1–${String(choices.length)}: `;
  for (;;) {
    const answer = (await prompt.ask(words)).trim();
    const number = /^\d+$/.test(answer) ? Number(answer) : 0;
    if (number >= 1 && number <= choices.length) return number - 1;
    words = `A number from 1 to ${String(choices.length)}, please: `;
  }
}

async function askValue(prompt: Prompt, refusal: ValueQuestion): Promise<string> {
  const where = makePrintable(writeAddress(refusal.address));
  const question =
    refusal.code === 'backfill-required'
      ? `${where} is new, NOT NULL and has no default. What shall the rows hold that are there?`
      : `${makePrintable(refusal.problem)}\nWhat shall ${where} hold instead?`;
  const hint =
    "An SQL expression over the columns of the row, such as 0, '' or lower(name); nothing to stop: ";
  const answer = (await prompt.ask(`${question}\n${hint}`)).trim();
  if (answer === '') throw new DriftError('PROMPT_CANCELLED', {});
  return answer;
}
