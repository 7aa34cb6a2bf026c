import { readFileSync, readdirSync } from 'node:fs';
import { isGone } from './errno';

export interface Memory {
  /** Sum of the proportional set sizes: pages shared by several processes count once. */
  readonly totalMb: number;
  readonly postgresMb: number;
  readonly nodeMb: number;
  readonly processes: number;
}

interface Usage {
  readonly command: string;
  readonly mb: number;
}

function usage(pid: string): Usage | undefined {
  try {
    const kb = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kb === undefined ? undefined : { command: readFileSync(`/proc/${pid}/cmdline`, 'utf8'), mb: Number(kb) / 1024 };
  } catch (cause) {
    if (isGone(cause)) return undefined;
    throw cause;
  }
}

/** Memory of every process in this PID namespace, which in the lab is every process of the lab. */
export function memory(): Memory {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const usages = pids.map(usage).filter((found) => found !== undefined);
  const sum = (pattern: RegExp): number => usages.filter(({ command }) => pattern.test(command)).reduce((total, { mb }) => total + mb, 0);
  return { totalMb: sum(/^/), postgresMb: sum(/postgres/), nodeMb: sum(/node|generate_/), processes: usages.length };
}
