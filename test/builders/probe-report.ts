/** A healthy prober's answer to a plan, at one moment. */
import type { ProbePlan, ProbeReport, Sample } from '../../core/model';

/** Samples a tenth of a second apart, each a hundredth slower than the one before. */
export function probeReport(plan: ProbePlan, at: number, latencyMs: (targetId: string) => number): ProbeReport {
  const groups = plan.groups.map(({ groupArn, targets }) => ({
    groupArn,
    samples: targets.flatMap(({ target, samples }) =>
      Array.from({ length: samples }, (_, index): Sample => ({
        target,
        offsetMs: index * 100,
        latencyMs: latencyMs(target.id) * (1 + index / 100),
      })),
    ),
  }));
  return { v: 1, startedAt: at, endedAt: at, groups, prober: { ok: true, controlMs: 0.3, busyFraction: 0 } };
}
