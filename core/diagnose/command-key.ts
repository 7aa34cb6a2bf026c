import type { HostProcess } from './inspection';

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A number, an id or a short label with a digit: such words tell hosts and runs apart, not jobs. */
function withoutNumbers(word: string): string {
  return word.replaceAll(/[A-Za-z0-9]+/g, (piece) => {
    const digits = piece.match(/\d/g)?.length ?? 0;
    const isLabel = digits > 0 && (piece.length <= 3 || digits >= Math.max(3, piece.length / 4));
    return isLabel ? '#' : piece.replaceAll(/\d+/g, '#');
  });
}

/**
 * What makes two processes on two hosts "the same": the user's command without the host's own name, numbers, ids and the directory of
 * the program. The arguments count: a job run with other arguments is another job.
 */
export function commandKey({ command, comm }: Pick<HostProcess, 'command' | 'comm'>, hostname = ''): string {
  const anywhere = hostname.length < 3 ? command : command.replaceAll(hostname, '#');
  const [program = comm, ...rest] = anywhere.split(' ').filter((word) => word !== '');
  return [baseName(program), ...rest].map(withoutNumbers).join(' ');
}
