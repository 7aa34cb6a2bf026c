/** A configuration file for commands: what `npx --no-install cdk deploy` reads, parsed. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, parseConfig, type Config } from '../core/config';
import { CommandError, EXIT } from './exit';

/** Where `npx --no-install cdk deploy` looks. */
export const DEFAULT_CONFIG_FILE = 'sickbay.config.ts';

/** An ARN of the example that comes with a checkout: a file that has it was never edited. */
const EXAMPLE = 'targetgroup/checkout/0123456789abcdef';

/** Whether the file is the example of a checkout: all of its ids are made up. */
export function isExample(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').includes(EXAMPLE);
}

/**
 * The configuration of a `.json` file, or of a `.ts` or `.js` one that exports `config`.
 * @throws CommandError that names the file and each mistake in it
 */
export function readConfigFile(file: string): Config {
  const full = path.resolve(file);
  if (!existsSync(full) || !statSync(full).isFile())
    throw new CommandError(`--config: got "${file}", which is no file; allowed: a file that exports "config", or JSON`, EXIT.usage);
  try {
    return parseConfig(full.endsWith('.json') ? JSON.parse(readFileSync(full, 'utf8')) : exported(full));
  } catch (error) {
    const why = error instanceof ConfigError ? `\n${error.message}` : ` ${error instanceof Error ? error.message : String(error)}`;
    throw new CommandError(`${file}:${why}`, EXIT.usage, { cause: error });
  }
}

/** From a checkout the loader of the command line reads TypeScript; the package has none. */
function exported(file: string): unknown {
  const { config } = require(file) as { readonly config?: unknown };
  if (config === undefined) throw new Error('no export "config"; allowed: export const config: ConfigInput = {...}');
  return config;
}
