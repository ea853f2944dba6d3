import { DriftError } from '../../errors.ts';
import type { RenderOptions } from '../../report/format.ts';
import { wrapText } from '../../report/width.ts';
import { nearest } from '../../spelling.ts';
import type { CommandDefinition } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { findPage, listPages, type Page } from '../pages.ts';
import { publishText, styleOf } from '../publish.ts';
import { chooseTextFormat } from '../text-format.ts';

const formats = ['human', 'json'] as const;

export const explainCommand: CommandDefinition = {
  name: 'explain',
  summary: 'print the page for any code that drift has printed',
  timeout: 60,
  formats,
  exits: { done: 'done', failed: 'there is no such page' },
  remark: 'Without a code, every code is listed.',
  reports: false,
  declare: (command) => {
    command.argument(
      '[CODE]',
      'such as DIALECT_UNSUPPORTED, data-loss, partly-applied, out-of-band or column.alter',
    );
  },
  async run(invocation) {
    const [code] = invocation.words;
    const format = chooseTextFormat(invocation.settings, formats);
    const pages = code === undefined ? listPages() : [requirePage(code)];
    const style = await styleOf(invocation);
    const text =
      format === 'json'
        ? `${JSON.stringify(code === undefined ? pages : pages[0], null, 2)}\n`
        : code === undefined
          ? printIndex(pages, style)
          : pages.map((page) => printPage(page, style)).join('');
    await publishText(text, invocation);
    return exitCodes.done;
  },
};

function requirePage(code: string): Page {
  const page = findPage(code);
  if (page) return page;
  const codes = listPages().map((known) => known.code);
  throw new DriftError('EXPLAIN_UNKNOWN', { code, nearest: nearest(code, codes) });
}

function printPage({ code, kind, title, paragraphs }: Page, { width, color }: RenderOptions): string {
  const blocks = [
    `${color.bold(code)}  ${color.dim(kind)}`,
    wrapText(title, width).join('\n'),
    ...paragraphs.map((paragraph) => wrapText(paragraph, width).join('\n')),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function printIndex(pages: readonly Page[], { width, color }: RenderOptions): string {
  const kinds = [...new Set(pages.map((page) => page.kind))];
  const sections = kinds.map((kind) => {
    const own = pages.filter((page) => page.kind === kind);
    const lines = own.flatMap(({ code, title }) => [
      `  ${code}`,
      ...wrapText(title, width - 6).map((line) => `      ${color.dim(line)}`),
    ]);
    return [color.bold(`${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}s`), ...lines].join('\n');
  });
  return `${sections.join('\n\n')}\n`;
}
