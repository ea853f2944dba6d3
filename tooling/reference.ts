/** The pages of `docs/reference` and `docs/hazards`, made of the code itself. Keys are paths relative to `docs`. */
import { listPages, type Page } from '../src/cli/pages.ts';
import { commandDefinitions } from '../src/cli/program.ts';

/** @param help prints the help of a command; of drift itself for the empty string */
export function writeReference(help: (command: string) => string): Readonly<Record<string, string>> {
  const pages = listPages();
  const hazards = pages.filter(({ kind }) => kind === 'hazard');
  return {
    'reference/README.md': writeIndex(),
    'reference/commands.md': writeCommands(help),
    'reference/errors.md': writePages('Error codes', errorsIntroduction, pages, 'error'),
    'reference/causes.md': writePages('Causes', causesIntroduction, pages, 'cause'),
    'reference/migrations.md': writeMigrations(pages),
    'reference/changes.md': writePages('Kinds of changes', changesIntroduction, pages, 'change'),
    'hazards/README.md': writeHazardIndex(hazards),
    ...Object.fromEntries(hazards.map((page) => [`hazards/${page.code}.md`, writeHazard(page)])),
  };
}

const generated = '<!-- Made of the code by `npm run docs`. Edit the code. -->\n\n';

const errorsIntroduction =
  'An error ends a command with exit code 2, one sentence and a next step. `drift explain CODE` prints the same page.';
const causesIntroduction = 'Which of models, migrations and database moved: the `cause` of a drift.';
const changesIntroduction =
  'The `kind` of a drift names the change that would bring the database to what is expected.';

function writeIndex(): string {
  return `# Reference

${generated}- [Commands and options](commands.md)
- [Error codes](errors.md)
- [Causes](causes.md)
- [Migrations: problems, findings and states](migrations.md)
- [Kinds of changes, and the attributes that are compared](changes.md)
- [Hazards](../hazards/README.md)
- JSON Schemas of what \`--format json\` prints are in the package: \`drizzle-drift/report.schema.json\` of \`drift check\`; of
  the other commands \`drizzle-drift/status.schema.json\`, \`diff\`, \`lint\`, \`generate\`, \`migrate\`, \`stamp\`, \`wait\` and \`explain\` likewise

## Exit codes

| code | means |
|---|---|
| 0 | up to date, or done |
| 1 | not up to date: drift, or the state of the migrations is not clean; for \`lint\`, hazards |
| 2 | could not tell: bad flag or config, no connection, timeout, a comparison that nobody could decide |

What they mean for each command:

| command | 0 | 1 | 2 |
|---|---|---|---|
${commandDefinitions.map(({ name, exits }) => `| \`${name}\` | ${exits.done} | ${exits.notUpToDate ?? '–'} | ${exits.failed} |`).join('\n')}
`;
}

function writeCommands(help: (command: string) => string): string {
  const names = ['', ...commandDefinitions.map(({ name }) => name)];
  const sections = names.map(
    (name) => `## drift${name === '' ? '' : ` ${name}`}\n\n\`\`\`text\n${help(name).trim()}\n\`\`\`\n`,
  );
  return `# Commands and options\n\n${generated}${sections.join('\n')}`;
}

/** Three kinds of words about migrations on one page. */
function writeMigrations(pages: readonly Page[]): string {
  const parts = [
    ['Problems', 'What is wrong with the folder, or between it and a database.', 'problem'],
    ['Findings', 'What rows or the machine have against a migration, before it runs.', 'finding'],
    ['States', 'How a migration or a database stands, and the status of a report.', 'state'],
  ] as const;
  const sections = parts.map(([title, introduction, kind]) => {
    const own = pages.filter((page) => page.kind === kind);
    const entries = own.map((page) => `### ${page.code}\n\n${bodyOf(page)}`);
    return `## ${title}\n\n${introduction}\n\n${entries.join('\n')}`;
  });
  return `# Words about migrations\n\n${generated}${sections.join('\n')}`;
}

function writePages(title: string, introduction: string, pages: readonly Page[], kind: Page['kind']): string {
  const sections = pages
    .filter((page) => page.kind === kind)
    .map((page) => `## ${page.code}\n\n${bodyOf(page)}`);
  return `# ${title}\n\n${generated}${introduction}\n\n${sections.join('\n')}`;
}

function bodyOf({ title, paragraphs }: Page): string {
  return `${[`**${title}.**`, ...paragraphs].join('\n\n')}\n`;
}

function writeHazardIndex(hazards: readonly Page[]): string {
  const rows = hazards.map(({ code, title }) => `- [${code}](${code}.md): ${title}`);
  return `# Hazards\n\n${generated}What the change that repairs a drift can do to data and service.\n\n${rows.join('\n')}\n`;
}

function writeHazard(page: Page): string {
  return `# ${page.code}\n\n${generated}${bodyOf(page)}`;
}
