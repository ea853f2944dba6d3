/**
 * Side-by-side benchmarks: `npm run bench [-- NAME …]`. Ratios of one run on one machine; the seconds themselves mean
 * little. BENCH_ROUNDS sets how often each contender runs (default 7), BENCH_SIZES the numbers of tables, and BENCH_KIT=0
 * leaves drizzle-kit out, which takes minutes at 1,000 tables. BENCH_ROWS sets the numbers of rows that are rebuilt.
 */
const sizes = (process.env.BENCH_SIZES ?? '10,100,1000').split(',').map(Number);
const rows = (process.env.BENCH_ROWS ?? '100000,1000000').split(',').map(Number);
const benches = {
  sqlite: async () => (await import('./sqlite.js')).benchSqliteCheck(sizes),
  rebuild: async () => (await import('./rebuild.js')).benchRebuild(rows),
  postgres: async () => (await import('./postgres.js')).benchPostgresCheck(sizes),
};

const names = process.argv.slice(2);
for (const name of names.length ? names : Object.keys(benches)) {
  if (!(name in benches))
    throw new Error(`no bench named ${name}; there are: ${Object.keys(benches).join(', ')}`);
  await benches[name]();
}
