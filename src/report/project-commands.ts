/** The commands that bring a project up to date, as they are typed in it. */

export interface ProjectCommand {
  /** Whose it is: drift's own has flags that drizzle-kit's has not. */
  readonly by: 'drift' | 'drizzle-kit';
  /** `drift migrate`, `npx drizzle-kit migrate`, `pnpm run db:migrate`. */
  readonly text: string;
}

export interface ProjectCommands {
  /** Writes a migration for what the models changed. */
  readonly generate: ProjectCommand;
  /** Applies what is pending. */
  readonly migrate: ProjectCommand;
}

/** Where drift does all of it itself. */
export const driftCommands: ProjectCommands = {
  generate: { by: 'drift', text: 'drift generate' },
  migrate: { by: 'drift', text: 'drift migrate' },
};
