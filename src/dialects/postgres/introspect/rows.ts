/** The rows of the catalogue document, with the catalogue's own letters and names. Decoding them is one step, elsewhere. */

/** `[grantee, privilege, grantable]`; grantee `PUBLIC` is everybody. */
export type AclItem = readonly [grantee: string, privilege: string, grantable: boolean];
type Acl = readonly AclItem[] | null;
type Options = readonly (readonly [name: string, value: string | null])[] | null;
export type CollationName = readonly [namespace: string, name: string];

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly comment: string | null;
}

interface OnRelation {
  /** oid of the relation. */
  readonly relation: string;
  readonly name: string;
  readonly comment: string | null;
}

export interface RelationRow extends Named {
  readonly oid: string;
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f';
  readonly persistence: string;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly options: Options;
  readonly toastOptions: Options;
  readonly partitionBy: string | null;
  readonly isPartition: boolean;
  readonly bound: string | null;
  readonly parents: readonly (readonly [namespace: string, name: string])[] | null;
  readonly replicaIdentity: string;
  readonly replicaIndex: string | null;
  readonly accessMethod: string | null;
  readonly tablespace: string | null;
  readonly ofType: string | null;
  readonly owner: string;
  readonly acl: Acl;
  readonly definition: string | null;
  readonly populated: boolean;
  readonly foreign: { readonly server: string; readonly options: Options } | null;
}

export interface SequenceValues {
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
}

export interface ColumnRow extends OnRelation {
  readonly position: number;
  readonly type: string;
  readonly notNull: boolean;
  readonly notNullOptions: string | null;
  readonly identity: '' | 'a' | 'd';
  readonly generated: '' | 's' | 'v';
  readonly default: string | null;
  readonly collation: CollationName | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: number | null;
  readonly options: Options;
  readonly acl: Acl;
  readonly foreignOptions: Options;
  readonly sequence:
    | (SequenceValues & {
        readonly namespace: string;
        readonly name: string;
        readonly type: string;
        readonly persistence: string;
        /** `a` where the column owns it (serial), `i` where it is part of the column (identity). */
        readonly deptype: 'a' | 'i';
        /** Whether the column's default uses it. */
        readonly isDefault: boolean;
      })
    | null;
}

export interface ConstraintRow extends OnRelation {
  readonly type: 'p' | 'u' | 'f' | 'c' | 'x';
  readonly columns: readonly string[] | null;
  readonly foreignColumns: readonly string[] | null;
  readonly foreignNamespace: string | null;
  readonly foreignTable: string | null;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly match: string;
  readonly onDeleteColumns: readonly string[] | null;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly validated: boolean;
  readonly noInherit: boolean;
  readonly enforced: boolean;
  readonly period: boolean;
  readonly expression: string | null;
  readonly definition: string | null;
  readonly options: Options;
  readonly tablespace: string | null;
  readonly clustered: boolean | null;
  readonly nullsNotDistinct: boolean;
  readonly include: readonly string[] | null;
}

export interface IndexPartRow {
  readonly column: string | null;
  readonly expression: string | null;
  /** Bit 0: descending; bit 1: nulls first. */
  readonly option: number;
  readonly ordered: boolean;
  /** Where it is not the default one of the type. */
  readonly opclass: string | null;
  readonly opclassOptions: Options;
  readonly collation: CollationName | null;
}

export interface IndexRow extends OnRelation {
  readonly isUnique: boolean;
  readonly valid: boolean;
  /** The constraint that it is behind. */
  readonly constraint: string | null;
  readonly method: string;
  readonly options: Options;
  readonly tablespace: string | null;
  readonly clustered: boolean;
  readonly nullsNotDistinct: boolean;
  readonly predicate: string | null;
  readonly kind: 'i' | 'I';
  readonly isPartition: boolean;
  readonly parts: readonly IndexPartRow[];
  readonly include: readonly string[] | null;
}

