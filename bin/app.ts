/**
 * CDK entry: reads the configuration and builds the stack.
 *
 *     npx --no-install cdk deploy                             sickbay.config.ts at the root; the stack is called Sickbay unless `stack` is in it
 *     npx --no-install cdk deploy -c config=path/to/file      another one: .ts that exports `config`, or .json; it has to name its stack
 *     npx --no-install cdk deploy -c stack=NAME               names the stack where the configuration does not
 *     npx --no-install cdk deploy -c handlers=path/to/dir     handlers built elsewhere than in dist/handlers
 *
 * The stack is deployed to the account and Region of the configured target groups; with credentials
 * of another account CDK refuses.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { ConfigError, parseConfig, type ConfigInput } from '../core/config';
import { SickbayStack } from '../lib/sickbay-stack';

/** Exit code for usage and configuration, as in the CLI. */
const EXIT_CONFIGURATION = 2;
const DEFAULT_CONFIG = path.join(__dirname, '..', 'sickbay.config.ts');

/** @throws ConfigError when there is nothing to read. What was read is checked by the construct. */
function readConfig(file: string): ConfigInput {
  if (!existsSync(file)) throw unreadable('no such file', 'a file that exports `config` (.ts) or holds it (.json)');
  if (file.endsWith('.json')) return parseJson(readFileSync(file, 'utf8'));
  const exported = require(file) as { readonly config?: ConfigInput };
  if (exported.config === undefined) throw unreadable('no export `config`', 'export const config: ConfigInput = {...}');
  return exported.config;
}

function parseJson(text: string): ConfigInput {
  try {
    return JSON.parse(text) as ConfigInput;
  } catch (error) {
    throw unreadable((error as Error).message, 'JSON');
  }
}

function unreadable(got: string, allowed: string): ConfigError {
  return new ConfigError([{ path: 'configuration file', got, allowed }]);
}

function contextPath(app: App, key: string): string | undefined {
  const value: unknown = app.node.tryGetContext(key);
  return typeof value === 'string' ? path.resolve(value) : undefined;
}

/**
 * The name of the stack. A configuration that is not the default one has to be named, by itself or
 * by the context: otherwise its deployment would change the stack of another configuration, and
 * take its groups away from it.
 * @throws ConfigError when there is no name, or two.
 */
function stackName(app: App, configured: string | undefined, isDefault: boolean): string {
  const given: unknown = app.node.tryGetContext('stack');
  if (given !== undefined && configured !== undefined && given !== configured)
    throw misnamed(`${JSON.stringify(given)} as context and "${configured}" in the configuration`, 'one name');
  if (typeof given === 'string') return given;
  if (configured !== undefined) return configured;
  if (isDefault) return 'Sickbay';
  throw misnamed(
    'nothing',
    'the name of the stack that this configuration is for, here or as -c stack=NAME; of the default one it is Sickbay',
  );
}

function misnamed(got: string, allowed: string): ConfigError {
  return new ConfigError([{ path: 'stack', got, allowed }]);
}

function build(app: App, configFile: string, handlersDir: string | undefined): SickbayStack {
  const config = readConfig(configFile);
  parseConfig(config);
  const stack = stackName(app, config.stack, configFile === DEFAULT_CONFIG);
  return new SickbayStack(app, stack, {
    description: 'Takes slow targets out of load balancers and says why',
    config: { ...config, stack },
    ...(handlersDir === undefined ? {} : { handlersDir }),
  });
}

function main(): void {
  const app = new App();
  const file = contextPath(app, 'config') ?? DEFAULT_CONFIG;
  try {
    build(app, file, contextPath(app, 'handlers'));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`${file}:\n${error.message}`);
    process.exit(EXIT_CONFIGURATION);
  }
}

main();
