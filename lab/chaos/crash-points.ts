/** A crash before and after every call, one run each: exhaustively over a plan. */
import type { Invocation } from './invocation';
import type { Plan } from './plan';
import { runChaos, type RunResult } from './run';

const CRASHES = ['crash-before', 'crash-after'] as const;
const SEED = 1;

export interface CrashPoint {
  readonly name: string;
  readonly plan: Plan;
  readonly crash: (typeof CRASHES)[number];
  readonly call: number;
}

interface Sequence {
  readonly kind: Invocation['kind'];
  readonly names: string[];
  readonly calls: number[];
}

/**
 * Two for each call of the responder and each write of the sweep in the plan's run without faults. Of runs that make the same calls in the
 * same order one right after the other (a target that is still out, minute after minute) the first and the last stand for all.
 */
export async function crashPoints(plan: Plan): Promise<CrashPoint[]> {
  const calls = distinct(await sequences(plan)).flatMap((sequence) => sequence.calls);
  return calls.flatMap((call) => CRASHES.map((crash) => ({ name: `${plan.name}:${crash}:${call}`, plan, crash, call })));
}

/** Plays a plan with one crash. */
export function crashRun({ plan, crash, call }: CrashPoint): Promise<RunResult> {
  return runChaos(plan, { faultAt: (made) => (made.number === call ? crash : undefined) }, { seed: SEED });
}

async function sequences(plan: Plan): Promise<Sequence[]> {
  const found = new Map<Invocation, Sequence>();
  await runChaos(
    plan,
    {
      faultAt: ({ by, name, number }) => {
        // A sweep that dies before it writes leaves nothing behind: its reads are no points of their own.
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
