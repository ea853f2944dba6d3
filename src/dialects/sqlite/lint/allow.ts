/** `-- drift: allow data-loss, lossy-cast: reason` before a statement. */
import { DriftError } from '../../../errors.ts';
import { hazardTitles } from '../../../plan/hazards.ts';
import { nearest } from '../../../spelling.ts';
import type { LintStatement } from './script.ts';

const allowComment = /^(?:--|\/\*)\s*drift\s*:\s*allow\b[\s:]*/i;
const code = /^([a-z][a-z0-9-]*)\s*(,?)\s*/i;

/**
 * The hazards that comments of the statement allow, each with its reason, which may be empty. A reason follows the
 * codes, after a colon, a dash or in parentheses.
 * @param file what an error calls the file
 * @throws DriftError HAZARD_UNKNOWN
 */
export function readAllowances(statement: LintStatement, file: string): ReadonlyMap<string, string> {
  const allowed = new Map<string, string>();
  for (const comment of statement.comments) {
    const head = allowComment.exec(comment);
    if (!head) continue;
    const { codes, reason } = readCodes(comment.slice(head[0].length).replace(/\*\/\s*$/, ''));
    const where = `${file}:${String(statement.line)}`;
    if (codes.length === 0) throw unknownHazard('', where);
    for (const one of codes) {
      if (!Object.hasOwn(hazardTitles, one)) throw unknownHazard(one, where);
      allowed.set(one, reason);
    }
  }
  return allowed;
}

function readCodes(text: string): { readonly codes: readonly string[]; readonly reason: string } {
  const codes: string[] = [];
  let rest = text.trim();
  for (;;) {
    const found = code.exec(rest);
    const [all = '', word = '', comma = ''] = found ?? [];
    // After the first code only a comma leads to another one: what else follows is the reason.
    if (!found) break;
    codes.push(word.toLowerCase());
    rest = rest.slice(all.length);
    if (comma === '') break;
  }
  return { codes, reason: cleanReason(rest) };
}

function cleanReason(text: string): string {
  const bare = text.replace(/^[\s:(–—-]+/, '').trim();
  return text.startsWith('(') && bare.endsWith(')') ? bare.slice(0, -1).trim() : bare;
}

/** An error for a hazard that does not exist. `where` says who named it. */
export function unknownHazard(hazard: string, where: string): DriftError {
  const codes = Object.keys(hazardTitles);
  return new DriftError('HAZARD_UNKNOWN', { code: hazard, where, nearest: nearest(hazard, codes) });
}
