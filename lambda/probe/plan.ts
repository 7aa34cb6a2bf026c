import type { ClientProbe, ProbeGroup, ProbePlan } from '../../core/model';
import { paceOf, type Pace } from './pacing';

/** A target's distribution needs this many samples to have a middle at all. */
export const MIN_SAMPLES = 3;

/** What one prober invocation can take on. */
export interface RoundLimits {
  readonly startWindowMs: number;
  /**
   * Starts a second that one invocation sustains without measuring itself: `STARTS_PER_SECOND` for
   * a whole vCPU.
   */
  readonly startsPerSecond: Readonly<Record<Pace, number>>;
}

/**
 * What cannot be taken apart: a group's targets are compared with each other, so one prober must
 * measure them in one round.
 */
interface Item {
  readonly groups: readonly ProbeGroup[];
  readonly clients: readonly ClientProbe[];
}

/**
 * The plans of one round, one for each prober invocation; all run at once. Each target wants the
 * samples its group says (10, or 20 under suspicion). When they do not fit one start window, all
 * are cut in proportion, never under 3. What does not fit even then goes to further invocations, a
 * group never apart, and each invocation gives back the samples it has room for.
 *
 * A single group too large for a window at 3 samples a target (with the defaults over 3,500 targets
 * of HTTP, 650 of HTTPS) has an invocation to itself; the prober stops at the end of the window,
 * and the last targets in line get fewer samples.
 * @param clients internal load balancers to sample; each is measured with its group.
 */
export function planRounds(groups: readonly ProbeGroup[], limits: RoundLimits, clients: readonly ClientProbe[] = []): ProbePlan[] {
  return packed(itemsOf(groups, clients), limits).map((items) => planOf(items, limits));
}

function itemsOf(groups: readonly ProbeGroup[], clients: readonly ClientProbe[]): Item[] {
  const known = new Set(groups.map((group) => group.groupArn));
  return [
    ...groups.map((group) => ({ groups: [group], clients: clients.filter((client) => client.groupArn === group.groupArn) })),
    ...clients.filter((client) => !known.has(client.groupArn)).map((client) => ({ groups: [], clients: [client] })),
  ];
}

/**
 * First fit, largest first, at the fewest samples: at most 11/9 of the fewest possible invocations,
 * and one more (Johnson 1973).
 */
function packed(items: readonly Item[], limits: RoundLimits): Item[][] {
  const invocations: { items: Item[]; costMs: number }[] = [];
  const sized = items.map((item) => ({ item, costMs: costMs([item], 0, limits) })).sort((a, b) => b.costMs - a.costMs);
  for (const { item, costMs } of sized) {
    const roomy = invocations.find((invocation) => invocation.costMs + costMs <= limits.startWindowMs);
    if (roomy === undefined) invocations.push({ items: [item], costMs });
    else {
      roomy.items.push(item);
      roomy.costMs += costMs;
    }
  }
  return invocations.map((invocation) => invocation.items);
}

const SHARE_STEPS = 20;

/** The largest share of the wanted samples, in steps of a twentieth, that fits the window. */
function planOf(items: readonly Item[], limits: RoundLimits): ProbePlan {
  let steps = SHARE_STEPS;
  while (steps > 0 && costMs(items, steps / SHARE_STEPS, limits) > limits.startWindowMs) steps--;
  const groups = items.flatMap((item) => item.groups).map((group) => shrunk(group, steps / SHARE_STEPS));
  const clients = items.flatMap((item) => item.clients);
  return { v: 1, startWindowMs: limits.startWindowMs, groups, ...(clients.length === 0 ? {} : { clients }) };
}

/** Time the starts of these items take when each target gets `share` of its samples. */
function costMs(items: readonly Item[], share: number, limits: RoundLimits): number {
  const perStartMs = (shape: Parameters<typeof paceOf>[0]): number => 1000 / limits.startsPerSecond[paceOf(shape)];
  const targets = items
    .flatMap((item) => item.groups)
    .map((group) => group.targets.reduce((sum, { samples }) => sum + cut(samples, share), 0) * perStartMs(group));
  const clients = items.flatMap((item) => item.clients).map((client) => client.samples * perStartMs(client));
  return [...targets, ...clients].reduce((sum, cost) => sum + cost, 0);
}

function cut(samples: number, share: number): number {
  return Math.max(MIN_SAMPLES, Math.floor(samples * share));
}

function shrunk(group: ProbeGroup, share: number): ProbeGroup {
  return { ...group, targets: group.targets.map((entry) => ({ ...entry, samples: cut(entry.samples, share) })) };
}
