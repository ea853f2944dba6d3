import type { ProjectRequest } from '../stages/project.ts';
import type { Invocation } from './command.ts';

/** What every command that works on a project asks for: where, with which config and database, and until when. */
export function requestOf({ settings, environment, deadline, progress }: Invocation) {
  return {
    cwd: settings.cwd,
    config: settings.config,
    url: settings.url,
    env: environment.variables,
    timeout: settings.timeout === undefined ? undefined : settings.timeout * 1000,
    onDeadline: deadline.limit,
    left: deadline.left,
    onStage: (stage: string) => {
      const ends = [deadline.begin(stage), progress.begin(stage)];
      return () => {
        for (const end of ends) end();
      };
    },
  } satisfies ProjectRequest;
}
