/** Each guard taken away in turn: runs must notice, or the guard is not there. */
import { STOP_BLOCKED, type StopBlocked } from '../../core/model';
import { CHECKS } from '../../core/stop/checks';
import type { StopPorts } from '../../lambda/stop/ports';
import type { StopInvariant } from './checker';
import { runStopChaos, type StopAlteration, type StopRun } from './run';

export interface StopMutation {
  readonly name: string;
  readonly takenAway: string;
  readonly expected: readonly StopInvariant[];
  /** A check that always passes. */
  readonly check?: StopBlocked;
  readonly alter?: () => StopAlteration;
}

/** Guards behind which another one stands: taken away alone, no run can notice. */
export const STOP_UNCOVERED: Readonly<Partial<Record<StopBlocked, string>>> = {
  'stop-off': 'where nothing is allowed, no entry fits the plan (not-allowed)',
  'no-culprit': 'without exactly one culprit there is no pid to ask the host about',
  'plan-failed': 'without a plan no check of the plan holds',
  'not-allowed': 'a proposal without an entry is refused when it is written (lambda/stop/propose.ts)',
  'starter-unknown': 'an entry is for a job that cron or a timer starts, and none fits (not-allowed)',
};

const checkTaken = (check: StopBlocked): StopMutation => ({
  name: check,
  takenAway: `the check ${check}`,
  expected: ['allowed-when-proposed', 'withdrawn-when-not', 'exact-identity', 'one-host', 'budget'],
  check,
});

const withPorts =
  (change: (ports: StopPorts) => Partial<StopPorts>): (() => StopAlteration) =>
  () =>
  (ports) => ({ ...ports, ...change(ports) });

const ORDER: readonly StopMutation[] = [
  {
    name: 'lease',
    takenAway: 'the lease by which one run goes on at a time',
    expected: ['one-host'],
    alter: withPorts(() => ({
      lease: { acquire: async (holder, _now, untilAt) => ({ holder, untilAt }), release: async () => undefined },
    })),
  },
  {
    name: 'client-token',
    takenAway: 'the client token that was stored before the execution is started',
    expected: ['once-only', 'one-host'],
    alter: () => {
      let count = 0;
      return (ports) => ({
        ...ports,
        executions: { ...ports.executions, start: (stop) => ports.executions.start({ ...stop, clientToken: `token-${count++}` }) },
      });
    },
  },
  {
    name: 'record-first',
    takenAway: 'the record before the execution: it is stored when the execution has an id',
    expected: ['once-only', 'one-host'],
    alter: () => (ports) => ({
      ...ports,
      stops: { ...ports.stops, put: async (stop) => (stop.rev === 0 && stop.executionId === undefined ? stop : ports.stops.put(stop)) },
    }),
  },
  {
    name: 'cancel-is-read',
    takenAway: 'the look at what a cancellation came to: one that was asked for counts as made',
    expected: ['one-host'],
    alter: () => {
      const asked = new Set<string>();
      return (ports) => ({
        ...ports,
        executions: {
          ...ports.executions,
          cancel: async (id) => void asked.add(id),
          read: async (id) => (asked.has(id) ? { state: 'cancelled', reachedHost: false } : ports.executions.read(id)),
        },
      });
    },
  },
  {
    name: 'reached-host',
    takenAway: 'whether an execution that failed had reached the host',
    expected: ['given-back-or-kept', 'told'],
    alter: withPorts(({ executions }) => ({
      executions: { ...executions, read: async (id) => ({ ...(await executions.read(id)), reachedHost: false }) },
    })),
  },
  {
    name: 'verification',
    takenAway: 'the looks at the host after a stop',
    expected: ['verified-is-true'],
    alter: withPorts(({ hosts }) => ({
      hosts: {
        ...hosts,
        status: async () => ({ v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held' }),
      },
    })),
  },
  {
    name: 'undo-answers',
    takenAway: "the host's answer to an undo: one that was asked for counts as made",
    expected: ['given-back-or-kept'],
    alter: withPorts(({ hosts }) => ({ hosts: { ...hosts, undo: async () => ({ v: 1, outcome: 'undone' }) } })),
  },
  {
    name: 'keep-unschedules',
    takenAway: 'the cancelled schedule of what is kept',
    expected: ['kept-stays-out'],
    alter: withPorts(({ undoSchedules }) => ({ undoSchedules: { ...undoSchedules, cancel: async () => undefined } })),
  },
  {
    name: 'outbox',
    takenAway: 'the alert that is on record until it was taken',
    expected: ['told'],
    alter: withPorts(({ topic }) => ({ topic: { publish: (...entry) => topic.publish(...entry).catch(() => undefined) } })),
  },
];

export const STOP_MUTATIONS: readonly StopMutation[] = [
  ...STOP_BLOCKED.filter((name) => STOP_UNCOVERED[name] === undefined).map(checkTaken),
  ...ORDER,
];

/** Plays seeds until the mutation is noticed. */
export async function playStopMutation(mutation: StopMutation, seed: number, most: number): Promise<StopRun | undefined> {
  return withoutCheck(mutation.check, async () => {
    for (let run = 0; run < most; run++) {
      const result = await runStopChaos(seed + run, mutation.alter?.());
      if (result.violations.some(({ invariant }) => mutation.expected.includes(invariant))) return result;
    }
    return undefined;
  });
}

async function withoutCheck<Result>(name: StopBlocked | undefined, play: () => Promise<Result>): Promise<Result> {
  const table = CHECKS as (typeof CHECKS)[number][];
  const index = table.findIndex((check) => check.name === name);
  const check = table[index];
  if (check === undefined) return play();
  table[index] = { ...check, holds: () => [true, 'taken away'] };
  try {
    return await play();
  } finally {
    table[index] = check;
  }
}
