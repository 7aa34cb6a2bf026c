/** A prober that answers as the real one does, in shape and size, without a network. */
import type { ProbePlan, ProbeReport, Sample } from '../../core/model';
import type { Clock, Prober } from '../../lambda/ports';
import { Dice } from '../judge/dice';

const WELL_MS = 40;
const SICK_MS = 2_500;
/** What a round takes beside its starts: the last answers. */
const TAIL_MS = 500;
const STARTS_PER_SECOND = 700;

export interface Probed {
  invocations: number;
  starts: number;
  /** Of the largest one, as JSON: Lambda takes 6 MB each way. */
  planBytes: number;
  reportBytes: number;
  /** Start window of the longest, ms. */
  roundMs: number;
}

export function nothingProbed(): Probed {
  return { invocations: 0, starts: 0, planBytes: 0, reportBytes: 0, roundMs: 0 };
}

function samplesOf(dice: Dice, targets: ProbePlan['groups'][number]['targets'], sick: ReadonlySet<string>): Sample[] {
  return targets.flatMap(({ target, samples }) =>
    Array.from({ length: samples }, (_, index) => sampleOf(dice, target, index, sick.has(target.id))),
  );
}

export function simulatedProber(clock: Clock, sick: ReadonlySet<string>, probedNow: () => Probed): Prober {
  const dice = new Dice('scale');
  return {
    probe: async (plan) => {
      const startedAt = clock.now();
      const groups = plan.groups.map(({ groupArn, targets }) => ({ groupArn, samples: samplesOf(dice, targets, sick) }));
      const starts = groups.reduce((sum, group) => sum + group.samples.length, 0);
      const roundMs = Math.min(plan.startWindowMs, Math.max(1_000, (starts / STARTS_PER_SECOND) * 1000)) + TAIL_MS;
      await clock.sleep(roundMs);
      const report: ProbeReport = { v: 1, startedAt, endedAt: clock.now(), groups, prober: { ok: true, controlMs: 0.3, busyFraction: 0 } };
      return weighed(probedNow(), plan, report, starts, roundMs);
    },
  };
}

function sampleOf(dice: Dice, target: Sample['target'], index: number, sick: boolean): Sample {
  const waitMs = (sick ? SICK_MS : WELL_MS) * Math.exp(0.25 * dice.normal());
  const connectMs = 0.3 + dice.unit();
  const bodyMs = 0.1 + dice.unit();
  const latencyMs = connectMs + waitMs + bodyMs;
  return { target, offsetMs: index * 100, latencyMs, phases: { connectMs, waitMs, bodyMs } };
}

/** Goes over the wire as JSON, both ways, as an invocation does. */
function weighed(probed: Probed, plan: ProbePlan, report: ProbeReport, starts: number, roundMs: number): ProbeReport {
  const text = JSON.stringify(report);
  probed.invocations += 1;
  probed.starts += starts;
  probed.planBytes = Math.max(probed.planBytes, JSON.stringify(plan).length);
  probed.reportBytes = Math.max(probed.reportBytes, text.length);
  probed.roundMs = Math.max(probed.roundMs, roundMs);
  return JSON.parse(text) as ProbeReport;
}
