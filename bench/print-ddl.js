/** Prints the statements that make a project's models, as a JSON list. Argument: project folder. */
import { renderModels } from '../dist/index.js';

const [folder] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await renderModels({ cwd: folder, env: {} })));
