/** Who will run the migrations of a project, told from what the project has. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunnerForm } from '../plan/plan.ts';
import type { Project } from './project.ts';

export interface ChosenRunner {
  readonly runner: RunnerForm;
  /** Why, one sentence. */
  readonly reason: string;
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Drivers whose migrator keeps one transaction with foreign keys as they are, like better-sqlite3's. */
const synchronousDrivers = ['better-sqlite3', 'expo-sqlite', '@op-engineering/op-sqlite', 'sql.js'];

/** `--runner`, or what fits the project best. */
export function chooseRunner(project: Project, wanted: RunnerForm | undefined): ChosenRunner {
  if (wanted !== undefined) return { runner: wanted, reason: `--runner ${wanted} was given.` };
  const { credentials } = project.config;
  if ('target' in credentials && credentials.target.driver.startsWith('d1')) {
    return { runner: 'd1', reason: 'The config says that the database is Cloudflare D1.' };
  }
  const manifest = readManifest(project.config.root);
  const scripts = Object.values(manifest.scripts ?? {});
  if (scripts.some((script) => /\b(?:drizzle-)?drift\s+migrate\b/.test(script))) {
    return { runner: 'drift', reason: 'A script of package.json runs drift migrate.' };
  }
  if (scripts.some((script) => /\bwrangler\s+d1\s+migrations\b/.test(script))) {
    return { runner: 'd1', reason: 'A script of package.json runs wrangler d1 migrations.' };
  }
  const packages = { ...manifest.dependencies, ...manifest.devDependencies };
  const driver = synchronousDrivers.find((name) => name in packages);
  if (driver !== undefined) {
    const reason = `package.json has ${driver}, whose migrator runs with foreign keys on; drift migrate runs it too.`;
    return { runner: 'drizzle', reason };
  }
  return {
    runner: 'drift',
    reason: 'Nothing in the project says who runs the migrations, so drift migrate is taken.',
  };
}

function readManifest(root: string): Manifest {
  try {
    return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
