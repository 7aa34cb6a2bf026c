/** Which hosts `sickbay diagnose` looks at: a file, one a line or JSON, or a list with commas. */
import { existsSync, readFileSync } from 'node:fs';
import { CommandError, EXIT } from '../exit';

/** SendCommand takes at most 50 instance ids (Systems Manager API reference, SendCommand). */
const MOST = 50;
const FEWEST = 2;

interface Kind {
  readonly option: '--hosts' | '--ssh';
  readonly pattern: RegExp;
  readonly allowed: string;
}

/** EC2 instances and hybrid-activated nodes. */
const INSTANCE: Kind = { option: '--hosts', pattern: /^m?i-[0-9a-f]{8,17}$/, allowed: 'an instance id such as i-0123456789abcdef0' };

/**
 * No character that a shell knows, and none that makes an option of it: ssh hands the name on to
 * the user's own ProxyCommand and Match exec (ssh_config(5), TOKENS).
 */
const SSH: Kind = {
  option: '--ssh',
  pattern: /^(ssh:\/\/)?([A-Za-z0-9_][A-Za-z0-9._-]{0,63}@)?([A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$/,
  allowed: 'HOST, USER@HOST or ssh://USER@HOST:PORT, as your ssh configuration knows it',
};

/** Instance ids of a file. @throws CommandError that names what is wrong and what is allowed. */
export function instancesOf(file: string): string[] {
  if (!existsSync(file)) throw usage(`--hosts: got "${file}", which is no file; allowed: a file with an instance id a line, or JSON`);
  return checked(INSTANCE, namesIn(read('--hosts', file)), file);
}

/**
 * Hosts for ssh: of a file where there is one of this name, otherwise of the text itself. @throws
 * CommandError as above.
 */
export function sshHostsOf(text: string): string[] {
  if (existsSync(text)) return checked(SSH, namesIn(read('--ssh', text)), text);
  return checked(
    SSH,
    text.split(',').filter((name) => name !== ''),
    'the list (there is no such file)',
  );
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`${option}: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * One name a line, `#` begins a comment; or JSON: names, or objects with `InstanceId`, however deep
 * the AWS CLI nests them.
 */
function namesIn(text: string): string[] {
  if (/^\s*[[{]/.test(text)) {
    const value = parsed(text);
    if (value !== undefined) return namesOf(value);
  }
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** A line such as `[::1]` begins like JSON and is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function namesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(namesOf);
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)];
  return 'InstanceId' in value ? namesOf(value.InstanceId) : Object.values(value).flatMap(namesOf);
}

function checked({ option, pattern, allowed }: Kind, names: readonly string[], source: string): string[] {
  const wrong = names.find((name) => !pattern.test(name));
  if (wrong !== undefined) throw usage(`${option}: got ${JSON.stringify(wrong.slice(0, 80))} in ${source}; allowed: ${allowed}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usage(`${option}: ${twice} is there twice in ${source}`);
  if (names.length < FEWEST || names.length > MOST)
    throw usage(
      `${option}: got ${names.length === 1 ? '1 host' : `${names.length} hosts`} in ${source}; allowed: ${FEWEST} to ${MOST}, the slow one and its peers`,
    );
  return [...names];
}

function usage(message: string): CommandError {
  return new CommandError(message, EXIT.usage);
}