export interface NamespaceRow {
  readonly name: string;
  readonly owner: string;
  readonly acl: Acl;
  readonly comment: string | null;
  readonly hasRelations: boolean;
}

export interface SequenceRow extends Named, SequenceValues {
  readonly type: string;
  readonly persistence: string;
  readonly owned: readonly [namespace: string, table: string, column: string] | null;
  readonly owner: string;
  readonly acl: Acl;
}

export interface PolicyRow extends OnRelation {
  readonly command: '*' | 'r' | 'a' | 'w' | 'd';
  readonly permissive: boolean;
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly withCheck: string | null;
}

export interface TriggerRow extends OnRelation {
  readonly definition: string;
  readonly enabled: string;
}

/** A whole schema as the server tells it. */
export interface Catalogue {
  readonly database: readonly {
    readonly owner: string;
    readonly tablePrivileges: readonly string[];
    readonly schemaPrivileges: readonly string[];
  }[];
  readonly relations: readonly RelationRow[];
  readonly columns: readonly ColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly namespaces: readonly NamespaceRow[];
  readonly enums: readonly (Named & { readonly values: readonly string[] | null })[];
  readonly sequences: readonly SequenceRow[];
  readonly policies: readonly PolicyRow[];
  readonly triggers: readonly TriggerRow[];
  readonly rules: readonly TriggerRow[];
  readonly roles: readonly {
    readonly name: string;
    readonly createDb: boolean;
    readonly createRole: boolean;
    readonly inherit: boolean;
    readonly comment: string | null;
  }[];
  readonly routines: readonly (Named & {
    readonly arguments: string;
    readonly kind: 'f' | 'p' | 'a' | 'w';
    readonly definition: string | null;
    readonly aggregate: readonly (string | number | boolean | null)[] | null;
    readonly owner: string;
    readonly acl: Acl;
  })[];
  readonly extensions: readonly (Named & { readonly version: string })[];
  readonly domains: readonly (Named & {
    readonly base: string;
    readonly notNull: boolean;
    readonly default: string | null;
    readonly collation: CollationName | null;
    readonly checks: readonly (readonly [name: string, definition: string])[] | null;
  })[];
  readonly composites: readonly (Named & {
    readonly attributes:
      readonly (readonly [name: string, type: string, collation: CollationName | null])[] | null;
  })[];
  readonly ranges: readonly (Named & {
    readonly subtype: string;
    readonly opclass: string | null;
    readonly collation: string | null;
    readonly canonical: string | null;
    readonly subdiff: string | null;
    readonly multirange: string | null;
  })[];
  readonly statistics: readonly (Named & { readonly definition: string; readonly target: number | null })[];
  readonly servers: readonly {
    readonly name: string;
    readonly wrapper: string;
    readonly type: string | null;
    readonly version: string | null;
    readonly options: Options;
    readonly comment: string | null;
  }[];
  readonly collations: readonly (Named & { readonly definition: readonly (string | boolean | null)[] })[];
  readonly operators: readonly (Named & {
    readonly left: string | null;
    readonly right: string | null;
    readonly definition: readonly (string | boolean)[];
  })[];
  readonly casts: readonly {
    readonly source: string;
    readonly target: string;
    readonly definition: readonly (string | null)[];
    readonly comment: string | null;
  }[];
  readonly searchConfigurations: readonly (Named & {
    readonly parser: string;
    readonly mappings: readonly (readonly [token: string, dictionary: string])[] | null;
  })[];
  readonly eventTriggers: readonly {
    readonly name: string;
    readonly event: string;
    readonly function: string;
    readonly enabled: string;
    readonly tags: readonly string[] | null;
    readonly comment: string | null;
  }[];
  readonly publications: readonly {
    readonly name: string;
    readonly definition: readonly unknown[];
    readonly comment: string | null;
  }[];
  readonly defaultPrivileges: readonly {
    readonly role: string;
    readonly namespace: string;
    readonly objectType: string;
    readonly acl: Acl;
  }[];
}
