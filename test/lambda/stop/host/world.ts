import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { StopOutcome, StopPlan, StopStatus } from '../../../../core/model';
import { scripts } from './program';

const WORLD = path.join(__dirname, 'world.sh');
const SHIPPED = scripts();

type Documents = ReturnType<typeof scripts>;

interface Playing {
  readonly documents?: Documents;
  readonly python?: string;
  /** Only to end a scene that hangs. */
  readonly hangMs?: number;
}

/** What a scene says, each under the word before it: a word that it did not say is undefined. */
export interface Said {
  readonly plan: StopPlan;
  readonly user: StopPlan;
  readonly outcome: StopOutcome;
  readonly stopped: StopOutcome;
  readonly again: StopOutcome;
  readonly status: StopStatus;
  readonly back: StopStatus;
  readonly pid: number;
  readonly pids: readonly [pid: number, child: number];
  readonly lineage: readonly [parent: number];
  readonly [word: string]: unknown;
}

/**
 * Plays a scene, a piece of shell, on a host of its own: a mount and a process namespace with the
 * functions of world.sh. @throws where the scene fails.
 */
export function play(scene: string, { documents = SHIPPED, python = '', hangMs = 60_000 }: Playing = {}): Said {
  const env = { PLAN: documents.plan, STOP: documents.stop, UNDO: documents.undo, PYTHON: python, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const argv = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child', '--net', 'bash', '-c', `. ${WORLD}\n${scene}`];
  const run = spawnSync('unshare', argv, {
    env,
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: hangMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  });
  if (run.status !== 0) throw new Error(`scene ended with ${run.status}: ${run.stderr}\n${run.stdout}`);
  return saidIn(run.stdout);
}

function saidIn(printed: string): Said {
  return Object.fromEntries(
    printed
      .split('\n')
      .filter((line) => line.includes('\t'))
      .map((line) => [line.slice(0, line.indexOf('\t')), parsed(line.slice(line.indexOf('\t') + 1))]),
  ) as Said;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
