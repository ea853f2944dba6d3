import { describeRejection, loadCode } from './load-code.ts';
import { displayPath } from './paths.ts';

/**
 * What a config file exports: its default export, or `module.exports`, or all exports where there is no default
 * (drizzle-kit takes them so). A promise is awaited.
 * @throws DriftError of {@link loadCode}; CODE_THREW where the promise is rejected
 */
export async function loadConfigFile(root: string, file: string): Promise<unknown> {
  const loading = displayPath(root, file);
  const { modules } = await loadCode({ root, loading, entries: [file], idleClients: false });
  const exported = modules[0] ?? {};
  try {
    return await unwrapDefault(unwrapDefault(exported));
  } catch (error) {
    throw describeRejection({ root, loading }, error);
  }
}

/** Twice, since `export default` compiled to CommonJS is a default inside a default. */
function unwrapDefault(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('default' in value)) return value;
  return value.default === undefined ? value : value.default;
}
