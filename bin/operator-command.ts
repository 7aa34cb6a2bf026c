/**
 * What the commands for operators have in common: how the deployed stack is found, and how they
 * end.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { ENV } from '../lambda/contract';
import type { StackRecord } from '../lambda/stack-record';
import { missingFor } from './aws-options';
import { CommandError, EXIT, ending, isLacking } from './exit';

/** What `cdk deploy --outputs-file` writes: names of outputs and their values, by stack. */
const OUTPUTS_FILE = 'sickbay-outputs.json';

/** Which of the stack's outputs a command needs, the option that names it, and the variable. */
const PARTS = {
  responder: { option: 'function', flag: 'function', output: 'ResponderFunction', variable: ENV.responderFunction },
  cases: { option: 'table', flag: 'table', output: 'CasesTable', variable: ENV.casesTable },
  prober: { option: 'prober', flag: 'prober', output: 'ProberFunction', variable: ENV.proberFunction },
  rounds: { option: 'roundsTable', flag: 'rounds-table', output: 'RoundsTable', variable: ENV.roundsTable },
  stops: { option: 'stopsTable', flag: 'stops-table', output: 'StopsTable', variable: ENV.stopsTable },
  stopper: { option: 'stopFunction', flag: 'stop-function', output: 'StopperFunction', variable: ENV.stopFunction },
} as const;

export type Part = keyof typeof PARTS;

export interface StackOptions {
  readonly stack?: string;
  readonly function?: string;
  readonly table?: string;
  readonly roundsTable?: string;
  readonly prober?: string;
  readonly stopsTable?: string;
  readonly stopFunction?: string;
  readonly outputs?: string;
}

/** As `stackCommand`, and it prints JSON on demand. */
export function operatorCommand(name: string, description: string, ...parts: readonly Part[]): Command {
  return stackCommand(name, description, ...parts).option('--json', 'print JSON');
}

/** A command that ends with our exit codes, and knows where the stack is. */
export function stackCommand(name: string, description: string, ...parts: readonly Part[]): Command {
  const command = new Command(name)
    .description(description)
    .option('--stack <name>', 'a deployed stack, by the name in its configuration; otherwise the only one there is');
  for (const part of parts) {
    const { flag, output, variable } = PARTS[part];
    command.option(`--${flag} <name>`, `in place of --stack: the stack's output ${output}; otherwise ${variable}`);
  }
  return command
    .option('--outputs <file>', `in place of --stack: what "cdk deploy --outputs-file" wrote; otherwise ${OUTPUTS_FILE}, if it is here`)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

/**
 * The deployed name of one part of the stack. What was typed goes first, then the variable, then a
 * file of outputs in the working directory, then the account.
 * @throws CommandError that says what was tried.
 */
export async function resourceName(part: Part, options: StackOptions): Promise<string> {
  const { option, flag, output, variable } = PARTS[part];
  const chosen = [`--${flag}`, '--stack', '--outputs'].filter((_, index) => [options[option], options.stack, options.outputs][index]);
  if (chosen.length > 1) throw new CommandError(`${chosen.join(' and ')}: each names a stack; use one`, EXIT.usage);
  const given = options[option] ?? (options.outputs === undefined ? undefined : inFile(options.outputs, output));
  if (given !== undefined && given !== '') return given;
  if (options.stack !== undefined) return named(await recordOf(options.stack), part);
  const nearby = process.env[variable] ?? (existsSync(OUTPUTS_FILE) ? outputOf(OUTPUTS_FILE, output) : undefined);
  return nearby === undefined || nearby === '' ? named(await recordOf(undefined), part) : nearby;
}

/** @throws CommandError where the stack has no such part: what stops is there on demand alone. */
function named(record: StackRecord, part: Part): string {
  const name = record[part];
  if (name !== undefined) return name;
  throw new CommandError(`stack "${record.stack}" stops nothing: no target group of its configuration has "stop"`, EXIT.findings);
}

/** Loaded when it is needed: the SDK's client takes longer to load than the command line. */
async function recordOf(name: string | undefined): Promise<StackRecord> {
  const { findStack } = require('./find-stack') as typeof import('./find-stack');
  return findStack(name);
}

/** @throws CommandError when the file that was named does not have it. */
function inFile(file: string, output: string): string {
  const name = existsSync(file) ? outputOf(file, output) : undefined;
  if (name !== undefined) return name;
  throw new CommandError(`${file}: ${existsSync(file) ? `no stack has the output ${output}` : 'no such file'}`, EXIT.usage);
}

function outputOf(file: string, output: string): string | undefined {
  const stacks = Object.values(readOutputs(file));
  const names = stacks.flatMap((outputs) => outputs[output] ?? []);
  if (names.length > 1) throw new CommandError(`${file}: ${names.length} stacks have the output ${output}; use --stack NAME`, EXIT.usage);
  return names[0];
}

function readOutputs(file: string): Record<string, Record<string, string>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
  } catch (error) {
    throw new CommandError(`${file}: cannot be read as JSON: ${(error as Error).message}`, EXIT.usage, { cause: error });
  }
}

/**
 * Runs a command's work and sets the exit code. Whatever AWS throws ends as one line, without a
 * stack trace.
 */
export async function finish(command: Command, work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    const known = isLacking(error) ? await lacking(error) : ending(error);
    if (!(known instanceof CommandError)) throw error;
    for (const line of known.message.split('\n')) process.stderr.write(`sickbay ${command.name()}: ${line}\n`);
    process.exitCode = known.exitCode;
  }
}

/** What the SDK found missing, as one line each. */
async function lacking(cause: unknown): Promise<CommandError> {
  const { SSMClient } = require('@aws-sdk/client-ssm') as typeof import('@aws-sdk/client-ssm');
  const missing = await missingFor(new SSMClient());
  return new CommandError(missing.length === 0 ? String(cause) : missing.join('\n'), EXIT.lacking, { cause });
}

const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `30m`, `2h` or `1d` as seconds. */
export function seconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const value = Number(count) * (UNIT_S[unit] ?? 0);
  if (value >= 60 && value <= 7 * 86_400) return value;
  throw new InvalidArgumentError(`got "${text}"; allowed: 1m to 7d, such as 90s, 30m, 2h or 1d`);
}
