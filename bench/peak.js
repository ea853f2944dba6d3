/** Preloaded with `--import`: says at exit how much memory the process held at most, in kilobytes. */
process.on('exit', () => {
  process.stderr.write(`\npeak-kilobytes=${process.resourceUsage().maxRSS}\n`);
});
