/** What is measured in one round, of all its groups at once. */
import type { Config, GroupConfig } from '../../core/config';
import type { ClientView, LoadBalancer, ProbeGroup, ProbePlan, ProbeReport, ProberHealth, Sample, SecondLook } from '../../core/model';
import type { Spoken } from '../../core/spoken';
import { errorFields } from '../aws/log';
import { clientProbeOf, probeGroupOf } from '../discover/probe-group';
import type { Survey } from '../discover/survey';
import type { Prober, SweepPorts } from '../ports';
import { STARTS_PER_SECOND } from '../probe/pacing';
import { planRounds } from '../probe/plan';
import { secondLookOf, secondLooks } from '../probe/second-look';
import { packedSample } from './packed';

/** A group that is measured. */
export interface Subject {
  readonly survey: Survey;
  readonly config: GroupConfig;
  readonly spoken: Spoken;
}

export interface Measurements {
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

/**
 * Probes the groups, samples their clients, and looks at suspects from another subnet, all at once.
 */
export async function measure(
  ports: SweepPorts,
  config: Config,
  subjects: readonly Subject[],
  reach: Measurements['reach'],
  startedAt: number,
): Promise<Measurements> {
  const groups = subjects.flatMap(({ survey, config: mine, spoken }) => (spoken.ok ? [probeGroupOf(survey, mine, spoken)] : []));
  const clients = subjects.flatMap(({ survey, config: mine, spoken }) => {
    const balancer = reach.get(survey.group.arn)?.[0];
    return balancer === undefined || !spoken.ok ? [] : [clientProbeOf(survey, mine, { spoken, balancer })];
  });
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
  return { startedAt, endedAt: ports.clock.now(), reach, secondLooks: looks, ...gathered(plans, reports, views) };
}

/** What came of the plans and of the clients, by target group. */
function gathered(
  plans: readonly ProbePlan[],
  reports: readonly ProbeReport[],
  views: readonly (ClientView | undefined)[],
): Pick<Measurements, 'samples' | 'probers' | 'clients'> {
  const clients = [...views.flatMap((view) => view ?? []), ...reports.flatMap((report) => report.clients ?? [])];
  return {
    samples: new Map(reports.flatMap((report) => report.groups.map((group) => [group.groupArn, group.samples] as const))),
    probers: new Map(
      reports.flatMap((report, index) => (plans[index]?.groups ?? []).map((group) => [group.groupArn, report.prober] as const)),
    ),
    clients: new Map(clients.map((view) => [view.groupArn, view])),
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
