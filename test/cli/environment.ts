/** A process that is none: what a command writes is kept. */
import { run } from '../../src/cli/run.ts';
import type { Environment } from '../../src/cli/environment.ts';

export interface Kept {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Around {
  readonly cwd?: string;
  readonly variables?: Record<string, string | undefined>;
  readonly terminal?: boolean;
  readonly columns?: number;
}

/** Runs one command line in this process. */
export async function runLine(line: string | readonly string[], around: Around = {}): Promise<Kept> {
  const kept = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTerminal: around.terminal ?? false,
    columns: around.columns,
    write: (text: string) => {
      kept[name] += text;
      return Promise.resolve();
    },
  });
  let directory = around.cwd ?? import.meta.dirname;
  const environment: Environment = {
    words: typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line,
    variables: around.variables ?? {},
    stdout: output('stdout'),
    stderr: output('stderr'),
    version: '1.2.3',
    processId: 7,
    workingDirectory: () => directory,
    changeDirectory: (next) => {
      directory = next;
    },
    now: () => 0,
  };
  const code = await run(environment);
  return { code, ...kept };
}
