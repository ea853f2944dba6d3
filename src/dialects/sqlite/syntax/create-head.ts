import type { Name } from './ast.ts';

/** What every CREATE statement begins with, up to and including the object's name. */
export interface CreateHead {
  readonly start: number;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly schema: Name | undefined;
  readonly name: Name;
}
