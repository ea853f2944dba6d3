/** Files of the project are named as they are seen from it, in every error about the migrations folder. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalFolder } from '../migrations/folders.ts';
import { makeProject, type SampleProject } from '../migrations/project.ts';
import { runLine } from './environment.ts';

const models = "export const t = sqliteTable('t', { a: integer('a'), b: text('b') });";

function make(): SampleProject {
  return makeProject(models, journalFolder([['0000_init', 'CREATE TABLE t (a integer);']]));
}

const journalOf = ({ cwd }: SampleProject): string => path.join(cwd, 'drizzle/meta/_journal.json');

const faults: readonly (readonly [code: string, shown: string, damage: (project: SampleProject) => void])[] =
  [
    [
      'JOURNAL_INVALID',
      'drizzle/meta/_journal.json:1:',
      (project) => {
        writeFileSync(journalOf(project), '{ "entries": [ }');
      },
    ],
    [
      'JOURNAL_CONFLICT',
      'drizzle/meta/_journal.json:1:',
      (project) => {
        const text = readFileSync(journalOf(project), 'utf8');
        writeFileSync(journalOf(project), `<<<<<<< ours\n${text}\n=======\n${text}\n>>>>>>> theirs\n`);
      },
    ],
    [
      'MIGRATIONS_UNREADABLE',
      'drizzle cannot be read',
      (project) => {
        rmSync(path.join(project.cwd, 'drizzle'), { recursive: true });
        writeFileSync(path.join(project.cwd, 'drizzle'), '');
      },
    ],
    [
      'MIGRATIONS_UNREADABLE',
      'drizzle/0000_init.sql cannot be read',
      (project) => {
        rmSync(path.join(project.cwd, 'drizzle/0000_init.sql'));
        mkdirSync(path.join(project.cwd, 'drizzle/0000_init.sql'));
      },
    ],
  ];

describe.each(['check', 'status', 'generate', 'generate --dry-run', 'migrate', 'lint'])(
  'drift %s',
  (line) => {
    it.each(faults)('%s: %s', async (code, shown, damage) => {
      const project = make();
      damage(project);
      const { stderr, stdout } = await runLine(line, { cwd: project.cwd, variables: project.env });
      const text = stderr + stdout;
      if (!text.includes(code)) expect(text).toContain('drizzle');
      else expect(text).toContain(shown);
      expect(text).not.toContain(`${project.cwd}/drizzle`);
    });
  },
);

it.each(['migrate --to 0009_x', 'generate --down=0009_x', 'stamp 0009_x', 'lint --since 0009_x'])(
  'drift %s names the folder in which there is no such migration',
  async (line) => {
    const project = make();
    const { stderr } = await runLine(line, { cwd: project.cwd, variables: project.env });
    expect(stderr).toContain('error MIGRATION_NOT_FOUND: drizzle has no migration 0009_x.');
  },
);
