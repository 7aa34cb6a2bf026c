/**
 * Many chaos runs, and what came of them: the numbers that the command prints and the tests hold.
 */
import { BASE_PLANS } from './base-plans';
import { SERVICE_PLANS } from './base-plans-service';
import { crashPoints, crashRun, type CrashPoint } from './crash-points';
import type { Plan } from './happenings';
import { draw, type Draw } from './random-plan';
import { runChaos, type RunResult } from './run';

export interface ReportedViolation {
  /** The seed of a drawn run, or the name of a crash point: either can be played again. */
  readonly seed: number | string;
  readonly step: number;
  readonly invariant: string;
  readonly summary: string;
}

export interface Report {
  readonly runs: number;
  /** Calls that took effect; every invariant is checked after each. */
  readonly steps: number;
  readonly crashPoints: number;
  readonly removals: number;
  readonly violations: readonly ReportedViolation[];
}

export const EMPTY: Report = { runs: 0, steps: 0, crashPoints: 0, removals: 0, violations: [] };

/** Drawn runs with the seeds `from` to `from + count - 1`. */
export async function drawnRuns(
  from: number,
  count: number,
  progress: (done: number) => void = () => undefined,
  drawn: (seed: number) => Draw = draw,
): Promise<Report> {
  let report = EMPTY;
  for (let seed = from; seed < from + count; seed++) {
    const { plan, chaos, options } = drawn(seed);
    report = added(report, seed, await runChaos(plan, chaos, options));
    progress(seed - from + 1);
  }
  return report;
}

/**
 * Every crash point of the plans; `step`: every so many, from number `first` on, for a quick look
 * or a share.
 */
export async function crashRuns(
  step = 1,
  progress: (done: number, of: number) => void = () => undefined,
  first = 0,
  plans: readonly Plan[] = BASE_PLANS,
): Promise<Report> {
  const points: CrashPoint[] = [];
  for (const plan of plans) points.push(...(await crashPoints(plan)));
  let report = EMPTY;
  for (let index = first; index < points.length; index += step) {
    const point = points[index];
    if (point === undefined) break;
    report = added(report, point.name, await crashRun(point));
    progress(index + 1, points.length);
  }
  return { ...report, crashPoints: report.runs };
}

/**
 * Plays one crash point again, by the name it was reported under. @throws on a name that no plan
 * has.
 */
export async function crashRunNamed(name: string): Promise<Report> {
  const plans = [...BASE_PLANS, ...SERVICE_PLANS];
  const plan = plans.find((candidate) => candidate.name === name.split(':')[0]);
  const points = plan === undefined ? [] : await crashPoints(plan);
  const point = points.find((candidate) => candidate.name === name);
  if (point !== undefined) return { ...added(EMPTY, name, await crashRun(point)), crashPoints: 1 };
  throw new Error(
    `crash point: got "${name}"; allowed: plan:crash-before|crash-after|stale|ancient|empty:call, with a plan of ${plans.map((one) => one.name).join(', ')}`,
  );
}

export function together(a: Report, b: Report): Report {
  return {
    runs: a.runs + b.runs,
    steps: a.steps + b.steps,
    crashPoints: a.crashPoints + b.crashPoints,
    removals: a.removals + b.removals,
    violations: [...a.violations, ...b.violations],
  };
}

function added(report: Report, seed: number | string, result: RunResult): Report {
  const violations = result.violations.map(({ invariant, step, summary }) => ({ seed, step, invariant, summary }));
  const removals = result.stage.all().reduce((sum, { checker }) => sum + checker.removals.length + checker.replacements.begun.length, 0);
  return together(report, { runs: 1, steps: result.steps, crashPoints: 0, removals, violations });
}
