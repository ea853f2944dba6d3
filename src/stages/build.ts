import { readDesired } from './desired.ts';
import { openProject, type ProjectRequest } from './project.ts';

/**
 * SQL statements that build what the models say in an empty database, in an order that works; each without its final
 * semicolon. No database is needed.
 * @throws DriftError for a config or models that cannot be used
 */
export async function renderModels(request: ProjectRequest): Promise<readonly string[]> {
  const project = await openProject(request);
  const desired = await readDesired(project);
  return project.dialect.renderSchema(desired.schema);
}
