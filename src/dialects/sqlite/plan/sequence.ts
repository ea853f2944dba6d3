/**
 * The order in which tables are made, changed and dropped.
 *
 * With foreign keys on there is one rule: at every moment each foreign key points at a key that is there. SQLite
 * refuses to write a row of a table of which that is not true, and to delete one where that would reach such a table
 * (sqlite.org/foreignkeys.html#fk_indexes). So a table that gets a key comes before those that will point at it, and
 * one that loses a key, or goes, after those that let go of it. Where tables wait for each other in a circle, those
 * that hold on to a lost key are first made anew without that foreign key, and those that wait for a new one are made
 * anew with it when all others are done.
 */
import { groupByDependency, sortByDependency } from '../../../plan/order.ts';
import type { ForeignKey, Index } from '../../../catalog/objects.ts';
import { foldName } from '../syntax/names.ts';
import {
  findParentKey,
  hasParentKey,
  isSameTarget,
  parentsOf,
  type TableParts,
  type Tables,
} from './parts.ts';

/** One thing that is done to one table. */
export type Move =
  | { readonly does: 'create'; readonly after: TableParts }
  | { readonly does: 'change'; readonly before: TableParts; readonly after: TableParts }
  /** Nothing but foreign keys goes, or comes. */
  | { readonly does: 'letGo' | 'takeOn'; readonly before: TableParts; readonly after: TableParts }
  | { readonly does: 'drop'; readonly before: TableParts };

export interface SequenceRequest {
  readonly before: Tables;
  readonly after: Tables;
  /** Folded names of the tables that stay and have changes. */
  readonly changed: ReadonlySet<string>;
  readonly keepsForeignKeysOn: boolean;
  /** True for a dropped table that has to be there until the others are changed. */
  readonly isRead: (table: TableParts) => boolean;
}

export function sequenceTables(request: SequenceRequest): readonly Move[] {
  const { before, after, keepsForeignKeysOn } = request;
  const names = sortByParents(request);
  if (!keepsForeignKeysOn) return names.flatMap((name) => moveAtOnce(before.get(name), after.get(name)));
  const sequence = new Sequence(before, after);
  const isLast = (name: string): boolean => {
    const parts = before.get(name);
    return parts !== undefined && !after.has(name) && request.isRead(parts);
  };
  const needsOf = (name: string): ReadonlySet<string> => sequence.findNeeds(name);
  const groups = groupByDependency(
    names.filter((name) => !isLast(name)),
    (name) => name,
    needsOf,
  );
  for (const group of groups) sequence.moveTogether(sortByDependency(group, (name) => name, needsOf));
  for (const name of names.filter(isLast)) sequence.moveTogether([name]);
  return sequence.moves;
}

/** New tables, changed ones, both with their parents first, and dropped ones, with their children first. */
function sortByParents({ before, after, changed }: SequenceRequest): readonly string[] {
  const sort = (names: readonly string[], tables: Tables): readonly string[] =>
    sortByDependency(
      names,
      (name) => name,
      (name) => parentsOf(tables.get(name)),
    );
  const isNew = (name: string): boolean => !before.has(name);
  const stays = (name: string): boolean => before.has(name) && changed.has(name);
  const created = sort([...after.keys()].filter(isNew), after);
  const altered = sort([...after.keys()].filter(stays), after);
  const dropped = sort(
    [...before.keys()].filter((name) => !after.has(name)),
    before,
  );
  return [...created, ...altered, ...[...dropped].reverse()];
}

function moveAtOnce(before: TableParts | undefined, after: TableParts | undefined): readonly Move[] {
  if (after === undefined) return before === undefined ? [] : [{ does: 'drop', before }];
  return [before === undefined ? { does: 'create', after } : { does: 'change', before, after }];
}

/** Moves that keep to the rule, one after the other. */
class Sequence {
  readonly moves: Move[] = [];
  private readonly before: Tables;
  private readonly after: Tables;
  /** The tables as the moves so far have left them. */
  private readonly current: Map<string, TableParts>;
  /** Tables by those of which they hold on to a lost key. */
  private readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tables that hold on to no lost key any more. */
  private readonly released = new Set<string>();
  /** Tables by the indexes that they had before, both folded. */
  private readonly indexOwners: ReadonlyMap<string, string>;

  constructor(before: Tables, after: Tables) {
    this.before = before;
    this.after = after;
    this.current = new Map(before);
    this.holders = this.findHolders();
    this.indexOwners = new Map(
      [...before].flatMap(([name, { indexes }]) =>
        indexes.map(({ address }): [string, string] => [foldName(address.name), name]),
      ),
    );
  }

