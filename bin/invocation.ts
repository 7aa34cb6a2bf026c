/** How the caller of this command line can run it again: bin/ prints every command this way. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { sickbayCommand, type PrintCommand } from '../core/report/command';

export interface Caller {
  /** The script as it was called: `process.argv[1]`. */
  readonly script: string;
  readonly cwd: string;
  /** The variable `PATH`. */
  readonly path: string;
  readonly exists: (file: string) => boolean;
}

/**
 * `node bin/sickbay.js` in a checkout; `npx --no-install sickbay` in an app that has the package;
 * `sickbay` where that is on the PATH; otherwise node and the script's whole path.
 */
export function commandOf({ script, cwd, path: searched, exists }: Caller): PrintCommand {
  const modules = /^(.*)[\\/]node_modules[\\/]/.exec(script)?.[1];
  if (modules !== undefined && within(modules, cwd)) return sickbayCommand;
  const isCheckout = exists(path.join(path.dirname(script), 'sickbay.ts'));
  const isOnPath = path.basename(script) === 'sickbay' && searched.split(path.delimiter).includes(path.dirname(script));
  if (!isCheckout && isOnPath) return (words) => `sickbay ${words}`;
  const shown = within(cwd, script) ? path.relative(cwd, script) : script;
  return (words) => `node ${quoted(shown)} ${words}`;
}

function within(directory: string, file: string): boolean {
  const way = path.relative(directory, file);
  return !way.startsWith('..') && !path.isAbsolute(way);
}

function quoted(file: string): string {
  return /^[\w./\\:@+-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`;
}

/** Prints a command as whoever runs this process can run it. */
export const command: PrintCommand = (words) =>
  commandOf({ script: process.argv[1] ?? '', cwd: process.cwd(), path: process.env['PATH'] ?? '', exists: existsSync })(words);

/** The program as any shell of this machine can call it, from wherever it is. */
export function wholeCommand(): string {
  return `node ${quoted(path.resolve(process.argv[1] ?? ''))}`;
}
