/** The words of the command line: commands, arguments, options. */
import { Command, CommanderError, Help, Option } from './commander.ts';
import { DriftError } from '../errors.ts';
import { formatNames } from '../report/format.ts';
import { nearest } from '../spelling.ts';
import type { CommandDefinition } from './command.ts';
import { checkCommand } from './commands/check.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { generateCommand } from './commands/generate.ts';
import { lintCommand } from './commands/lint.ts';
import { migrateCommand } from './commands/migrate.ts';
import { stampCommand } from './commands/stamp.ts';
import { statusCommand } from './commands/status.ts';
import { waitCommand } from './commands/wait.ts';
import type { Environment } from './environment.ts';
import { screenWidth } from './publish.ts';
import { parseFormat, parseSeconds, parseText, type FormatRequest, type GlobalOptions } from './settings.ts';

/** In the order of the help. A command is registered when it works, not before. */
export const commandDefinitions: readonly CommandDefinition[] = [
  checkCommand,
  statusCommand,
  diffCommand,
  generateCommand,
  migrateCommand,
  lintCommand,
  stampCommand,
  waitCommand,
  explainCommand,
];

/** What the words of a command line ask for. */
export type Request =
  | { readonly asks: 'text'; readonly text: string }
  | {
      readonly asks: 'command';
      readonly definition: CommandDefinition;
      readonly words: readonly (string | undefined)[];
      readonly options: Readonly<Record<string, unknown>>;
    };

/** The command line as it was understood, also as far as it was before an error. */
export interface ParsedLine {
  readonly globals: GlobalOptions;
  readonly definition: CommandDefinition | undefined;
  readonly request: Request | DriftError;
}

/** Reads a command line. Errors come back as data, so that what was understood before them still counts. */
export async function parseLine(environment: Environment): Promise<ParsedLine> {
  let request: Request | undefined;
  let shown = '';
  const program = createProgram(environment, (text) => {
    shown += text;
  });
  for (const definition of commandDefinitions) {
    const command = program.command(definition.name).summary(definition.summary);
    command.description(`${definition.summary.slice(0, 1).toUpperCase()}${definition.summary.slice(1)}.`);
    command.configureHelp({ showGlobalOptions: true, optionDescription: describeFor(definition) });
    definition.declare(command);
    command.addHelpText('after', `\nExit codes: ${describeExits(definition)}.\n${definition.remark}`);
    command.action((...all: readonly unknown[]) => {
      const words = all.slice(0, -2) as readonly (string | undefined)[];
      request = { asks: 'command', definition, words, options: command.opts() };
    });
  }
  const failure = await parseWith(program, environment.words);
  const globals = program.opts<GlobalOptions>();
  return {
    globals: failure ? { ...globals, format: globals.format ?? rescueFormats(environment.words) } : globals,
    definition: commandDefinitions.find(({ name }) => environment.words.includes(name)),
    request: failure ?? request ?? { asks: 'text', text: shown },
  };
}

function describeExits({ exits: { done, notUpToDate, failed } }: CommandDefinition): string {
  return [`0 ${done}`, ...(notUpToDate === undefined ? [] : [`1 ${notUpToDate}`]), `2 ${failed}`].join(', ');
}

/** What an option of every command means for this one. */
function describeFor({ formats, reports, timeout }: CommandDefinition): (option: Option) => string {
  const own: Readonly<Record<string, string>> = {
    '--format': `${formats.join(', ')}${reports ? '; several times, each with a file of its own' : ''}`,
    '--timeout': `for the whole command (default: ${String(timeout)})`,
  };
  const help = new Help();
  return (option) => own[option.long ?? ''] ?? help.optionDescription(option);
}

/** The formats asked for on a line that is wrong in an earlier word. */
function rescueFormats(words: readonly string[]): readonly FormatRequest[] {
  const values = words.flatMap((word, at) =>
    word === '--format' ? (words[at + 1] ?? []) : word.startsWith('--format=') ? word.slice(9) : [],
  );
  try {
    return values.reduce<readonly FormatRequest[]>((before, value) => parseFormat(value, before), []);
  } catch {
    return [];
  }
}

