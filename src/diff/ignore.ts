import type { Address } from '../catalog/address.ts';
import type { Drift } from './drift.ts';

/** An `ignore` rule of drift.config; what is undefined matches anything. */
export interface IgnoreFilter {
  readonly kinds: readonly string[] | undefined;
  readonly name: string | undefined;
  readonly table: string | undefined;
  readonly namespace: string | undefined;
  readonly fields: readonly string[] | undefined;
}

/** What the rules leave of a list of drifts, and what they hide. */
export interface IgnoreOutcome {
  readonly kept: readonly Drift[];
  readonly ignored: readonly Drift[];
}

/**
 * Applies the `ignore` rules of drift.config. A rule that names fields hides only those fields of a drift; the drift
 * itself is hidden when no field is left.
 */
export function applyIgnoreRules(drifts: readonly Drift[], rules: readonly IgnoreFilter[]): IgnoreOutcome {
  const kept: Drift[] = [];
  const ignored: Drift[] = [];
  for (const drift of drifts) {
    const matching = rules.filter((rule) => matchesObject(rule, drift.kind, drift.address));
    const whole = matching.some((rule) => rule.fields === undefined);
    const hidden = new Set(matching.flatMap((rule) => rule.fields ?? []));
    const fields = drift.fields.filter(({ field }) => !hidden.has(field));
    const nothingLeft = drift.fields.length > 0 && fields.length === 0;
    if (whole || nothingLeft) ignored.push(drift);
    else kept.push(fields.length === drift.fields.length ? drift : { ...drift, fields });
  }
  return { kept, ignored };
}

/** Whether a rule speaks of an object: `kind` is an object word (`index`) or one with a change (`index.drop`). */
export function matchesObject(rule: IgnoreFilter, kind: string, address: Address): boolean {
  const object = kind.split('.')[0] ?? kind;
  return (
    (rule.kinds?.some((word) => word === kind || word === object) ?? true) &&
    matchesGlob(rule.name, address.name) &&
    matchesGlob(rule.table, address.table ?? (object === 'table' ? address.name : undefined)) &&
    matchesGlob(rule.namespace, address.namespace)
  );
}

function matchesGlob(glob: string | undefined, name: string | undefined): boolean {
  if (glob === undefined) return true;
  return name !== undefined && compileGlob(glob).test(name);
}

/** `*` is any letters, `?` is one; everything else is itself. */
function compileGlob(glob: string): RegExp {
  const source = glob.replace(/[.*+?^${}()|[\]\\]/g, (letter) =>
    letter === '*' ? '.*' : letter === '?' ? '.' : `\\${letter}`,
  );
  return new RegExp(`^${source}$`, 'su');
}
