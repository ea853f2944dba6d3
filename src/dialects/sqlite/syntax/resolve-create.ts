import type {
  ColumnConstraint,
  CreateSchemaObject,
  CreateTable,
  CreateTrigger,
  CreateView,
  ForeignReference,
  IndexedTerm,
  TableConstraint,
} from './ast.ts';
import type { ColumnLookup, Mention, Outputs } from './mentions.ts';
import { foldName } from './names.ts';
import { NameResolver } from './resolve.ts';
import type { KnownColumn, Scope } from './scope.ts';

/** What a definition names, and for a view the columns it has. */
export interface ResolvedDefinition {
  readonly mentions: readonly Mention[];
  readonly outputs: Outputs;
}

/** Finds out what every name in a CREATE statement means. */
export function resolveCreate(object: CreateSchemaObject, lookup: ColumnLookup): ResolvedDefinition {
  const resolver = new NameResolver(lookup);
  const outputs = resolveObject(resolver, object);
  return { mentions: resolver.mentions, outputs };
}

function resolveObject(resolver: NameResolver, object: CreateSchemaObject): Outputs {
  switch (object.kind) {
    case 'table':
      resolveTable(resolver, object);
      return undefined;
    case 'table-as':
      resolver.mentionTable(object.name);
      return resolver.select(object.select);
    case 'index':
      resolver.mentionTable(object.table);
      resolveTerms(
        resolver,
        object.terms,
        tableScope(object.table.value, resolver.columnsOf(foldName(object.table.value))),
      );
      if (object.where !== undefined) {
        const columns = resolver.columnsOf(foldName(object.table.value));
        resolver.expression(object.where, tableScope(object.table.value, columns));
      }
      return undefined;
    case 'view':
      return resolveView(resolver, object);
    case 'trigger':
      resolveTrigger(resolver, object);
      return undefined;
    case 'virtual-table':
      resolver.mentionTable(object.name);
      // Only the module knows what its arguments mean; one may name a table, and another a column of it.
      resolver.opaque({ ...object.name, text: object.args.map((arg) => arg.text).join(', ') });
      return undefined;
  }
}

/** The scope of an expression that belongs to one table. */
export function tableScope(name: string, columns: Outputs): Scope {
  const table = foldName(name);
  const source = { label: table, table, ownName: true, columns, qualifiedOnly: false };
  return { sources: [source], merged: new Map(), aliases: new Set(), parent: undefined };
}

function resolveTable(resolver: NameResolver, table: CreateTable): void {
  const name = table.name.value;
  resolver.mentionTable(table.name);
  const columns = table.columns.map((definition): KnownColumn => {
    const column = foldName(definition.name.value);
    return { name: column, origins: [{ table: foldName(name), column }] };
  });
  const scope = tableScope(name, columns);
  for (const column of table.columns) {
    resolver.mentionColumn(column.name, name);
    for (const constraint of column.constraints) resolveConstraint(resolver, constraint, name, scope);
  }
  for (const constraint of table.constraints) resolveConstraint(resolver, constraint, name, scope);
}

function resolveConstraint(
  resolver: NameResolver,
  constraint: ColumnConstraint | TableConstraint,
  table: string,
  scope: Scope,
): void {
  if (constraint.kind === 'check' || constraint.kind === 'generated')
    resolver.expression(constraint.expression, scope);
  else if (constraint.kind === 'references') resolveReference(resolver, constraint.references);
  else if (constraint.kind === 'foreign-key') {
    for (const column of constraint.columns) resolver.mentionColumn(column, table);
    resolveReference(resolver, constraint.references);
  } else if ((constraint.kind === 'primary-key' || constraint.kind === 'unique') && 'columns' in constraint) {
    resolveTerms(resolver, constraint.columns, scope);
  }
}

function resolveReference(resolver: NameResolver, reference: ForeignReference): void {
  resolver.mentionTable(reference.table);
  for (const column of reference.columns) resolver.mentionColumn(column, reference.table.value);
}

function resolveTerms(resolver: NameResolver, terms: readonly IndexedTerm[], scope: Scope): void {
  const [source] = scope.sources;
  for (const term of terms) {
    const { column } = term;
    const known = source?.columns;
    const named =
      column !== undefined && (known?.some(({ name }) => name === foldName(column.value)) ?? true);
    if (named && source?.table !== undefined) resolver.mentionColumn(column, source.table);
    else resolver.expression(term.expression, scope);
  }
}

function resolveView(resolver: NameResolver, view: CreateView): Outputs {
  resolver.mentionTable(view.name);
  const outputs = resolver.select(view.select);
  if (view.columns.length === 0) return outputs;
  for (const column of view.columns) resolver.mentionColumn(column, view.name.value);
  return view.columns.map((column) => ({ name: foldName(column.value), origins: [] }));
}

function resolveTrigger(resolver: NameResolver, trigger: CreateTrigger): void {
  const { event } = trigger;
  const table = foldName(trigger.table.value);
  resolver.mentionTable(trigger.table);
  if (event.type === 'update') for (const column of event.columns) resolver.mentionColumn(column, table);
  const columns = resolver.columnsOf(table);
  const rows = event.type === 'insert' ? ['new'] : event.type === 'delete' ? ['old'] : ['new', 'old'];
  const sources = rows.map((label) => ({ label, table, ownName: false, columns, qualifiedOnly: true }));
  const scope: Scope = { sources, merged: new Map(), aliases: new Set(), parent: undefined };
  if (trigger.when !== undefined) resolver.expression(trigger.when, scope);
  for (const statement of trigger.statements) resolver.statement(statement, scope);
}
