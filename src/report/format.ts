/** The formats a report can be printed in. Only the one that is asked for is loaded. */
import type { Palette } from './palette.ts';
import type { Report } from './report.ts';

/** What a format may need to know besides the report. */
export interface RenderOptions {
  /** Columns of the screen. */
  readonly width: number;
  readonly color: Palette;
  /** Everything, also what is in order or only counted. */
  readonly verbose: boolean;
  /** The summary alone. */
  readonly quiet: boolean;
  /** Version of drift. */
  readonly version: string;
  /** Stands in for the place of what is nowhere in the models, relative to the project. */
  readonly configFile: string;
}

/** Prints a whole report, with a line break at its end; the empty string where there is nothing to say. */
export type Render = (report: Report, options: RenderOptions) => string;

export const formats: Readonly<Record<FormatName, () => Promise<Render>>> = {
  human: async () => (await import('./human.ts')).renderHuman,
  json: async () => (await import('./json.ts')).renderJson,
  markdown: async () => (await import('./markdown.ts')).renderMarkdown,
  github: async () => (await import('./github.ts')).renderGithub,
  sarif: async () => (await import('./sarif.ts')).renderSarif,
  junit: async () => (await import('./junit.ts')).renderJunit,
  html: async () => (await import('./html.ts')).renderHtml,
};

export const formatNames = ['human', 'json', 'markdown', 'github', 'sarif', 'junit', 'html'] as const;

export type FormatName = (typeof formatNames)[number];
