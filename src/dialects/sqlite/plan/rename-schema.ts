/** What a schema is after renames, by asking SQLite: its own RENAME knows every place where a name stands. */
import { addressKey } from '../../../catalog/address.ts';
import { createSchema, type Schema } from '../../../catalog/schema.ts';
import { writeRename, type Rename } from '../../../diff/renames.ts';
import { DriftError } from '../../../errors.ts';
import type { RenamedSchema } from '../../planner.ts';
import { renderAction } from './render-action.ts';
import { planRenames } from './rename-steps.ts';
import { createScratchNames } from './scratch-names.ts';
import { dropBroken, introspect, openWorkbench } from './workbench.ts';

/** @throws DriftError RENAME_FAILED, SCHEMA_NOT_BUILDABLE */
export function renameSchema(from: Schema, renames: readonly Rename[]): RenamedSchema {
  const connection = openWorkbench(from);
  try {
    const broken = dropBroken(connection);
    if (renames.length === 0) return { schema: from, broken };
    const steps = planRenames({ from, renames }, createScratchNames([from]));
    for (const statement of steps.flatMap((step) => renderAction(step.action))) {
      try {
        connection.exec(statement);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new DriftError(
          'RENAME_FAILED',
          { renames: renames.map(writeRename), reason },
          { cause: error },
        );
      }
    }
    const keys = new Set(broken.map(addressKey));
    const untouched = from.objects.filter((object) => keys.has(addressKey(object.address)));
    return { schema: createSchema('sqlite', [...introspect(connection).objects, ...untouched]), broken };
  } finally {
    connection.close();
  }
}
