/** The page of the comparison, as Markdown. */

/** @typedef {import('./compare.js').Result} Result */

const kept = 'kept';

/**
 * One cell of the table.
 * @param {Result} result
 * @param {import('./scenarios.js').Answer} [answer]
 */
export function describeCell(result, answer) {
  switch (result.outcome) {
    case 'kept':
      return kept;
    case 'lost':
      return `**loses** ${result.losses.join(', ')}`;
    case 'failed':
      return 'fails, nothing is changed';
    case 'harmed':
      return '**fails, and half of it is done**';
    case 'unmade':
      return 'runs, and the change is not made';
    case 'unnoticed':
      return 'writes nothing';
    case 'refused':
      return !result.answered
        ? 'refuses, and says why'
        : `refuses, and says why; with ${answer?.said ?? 'an answer'}: ${describeCell(result.answered)}`;
    default:
      throw new Error(`${result.outcome} is no outcome`);
  }
}

/** Outcomes for the summary, in the order of its rows. A tool that asks is measured by what it does once it is answered. */
const verdicts = [
  [
    'the change is made and everything is kept (where a flag answers: with it)',
    ({ outcome }) => outcome === 'kept',
  ],
  ['refuses before anything is written, and says why', ({ outcome }) => outcome === 'refused'],
  ['writes a migration that fails and changes nothing', ({ outcome }) => outcome === 'failed'],
  [
    'writes nothing, or a migration that does not make the change',
    ({ outcome }) => ['unnoticed', 'unmade'].includes(outcome),
  ],
  ['loses something', ({ outcome }) => ['lost', 'harmed'].includes(outcome)],
];

/**
 * @param {{ title: string, short: string, runner: string }[]} tools
 * @param {{ title: string, scenarios: import('./scenarios.js').Scenario[] }[]} groups
 * @param {Map<string, Result[]>} results by name of the scenario, in the order of the tools
 * @param {{ sqlite: string }} versions
 */
export function writePage(tools, groups, results, versions) {
  const sections = groups.map(
    ({ title, scenarios }) => `## ${title}\n\n${writeTable(tools, scenarios, results)}`,
  );
  return `# What is kept when the models change (SQLite)

<!-- Made of real runs by \`npm run comparison\`. Edit tooling/comparison/. -->

SQLite can alter little of a table in place, so most changes mean a new table, a copy and a rename. This page shows what is left
of a database afterwards, for drizzle-kit and for drift. It is the output of a program: every scenario is a database with rows; the
models are changed; the tool writes its migration with nobody there to answer; the migration is run as it usually is; and
what is there is compared with what was there before: rows, values, rowids, sequences, indexes, triggers, views, and whether
constraints and triggers still do what they did.

- **Runners:** drizzle-kit's migrations run under drizzle-orm's own migrator, with a connection as better-sqlite3 opens it (foreign
  keys on). drift's run under \`drift migrate\`, and, written with \`--runner drizzle\`, under drizzle-orm's migrator too.
- **Hand-made** is what Drizzle's models have no word for and somebody wrote into a migration by hand.
- **refuses, and says why:** nothing is written. Where a flag answers, the outcome with that flag is shown as well.
  drizzle-kit 0.31 can be answered on a terminal only, which is not tried here.
- **fails, nothing is changed:** a migration is written, and running it ends with an error and a rollback.
- SQLite ${versions.sqlite}. \`npm run comparison -- --show WORDS\` prints what each tool writes in the scenarios with these words in their
  names.

${writeSummary(tools, results)}

${sections.join('\n\n')}

## What the tools said

${writeMessages(tools, results)}
`;
}

function writeRow(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function writeHead(first, titles) {
  return `${writeRow([first, ...titles])}\n${writeRow(['---', ...titles.map(() => '---')])}`;
}

function writeSummary(tools, results) {
  const rows = [...results.values()];
  const lines = verdicts.map(([words, holds]) =>
    writeRow([words, ...tools.map((_, at) => String(rows.filter((row) => holds(finalOf(row[at]))).length))]),
  );
  const titles = tools.map(({ title, runner }) => `${title}<br>${runner}`);
  return `${writeHead(`Of ${rows.length} scenarios`, titles)}\n${lines.join('\n')}`;
}

/** @returns {Result} */
function finalOf(result) {
  return result.answered ?? result;
}

function writeTable(tools, scenarios, results) {
  const lines = scenarios.map(({ name, answer }) =>
    writeRow([name, ...tools.map((tool, at) => describeCell(results.get(name)[at], saidTo(tool, answer)))]),
  );
  return `${writeHead(
    'Scenario',
    tools.map(({ short }) => short),
  )}\n${lines.join('\n')}`;
}

/** drizzle-kit 1.0 is answered by a hint, which its own words describe. */
function saidTo({ title }, answer) {
  if (answer === undefined) return undefined;
  return { said: title.startsWith('drift') ? `\`${answer.said}\`` : '`--hints`' };
}

function writeMessages(tools, results) {
  const entries = [...results].flatMap(([name, row]) => {
    const lines = groupMessages(tools, row).map(
      ([titles, message]) => `  - ${titles.join('; ')}: ${message}`,
    );
    return lines.length === 0 ? [] : [`- ${name}\n${lines.join('\n')}`];
  });
  return entries.join('\n');
}

/** Tools that said the same stand together. */
function groupMessages(tools, row) {
  const groups = new Map();
  for (const [at, { short }] of tools.entries()) {
    for (const message of [row[at].message, row[at].answered?.message]) {
      if (!message) continue;
      const text = `\`${message.replaceAll(/\s+/g, ' ').replaceAll('`', "'").trim()}\``;
      const titles = groups.get(text) ?? [];
      groups.set(text, [...titles, short.replaceAll('`', '')]);
    }
  }
  return [...groups].map(([message, titles]) => [titles, message]);
}
