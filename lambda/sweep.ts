/**
 * The sweep, every minute and on an alarm: discover, probe, judge, remember the round, and wake the
 * responder when something is due. It changes nothing in the world and holds no state: a run that
 * dies is repeated by the next one. Its findings are the rounds; the wake-up carries none.
 */
import { configOf, type Config, type GroupConfig } from '../core/config';
import { zoneOf } from '../core/case';
import { due } from '../core/due';
import { judge } from '../core/judge/judge';
import {
  targetKey,
  type Case,
  type ClientView,
  type JudgedTarget,
  type Judgement,
  type ListedGroup,
  type LoadBalancer,
  type PackedPhases,
  type ProbeGroup,
  type ProbePlan,
  type ProbeReport,
  type ProberHealth,
  type Round,
  type Sample,
  type SecondLook,
  type Trigger,
} from '../core/model';
import { mapLimit } from './map-limit';
import { errorFields } from './aws/log';
import { readable, throwAny } from './failures';
import { DEFAULT_TIMEOUT_MS, clientProbeOf, clientRequestOf, probeGroupOf } from './discover/probe-group';
import { beginRounds, worthMeasuring } from './discover/begin';
import { ageOf, survey, type Survey } from './discover/survey';
import { nextGroups } from './discover/batch';
import { planRounds, probeable } from './probe/plan';
import { STARTS_PER_SECOND } from './probe/pacing';
import { secondLookOf, secondLooks } from './probe/second-look';
import { sweepMetrics } from './metrics/sweep-metrics';
import type { ClientRequest, Prober, SweepPorts } from './ports';

export interface SweepSummary {
  readonly groups: number;
  readonly targets: number;
  readonly due: number;
  readonly skipped: number;
}

/**
 * Surveying stops here, for a round needs up to 25 s of probing and some more for the records
 * within the function's time-out (lib/sweeper.ts, 120 s). The groups left over have waited longest
 * by then, and are the next sweep's first.
 */
const SURVEY_MS = 75_000;

/** Groups that are surveyed, or written, at once. */
const AT_ONCE = 20;

/**
 * The client's view is sampled for so many groups, the most important first: 20 requests each from
 * the sweeper itself, which has a third of a processor.
 */
const CLIENT_GROUPS = 50;

interface Subject {
  readonly survey: Survey;
  readonly config: GroupConfig;
  readonly probeable: ReturnType<typeof probeable>;
}

/**
 * One round over every selected target group, or over those of them that an alarm is about. @throws
 * when ELB, the records or the wake-up fail: retries and alarms must see it.
 */
export async function sweep(
  ports: SweepPorts,
  config: Config,
  trigger: Trigger,
  isAbout: (group: ListedGroup) => boolean = () => true,
): Promise<SweepSummary> {
  const startedAt = ports.clock.now();
  const [selected, openCases] = await Promise.all([ports.loadBalancing.groups(config), ports.cases.open()]);
  const groups = selected.filter(isAbout);
  const gapMs = config.durations.minRoundGapS * 1000;
  const failures: unknown[] = [];
  const batch = await nextGroups(ports, await worthMeasuring(ports, trigger, gapMs, groups), openCases);
  const look = (group: ListedGroup) =>
    readable(ports.log, failures, { groupArn: group.arn }, () => surveySubject(ports, config, group, openCases));
  const surveyed = (await mapLimit(AT_ONCE, batch, look, () => ports.clock.now() < startedAt + SURVEY_MS)).flatMap((one) => one ?? []);
  const found = surveyed.map((subject) => subject.survey.group);
  const sampledGroups = found.slice(0, CLIENT_GROUPS);
  const reached = await ports.loadBalancing.reach(sampledGroups, (group) => clientRequestIn(surveyed, group));
  const reach = new Map(sampledGroups.map(({ arn }) => [arn, reached.get(arn) ?? []]));
  const begun = await beginRounds(ports, trigger, gapMs, found);
  const subjects = surveyed.filter(({ survey: { group } }) => begun.arns.has(group.arn));
  const measured = await measure(ports, config, subjects, reach, begun.startedAt);
  const rounds = subjects.map((subject) => judgedRound(config, subject, measured, trigger));
  await mapLimit(AT_ONCE, rounds, (round) => ports.rounds.append(round));
  const out = new Set(subjects.flatMap(({ survey }) => survey.out.map((key) => `${survey.group.arn} ${key}`)));
  sweepMetrics({ now: ports.clock.now(), startedAt, rounds, openCases, isOut: (arn, key) => out.has(`${arn} ${key}`) }).forEach(
    ports.metrics,
  );
  const work = due({
    now: ports.clock.now(),
    staleMs: config.durations.staleS * 1000,
    openCases,
    rounds: latestTwo(subjects, rounds),
    missing: missingIn(config, selected),
  });
  if (work.length > 0) await ports.responder.wake();
  const summary = {
    groups: rounds.length,
    targets: rounds.reduce((sum, round) => sum + round.verdicts.length, 0),
    due: work.length,
    skipped: groups.length - subjects.length,
  };
  ports.log('sweep', { trigger, ...summary, verdicts: rounds.map((round) => `${round.group.name}: ${round.fleet}`) });
  throwAny(failures, 'groups could not be read');
  return summary;
}

