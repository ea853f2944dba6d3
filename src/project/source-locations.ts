/** From an object of the models to its line in the user's TypeScript. Files are parsed when first asked about. */
import type { SourceLocation } from '../diff/drift.ts';
import type { ModelModule, Origin } from '../dialects/dialect.ts';
import type { ImportGraph } from './bundle.ts';
import { displayPath } from './paths.ts';
import {
  findChainCall,
  findColumn,
  findDeclaration,
  findMember,
  type Declaration,
  type Spot,
} from './table-syntax.ts';
import { ValueTracer } from './values.ts';

/** An exported object: two tables with one name in the database are two of these. */
export interface ExportReference {
  /** The model file that exports it, absolute. */
  readonly file: string;
  readonly exportName: string;
}

/**
 * Finds places in the models. Nothing is guessed: where the source of a part cannot be told for certain, the place
 * of what it belongs to is returned, and undefined where not even that is known.
 */
export interface SourceMap {
  /** The call that makes an exported table, view, enum, sequence, schema, role or policy. */
  locateExport(reference: ExportReference): SourceLocation | undefined;
  /**
   * The property that defines a column, by its key in the columns object (not its database name). With `calls`, the
   * first of these method calls in the column's chain, where there is one.
   */
  locateColumn(
    reference: ExportReference,
    key: string,
    calls?: readonly string[],
  ): SourceLocation | undefined;
  /** A member of a table's third argument: index, constraint or policy, by its place (from 0) and its name. */
  locateMember(reference: ExportReference, ordinal: number, name?: string): SourceLocation | undefined;
  /** Any of these. With a field of a column (`nullable`, `default`, `type`) the call that says it. */
  locateOrigin(origin: Origin, field?: string): SourceLocation | undefined;
}

const identityCalls = ['generatedAlwaysAsIdentity', 'generatedByDefaultAsIdentity'];

/** The calls in a column's chain that decide a field, by the name that reports give it. */
const callsOfField: ReadonlyMap<string, readonly string[]> = new Map([
  ['default', ['default', 'defaultNow', 'defaultRandom']],
  ['generated', ['generatedAlwaysAs']],
  ['generatedStorage', ['generatedAlwaysAs']],
  ['identity', identityCalls],
  ['nullable', ['notNull', 'primaryKey']],
  ['type', ['array']],
]);

/** @param root what the files of locations are relative to, absolute */
export function createSourceMap(
  root: string,
  models: { readonly imports: ImportGraph; readonly modules: readonly ModelModule[] },
): SourceMap {
  return new SourceLocator(root, new ValueTracer(models.imports), models.modules);
}

class SourceLocator implements SourceMap {
  readonly #root: string;
  readonly #tracer: ValueTracer;
  readonly #modules: readonly ModelModule[];
  readonly #declarations = new Map<string, Declaration | undefined>();

  constructor(root: string, tracer: ValueTracer, modules: readonly ModelModule[]) {
    this.#root = root;
    this.#tracer = tracer;
    this.#modules = modules;
  }

  locateExport(reference: ExportReference): SourceLocation | undefined {
    const spot = this.#findDeclaration(reference)?.spot ?? this.#findExportName(reference);
    return spot === undefined ? undefined : this.#toLocation(spot);
  }

  locateColumn(
    reference: ExportReference,
    key: string,
    calls?: readonly string[],
  ): SourceLocation | undefined {
    const creator = this.#findDeclaration(reference)?.creator;
    const column = creator === undefined ? undefined : findColumn(this.#tracer, creator, key);
    if (column === undefined) return this.locateExport(reference);
    const call = calls === undefined ? undefined : findChainCall(this.#tracer, column.value, calls);
    return this.#toLocation(call ?? column);
  }

  locateMember(reference: ExportReference, ordinal: number, name?: string): SourceLocation | undefined {
    const creator = this.#findDeclaration(reference)?.creator;
    const member = creator === undefined ? undefined : findMember(this.#tracer, creator, ordinal, name);
    return member === undefined ? this.locateExport(reference) : this.#toLocation(member);
  }

  locateOrigin(origin: Origin, field?: string): SourceLocation | undefined {
    const { part } = origin;
    if (part === undefined) return this.locateExport(origin);
    if (part.is === 'extra') return this.locateMember(origin, part.ordinal, part.name);
    if (part.is === 'columnCall') return this.locateColumn(origin, part.key, [part.call]);
    return this.locateColumn(origin, part.key, field === undefined ? undefined : callsOfField.get(field));
  }

  #findDeclaration(reference: ExportReference): Declaration | undefined {
    const key = JSON.stringify([reference.file, reference.exportName]);
    if (!this.#declarations.has(key)) {
      const own = this.#followExport(reference);
      this.#declarations.set(key, own?.creator === undefined ? (this.#findElsewhere(reference) ?? own) : own);
    }
    return this.#declarations.get(key);
  }

  #followExport({ file, exportName }: ExportReference): Declaration | undefined {
    const module = this.#tracer.openModule(file);
    const value = module && this.#tracer.findExport(module, exportName);
    return value && findDeclaration(this.#tracer, value);
  }

  /** Another export of the very same object, for one that is passed through code which cannot be followed. */
  #findElsewhere({ file, exportName }: ExportReference): Declaration | undefined {
    const object = this.#modules.find((module) => module.file === file)?.exports[exportName];
    if (object === undefined) return undefined;
    for (const module of this.#modules) {
      for (const [name, value] of Object.entries(module.exports)) {
        if (value !== object || (module.file === file && name === exportName)) continue;
        const found = this.#followExport({ file: module.file, exportName: name });
        if (found?.creator !== undefined) return found;
      }
    }
    return undefined;
  }

  /** The declared name, for an object that is made in a way that cannot be followed. */
  #findExportName(reference: ExportReference): Spot | undefined {
    const module = this.#tracer.openModule(reference.file);
    const entry = module?.exports.get(reference.exportName);
    if (module === undefined || entry === undefined) return undefined;
    const offset = module.declared.get(entry.is === 'local' ? entry.name : reference.exportName);
    return offset === undefined ? undefined : { module, offset };
  }

  #toLocation(spot: Spot): SourceLocation {
    return { file: displayPath(this.#root, spot.module.file), ...spot.module.place(spot.offset) };
  }
}
