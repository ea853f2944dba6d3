/** Another process that keeps a SQLite file locked: the system names no process that asks about itself. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { onTestFinished } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');

const script = `const Database = require('better-sqlite3');
const [file, mode] = process.argv.slice(1);
new Database(file).exec('BEGIN ' + mode);
process.stdout.write('held');
process.stdin.on('end', () => process.exit()).resume();`;

/** Takes the lock and keeps it until the end of the test; resolves with the holder's process id. */
export async function holdLock(file: string, mode: 'EXCLUSIVE' | 'IMMEDIATE'): Promise<number> {
  const holder = spawn(process.execPath, ['-e', script, file, mode], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await new Promise((resolve, reject) => {
    holder.stdout.once('data', resolve);
    holder.once('exit', reject);
  });
  return holder.pid ?? 0;
}
