/**
 * What is asked of a second prober, in another subnet: targets that the round before had under
 * suspicion, and some of their peers, which tell whether its own path is well. Nothing is asked
 * while nothing is suspected.
 */
import { targetKey, type ProbeGroup, type ProbePlan, type ProbeReport, type Round, type Sample, type SecondLook } from '../../core/model';

/** Where more are suspected it is a shared cause, or the worst of them are asked about first. */
const SUSPECTS = 5;
const PEERS = 2;

/** The group's plan for the second prober; undefined when there is nothing to ask. */
export function secondLookOf(group: ProbeGroup, before: Round | undefined): ProbeGroup | undefined {
  const verdicts = [...(before?.verdicts ?? [])].sort((a, b) => b.evidenceNats - a.evidenceNats);
  const keys = (wanted: readonly string[], most: number) =>
    verdicts
      .filter(({ verdict }) => wanted.includes(verdict))
      .slice(0, most)
      .map(({ key }) => key);
  const suspects = keys(['convicted', 'suspect'], SUSPECTS);
  const asked = new Set([...suspects, ...keys(['clean'], PEERS)]);
  const targets = group.targets.filter(({ target }) => asked.has(targetKey(target)));
  return targets.some(({ target }) => suspects.includes(targetKey(target))) ? { ...group, targets } : undefined;
}

/**
 * What it measured of each group, by ARN. A prober that is not well itself has measured nothing; it
 * is said why.
 */
export function secondLooks(
  plans: readonly ProbePlan[],
  reports: readonly ProbeReport[],
  packed: (sample: Sample) => number | string,
): Map<string, SecondLook> {
  return new Map(
    reports.flatMap(({ prober, groups }, index) =>
      (plans[index]?.groups ?? []).map(({ groupArn }): [string, SecondLook] => {
        if (!prober.ok) return [groupArn, { samples: {}, why: prober.why ?? 'it is not well itself' }];
        const samples = groups.find((group) => group.groupArn === groupArn)?.samples ?? [];
        return [groupArn, { samples: byKey(samples, packed) }];
      }),
    ),
  );
}

function byKey(samples: readonly Sample[], packed: (sample: Sample) => number | string): Record<string, (number | string)[]> {
  const grouped: Record<string, (number | string)[]> = {};
  for (const sample of samples) (grouped[targetKey(sample.target)] ??= []).push(packed(sample));
  return grouped;
}
