/** What is typed in a project to generate and to run migrations: drift where it can, drizzle-kit where it cannot yet. */
import { listAbilities } from '../dialects/registry.ts';
import { nameKitCommand } from '../project/package-scripts.ts';
import { driftCommands, type ProjectCommand, type ProjectCommands } from '../report/project-commands.ts';
import type { Project } from './project.ts';

/** Every one works for the project's dialect. */
export function nameCommands({ config, dialect }: Pick<Project, 'config' | 'dialect'>): ProjectCommands {
  const abilities = listAbilities(dialect);
  const choose = (command: 'generate' | 'migrate'): ProjectCommand =>
    abilities[command]
      ? driftCommands[command]
      : { by: 'drizzle-kit', text: nameKitCommand(command, config) };
  return { generate: choose('generate'), migrate: choose('migrate') };
}
