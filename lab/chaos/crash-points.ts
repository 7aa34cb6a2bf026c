/**
 * A crash before and after every call, and an old answer to every read of target health, one run
 * each: exhaustively over a plan.
 */
import type { Invocation } from './invocation';
import type { Plan } from './happenings';
import { runChaos, type RunResult } from './run';
import type { Chaos } from './chaos';

const CRASHES = ['crash-before', 'crash-after'] as const;
const OLD_READS = ['stale', 'ancient'] as const;
const SEED = 1;

/**
 * Soon enough after a removal for a whole round to lie within the time in which target health may
 * be stale.
 */
const ALARM_AFTER_MS = 12_000;

export interface CrashPoint {
  readonly name: string;
  readonly plan: Plan;
  readonly crash: (typeof CRASHES)[number] | (typeof OLD_READS)[number];
  readonly call: number;
}

interface Sequence {
  readonly kind: Invocation['kind'];
  readonly names: string[];
  readonly calls: number[];
}

/**
 * Two for each call of the responder and each write of the sweep in the plan's run without faults.
 * Of runs that make the same calls in the same order one right after the other (a target that is
 * still out, minute after minute) the first and the last stand for all.
 */
export async function crashPoints(plan: Plan): Promise<CrashPoint[]> {
  const calls = distinct(await sequences(plan)).flatMap((sequence) => sequence.calls);
  const reads = await healthReads(plan);
  return [
    ...calls.flatMap((call) => CRASHES.map((crash) => point(plan, crash, call))),
    ...reads.flatMap((call) => OLD_READS.map((old) => point(plan, old, call))),
  ];
}

function point(plan: Plan, crash: CrashPoint['crash'], call: number): CrashPoint {
  return { name: `${plan.name}:${crash}:${call}`, plan, crash, call };
}

/** Plays a plan with one crash. */
export function crashRun({ plan, crash, call }: CrashPoint): Promise<RunResult> {
  const faultAt: Chaos['faultAt'] = (made) => (made.number === call ? crash : undefined);
  return runChaos(plan, { ...around(crash), faultAt }, { seed: SEED });
}

function around(crash: CrashPoint['crash']): Partial<Chaos> {
  return crash === 'stale' || crash === 'ancient' ? { alarmAfterMs: () => ALARM_AFTER_MS } : {};
}

/** Every read of target health, of both functions, with a round soon after each removal. */
async function healthReads(plan: Plan): Promise<number[]> {
  const reads: number[] = [];
  const faultAt: Chaos['faultAt'] = ({ name, number }) => {
    if (name === 'DescribeTargetHealth') reads.push(number);
    return undefined;
  };
  await runChaos(plan, { ...around('stale'), faultAt }, { seed: SEED });
  return reads;
}

async function sequences(plan: Plan): Promise<Sequence[]> {
  const found = new Map<Invocation, Sequence>();
  await runChaos(
    plan,
    {
      faultAt: ({ by, name, number }) => {
        // A sweep that dies before it writes leaves nothing behind: its reads are no points of
        // their own.
        if (by.kind === 'sweep' && name !== 'rounds.append' && name !== 'responder.wake') return undefined;
        const sequence = found.get(by) ?? { kind: by.kind, names: [], calls: [] };
        sequence.names.push(name);
        sequence.calls.push(number);
        found.set(by, sequence);
        return undefined;
      },
    },
    { seed: SEED },
  );
  return [...found.values()];
}

function distinct(all: readonly Sequence[]): Sequence[] {
  return (['sweep', 'respond'] as const).flatMap((kind) => {
    const mine = all.filter((sequence) => sequence.kind === kind);
    const same = (a: Sequence | undefined, b: Sequence | undefined) => a?.names.join() === b?.names.join();
    return mine.filter((sequence, index) => !same(sequence, mine[index - 1]) || !same(sequence, mine[index + 1]));
  });
}
