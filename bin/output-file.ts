/** A file that a command is to write, looked at before anybody waits for what is written. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommandError, EXIT } from './exit';

/** @throws CommandError where it is a folder, or its folder is not there */
export function checkOutputFile(option: string, file: string): void {
  if (existsSync(file) && statSync(file).isDirectory())
    throw new CommandError(`${option}: got "${file}", which is a folder; allowed: a file to write`, EXIT.usage);
  const folder = path.dirname(path.resolve(file));
  if (!existsSync(folder)) throw new CommandError(`${option}: got "${file}", and there is no folder ${folder}`, EXIT.usage);
}
