import type { Schema } from '../catalog/schema.ts';
import type { AppliedRow, Session } from '../dialects/dialect.ts';
import type { Project } from './project.ts';

/** What is true. */
export interface Actual {
  readonly schema: Schema;
  /** Null where Drizzle has never applied a migration. */
  readonly applied: readonly AppliedRow[] | null;
}

/** Opens the database for as long as `use` works with it, and closes it whatever happens. */
export async function withDatabase<T>(project: Project, use: (session: Session) => Promise<T>): Promise<T> {
  const target = project.target();
  const session = await project.step('connecting to the database', () =>
    project.dialect.connect(target, project.limits),
  );
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** Reads the whole schema of the database, and which migrations it has. */
export async function readActual(project: Project, session: Session): Promise<Actual> {
  return project.step('reading the database', async () => ({
    schema: await session.introspect(project.scope),
    applied: await session.readAppliedMigrations(project.scope),
  }));
}
