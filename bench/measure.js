/**
 * Times whole processes in turn (A B C A B C …), so that a machine that slows down slows all of them. Figures are
 * medians; ratios are medians of the ratios round by round.
 */
import { spawnSync } from 'node:child_process';

/**
 * @typedef {{ name: string, command: string[], cwd?: string, env?: Record<string, string>, exits?: number[], timeout?: number, once?: boolean, before?: () => void }} Contender
 *   `exits`: exit codes that count as done (default 0). `timeout`: milliseconds. `once`: too slow to be repeated.
 *   `before`: is run before each run and not timed.
 * @typedef {{ name: string, seconds: number | null, ratio: number | null, peakMegabytes: number | null, note: string }} Result
 */

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);

/**
 * Runs every contender `rounds` times after one warm-up and compares each with the first.
 * @param {Contender[]} contenders
 * @returns {Result[]}
 */
export function measure(contenders) {
  const runs = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      const done = runs.get(contender.name);
      if (done.some(({ failure }) => failure) || (contender.once && round > -1)) continue;
      const run = runOnce(contender);
      if (round >= 0 || contender.once || run.failure) done.push(run);
    }
  }
  const floor = runs.get(contenders[0].name);
  return contenders.map(({ name }) => summarise(name, runs.get(name), floor));
}

function runOnce({ command, cwd, env, exits = [0], timeout = 120_000, before: prepare }) {
  const [file, ...args] = command;
  prepare?.();
  const before = process.hrtime.bigint();
  const { status, signal, stderr, stdout } = spawnSync(file, args, {
    cwd,
    env: { ...process.env, ...env },
    timeout,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = Number(process.hrtime.bigint() - before) / 1e9;
  const failure = signal
    ? `stopped after ${Math.round(timeout / 1000)} s`
    : exits.includes(status ?? -1)
      ? ''
      : `exit ${status}: ${(stderr || stdout).trim().split('\n').slice(-1)}`;
  // bench/peak.js, preloaded, leaves the peak as the last line of stderr.
  const peak = /peak-kilobytes=(\d+)\s*$/.exec(stderr)?.[1];
  return { seconds, failure, peak: peak ? Number(peak) / 1024 : null };
}

function summarise(name, runs, floor) {
  const failure = runs.find((run) => run.failure)?.failure ?? '';
  if (failure) return { name, seconds: null, ratio: null, peakMegabytes: null, note: failure };
  const ratios = runs.map((run, round) => run.seconds / (floor[round] ?? floor[0]).seconds);
  const peaks = runs.map(({ peak }) => peak).filter((peak) => peak !== null);
  return {
    name,
    seconds: median(runs.map(({ seconds }) => seconds)),
    ratio: median(ratios),
    peakMegabytes: peaks.length ? median(peaks) : null,
    note: runs.length === 1 ? 'one run' : '',
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Prints a table of results.
 * @param {string} title
 * @param {Result[]} results
 */
export function printResults(title, results) {
  console.log(`\n${title}`);
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, seconds, ratio, peakMegabytes, note } of results) {
    const cells = [
      seconds === null ? '     –   ' : `${seconds.toFixed(3).padStart(7)} s`,
      ratio === null ? '       –  ' : `${ratio.toFixed(2).padStart(7)} × `,
      peakMegabytes === null ? '' : `${peakMegabytes.toFixed(0).padStart(5)} MB`,
      note,
    ];
    console.log(`  ${name.padEnd(width)}  ${cells.join('  ')}`.trimEnd());
  }
}
