import type { ObjectKind } from '../../catalog/objects.ts';
import { opaqueKinds } from '../../catalog/opaque-kinds.ts';
import type { BeyondModels } from '../../diff/expected.ts';

const keyFields = [
  'deferral',
  'include',
  'withoutOverlaps',
  'storage',
  'tablespace',
  'clustered',
  'indexComment',
  'ownTriggers',
  'comment',
] as const;

/** What drizzle-orm's pg-core has no word for. */
export const beyondModels: BeyondModels = {
  kinds: new Set<ObjectKind>(['trigger', 'exclusion', ...opaqueKinds]),
  isInnate: ({ kind, address }) => kind === 'schema' && address.name === 'public',
  fields: {
    table: [
      'unlogged',
      'forceRowSecurity',
      'storage',
      'partitionBy',
      'partitionOf',
      'inherits',
      'ofType',
      'replicaIdentity',
      'accessMethod',
      'tablespace',
      'owner',
      'grants',
      'comment',
    ],
    column: [
      'collation',
      'notNullOptions',
      'notNullComment',
      'sequenceComment',
      'sequenceGrants',
      'storageMode',
      'compression',
      'statisticsTarget',
      'options',
      'grants',
      'comment',
    ],
    primaryKey: keyFields,
    unique: keyFields,
    foreignKey: [
      'onDeleteColumns',
      'match',
      'deferral',
      'validated',
      'enforced',
      'period',
      'ownTriggers',
      'comment',
    ],
    check: ['validated', 'noInherit', 'enforced', 'comment'],
    index: ['include', 'nullsNotDistinct', 'tablespace', 'clustered', 'columnStatistics', 'valid', 'comment'],
    enum: ['owner', 'grants', 'comment'],
    sequence: ['type', 'unlogged', 'ownedBy', 'owner', 'grants', 'comment'],
    view: ['columnDefaults', 'columnComments', 'columnGrants', 'owner', 'grants', 'comment'],
    materializedView: ['columnSettings', 'columnComments', 'columnGrants', 'owner', 'grants', 'comment'],
    policy: ['comment'],
    role: ['comment'],
    schema: ['owner', 'grants', 'comment'],
  },
};
