/**
 * `sickbay doctor`: every check, one line each, whatever became of the others. Loaded when it runs.
 */
import type { Config } from '../../core/config';
import { parseStackRecord, stackRecordName } from '../../lambda/stack-record';
import * as clients from '../../lambda/aws/clients';
import { roundRecords } from '../../lambda/aws/round-records';
import { openAccount, type Account } from '../account/account';
import { paint, type Paint } from '../colour';
import { chosenConfig } from '../chosen-config';
import { EXIT } from '../exit';
import { wrapped } from '../help';
import { CHECKS } from './checks';
import type { Check, Level, Result } from './check';
import { contextOf, type Context, type Deployed } from './context';
import { unchecked } from './unchecked';

export interface DoctorOptions {
  readonly config?: string;
  readonly stack?: string;
  readonly json?: true;
}

export interface Told extends Omit<Result, 'awsFailed'> {
  readonly check: string;
}

export async function runDoctor({ config: file, stack, json }: DoctorOptions): Promise<number> {
  const { config, from } = await chosenConfig({ config: file, stack });
  const context = await openContext(config, from);
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
  const print = json === true ? (): void => undefined : (told: Told): void => void process.stdout.write(line(told, columns));
  const { results, awsFailed } = await examine(context, CHECKS, print);
  process.stdout.write(json === true ? `${JSON.stringify({ ...counts(results), checks: results }, undefined, 2)}\n` : summary(results));
  if (results.some(({ level }) => level === 'fail')) return EXIT.findings;
  return awsFailed ? EXIT.aws : EXIT.fine;
}

/**
 * One check after the other, each told as it ends: a rejection is its own result and stops nothing.
 */
export async function examine(
  context: Context,
  checks: readonly Check[],
  print: (told: Told) => void,
): Promise<{ readonly results: readonly Told[]; readonly awsFailed: boolean }> {
  const results: Told[] = [];
  let awsFailed = false;
  for (const check of checks) {
    const found = await check.run(context).catch((error: unknown) => [unchecked(error, 'this check')]);
    for (const { awsFailed: failed = false, ...result } of found) {
      awsFailed ||= failed;
      const told = { check: check.name, ...result };
      results.push(told);
      print(told);
    }
  }
  return { results, awsFailed };
}

async function openContext(config: Config, configFrom: string): Promise<Context> {
  const account = openAccount();
  const identity = await account.identity();
  return contextOf({
    config,
    configFrom,
    account,
    identity,
    now: Date.now(),
    deployed: () => deployedStack(account, config.stack),
  });
}

/** What the stack wrote about itself; undefined where there is none of that name. */
async function deployedStack(account: Account, stack: string): Promise<Deployed | undefined> {
  const text = await account.parameter(stackRecordName(stack));
  if (text === undefined) return undefined;
  const record = parseStackRecord(text);
  const rounds = roundRecords(clients.dynamo(), record.rounds, () => undefined);
  return { record, latestRound: async (groupArn) => (await rounds.latest(groupArn, 1))[0] };
}

// ---------------------------------------------------------------- what is printed

const NAME_WIDTH = Math.max(...CHECKS.map(({ name }) => name.length)) + 2;
const LEVELS: readonly Level[] = ['ok', 'warn', 'fail', 'skip'];

/** How a level looks at a terminal. */
const LOOKS = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const satisfies Record<Level, keyof Paint>;

const INDENT = 6 + NAME_WIDTH;
/** Narrower than this a column of text is not read more easily than a broken line. */
const NARROWEST = 30;

/**
 * One result. On a terminal of so many columns its text stays in its own; the command is one line
 * anywhere, to be copied.
 */
export function line({ level, check, text, command }: Told, columns: number | undefined): string {
  const shown = paint(process.stdout)[LOOKS[level]](level.padEnd(6));
  const mend = command === undefined ? '' : `${' '.repeat(INDENT)}${command}\n`;
  const lines = columns === undefined || columns < INDENT + NARROWEST ? [text] : wrapped(text, columns - INDENT);
  return `${shown}${check.padEnd(NAME_WIDTH)}${lines.join(`\n${' '.repeat(INDENT)}`)}\n${mend}`;
}

function counts(results: readonly Told[]): Record<Level, number> {
  return Object.fromEntries(LEVELS.map((level) => [level, results.filter((result) => result.level === level).length])) as Record<
    Level,
    number
  >;
}

function summary(results: readonly Told[]): string {
  const { ok, warn: warned, fail: failed, skip } = counts(results);
  return `\n${ok} ok, ${warned} warn, ${failed} fail, ${skip} skip\n`;
}