/** @throws when the group was not surveyed. */
function clientRequestIn(surveyed: readonly Subject[], group: ListedGroup): ClientRequest {
  const subject = surveyed.find(({ survey: { group: mine } }) => mine.arn === group.arn);
  if (subject === undefined) throw new Error(`target group ${group.arn} was not surveyed`);
  return clientRequestOf(group, subject.config);
}

/**
 * Groups that are named and not there: the responder asks about each once more before it tells
 * anybody.
 */
function missingIn(config: Config, listed: readonly ListedGroup[]): string[] {
  const there = new Set(listed.map(({ arn }) => arn));
  return config.targetGroups.flatMap(({ arn }) => (arn === undefined || there.has(arn) ? [] : [arn]));
}

async function surveySubject(ports: SweepPorts, config: Config, group: ListedGroup, openCases: readonly Case[]): Promise<Subject> {
  const groupConfig = configOf(config, group);
  if (groupConfig === undefined) throw new Error(`target group ${group.arn} was selected and has no configuration`);
  return { survey: await survey(ports, group, openCases), config: groupConfig, probeable: probeable(group, groupConfig.probe?.protocol) };
}

// ---------------------------------------------------------------- probe

interface Measured {
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  readonly probers: ReadonlyMap<string, ProberHealth>;
  readonly clients: ReadonlyMap<string, ClientView>;
  readonly secondLooks: ReadonlyMap<string, SecondLook>;
  /**
   * Where clients reach the groups whose view of the client was to be sampled; empty where our
   * request does not reach the group alone.
   */
  readonly reach: ReadonlyMap<string, readonly LoadBalancer[]>;
  readonly startedAt: number;
  readonly endedAt: number;
}

async function measure(
  ports: SweepPorts,
  config: Config,
  subjects: readonly Subject[],
  reach: Measured['reach'],
  startedAt: number,
): Promise<Measured> {
  const groups = subjects.filter((subject) => subject.probeable.ok).map((subject) => probeGroupOf(subject.survey, subject.config));
  const clients = subjects.flatMap(
    (subject) => clientProbeOf(subject.survey, subject.config, reach.get(subject.survey.group.arn)?.[0]) ?? [],
  );
  const startWindowMs = config.durations.startWindowS * 1000;
  const internal = clients.filter((client) => client.internal).map((client) => client.probe);
  const plans = planRounds(
    groups.filter((group) => group.targets.length > 0),
    { startWindowMs, startsPerSecond: STARTS_PER_SECOND },
    internal,
  );
  const external = clients.filter((client) => !client.internal).map((client) => sampled(ports, client.probe, startWindowMs));
  const [reports, views, looks] = await Promise.all([
    Promise.all(plans.map((plan) => probed(ports, ports.prober, plan))),
    Promise.all(external),
    lookedAgain(ports, subjects, groups, startWindowMs),
  ]);
  return {
    startedAt,
    endedAt: ports.clock.now(),
    reach,
    secondLooks: looks,
    samples: new Map(reports.flatMap((report) => report.groups.map((group) => [group.groupArn, group.samples] as const))),
    probers: new Map(
      reports.flatMap((report, index) => (plans[index]?.groups ?? []).map((group) => [group.groupArn, report.prober] as const)),
    ),
    clients: new Map(
      [...views.flatMap((view) => view ?? []), ...reports.flatMap((report) => report.clients ?? [])].map((view) => [view.groupArn, view]),
    ),
  };
}

/**
 * A prober that cannot be asked makes its groups blind, twice asked: after weeks idle the first
 * invoke fails while its interface is made.
 */
