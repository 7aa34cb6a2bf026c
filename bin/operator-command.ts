/**
 * What the commands for operators have in common: how the deployed stack is found, and how they
 * end.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { ENV } from '../lambda/contract';
import { CommandError, EXIT, ending } from './exit';

/** What `cdk deploy --outputs-file` writes: names of outputs and their values, by stack. */
const OUTPUTS_FILE = 'sickbay-outputs.json';

/** Which of the stack's outputs a command needs, the option that names it, and the variable. */
const PARTS = {
  responder: { option: 'function', flag: 'function', output: 'ResponderFunction', variable: ENV.responderFunction },
  cases: { option: 'table', flag: 'table', output: 'CasesTable', variable: ENV.casesTable },
  prober: { option: 'prober', flag: 'prober', output: 'ProberFunction', variable: ENV.proberFunction },
  rounds: { option: 'roundsTable', flag: 'rounds-table', output: 'RoundsTable', variable: ENV.roundsTable },
} as const;

export type Part = keyof typeof PARTS;

export interface StackOptions {
  readonly function?: string;
  readonly table?: string;
  readonly roundsTable?: string;
  readonly prober?: string;
  readonly outputs: string;
}

/** A command that prints JSON on demand, ends with our exit codes, and knows where the stack is. */
export function operatorCommand(name: string, description: string, ...parts: readonly Part[]): Command {
  const command = new Command(name).description(description);
  for (const part of parts) {
    const { flag, output, variable } = PARTS[part];
    command.option(`--${flag} <name>`, `the stack's output ${output}; otherwise ${variable}, otherwise from --outputs`);
  }
  return command
    .option('--outputs <file>', 'what "cdk deploy --outputs-file" wrote', OUTPUTS_FILE)
    .option('--json', 'print JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

/**
 * The deployed name of one part of the stack. @throws CommandError that says every way to give it.
 */
export function resourceName(part: Part, options: StackOptions): string {
  const { option, flag, output, variable } = PARTS[part];
  const name = options[option] ?? process.env[variable] ?? outputOf(options.outputs, output);
  if (name !== undefined && name !== '') return name;
  throw new CommandError(
    `no stack found: use --${flag} NAME (the stack's output ${output}), set ${variable}, or run from the folder of ${OUTPUTS_FILE}`,
    EXIT.usage,
  );
}

function outputOf(file: string, output: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const stacks = Object.values(readOutputs(file));
  const names = stacks.flatMap((outputs) => outputs[output] ?? []);
  if (names.length > 1) throw new CommandError(`${file}: ${names.length} stacks have the output ${output}; name one yourself`, EXIT.usage);
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
    const known = ending(error);
    if (!(known instanceof CommandError)) throw error;
    process.stderr.write(`sickbay ${command.name()}: ${known.message}\n`);
    process.exitCode = known.exitCode;
  }
}

const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `30m`, `2h` or `1d` as seconds. */
export function seconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const value = Number(count) * (UNIT_S[unit] ?? 0);
  if (value >= 60 && value <= 7 * 86_400) return value;
  throw new InvalidArgumentError(`got "${text}"; allowed: 1m to 7d, such as 90s, 30m, 2h or 1d`);
}
