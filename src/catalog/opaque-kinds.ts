/** postgres: kinds compared by their printed definition alone. */
export const opaqueKinds = [
  'function',
  'extension',
  'domain',
  'rule',
  'statistics',
  'foreignTable',
  'foreignServer',
  'compositeType',
  'rangeType',
  'collation',
  'aggregate',
  'operator',
  'cast',
  'textSearchConfiguration',
  'eventTrigger',
  'publication',
  'subscription',
  'foreignDataWrapper',
  'textSearchDictionary',
  'defaultPrivileges',
  'baseType',
  'operatorClass',
  'operatorFamily',
  'conversion',
  'transform',
  'language',
  'accessMethod',
  'userMapping',
  'textSearchParser',
  'textSearchTemplate',
  'securityLabel',
] as const;

export type OpaqueKind = (typeof opaqueKinds)[number];

/** One value for each kind that is compared by its definition. */
export function forOpaqueKinds<V>(value: V): { readonly [K in OpaqueKind]: V } {
  return Object.fromEntries(opaqueKinds.map((kind) => [kind, value])) as { readonly [K in OpaqueKind]: V };
}