async function probed(ports: SweepPorts, prober: Prober, plan: ProbePlan): Promise<ProbeReport> {
  const startedAt = ports.clock.now();
  try {
    return await prober.probe(plan).catch(() => prober.probe(plan));
  } catch (error) {
    ports.log('prober-failed', errorFields(error));
    const why = `the prober could not be asked: ${error instanceof Error ? error.message : String(error)}`;
    return { v: 1, startedAt, endedAt: ports.clock.now(), groups: [], prober: { ok: false, controlMs: 0, busyFraction: 0, why } };
  }
}

/**
 * Suspects as another subnet sees them, measured at the same time. Where nothing is suspected the
 * second prober is not asked.
 */
async function lookedAgain(
  ports: SweepPorts,
  subjects: readonly Subject[],
  groups: readonly ProbeGroup[],
  startWindowMs: number,
): Promise<ReadonlyMap<string, SecondLook>> {
  const { secondProber } = ports;
  if (secondProber === undefined) return new Map();
  const before = new Map(subjects.map(({ survey }) => [survey.group.arn, survey.before]));
  const asked = groups.flatMap((group) => secondLookOf(group, before.get(group.groupArn)) ?? []);
  const plans = planRounds(asked, { startWindowMs, startsPerSecond: STARTS_PER_SECOND });
  return secondLooks(plans, await Promise.all(plans.map((plan) => probed(ports, secondProber, plan))), packedSample);
}

/**
 * The client's view is evidence beside the probes: when its name does not resolve the round goes on
 * without it.
 */
async function sampled(
  ports: SweepPorts,
  probe: Parameters<SweepPorts['clients']['sample']>[0],
  startWindowMs: number,
): Promise<ClientView | undefined> {
  try {
    return await ports.clients.sample(probe, startWindowMs);
  } catch (error) {
    ports.log('client-view-failed', { groupArn: probe.groupArn, ...errorFields(error) });
    return undefined;
  }
}

// ---------------------------------------------------------------- judge

function judgedRound(config: Config, subject: Subject, measured: Measured, trigger: Trigger): Round {
  const { group, lbView, instances, addresses, notes } = subject.survey;
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

function judgeGroup(config: Config, subject: Subject, measured: Measured, samples: ReadonlyMap<string, readonly Sample[]>): Judgement {
  const { survey: surveyed } = subject;
  const { graceS, minRoundGapS } = config.durations;
  const prober = measured.probers.get(surveyed.group.arn);
  return judge({
    startedAt: measured.startedAt,
    targets: surveyed.targets.map((target) => judgedTarget(surveyed, target, samples, measured.startedAt)),
    history: [...surveyed.records].reverse(),
    settings: {
      timeoutMs: subject.config.probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      graceMs: graceS * 1000,
      minRoundGapMs: minRoundGapS * 1000,
      cleanRounds: config.limits.cleanRounds,
    },
    out: surveyed.out,
    ...(prober === undefined ? {} : { prober }),
  });
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
    key,
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

function packedPhases(sample: Sample): PackedPhases | null {
  if ('error' in sample) return sample.error.phase ?? null;
  if (sample.phases === undefined) return null;
  const { connectMs, tlsMs = 0, waitMs, bodyMs } = sample.phases;
  return [tenths(connectMs), tenths(tlsMs), tenths(waitMs), tenths(bodyMs)];
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** A latency to a tenth of a millisecond, an error by its kind. */
function packedSample(sample: Sample): number | string {
  if ('latencyMs' in sample) return tenths(sample.latencyMs);
  return sample.error.status === undefined ? sample.error.kind : `status@${sample.error.status}`;
}

function notesOn(subject: Subject): string[] {
  const { group } = subject.survey;
  const unprobeable = subject.probeable.ok ? [] : [`not probed: ${subject.probeable.why}`];
  const noPath =
    subject.config.probe === undefined
      ? [
          `no probe path is configured: measured on ${group.healthCheck.path ?? '/'}, the health check's own path, and nothing is ever ejected on it`,
        ]
      : [];
  return [...unprobeable, ...noPath];
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
function noClientNote({ survey: { group }, probeable: { ok } }: Subject, { reach }: Measured): string[] {
  if (!ok || group.loadBalancerArns.length === 0 || reach.get(group.arn)?.length !== 0) return [];
  return ["no client's view: no rule of a listener sends the probe's host and path to this group alone"];
}

function latestTwo(subjects: readonly Subject[], rounds: readonly Round[]): Map<string, Round[]> {
  return new Map(
    rounds.map((round, index) => [
      round.groupArn,
      [round, ...(subjects[index]?.survey.before === undefined ? [] : [subjects[index].survey.before])],
    ]),
  );
}
