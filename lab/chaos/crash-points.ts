/**
 * A crash before and after every call, an old answer to every read of target health, and an old or
 * an empty one to every read of ECS, one run each: exhaustively over a plan.
 */
import type { Call, Invocation } from './invocation';
import type { Plan } from './happenings';
import { runChaos, type RunResult } from './run';
import { SERVICE_READS } from './service-reads';
import type { Chaos } from './chaos';

const CRASHES = ['crash-before', 'crash-after'] as const;
const BAD_READS = ['stale', 'ancient', 'empty'] as const;
const SEED = 1;

/**
 * Soon enough after a removal for a whole round to lie within the time in which target health may
 * be stale.
 */
const ALARM_AFTER_MS = 12_000;

export interface CrashPoint {
  readonly name: string;
  readonly plan: Plan;
  readonly crash: (typeof CRASHES)[number] | (typeof BAD_READS)[number];
  readonly call: number;
}

/** What one run of a function called, in order, and which of these calls are points. */
interface Sequence {
  readonly kind: Invocation['kind'];
  readonly names: string[];
  readonly calls: number[];
}

/**
 * Two for each call of the responder, each write of the sweep and each read in the plan's run
 * without faults. Of runs that make the same calls in the same order one right after the other (a
 * target that is still out, minute after minute) the first and the last stand for all; every read
 * of target health is a point.
 */
export async function crashPoints(plan: Plan): Promise<CrashPoint[]> {
  // A sweep that dies before it writes leaves nothing behind: its reads are no points of their own.
  const dies = ({ by, name }: Call) => by.kind !== 'sweep' || name === 'rounds.append' || name === 'responder.wake';
  const calls = distinct(await sequences(plan, 'crash-before', dies));
  const health = (await sequences(plan, 'stale', ({ name }) => name === 'DescribeTargetHealth')).flatMap((one) => one.calls);
  const isOfService = ({ name }: Call) => SERVICE_READS.includes(name);
  const service = plan.service === undefined ? [] : distinct(await sequences(plan, 'stale', () => true, isOfService));
  const points = (all: readonly number[], crashes: readonly CrashPoint['crash'][]) =>
    all.flatMap((call) => crashes.map((crash) => ({ name: `${plan.name}:${crash}:${call}`, plan, crash, call })));
  return [...points(calls, CRASHES), ...points(health, ['stale', 'ancient']), ...points(service, ['stale', 'empty'])];
}

/** Plays a plan with one crash. */
export function crashRun({ plan, crash, call }: CrashPoint): Promise<RunResult> {
  const faultAt: Chaos['faultAt'] = (made) => (made.number === call ? crash : undefined);
  return runChaos(plan, { ...around(crash), faultAt }, { seed: SEED });
}

/** A read may be old: a round soon after each removal is what it misleads. */
function around(crash: CrashPoint['crash']): Partial<Chaos> {
  return BAD_READS.some((read) => read === crash) ? { alarmAfterMs: () => ALARM_AFTER_MS } : {};
}

type Which = (call: Call) => boolean;

/** What runs of functions call without faults, in the surroundings of that kind of point. */
async function sequences(plan: Plan, crash: CrashPoint['crash'], isHeard: Which, isPoint = isHeard): Promise<Sequence[]> {
  const found = new Map<Invocation, Sequence>();
  const faultAt: Chaos['faultAt'] = (call) => {
    if (!isHeard(call)) return undefined;
    const sequence = found.get(call.by) ?? { kind: call.by.kind, names: [], calls: [] };
    found.set(call.by, sequence);
    sequence.names.push(call.name);
    if (isPoint(call)) sequence.calls.push(call.number);
    return undefined;
  };
  await runChaos(plan, { ...around(crash), faultAt }, { seed: SEED });
  return [...found.values()];
}

function distinct(all: readonly Sequence[]): number[] {
  return (['sweep', 'respond'] as const).flatMap((kind) => {
    const mine = all.filter((sequence) => sequence.kind === kind);
    const same = (a: Sequence | undefined, b: Sequence | undefined) => a?.names.join() === b?.names.join();
    return mine
      .filter((sequence, index) => !same(sequence, mine[index - 1]) || !same(sequence, mine[index + 1]))
      .flatMap(({ calls }) => calls);
  });
}
