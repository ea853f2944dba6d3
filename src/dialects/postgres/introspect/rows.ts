/** The rows of the catalogue document, with the catalogue's own letters and names. Decoding them is one step, elsewhere. */

/** `[grantee, privilege, grantable]`; grantee `PUBLIC` is everybody. */
export type AclItem = readonly [grantee: string, privilege: string, grantable: boolean];
type Acl = readonly AclItem[] | null;
export type Options = readonly (readonly [name: string, value: string | null])[] | null;
export type CollationName = readonly [namespace: string, name: string];

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly comment: string | null;
}

interface NamedType extends Named {
  readonly owner: string;
  readonly acl: Acl;
}

interface OnRelation {
  /** oid of the relation. */
  readonly relation: number;
  readonly name: string;
}

export interface RelationRow {
  readonly oid: number;
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f';
  readonly owner: string;
  /** What few relations have; null where there is nothing of it. So in the rows below. */
  readonly unusual: {
    readonly persistence?: string;
    readonly rowSecurity?: true;
    readonly forceRowSecurity?: true;
    readonly options?: Options;
    readonly toastOptions?: Options;
    readonly partitionBy?: string;
    readonly isPartition?: true;
    readonly bound?: string;
    readonly parents?: readonly (readonly [namespace: string, name: string])[];
    readonly replicaIdentity?: string;
    readonly replicaIndex?: string;
    readonly ofType?: string;
    readonly accessMethod?: string;
    readonly tablespace?: string;
    readonly acl?: readonly AclItem[];
    readonly comment?: string;
    readonly definition?: string;
    readonly unpopulated?: true;
    readonly foreign?: { readonly server: string; readonly options?: Options };
  } | null;
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
  readonly default: string | null;
  readonly unusual: {
    /** Of the NOT NULL constraint: `CONSTRAINT name`, `NO INHERIT`, `NOT VALID`. */
    readonly notNullOptions?: string;
    readonly notNullComment?: string;
    /** Of a column of a foreign table. */
    readonly foreignOptions?: Options;
    readonly sequenceComment?: string;
    readonly sequenceAcl?: readonly AclItem[];
    readonly identity?: 'a' | 'd';
    readonly generated?: 's' | 'v';
    readonly collation?: CollationName;
    readonly storage?: string;
    readonly compression?: string;
    readonly statistics?: number;
    readonly options?: Options;
    readonly acl?: readonly AclItem[];
    readonly comment?: string;
    readonly sequence?: SequenceValues & {
      readonly name: string;
      /** `a` where the column owns it (serial), `i` where it is part of the column (identity). */
      readonly deptype: 'a' | 'i';
      /** Whether the column's default uses it. */
      readonly isDefault: boolean;
    };
  } | null;
}

/** A column of a view of which something is said. */
export interface ViewColumnRow extends OnRelation {
  readonly type: string;
  readonly unusual: Pick<
    NonNullable<ColumnRow['unusual']>,
    'storage' | 'compression' | 'statistics' | 'options' | 'acl' | 'comment'
  > & { readonly default?: string };
}

export interface ConstraintRow extends OnRelation {
  readonly type: 'p' | 'u' | 'f' | 'c' | 'x';
  /** Numbers of the columns. */
  readonly columns: readonly number[] | null;
  /** The condition of a check, the definition of an exclusion constraint. */
  readonly expression: string | null;
  /** Of a foreign key: oid of the table, numbers of its columns, what happens on delete and on update. */
  readonly reference:
    readonly [relation: number, columns: readonly number[], onDelete: string, onUpdate: string] | null;
  readonly unusual: {
    /** The table that a foreign key references, where it is not among the relations: in words. */
    readonly foreign?: readonly [namespace: string, table: string, columns: readonly string[]];
    readonly match?: string;
    readonly onDeleteColumns?: readonly number[];
    readonly deferrable?: true;
    readonly deferred?: true;
    readonly invalid?: true;
    readonly noInherit?: true;
    readonly notEnforced?: true;
    readonly period?: true;
    readonly nullsNotDistinct?: true;
    readonly include?: readonly string[];
    readonly options?: Options;
    readonly tablespace?: string;
    readonly clustered?: true;
    readonly indexComment?: string;
    /** Triggers that do not fire as usual. */
    readonly ownTriggers?: readonly (readonly [state: string, namespace: string, table: string])[];
    readonly comment?: string;
  } | null;
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
  readonly method: string;
  /** Numbers of the columns, in the order of the index; 0 for an expression. */
  readonly columns: readonly number[];
  /** Whether the method has an order. */
  readonly ordered: boolean;
  /** Null where the index holds columns of a table as they are: then their numbers say it all. */
  readonly parts: readonly IndexPartRow[] | null;
  readonly unusual: {
    /** {@link IndexPartRow.option} of each place; without it they are all 0. */
    readonly directions?: readonly number[];
    readonly invalid?: true;
    readonly options?: Options;
    readonly tablespace?: string;
    readonly clustered?: true;
    readonly nullsNotDistinct?: true;
    readonly predicate?: string;
    readonly isPartitioned?: true;
    readonly include?: readonly string[];
    /** Targets by place. */
    readonly statistics?: Readonly<Record<string, number>>;
    readonly comment?: string;
  } | null;
}

