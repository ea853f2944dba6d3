/** An explained change as the report has it. */
import type { Address } from '../catalog/address.ts';
import type { Hazard } from '../plan/hazards.ts';
import type { ExplainedChange } from './causes.ts';
import type { FieldChange } from './changes.ts';
import { createDrift } from './describe.ts';
import type { Drift, SourceLocation } from './drift.ts';
import { printAddress } from './naming.ts';
import { makePrintable } from './printable.ts';

export interface ExplainContext {
  /** Where the models say what is expected. */
  readonly source?: SourceLocation | undefined;
  readonly hazards?: readonly Hazard[];
  /** With cause `unapplied`: what the migration renames it to, or makes it of. */
  readonly renamed?: Address | undefined;
  /** True where no database was asked. */
  readonly offline: boolean;
}

/** A drift with its sentence. What the migrations alone lack, since the database has it already, carries no hazards. */
export function createExplainedDrift(explained: ExplainedChange, context: ExplainContext): Drift {
  const { change, cause, migration, expectedBy, witness, observed } = explained;
  const isDone = observed === 'migrations' && !context.offline;
  const circumstances = {
    cause,
    migration,
    expectedBy,
    witness,
    observed,
    source: context.source,
    renamed: context.renamed,
  };
  const drift = createDrift(change, circumstances, isDone ? [] : context.hazards);
  const message = [drift.message, ...remarkOn(explained, isDone)].join(' ');
  const { lookalike } = explained;
  const alike = lookalike === undefined ? {} : { lookalike };
  return { ...drift, ...alike, message, ...(isDone ? { fields: drift.fields.map(showAsDone) } : {}) };
}

function remarkOn({ change, edited, lookalike }: ExplainedChange, isDone: boolean): readonly string[] {
  const remarks: string[] = [];
  if (isDone) {
    remarks.push(
      change.type === 'drop'
        ? 'The database does not have it any more: a database built from the migrations would.'
        : 'The database has it already: a database built from the migrations would not.',
    );
  }
  if (edited !== undefined) {
    remarks.push(
      `Migration ${makePrintable(edited)}, which says otherwise, was edited after it was applied.`,
    );
  }
  if (lookalike) {
    const name = printAddress(lookalike);
    remarks.push(
      change.type === 'drop' ? `It looks like ${name}, renamed.` : `${name} looks like it, renamed.`,
    );
  }
  return remarks;
}

/** The database has what is expected; what the migrations make is said beside it. */
function showAsDone(field: FieldChange): FieldChange & { readonly recorded: FieldChange['database'] } {
  return { ...field, database: field.expected, recorded: field.database };
}
