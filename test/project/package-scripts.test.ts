import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nameKitCommand } from '../../src/project/package-scripts.ts';
import { makeDirectory } from '../migrations/folders.ts';

function name(files: Readonly<Record<string, string>>, config = 'drizzle.config.ts', below = ''): string {
  const root = path.join(makeDirectory({ [path.join(below, config)]: '', ...files }), below);
  return nameKitCommand('migrate', { root, configFile: path.join(root, config) });
}

const scripts = (all: Readonly<Record<string, string>>, rest: object = {}): string =>
  JSON.stringify({ scripts: all, ...rest });

describe('the command that runs drizzle-kit', () => {
  it('is what the package manager runs tools with', () => {
    expect(name({})).toBe('npx drizzle-kit migrate');
    expect(name({ 'package.json': '{}', 'pnpm-lock.yaml': '' })).toBe('pnpm exec drizzle-kit migrate');
    expect(name({ 'package.json': '{}', 'yarn.lock': '' })).toBe('yarn drizzle-kit migrate');
    expect(name({ 'package.json': '{}', 'bun.lock': '' })).toBe('bunx drizzle-kit migrate');
    expect(name({ 'package.json': '{"packageManager":"pnpm@10.1.0"}', 'package-lock.json': '' })).toBe(
      'pnpm exec drizzle-kit migrate',
    );
    expect(name({ 'pnpm-lock.yaml': '' }, 'drizzle.config.ts', 'packages/db')).toBe(
      'pnpm exec drizzle-kit migrate',
    );
  });

  it('is the script that the project has for it', () => {
    const manifest = scripts({
      'db:generate': 'drizzle-kit generate',
      'db:check': 'drizzle-kit migrate-something',
      'db:migrate': 'dotenv -- drizzle-kit migrate && echo done',
    });
    expect(name({ 'package.json': manifest })).toBe('npm run db:migrate');
    expect(name({ 'package.json': manifest, 'yarn.lock': '' })).toBe('yarn run db:migrate');
    expect(name({ 'package.json': scripts({ m: 'drizzle-kit generate --custom' }) })).toBe(
      'npx drizzle-kit migrate',
    );
  });

  it('goes with the config that is used', () => {
    const manifest = scripts({
      one: 'drizzle-kit migrate',
      two: 'drizzle-kit migrate --config=./drizzle.pg.config.ts',
    });
    expect(name({ 'package.json': manifest })).toBe('npm run one');
    expect(name({ 'package.json': manifest }, 'drizzle.pg.config.ts')).toBe('npm run two');
    expect(name({ 'package.json': '{}' }, 'config/pg.ts')).toBe(
      'npx drizzle-kit migrate --config config/pg.ts',
    );
  });

  it('does without a package.json that cannot be read', () => {
    expect(name({ 'package.json': '{' })).toBe('npx drizzle-kit migrate');
  });
});
