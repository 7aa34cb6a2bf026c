/** A crash before and after every call, one run each: exhaustively over a plan. */
import type { Plan } from './plan';
import { runChaos, type RunResult } from './run';

const CRASHES = ['crash-before', 'crash-after'] as const;

/** The crash points of a plan: two for each call that its run without faults makes. */
export async function crashPoints(plan: Plan): Promise<number[]> {
  const points: number[] = [];
  await runChaos(
    plan,
    {
      faultAt: (call) => {
        // A sweep that dies before it is done leaves nothing: one point stands for all of its reads.
        if (call.by.kind === 'respond' || call.name === 'rounds.append' || call.name === 'responder.wake') points.push(call.number);
        return undefined;
      },
    },
    { seed: SEED },
  );
  return points;
}

const SEED = 1;

/** Runs the plan once for each crash point from `from` on, every `step`-th. */
export async function* crashEverywhere(
  plan: Plan,
  from = 0,
  step = 1,
): AsyncGenerator<{ readonly point: string; readonly result: RunResult }> {
  const points = await crashPoints(plan);
  for (let index = from; index < points.length * CRASHES.length; index += step) {
    const number = points[Math.floor(index / CRASHES.length)];
    const crash = CRASHES[index % CRASHES.length];
    const result = await runChaos(plan, { faultAt: (call) => (call.number === number ? crash : undefined) }, { seed: SEED });
    yield { point: `${plan.name} ${crash} call ${number}`, result };
  }
}
