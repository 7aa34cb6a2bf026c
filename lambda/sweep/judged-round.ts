/**
 * The round of one group as it is kept: what was measured, the judge's verdicts, and notes on both.
 */
import { zoneOf } from '../../core/case';
import type { Config } from '../../core/config';
import { judge } from '../../core/judge/judge';
import { targetKey, type JudgedTarget, type Judgement, type Round, type Sample, type Trigger } from '../../core/model';
import { DEFAULT_TIMEOUT_MS, defaultPath } from '../discover/probe-group';
import { ageOf, type Survey } from '../discover/survey';
import type { Measurements, Subject } from './measure';
import { packedPhases, packedSample } from './packed';

export function judgedRound(config: Config, subject: Subject, measured: Measurements, trigger: Trigger): Round {
  const { group, lbView, instances, addresses, notes, holders } = subject.survey;
  const clientView = measured.clients.get(group.arn);
  const secondLook = measured.secondLooks.get(group.arn);
  const samples = samplesByKey(measured.samples.get(group.arn) ?? []);
  const judgement = judgeGroup(config, subject, measured, samples);
  return {
    v: 1,
    groupArn: group.arn,
    startedAt: measured.startedAt,
    endedAt: measured.endedAt,
    trigger,
    group: { ...group, loadBalancers: measured.reach.get(group.arn) ?? [] },
    ...(clientView === undefined ? {} : { clientView }),
    lbView,
    ...(Object.keys(instances).length === 0 ? {} : { instances }),
    ...(Object.keys(holders.refs).length === 0 ? {} : { targetRefs: holders.refs }),
    addresses,
    samples: Object.fromEntries([...samples].map(([key, values]) => [key, values.map(packedSample)])),
    ...phasesOf(judgement, samples),
    ...(secondLook === undefined ? {} : { secondLook }),
    fleet: judgement.fleet,
    says: judgement.says,
    verdicts: judgement.targets,
    record: judgement.record,
    notes: [...notes, ...notesOn(subject), ...ipv6Note(config, subject), ...noClientNote(subject, measured)],
  };
}

function judgeGroup(config: Config, subject: Subject, measured: Measurements, samples: ReadonlyMap<string, readonly Sample[]>): Judgement {
  const { survey: surveyed } = subject;
  const { graceS, minRoundGapS } = config.durations;
  const prober = measured.probers.get(surveyed.group.arn);
  const { judgedAs } = surveyed.holders;
  const keys = new Map(surveyed.targets.map((target) => [judgedAs(target), targetKey(target)]));
  const out = new Set(surveyed.out);
  const judgement = judge({
    startedAt: measured.startedAt,
    targets: surveyed.targets.map((target) => judgedTarget(surveyed, target, samples, measured.startedAt)),
    history: [...surveyed.records].reverse(),
    settings: {
      timeoutMs: subject.config.probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      graceMs: graceS * 1000,
      minRoundGapMs: minRoundGapS * 1000,
      cleanRounds: config.limits.cleanRounds,
    },
    out: surveyed.targets.filter((target) => out.has(targetKey(target))).map(judgedAs),
    ...(prober === undefined ? {} : { prober }),
  });
  return { ...judgement, targets: judgement.targets.map((verdict) => ({ ...verdict, key: keys.get(verdict.key) ?? verdict.key })) };
}

function judgedTarget(
  surveyed: Survey,
  target: Survey['targets'][number],
  samples: ReadonlyMap<string, readonly Sample[]>,
  now: number,
): JudgedTarget {
  const key = targetKey(target);
  const ageMs = ageOf(surveyed.lbView, target, now);
  const zone = zoneOf(surveyed.instances, target);
  const type = surveyed.instances[target.id]?.type;
  const measured = (samples.get(key) ?? []).map((sample) =>
    'error' in sample ? { error: sample.error } : { latencyMs: sample.latencyMs },
  );
  return {
    key: surveyed.holders.judgedAs(target),
    samples: measured,
    ...(zone === undefined ? {} : { zone }),
    ...(type === undefined ? {} : { type }),
    ...(ageMs === undefined ? {} : { ageMs }),
  };
}

function samplesByKey(samples: readonly Sample[]): Map<string, Sample[]> {
  const grouped = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = targetKey(sample.target);
    grouped.set(key, [...(grouped.get(key) ?? []), sample]);
  }
  return grouped;
}

/** Of targets under suspicion alone: a round of a large group is large enough. */
function phasesOf(judgement: Judgement, samples: ReadonlyMap<string, readonly Sample[]>): Pick<Round, 'phases'> {
  const suspects = judgement.targets.filter(({ verdict }) => verdict === 'suspect' || verdict === 'convicted');
  if (suspects.length === 0) return {};
  return { phases: Object.fromEntries(suspects.map(({ key }) => [key, (samples.get(key) ?? []).map(packedPhases)])) };
}

function notesOn(subject: Subject): string[] {
  const { group } = subject.survey;
  if (!subject.spoken.ok) return [`not probed: ${subject.spoken.why}`];
  if (subject.config.probe !== undefined) return [];
  return [`no probe path is configured: measured on ${defaultPath(group)}, the health check's own path, and nothing is ever ejected on it`];
}

/**
 * Over IPv4 alone the prober reaches none of its targets, and a target that was never reached is
 * never convicted.
 */
function ipv6Note({ network }: Config, { survey: { group } }: Subject): string[] {
  if (group.ipAddressType !== 'ipv6' || network.ipv6) return [];
  return ['an IPv6 target group, and network.ipv6 is not set: the prober cannot reach its targets'];
}

/** Without a client's view there is one second view less, which somebody may have counted on. */
function noClientNote({ survey: { group }, spoken }: Subject, { reach }: Measurements): string[] {
  if (!spoken.ok || group.loadBalancerArns.length === 0 || reach.get(group.arn)?.length !== 0) return [];
  const over = spoken.version === undefined ? 'a listener' : 'an HTTPS listener';
  return [`no client's view: no rule of ${over} sends the probe's host and path to this group alone`];
}