/** What an object has of which nothing but owner, privileges and a definition is told. */
export interface RareRow extends Named {
  readonly kind: RareKind;
  readonly definition: string;
  readonly owner: string | null;
  readonly acl: Acl;
}

export type RareKind =
  | 'baseType'
  | 'operatorClass'
  | 'operatorFamily'
  | 'conversion'
  | 'transform'
  | 'language'
  | 'accessMethod'
  | 'userMapping'
  | 'textSearchParser'
  | 'textSearchTemplate'
  | 'securityLabel';

/** Comments on parts that are no objects of their own. */
type Remarks = readonly (readonly [name: string, comment: string])[] | null;

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
  readonly comment: string | null;
}

export interface TriggerRow extends OnRelation {
  readonly definition: string;
  readonly enabled: string;
  readonly comment: string | null;
  /** Whether it is the parent's, and only enabled otherwise. */
  readonly inherited?: boolean;
}

/** A whole schema as the server tells it. */
export interface Catalogue {
  readonly database: readonly {
    readonly owner: string;
    /** The role that the cluster was made by. */
    readonly superuser: string;
    readonly tablePrivileges: readonly string[];
    readonly schemaPrivileges: readonly string[];
  }[];
  readonly relations: readonly RelationRow[];
  readonly columns: readonly ColumnRow[];
  readonly viewColumns: readonly ViewColumnRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly namespaces: readonly NamespaceRow[];
  readonly enums: readonly (NamedType & { readonly values: readonly string[] | null })[];
  readonly sequences: readonly SequenceRow[];
  readonly serialPrivileges: readonly {
    readonly namespace: string;
    readonly owner: string;
    readonly acl: Acl;
    /** Of how many sequences. */
    readonly count: number;
  }[];
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
  readonly domains: readonly (NamedType & {
    readonly base: string;
    readonly notNull: boolean;
    readonly default: string | null;
    readonly collation: CollationName | null;
    readonly checks: readonly (readonly [name: string, definition: string])[] | null;
    readonly remarks: Remarks;
  })[];
  readonly composites: readonly (NamedType & {
    readonly attributes:
      readonly (readonly [name: string, type: string, collation: CollationName | null])[] | null;
    readonly remarks: Remarks;
  })[];
  readonly ranges: readonly (NamedType & {
    readonly subtype: string;
    readonly opclass: string | null;
    readonly collation: string | null;
    readonly canonical: string | null;
    readonly subdiff: string | null;
    readonly multirange: string | null;
  })[];
  readonly statistics: readonly (Named & {
    readonly definition: string;
    readonly target: number | null;
    readonly owner: string;
  })[];
  readonly servers: readonly {
    readonly name: string;
    readonly wrapper: string;
    readonly type: string | null;
    readonly version: string | null;
    readonly options: Options;
    readonly comment: string | null;
    readonly owner: string;
    readonly acl: Acl;
  }[];
  readonly collations: readonly (Named & {
    readonly definition: readonly (string | boolean | null)[];
    readonly owner: string;
  })[];
  readonly operators: readonly (Named & {
    readonly left: string | null;
    readonly right: string | null;
    readonly definition: readonly (string | boolean)[];
    readonly owner: string;
  })[];
  readonly casts: readonly {
    readonly source: string;
    readonly target: string;
    readonly definition: readonly (string | null)[];
    readonly comment: string | null;
  }[];
  readonly searchConfigurations: readonly (Named & {
    readonly parser: string;
    readonly owner: string;
    readonly mappings: readonly (readonly [token: string, dictionary: string])[] | null;
  })[];
  readonly eventTriggers: readonly {
    readonly name: string;
    readonly event: string;
    readonly function: string;
    readonly enabled: string;
    readonly tags: readonly string[] | null;
    readonly comment: string | null;
    readonly owner: string;
  }[];
  readonly publications: readonly {
    readonly name: string;
    readonly definition: readonly unknown[];
    readonly comment: string | null;
    readonly owner: string;
  }[];
  readonly subscriptions: readonly {
    readonly name: string;
    readonly publications: readonly string[];
    readonly enabled: boolean;
    readonly sync: string | null;
    readonly binary: boolean;
    readonly comment: string | null;
    readonly owner: string;
  }[];
  readonly wrappers: readonly {
    readonly name: string;
    readonly handler: string | null;
    readonly validator: string | null;
    readonly options: Options;
    readonly comment: string | null;
    readonly owner: string;
    readonly acl: Acl;
  }[];
  readonly searchDictionaries: readonly (Named & {
    readonly template: string;
    readonly templateNamespace: string;
    readonly options: string | null;
    readonly owner: string;
  })[];
  readonly rare: readonly RareRow[];
  readonly defaultPrivileges: readonly {
    readonly role: string;
    readonly namespace: string;
    readonly objectType: string;
    readonly acl: Acl;
  }[];
}
