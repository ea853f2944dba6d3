/** What `drift generate` prints. */
import type { Palette } from '../../report/palette.ts';
import type { Change } from '../../diff/changes.ts';
import { showField } from '../../diff/describe.ts';
import { describeObject, nameObject, printAddress } from '../../diff/naming.ts';
import { makePrintable } from '../../diff/printable.ts';
import type { Rename } from '../../diff/renames.ts';
import { displayPath } from '../../project/paths.ts';
import type { RenderOptions } from '../../report/format.ts';
import type { Failure } from '../../report/report.ts';
import { wrapText } from '../../report/width.ts';
import type { Generated, GenerateResult } from '../../stages/generate.ts';
import { describeFinding } from '../../stages/migrate-select.ts';
import { describeProof } from '../../stages/verify.ts';
import type { Settings } from '../settings.ts';

/** Grows only when a reader of the old format would misread the new one. */
const formatVersion = 1;

interface Context {
  readonly settings: Pick<Settings, 'cwd' | 'quiet'>;
  readonly style: RenderOptions;
  /** `--down TAG` */
  readonly isWayBack: boolean;
}

/** The document for machines, its keys in a fixed order. */
export function renderGenerateJson(result: GenerateResult, { settings }: Context): string {
  if (result.status === 'nothing-to-do') return print({ formatVersion, status: result.status });
  const isWritten = result.status === 'written';
  const { sql, down, downProblems, hazards, runner, preflight, notes, renames, changes, proofs } = result;
  return print({
    formatVersion,
    status: result.status,
    tag: isWritten ? result.tag : null,
    files: isWritten ? result.files.map((file) => displayPath(settings.cwd, file)) : [],
    renames: renames.map(({ kind, from, to }) => ({ kind, from, to })),
    changes: changes.map((change) => ({
      kind: `${change.kind}.${change.type}`,
      address: change.address,
      fields: 'fields' in change ? change.fields : [],
    })),
    hazards,
    proofs: proofs.map(({ on, tables, rows, empty }) => ({ on, tables, rows, empty })),
    runner,
    preflight: preflight && {
      target: preflight.target,
      rehearsed: preflight.rehearsed,
      findings: preflight.findings,
      note: preflight.note,
    },
    notes,
    downProblems,
    sql,
    down,
  });
}

/** What a machine reads where nothing was written. */
export function renderFailedGenerate({ code, message, next }: Failure): string {
  return print({ formatVersion, status: 'failed', tag: null, files: [], error: { code, message, next } });
}

