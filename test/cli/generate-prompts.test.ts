/** What is asked, and what follows from the answers. */
import { describe, expect, it } from 'vitest';
import { createAsker } from '../../src/cli/prompts.ts';
import type { Refusal } from '../../src/plan/refusals.ts';
import type { GenerateAnswers } from '../../src/stages/generate.ts';

const nothing: GenerateAnswers = { renames: [], backfills: [], allowDataLoss: false };

function lost(table: string, name: string, ...renames: readonly string[]): Refusal {
  const address = { namespace: 'main', table, name };
  return { code: 'data-loss', kind: 'column', address, renames, flag: '--allow data-loss' };
}

function lostTable(name: string, ...renames: readonly string[]): Refusal {
  const address = { namespace: 'main', name };
  return { code: 'data-loss', kind: 'table', address, renames, flag: '--allow data-loss' };
}

function empty(table: string, name: string): Refusal {
  const address = { namespace: 'main', table, name };
  return { code: 'backfill-required', address, flag: `--backfill "${table}.${name}=SQL"` };
}

/** An asker whose questions are kept, and answered one after the other. */
function ask(answers: readonly string[], given = nothing) {
  const questions: string[] = [];
  const left = [...answers];
  const prompt = {
    ask: (words: string) => {
      questions.push(words);
      const answer = left.shift();
      return answer === undefined
        ? Promise.reject(new Error(`unexpected: ${words}`))
        : Promise.resolve(answer);
    },
  };
  return { questions, asker: createAsker(prompt, given) };
}

describe('a column that is gone', () => {
  it('is renamed, deleted, or the end of it', async () => {
    const gone = [lost('users', 'a', 'column:users.a=x', 'column:users.a=y')];
    expect(await ask(['2']).asker(gone)).toEqual({ ...nothing, renames: ['column:users.a=y'] });
    expect(await ask(['3']).asker(gone)).toEqual({ ...nothing, allowDataLoss: true });
    await expect(ask(['4']).asker(gone)).rejects.toMatchObject({ code: 'PROMPT_CANCELLED' });
  });

  it('is asked about until a number is given', async () => {
    const { asker, questions } = ask(['', '0', '9', 'yes', '1']);
    expect(await asker([lost('users', 'a')])).toEqual({ ...nothing, allowDataLoss: true });
    expect(questions).toHaveLength(5);
  });

  it('cannot become what another one has become', async () => {
    const { asker, questions } = ask(['1', '1']);
    const answers = await asker([
      lost('users', 'a', 'column:users.a=x'),
      lost('users', 'b', 'column:users.b=x'),
    ]);
    expect(answers.renames).toEqual(['column:users.a=x']);
    expect(questions[1]).not.toContain('x now');
  });
});

it('what may be deleted says nothing of what a rename brings up', async () => {
  const { asker, questions } = ask(['1', '1', '1']);
  const note = lost('orders', 'note');
  const first = await asker([lostTable('users', 'table:users=people'), note]);
  expect(first).toEqual({ ...nothing, renames: ['table:users=people'] });
  const second = await asker([note, lost('people', 'name')]);
  expect(second).toEqual({ ...first, allowDataLoss: true });
  // The one that was agreed to is not asked about again.
  expect(questions).toHaveLength(3);
});

it('values are kept beside those that were given, and replace those that did not do', async () => {
  const given = { ...nothing, backfills: ['users.a=1', 'users.b=name'] };
  const { asker } = ask(["'none'"], given);
  const answers = await asker([
    { code: 'rows', address: { namespace: 'main', table: 'users', name: 'b' }, problem: '1 row …', flag: '' },
  ]);
  expect(answers.backfills).toEqual(['users.a=1', "users.b='none'"]);
  await expect(ask(['']).asker([empty('users', 'c')])).rejects.toMatchObject({ code: 'PROMPT_CANCELLED' });
});
