import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Where an SDK client keeps the schemas of all its operations. */
const SCHEMAS = /@aws-sdk[\\/].*[\\/]schemas_\d+\.js$/;

/** One schema: a top-level variable that is an array. */
const SCHEMA = /^((?:export )?var [\w$]+ = )(\[[\s\S]*?\n?\]);$/gm;

/**
 * Lets esbuild leave out the schemas of operations that nobody calls. They are plain arrays, but
 * some have computed keys, which esbuild takes for side effects, and so keeps all: of client-ec2
 * 552 KB instead of 19. Each is wrapped in a call that is marked as pure.
 */
export const pureSchemas: Plugin = {
  name: 'pure-schemas',
  setup: (build) => {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => ({ contents: markPure(await readFile(path, 'utf8')), loader: 'js' }));
  },
};

/** The same schemas, each in a call without side effects. */
export function markPure(source: string): string {
  return source.replace(SCHEMA, (_, head: string, array: string) => `${head}/* @__PURE__ */ (() => ${array})();`);
}
