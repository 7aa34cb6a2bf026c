/** What a check is, and what it says. */
import type { Context } from './context';

/** `skip`: it does not apply, or cannot be told yet; it is no finding. */
export type Level = 'ok' | 'warn' | 'fail' | 'skip';

export interface Result {
  readonly level: Level;
  /** One line. */
  readonly text: string;
  /** What mends it, to be copied. */
  readonly command?: string;
  /** AWS gave no answer, and refused nothing: the command ends with the exit code of that. */
  readonly awsFailed?: true;
}

export interface Check {
  /** Stands first in its line: at most 16 characters. */
  readonly name: string;
  /**
   * One result, or one for each thing that is not well. A rejection is told as this check's own.
   */
  readonly run: (context: Context) => Promise<readonly Result[]>;
}

export const ok = (text: string): Result => ({ level: 'ok', text });
export const skip = (text: string): Result => ({ level: 'skip', text });
export const warn = (text: string, command?: string): Result => ({ level: 'warn', text, ...(command === undefined ? {} : { command }) });
export const fail = (text: string, command?: string): Result => ({ level: 'fail', text, ...(command === undefined ? {} : { command }) });

/** What is wrong, or one line that nothing is. */
export function orOk(found: readonly Result[], text: string): readonly Result[] {
  return found.length > 0 ? found : [ok(text)];
}

export const NOT_DEPLOYED = skip('not deployed yet');