function print(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** For people: what changes, at what risk, what was proven, where it is and what to do next. */
export function renderGenerateHuman(result: GenerateResult, context: Context): string {
  const { settings, style } = context;
  const { width, color } = style;
  if (result.status === 'nothing-to-do') {
    return `${color.green('Nothing to do: the migrations make what the models say.')}\n`;
  }
  const wrap = (lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) => wrapText(makePrintable(line), width));
  const sections = settings.quiet
    ? [wrap([describeTitle(result, context)])]
    : [
        wrap([describeTitle(result, context)]).map((line) => color.bold(line)),
        listChanges(result, width, color),
        listHazards(result, width, color),
        wrap([...describeTrust(result, context.isWayBack), ...describeNotes(result)]),
        result.status === 'dry-run' ? [result.sql.trimEnd()] : [],
        result.status === 'dry-run' && result.down !== null && !context.isWayBack
          ? ['-- The way back:', result.down.trimEnd()]
          : [],
        wrap(describeNext(result, context)),
      ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

type Made = Exclude<GenerateResult, { readonly status: 'nothing-to-do' }>;

function describeTitle(result: Made, { settings, isWayBack }: Context): string {
  if (result.status === 'dry-run') return 'Nothing was written; this is what would be.';
  const [file = ''] = result.files;
  const where = displayPath(settings.cwd, file);
  return isWayBack ? `${where} takes ${result.tag} back.` : `${where} is written.`;
}

const marks = { create: '+', drop: '-', alter: '~', rename: '>' } as const;

function listChanges({ changes, renames }: Generated, width: number, color: Palette): readonly string[] {
  const paints = { create: color.green, drop: color.red, alter: color.yellow, rename: color.yellow } as const;
  const row = (type: Change['type'], text: string): readonly string[] =>
    wrapText(text, width - 4).map((line, at) => `  ${at === 0 ? paints[type](marks[type]) : ' '} ${line}`);
  return [
    ...renames.flatMap((rename) => row('rename', describeRename(rename))),
    ...changes.flatMap((change) => row(change.type, describeChange(change))),
  ];
}

function describeRename({ kind, from, to }: Rename): string {
  return `${kind} ${printAddress(from)} is called ${makePrintable(to)}`;
}

function describeChange(change: Change): string {
  const name = nameObject(change);
  if (change.type === 'drop') return name;
  if (change.type === 'create') {
    const definition = describeObject(change.expected);
    return definition === null ? name : `${name}  ${definition}`;
  }
  const fields = change.fields.map((field) => {
    const { database, expected } = showField(change.kind, field);
    return `${database} → ${expected}`;
  });
  return `${name}  ${fields.join('; ')}`;
}

function listHazards({ hazards }: Generated, width: number, color: Palette): readonly string[] {
  const paints = { info: color.dim, warning: color.yellow, danger: color.red } as const;
  const seen = new Set<string>();
  return hazards.flatMap(({ code, severity, message, instead }) => {
    const text = makePrintable(`${code}: ${message}${instead === undefined ? '' : ` ${instead}`}`);
    if (seen.has(text)) return [];
    seen.add(text);
    return wrapText(text, width - 4).map((line, at) => `  ${at === 0 ? paints[severity]('!') : ' '} ${line}`);
  });
}

/** Why the migration can be trusted, and by whom it can be run. */
function describeTrust({ proofs, preflight, runner }: Generated, isWayBack: boolean): readonly string[] {
  return [
    ...proofs.map((proof) => describeProof(proof, isWayBack ? 'migrations before it' : 'models')),
    ...(preflight === null ? [] : describeRows(preflight)),
    ...(runner === null ? [] : [`Written for the runner ${runner.runner}: ${runner.reason}`]),
  ];
}

function describeRows({
  target,
  findings,
  rehearsed,
  note,
}: NonNullable<Generated['preflight']>): readonly string[] {
  if (note !== null) return [`Note: ${note}`];
  const how = rehearsed === 'with rows' ? ', and it was tried on a copy of them' : '';
  const what =
    findings.length === 0
      ? `The rows of ${target ?? ''} have nothing against it${how}.`
      : `The rows of ${target ?? ''} were looked at${how}.`;
  return [what, ...findings.map((finding) => `${finding.severity}: ${describeFinding(finding)}`)];
}

function describeNotes({ notes, downProblems }: Generated): readonly string[] {
  return [...notes.map((note) => `Note: ${note}`), ...downProblems];
}

function describeNext(result: Made, context: Context): readonly string[] {
  if (result.status === 'dry-run') return ['Next: run it without --dry-run'];
  if (context.isWayBack) return [`Next: read it; drift migrate --down ${result.tag} runs it`];
  const more = result.files.length - 1;
  const files = more === 0 ? [] : [`With it: ${listOthers(result.files, context)}`];
  if (result.runner === null) return [...files, 'Next: write your statements into it, then drift migrate'];
  const next =
    result.runner.runner === 'd1'
      ? 'Next: read it, then run it with wrangler d1 migrations apply'
      : 'Next: read it, then drift migrate';
  return [...files, next];
}

function listOthers(files: readonly string[], { settings }: Context): string {
  return files
    .slice(1)
    .map((file) => displayPath(settings.cwd, file))
    .join(', ');
}
