import { createInterface } from 'node:readline';
import { DriftError } from '../errors.ts';
import type { Prompt } from './environment.ts';

/**
 * Asks on a terminal, a line at a time. The terminal is let go after each answer, so that between two questions Ctrl-C
 * ends the process as it always does.
 * @throws DriftError PROMPT_CANCELLED from `ask` on Ctrl-C and at the end of the input
 */
export function createTerminalPrompt(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Prompt {
  return {
    ask: (words) =>
      new Promise((resolve, reject) => {
        const cut = words.lastIndexOf('\n') + 1;
        output.write(words.slice(0, cut));
        const lines = createInterface({ input, output, terminal: true, historySize: 0 });
        let isAnswered = false;
        lines.on('SIGINT', () => {
          output.write('\n');
          lines.close();
        });
        lines.on('close', () => {
          if (!isAnswered) reject(new DriftError('PROMPT_CANCELLED', {}));
        });
        lines.question(words.slice(cut), (answer) => {
          isAnswered = true;
          lines.close();
          resolve(answer);
        });
      }),
  };
}
