import type { HostProcess } from './inspection';

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Numbers, and words that are more number than word (ids, hashes): they tell hosts and runs apart, not jobs. */
function withoutNumbers(word: string): string {
  return word.replaceAll(/[A-Za-z0-9]+/g, (piece) =>
    (piece.match(/\d/g)?.length ?? 0) >= Math.max(3, piece.length / 4) ? '#' : piece.replaceAll(/\d+/g, '#'),
  );
}

/**
 * What makes two processes on two hosts "the same": the user's command without numbers, ids and the directory of the program. The
 * arguments count: a job run with other arguments is another job.
 */
export function commandKey({ command, comm }: Pick<HostProcess, 'command' | 'comm'>): string {
  const [program = comm, ...rest] = command.split(' ').filter((word) => word !== '');
  return [baseName(program), ...rest].map(withoutNumbers).join(' ');
}
