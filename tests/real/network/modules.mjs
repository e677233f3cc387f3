// The npm packages live in the build folder, beside the Node binary that runs this program,
// and not beside these files: look them up from there.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.execPath);

export async function load(name) {
  let file;
  try {
    file = require.resolve(name);
  } catch {
    throw new Error(
      `package ${name} not found: run install.sh, then use FOLDER/node_modules/.bin/node`,
    );
  }
  return import(pathToFileURL(file).href);
}
