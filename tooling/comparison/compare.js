/** Runs every scenario with every tool, and says what is left. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dump, findLosses, observe } from './observe.js';
import { makeProject, withDatabase } from './tools.js';

/**
 * @typedef {object} Result
 * @property {'kept' | 'lost' | 'failed' | 'harmed' | 'unmade' | 'unnoticed' | 'refused'} outcome
 * @property {string[]} losses
 * @property {string} message  of a failure or a refusal
 * @property {string} sql  the migration; empty where there is none
 * @property {Result | null} answered  what comes of it once the tool is told what it asks for
 */

/** @returns {Promise<Result>} */
export async function runScenario(scenario, tool, folder) {
  const result = await attempt(scenario, tool, join(folder, 'first'), undefined);
  const canAnswer =
    result.outcome === 'refused' && scenario.answer !== undefined && hasAnswer(scenario, tool);
  const answered = canAnswer
    ? await attempt(scenario, tool, join(folder, 'answered'), scenario.answer)
    : null;
  return { ...result, answered };
}

/** drizzle-kit 0.31 can only be answered on a terminal. */
function hasAnswer({ answer }, { title }) {
  return title.startsWith('drift') || (answer.kit !== undefined && !title.includes(' 0.'));
}

async function attempt(scenario, tool, directory, answer) {
  mkdirSync(directory, { recursive: true });
  const project = await makeProject(scenario, tool, directory);
  const keeps = scenario.keeps ?? {};
  const [before, whole] = withDatabase(project.file, (db) => [observe(db, keeps), dump(db)]);
  const none = { losses: [], message: '', sql: '' };
  const written = await tool.write(project, answer);
  if (written.refused !== undefined) return { ...none, outcome: 'refused', message: written.refused };
  if (written.nothing) return { ...none, outcome: 'unnoticed', message: written.said ?? '' };
  const { sql } = written;
  try {
    await tool.apply(project);
  } catch (error) {
    const isUnharmed = withDatabase(project.file, dump) === whole;
    const { message } = error.cause instanceof Error ? error.cause : error;
    return { ...none, outcome: isUnharmed ? 'failed' : 'harmed', message, sql };
  }
  return withDatabase(project.file, (db) => {
    const losses = findLosses(scenario, before, observe(db, keeps));
    const isDone = Boolean(db.prepare(scenario.done).pluck().get());
    const outcome = losses.length > 0 ? 'lost' : isDone ? 'kept' : 'unmade';
    return { ...none, outcome, losses, sql };
  });
}