  /**
   * The tables that come before this one: parents that get the key it will point at, children that let go of it, and
   * those that give up the name of one of its indexes.
   */
  findNeeds(name: string): ReadonlySet<string> {
    const parents = (this.after.get(name)?.foreignKeys ?? []).filter((key) => this.waits(key, this.before));
    return new Set([
      ...parents.map((key) => foldName(key.references.table)),
      ...(this.holders.get(name) ?? []),
      ...(this.after.get(name)?.indexes ?? []).flatMap((index) => this.findOwners(name, index, this.before)),
    ]);
  }

  /** Tables that need each other, or one alone. */
  moveTogether(names: readonly string[]): void {
    const stays = names.filter((name) => this.before.has(name) && this.after.has(name));
    for (const name of stays) this.change(name);
    for (const name of names) if (!this.before.has(name)) this.create(name);
    for (const name of stays) this.takeOn(name);
    for (const name of names) if (!this.after.has(name)) this.drop(name);
  }

  private create(name: string): void {
    const after = this.after.get(name);
    if (after === undefined) return;
    this.moves.push({ does: 'create', after });
    this.settle(name, after);
  }

  private change(name: string): void {
    this.releaseKeys(name);
    const [before, wanted] = [this.current.get(name), this.after.get(name)];
    if (before === undefined || wanted === undefined) return;
    const after = keepKeys(wanted, (key) => !this.waits(key, this.current));
    this.moves.push({ does: 'change', before, after });
    this.settle(name, after);
  }

  private takeOn(name: string): void {
    const [before, after] = [this.current.get(name), this.after.get(name)];
    if (before === undefined || after === undefined || before === after) return;
    this.moves.push({ does: 'takeOn', before, after });
    this.settle(name, after);
  }

  private drop(name: string): void {
    this.releaseKeys(name);
    const before = this.current.get(name);
    if (before === undefined) return;
    this.moves.push({ does: 'drop', before });
    this.current.delete(name);
  }

  /** Whoever still holds on to a key that the table is about to lose lets go of all that goes. */
  private releaseKeys(name: string): void {
    for (const holder of this.holders.get(name) ?? []) {
      const before = this.current.get(holder);
      if (before === undefined || this.released.has(holder)) continue;
      const after = keepKeys(before, (key) => !this.isLost(key));
      this.moves.push({ does: 'letGo', before, after });
      this.settle(holder, after);
    }
  }

  /** The table is in this form now, which has none of the foreign keys that go. */
  private settle(name: string, parts: TableParts): void {
    this.current.set(name, parts);
    this.released.add(name);
  }

  private findHolders(): ReadonlyMap<string, ReadonlySet<string>> {
    const holders = new Map<string, Set<string>>();
    for (const [name, { foreignKeys }] of this.before) {
      for (const key of foreignKeys) {
        const parent = foldName(key.references.table);
        if (parent === name || !this.isLost(key)) continue;
        const known = holders.get(parent) ?? new Set();
        holders.set(parent, known.add(name));
      }
    }
    return holders;
  }

  /** True where the foreign key goes, and with it the key it points at. */
  private isLost(key: ForeignKey): boolean {
    const wanted = this.after.get(foldName(key.address.table ?? ''))?.foreignKeys ?? [];
    return !hasParentKey(key, this.after) && !wanted.some((other) => isSameTarget(other, key));
  }

  /** True where the foreign key of a table that is wanted points at a key of another one that is not there yet. */
  private waits(key: ForeignKey, tables: Tables): boolean {
    const isOwn = foldName(key.references.table) === foldName(key.address.table ?? '');
    return !isOwn && hasParentKey(key, this.after) && !this.hasKeyNow(key, tables);
  }

  /** An index is not there before its name is free. */
  private hasKeyNow({ references }: ForeignKey, tables: Tables): boolean {
    const name = foldName(references.table);
    const parent = tables.get(name);
    if (parent === undefined) return false;
    const indexes = parent.indexes.filter((index) => this.findOwners(name, index, tables).length === 0);
    return findParentKey({ ...parent, indexes }, references.columns) !== null;
  }

  /** The other table that had an index of this name before, where it still has it. */
  private findOwners(name: string, { address }: Index, tables: Tables): readonly string[] {
    const index = foldName(address.name);
    const owner = this.indexOwners.get(index);
    if (owner === undefined || owner === name) return [];
    const isThere = tables.get(owner)?.indexes.some((other) => foldName(other.address.name) === index);
    return isThere === true ? [owner] : [];
  }
}

/** The table with those of its foreign keys; the very same where that is all of them. */
function keepKeys(parts: TableParts, isKept: (key: ForeignKey) => boolean): TableParts {
  const foreignKeys = parts.foreignKeys.filter(isKept);
  return foreignKeys.length === parts.foreignKeys.length ? parts : { ...parts, foreignKeys };
}
