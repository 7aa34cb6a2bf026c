/** `--watch`: the same output again and again, in place on a terminal. */
import { InvalidArgumentError, type Command } from 'commander';

export interface WatchOptions {
  /** Seconds between two looks. */
  readonly watch?: number | true;
}

const DEFAULT_S = 5;

export function withWatch(command: Command): Command {
  return command.option('--watch [seconds]', `again every so many seconds, until Ctrl-C (default ${DEFAULT_S})`, watchSeconds);
}

function watchSeconds(text: string): number {
  const value = Number(text);
  if (/^\d{1,4}$/.test(text) && value >= 1) return value;
  throw new InvalidArgumentError(`got "${text}"; allowed: 1 to 9999`);
}

/** Home, and clear to the end (ECMA-48: CUP, ED). */
const CLEAR = '\u001b[H\u001b[2J';

/**
 * Shows once, or again and again while `goesOn` says so. A look that fails ends it, as without
 * `--watch`.
 */
export async function show(
  { watch }: WatchOptions,
  text: () => Promise<string>,
  out: { readonly isTTY?: boolean; write(text: string): unknown } = process.stdout,
  wait: (ms: number) => Promise<boolean> = later,
): Promise<void> {
  const seconds = watch === true ? DEFAULT_S : watch;
  for (;;) {
    const shown = await text();
    out.write(seconds !== undefined && out.isTTY === true ? `${CLEAR}${shown}` : shown);
    if (seconds === undefined || !(await wait(seconds * 1000))) return;
  }
}

async function later(ms: number): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return true;
}
