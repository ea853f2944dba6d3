/** The formats of `drift lint`; only the one that is asked for is loaded. */
import type { RenderOptions } from './format.ts';
import type { LintReport } from './lint-report.ts';

export type RenderLint = (report: LintReport, options: RenderOptions) => string;

export const lintFormats = {
  human: async () => (await import('./lint-human.ts')).renderLintHuman,
  json: async () => (await import('./lint-json.ts')).renderLintJson,
  markdown: async () => (await import('./lint-markdown.ts')).renderLintMarkdown,
  github: async () => (await import('./lint-github.ts')).renderLintGithub,
  sarif: async () => (await import('./lint-sarif.ts')).renderLintSarif,
  junit: async () => (await import('./lint-junit.ts')).renderLintJunit,
} as const satisfies Readonly<Record<string, () => Promise<RenderLint>>>;

export const lintFormatNames = Object.keys(lintFormats) as readonly (keyof typeof lintFormats)[];
