/** A command on a pseudo terminal, which `script` (util-linux) makes. */
import { spawn, spawnSync } from 'node:child_process';
import { driftScript } from '../support/cli.ts';

/** Whether this system can make one. */
export const hasTerminal =
  process.platform === 'linux' && spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

export interface Typed {
  /** What must be on the screen before. */
  readonly after: string;
  readonly keys: string;
}

/** Runs drift and types each answer once what it is for has appeared. */
export function typeInto(
  words: readonly string[],
  cwd: string,
  answers: readonly Typed[],
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const line = [process.execPath, driftScript, ...words].map((word) => `'${word}'`).join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm' },
    });
    let screen = '';
    let seen = 0;
    const left = [...answers];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      const at = left[0] === undefined ? -1 : screen.indexOf(left[0].after, seen);
      if (at === -1) return;
      seen = screen.length;
      child.stdin.write(left.shift()?.keys ?? '');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, screen });
    });
  });
}
