/**
 * CDK entry: reads the configuration and builds the stack.
 *
 *     npx cdk deploy                             sickbay.config.ts at the root
 *     npx cdk deploy -c config=path/to/file      another one: .ts that exports `config`, or .json
 *     npx cdk deploy -c handlers=path/to/dir     handlers built elsewhere than in dist/handlers
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { ConfigError, type ConfigInput } from '../core/config';
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

function build(app: App, configFile: string, handlersDir: string | undefined): SickbayStack {
  return new SickbayStack(app, 'Sickbay', {
    description: 'Takes slow targets out of load balancers and says why',
    config: readConfig(configFile),
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
