/** A check from a program of your own: a service that reports on its schema when it starts, and does not crash. */
import { DriftError, runCheck } from 'drizzle-drift';
import { withSampleShop } from './sample.js';

await withSampleShop(async ({ folder, database }) => {
  database.exec('DROP INDEX products_price');
  try {
    const report = await runCheck({ cwd: folder, env: process.env });
    console.log(`schema: ${report.status}`);
    for (const { message } of report.drifts) console.log(`- ${message}`);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    // It could not tell: a code for scripts, a sentence and a next step for people.
    console.log(`${error.code}: ${error.message} ${error.next}`);
  }
});
