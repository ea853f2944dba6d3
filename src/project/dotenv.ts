import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

/**
 * Reads `.env` of the working directory (or the file in DOTENV_CONFIG_PATH) into `env`, as drizzle-kit does at its
 * start: what is set already stays, and a missing file is no error. No other `.env.*` is read.
 */
export function loadDotenv(cwd: string, env: Record<string, string | undefined>): void {
  const text = readText(path.resolve(cwd, env['DOTENV_CONFIG_PATH'] ?? '.env'));
  if (text === undefined) return;
  for (const [key, value] of Object.entries(parseEnv(text))) env[key] ??= value;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
