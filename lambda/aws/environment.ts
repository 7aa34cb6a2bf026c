/**
 * The handler's surroundings, read once at cold start: a missing variable or a bad configuration
 * stops the function loudly.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig, type Config } from '../../core/config';
import { CONFIG_FILE, ENV } from '../contract';
import { withDeployTimeValues } from '../deploy-time';

/** @throws when the variable is not set. */
export function required(name: keyof typeof ENV): string {
  const value = process.env[ENV[name]];
  if (value === undefined || value === '') throw new Error(`environment variable ${ENV[name]} is not set; the construct sets it`);
  return value;
}

/**
 * The value of a variable that the construct sets where there is something to name; undefined where
 * there is not.
 */
export function optional(name: keyof typeof ENV): string | undefined {
  const value = process.env[ENV[name]];
  return value === '' ? undefined : value;
}

/**
 * The configuration that was written beside the handler at synth, with the values that were known
 * when it was deployed. A function that cannot read it does not start, and its alarm says so.
 * @throws ConfigError, or when the file is missing or no JSON, or a value is missing.
 */
export function deployedConfig(directory: string): Config {
  return parseConfig(withDeployTimeValues(readFileSync(join(directory, CONFIG_FILE), 'utf8'), optional('deployTimeValues')));
}
