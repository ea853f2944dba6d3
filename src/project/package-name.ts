/** The name of the package that an import is of: `zod/v4` belongs to `zod`, `@scope/name/x` to `@scope/name`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