async function parseWith(program: Command, words: readonly string[]): Promise<DriftError | null> {
  try {
    await program.parseAsync([...words], { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof DriftError) return error;
    if (error instanceof CommanderError) return translateError(error, program);
    throw error;
  }
}

function createProgram(environment: Environment, show: (text: string) => void): Command {
  const width = screenWidth(environment.stdout.columns);
  return new Command('drift')
    .description('What in the database is not as the Drizzle models say, why, and what to do.')
    .version(environment.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [COMMAND]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: show,
      // Errors are printed by whoever reads the parsed line.
      writeErr: () => undefined,
      getOutHelpWidth: () => width,
      getOutHasColors: () => false,
    })
    .exitOverride()
    .addOption(textOption('--config <FILE>', '--config', 'drizzle.config to use'))
    .addOption(textOption('--cwd <DIR>', '--cwd', 'work as if started in DIR'))
    .addOption(textOption('--url <URL>', '--url', 'database, in place of dbCredentials'))
    .addOption(
      new Option(
        '--format <NAME[=FILE]>',
        `${formatNames.join(', ')}, as far as the command has it`,
      ).argParser((value, before: GlobalOptions['format']) => parseFormat(value, before)),
    )
    .addOption(textOption('--output <FILE>', '--output', 'write the report here, not to standard output'))
    .addOption(
      new Option(
        '--timeout <SECONDS>',
        'for the whole command (default: see the help of the command)',
      ).argParser(parseSeconds('--timeout')),
    )
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured)')
    .option('--quiet', 'the summary alone, no progress and no warnings')
    .option('--verbose', 'everything, with times, and the stack of an error');
}

function textOption(flags: string, name: string, description: string): Option {
  return new Option(flags, description).argParser(parseText(name));
}

/** commander's errors in drift's words. Its message is the only place where it names what it stumbled on. */
function translateError(error: CommanderError, program: Command): DriftError | null {
  const command = program.commands.find((one) => one.name() === program.args[0]) ?? program;
  const name = command === program ? '' : command.name();
  const subject = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const commands = commandDefinitions.map((definition) => definition.name);
  switch (error.code) {
    case 'commander.helpDisplayed':
    case 'commander.version':
      return null;
    case 'commander.help':
      // `drift help` ends like `drift` alone, and asked for what it got.
      return program.args[0] === 'help' ? null : new DriftError('CLI_COMMAND_MISSING', { valid: commands });
    case 'commander.unknownCommand':
      return new DriftError('CLI_UNKNOWN_COMMAND', {
        command: subject,
        valid: commands,
        nearest: nearest(subject, commands),
      });
    case 'commander.unknownOption': {
      const options = [...command.options, ...program.options].map((option) => option.long ?? option.flags);
      const option = subject.split('=')[0] ?? subject;
      return new DriftError('CLI_UNKNOWN_OPTION', {
        option,
        command: name,
        nearest: nearest(option, [...options, '--help']),
      });
    }
    case 'commander.excessArguments':
      return describeExcess(command, name);
    case 'commander.missingArgument':
      return new DriftError('CLI_ARGUMENT_MISSING', { argument: subject, command: name });
    case 'commander.optionMissingArgument':
      return new DriftError('CLI_VALUE_MISSING', { option: subject });
    default:
      return new DriftError('INTERNAL', { problem: error.message }, { cause: error });
  }
}

function describeExcess(command: Command, name: string): DriftError {
  const argument = command.args[command.registeredArguments.length] ?? '';
  const options = command.options.concat(command.parent?.options ?? []).map((option) => option.long ?? '');
  const meant = options.find((option) => option === `--${argument}`);
  return new DriftError('CLI_EXTRA_ARGUMENT', { argument, command: name, nearest: meant });
}
