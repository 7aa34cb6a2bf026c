import * as fc from 'fast-check';
import type { ClientProbe, ProbeGroup, ProbePlan } from '../../../core/model';
import { STARTS_PER_SECOND } from '../../../lambda/probe/pacing';
import { MIN_SAMPLES, planRounds } from '../../../lambda/probe/plan';

const LIMITS = { startWindowMs: 15_000, startsPerSecond: STARTS_PER_SECOND };

function group(name: string, targets: number, samples = 10, protocol: 'HTTP' | 'HTTPS' = 'HTTP'): ProbeGroup {
  return {
    groupArn: name,
    protocol,
    method: 'GET',
    path: '/',
    matcher: '200',
    timeoutMs: 5000,
    targets: Array.from({ length: targets }, (_, index) => ({ target: { id: `i-${index}`, port: 80 }, address: '10.0.0.1', samples })),
  };
}

function client(groupArn: string): ClientProbe {
  return { groupArn, protocol: 'HTTP', host: 'lb.example.test', port: 80, path: '/', matcher: '200', timeoutMs: 5000, samples: 20 };
}

function samplesOf(plans: readonly ProbePlan[]): number[] {
  return plans.flatMap((plan) => plan.groups.flatMap(({ targets }) => targets.map(({ samples }) => samples)));
}

function costMs(plan: ProbePlan): number {
  const of = (protocol: 'HTTP' | 'HTTPS', samples: number): number => (samples * 1000) / STARTS_PER_SECOND[protocol];
  const groups = plan.groups.flatMap(({ protocol, targets }) => targets.map(({ samples }) => of(protocol, samples)));
  const clients = (plan.clients ?? []).map(({ protocol, samples }) => of(protocol, samples));
  return [...groups, ...clients].reduce((sum, cost) => sum + cost, 0);
}

const anyGroups = fc
  .array(
    fc.record({
      targets: fc.integer({ min: 0, max: 500 }),
      samples: fc.constantFrom(3, 10, 20),
      protocol: fc.constantFrom('HTTP' as const, 'HTTPS' as const),
    }),
    { maxLength: 12 },
  )
  .map((specs) => specs.map(({ targets, samples, protocol }, index) => group(`g${index}`, targets, samples, protocol)));

describe('planning a round', () => {
  it('leaves the samples as wanted where they fit', () => {
    const groups = [group('a', 500), group('b', 4, 20)];
    expect(planRounds(groups, LIMITS)).toEqual([{ v: 1, startWindowMs: 15_000, groups: expect.arrayContaining(groups) }]);
  });

  it('measures 1,000 targets with 10 samples each in one invocation', () => {
    const plans = planRounds([group('a', 1000)], LIMITS);
    expect(plans.length).toBe(1);
    expect(new Set(samplesOf(plans))).toEqual(new Set([10]));
  });

  it('cuts samples before it takes a second prober', () => {
    const plans = planRounds([group('a', 1000), group('b', 1000)], LIMITS);
    expect(plans.length).toBe(1);
    expect(new Set(samplesOf(plans))).toEqual(new Set([5]));
  });

  it('keeps the lead of a target under suspicion when it cuts', () => {
    const plain = group('a', 2000);
    const [first, ...others] = plain.targets;
    if (first === undefined) throw new Error('no target');
    const plans = planRounds([{ ...plain, targets: [{ ...first, samples: 20 }, ...others] }], LIMITS);
    expect([...new Set(samplesOf(plans))]).toEqual([11, 5]);
  });

  it('gives back the samples that a second prober has room for', () => {
    const plans = planRounds(
      [1, 2, 3, 4].map((index) => group(`g${index}`, 1000)),
      LIMITS,
    );
    expect(plans.map((plan) => plan.groups.length)).toEqual([3, 1]);
    expect(new Set(samplesOf(plans.slice(1)))).toEqual(new Set([10]));
  });

  it('gives a group that fits no window an invocation to itself', () => {
    const plans = planRounds([group('small', 4), group('huge', 1000, 10, 'HTTPS')], LIMITS);
    expect(plans.map((plan) => plan.groups.map(({ groupArn }) => groupArn))).toEqual([['huge'], ['small']]);
    expect(samplesOf(plans.slice(0, 1))[0]).toBe(MIN_SAMPLES);
  });

  it('samples a load balancer with its group, or alone when its group is not probed', () => {
    const plans = planRounds([group('a', 4)], LIMITS, [client('a'), client('unprobed')]);
    expect(plans.flatMap((plan) => plan.clients ?? [])).toEqual([client('a'), client('unprobed')]);
    expect(plans.find((plan) => plan.groups.length > 0)?.clients).toContainEqual(client('a'));
  });

  it('plans nothing for nothing', () => {
    expect(planRounds([], LIMITS)).toEqual([]);
  });

  it('never plans under 3 samples nor over what was wanted', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const planned = planRounds(groups, LIMITS).flatMap((plan) => plan.groups);
        for (const { groupArn, targets } of planned) {
          const wanted = groups.find((one) => one.groupArn === groupArn)?.targets ?? [];
          const kept = targets.every(({ samples }, index) => samples >= MIN_SAMPLES && samples <= (wanted[index]?.samples ?? 0));
          expect(kept).toBe(true);
        }
      }),
    );
  });

  it('never splits, loses or doubles a group or a target', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const without = (one: ProbeGroup) => [one.groupArn, one.targets.map(({ target }) => target.id).join(' ')];
        const planned = planRounds(groups, LIMITS).flatMap((plan) => plan.groups);
        const byName = (a: ProbeGroup, b: ProbeGroup): number => a.groupArn.localeCompare(b.groupArn);
        expect(planned.sort(byName).map(without)).toEqual([...groups].sort(byName).map(without));
      }),
    );
  });

  it('fits every invocation into its window, but for a single group that cannot', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        for (const plan of planRounds(groups, LIMITS)) {
          const alone = plan.groups.length === 1 && samplesOf([plan]).every((samples) => samples === MIN_SAMPLES);
          expect(alone || costMs(plan) <= LIMITS.startWindowMs + 1e-6).toBe(true);
        }
      }),
    );
  });

  it('takes a further prober only when the fewest samples do not fit fewer', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const least = groups.map((one) => ({ ...one, targets: one.targets.map((entry) => ({ ...entry, samples: MIN_SAMPLES })) }));
        const total = costMs({ v: 1, startWindowMs: 0, groups: least });
        const fits = total <= LIMITS.startWindowMs - 1e-6;
        const plans = planRounds(groups, LIMITS).length;
        expect(fits ? plans <= 1 : plans >= Math.min(groups.length, Math.ceil(total / LIMITS.startWindowMs - 1e-6), 2)).toBe(true);
      }),
    );
  });
});
