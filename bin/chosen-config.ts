/** Which configuration a command works with, and how it is called in what is printed. */
import { existsSync } from 'node:fs';
import type { Config } from '../core/config';
import { DEFAULT_CONFIG_FILE, isExample, readConfigFile } from './config-file';
import { CommandError, EXIT } from './exit';
import { command } from './invocation';

export interface Named {
  readonly config?: string | undefined;
  readonly stack?: string | undefined;
}

/** How the reader may name one, where nothing is found. */
const WAYS = '--config FILE';

export interface Chosen {
  readonly config: Config;
  /** `sickbay.config.ts`, or `of stack "Sickbay", as deployed`. */
  readonly from: string;
}

/** Whether this folder has a configuration of somebody's own. */
function isHere(): boolean {
  return existsSync(DEFAULT_CONFIG_FILE) && !isExample(DEFAULT_CONFIG_FILE);
}

/**
 * The file that was named, or what the stack that was named is deployed with, or the file of this
 * folder, or what the only stack is deployed with.
 * @throws CommandError that says what was looked for and where; whatever AWS throws.
 */
export async function chosenConfig({ config: file, stack }: Named, ways = WAYS): Promise<Chosen> {
  if (file !== undefined && stack !== undefined)
    throw new CommandError('--config and --stack: each names a configuration; use one', EXIT.usage);
  if (file !== undefined) return { config: readConfigFile(file), from: file };
  if (stack === undefined && isHere()) return { config: readConfigFile(DEFAULT_CONFIG_FILE), from: DEFAULT_CONFIG_FILE };
  return deployed(stack, ways);
}

/** Loaded when it is needed, for its SDK client. */
async function deployed(stack: string | undefined, ways: string): Promise<Chosen> {
  const { findStack } = require('./find-stack') as typeof import('./find-stack');
  const { deployedConfig } = require('./deployed/config') as typeof import('./deployed/config');
  const record = await findStack(stack).catch((error: unknown) => {
    if (stack !== undefined || !(error instanceof CommandError) || error.exitCode !== EXIT.usage) throw error;
    const file = isExample(DEFAULT_CONFIG_FILE) ? `${DEFAULT_CONFIG_FILE} here is the example` : `there is no ${DEFAULT_CONFIG_FILE} here`;
    const text = `no configuration: ${file}; run "${command('init')}", or use ${ways}`;
    throw new CommandError(`${text}\n${error.message}`, error.exitCode, { cause: error });
  });
  return { config: await deployedConfig(record), from: `of stack "${record.stack}", as deployed (read from ${record.sweeper})` };
}
