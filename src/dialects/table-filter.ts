/**
 * Which tables the patterns of `tablesFilter` let in, decided as drizzle-kit decides it: a pattern says yes where it
 * matches, a negated one also says no where it does not; at least one must speak, and none may say no.
 */
export function compileTableFilter(patterns: readonly string[] | undefined): (name: string) => boolean {
  if (patterns === undefined || patterns.length === 0) return () => true;
  const matchers = patterns.map(compilePattern);
  return (name) => {
    const votes = matchers.flatMap(({ negated, glob }) => {
      if (negated) return [!glob.test(name)];
      return glob.test(name) ? [true] : [];
    });
    return votes.length > 0 && votes.every(Boolean);
  };
}

function compilePattern(pattern: string): { readonly negated: boolean; readonly glob: RegExp } {
  // Two exclamation marks undo each other.
  const marks = /^!*/.exec(pattern)?.[0].length ?? 0;
  const alternatives = expandBraces(pattern.slice(marks)).map(translateGlob);
  return { negated: marks % 2 === 1, glob: new RegExp(`^(?:${alternatives.join('|')})$`, 's') };
}

/** `{a,b}_x` is `a_x` or `b_x`. */
function expandBraces(pattern: string): readonly string[] {
  const [all, inner] = /\{([^{}]*,[^{}]*)\}/.exec(pattern) ?? [];
  if (all === undefined || inner === undefined) return [pattern];
  const at = pattern.indexOf(all);
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + all.length)];
  return inner.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

const globToken = /\[([!^]?)((?:\\.|[^\]\\])+)\]|\\(.)|\*+|\?|./gsu;

function translateGlob(pattern: string): string {
  return pattern.replace(globToken, (token, not?: string, set?: string, escaped?: string) => {
    if (set !== undefined) return `[${not === '' ? '' : '^'}${set.replace(/[[\]^]/g, '\\$&')}]`;
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (token.startsWith('*')) return '.*';
    return token === '?' ? '.' : escapeRegExp(token);
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
