import type { HostProcess } from './inspection';
import { isSecretName } from './redaction/values';

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Ids as machines make them: UUIDs, and hexadecimal of eight characters or more. */
const IDS = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi;

/**
 * A hidden value: its number says that it is equal to others of the same inspection, and is no
 * number of the host's.
 */
const HIDDEN_VALUE = /‹hidden:\d+›/g;

/** What a host hides as a number, an id or its own name. */
const OWN_NAME = '‹hidden:0›';

/** The command with hidden values all alike: between two inspections their numbers say nothing. */
export function withoutLabels(command: string): string {
  return command.replaceAll(HIDDEN_VALUE, '‹hidden›');
}

/**
 * A secret's number does not count: hosts may each have a secret of their own, and are no different
 * for it. Told by the name before it and, in URLs, by the `@` behind it.
 */
function withoutSecretLabel(word: string, index: number, words: readonly string[]): string {
  if (!word.includes('‹hidden:')) return word;
  const [, name = words[index - 1] ?? ''] = /^(.+)=‹/.exec(word) ?? [];
  const isSecret = (/^-|=‹/.test(`${name}${word}`) && isSecretName(name)) || /^-[A-Za-z]‹/.test(word) || /›@/.test(word);
  return isSecret ? withoutLabels(word) : word;
}

/**
 * A number, an id or a short label with a digit: such words tell hosts and runs apart, not jobs.
 */
function withoutNumbers(word: string): string {
  if (word.includes('‹')) return word.replaceAll(OWN_NAME, '#');
  return word.replaceAll(IDS, '#').replaceAll(/[A-Za-z0-9]+/g, (piece) => {
    const runs = piece.match(/\d+/g) ?? [];
    const digits = runs.join('').length;
    const isLabel = digits > 0 && (piece.length <= 3 || runs.length > 1 || digits >= Math.max(3, piece.length / 4));
    return isLabel ? '#' : piece.replaceAll(/\d+/g, '#');
  });
}

/**
 * The command without the host's own name, in full or without its domain. A name that is a plain
 * word, such as `shop`, may be part of every host's paths: it is taken out where it stands alone.
 */
function withoutName(command: string, hostname: string): string {
  const names = [hostname, hostname.split('.')[0] ?? ''].filter((name) => name.length >= 3);
  return names.reduce(
    (rest, name) =>
      rest
        .split(' ')
        .map((word) => (/[-\d]/.test(name) ? word.replaceAll(name, '#') : withoutWord(word, name)))
        .join(' '),
    command,
  );
}

/** `name`, `--host=name`, `user@name:80`: not a directory or a part of a longer name. */
function withoutWord(word: string, name: string): string {
  const at = word.lastIndexOf(name);
  const alone = at >= 0 && /(^|[=@:,])$/.test(word.slice(0, at)) && /^([:,]|$)/.test(word.slice(at + name.length));
  return alone ? `${word.slice(0, at)}#${word.slice(at + name.length)}` : word;
}

/**
 * What makes two processes on two hosts "the same": the user's command without the host's own name,
 * numbers, ids and the directory of the program. The arguments count: a job run with other
 * arguments is another job.
 */
export function commandKey({ command, comm }: Pick<HostProcess, 'command' | 'comm'>, hostname = ''): string {
  const [program = comm, ...rest] = withoutName(command, hostname)
    .split(' ')
    .filter((word) => word !== '')
    .map(withoutSecretLabel);
  return [baseName(program), ...rest].map(withoutNumbers).join(' ');
}
