/** What each scene must end with, and whether it did. */
import type { Ejection, LoggedMinute } from '../../core/model';
import { REPORT } from '../fleet/image';
import { bucketReport, isLinked } from './bucket-report';
import { AUTO_SCALING_GROUP } from './config';
import type { Expectation } from './expectation';
import type { Cloud } from './cloud';
import { REMOVALS, RESTORES, type Facts, type Summary } from './facts';
import { ASKED } from './flapping';
import type { Played } from './play';
import { lookedIntoExpectations, replacedExpectations } from './replaced-expectations';
import type { Scene } from './scenes';
import type { Stage } from './stage';
import { failedExpectations, refusedExpectations, stoppedExpectations, undoneExpectations } from './stop-expectations';
import type { StopPlayed } from './stop-played';

function isResponder(cloud: Cloud, role: string): boolean {
  return cloud.functionOf(role).toLowerCase().includes('respond');
}

function always({ cloud, sick }: Stage, facts: Facts): Expectation[] {
  return [
    { name: 'only the slow target was changed', ok: facts.mutated.every((id) => id === sick.instanceId) },
    {
      name: 'only the responder removed anything',
      ok: cloud.calls.filter((call) => REMOVALS.includes(call.action)).every((call) => isResponder(cloud, call.role)),
    },
    {
      name: 'no AWS call failed because the lab lacks it',
      ok: cloud.calls.every(
        (call) => call.error !== 'UnknownOperationException' && call.error !== 'InvalidAction' && call.error !== 'UnknownService',
      ),
    },
    { name: 'the prober called no AWS API', ok: cloud.calls.every((call) => !cloud.functionOf(call.role).toLowerCase().includes('probe')) },
  ];
}

/** Of a case that was told: the link is in the alerts, and the file is where it leads. */
function reportExpectations({ cloud }: Stage, { case: incident }: Played): Expectation[] {
  if (incident === undefined) return [];
  const page = bucketReport(cloud, incident);
  return [
    {
      name: 'its report is in the bucket, and each alert links to it',
      ok: page?.includes(incident.id) === true && isLinked(cloud, incident),
    },
  ];
}

/** Of every scene, and of this one by how it has to end. */
export function expectationsOf(stage: Stage, scene: Scene, played: Played, facts: Facts): Expectation[] {
  return [...always(stage, facts), ...EXPECTED[scene.ends](stage, scene, played, facts)];
}

type Expected = (stage: Stage, scene: Scene, played: Played, facts: Facts) => Expectation[];

const EXPECTED: Readonly<Record<Scene['ends'], Expected>> = {
  replaced: (stage, scene, played, facts) => [
    ...replacedExpectations(stage, played),
    ...(scene.config?.tasks === 'FARGATE' ? pageExpectations(stage, scene, played, facts) : []),
    ...(scene.config?.tasks === 'EC2' ? lookedIntoExpectations(stage, played) : []),
    ...(scene.config?.tasks === 'EC2' ? [{ name: `the top finding is ${scene.cause}`, ok: facts.topFinding?.cause === scene.cause }] : []),
    ...culpritExpectations(scene, facts),
    ...reportExpectations(stage, played),
  ],
  restored: (stage, scene, played, facts) => [
    { name: 'only the slow target was removed', ok: sameIds(facts.ejected, [stage.sick.instanceId]) },
    { name: 'the slow target was restored', ok: sameIds(facts.restored, [stage.sick.instanceId]) },
    {
      name: 'the ALB health check of the slow target passed all the time',
      ok: played.convictedRound?.lbView.every((entry) => entry.state === 'healthy') === true,
    },
    { name: `the top finding is ${scene.cause}`, ok: facts.topFinding?.cause === scene.cause },
    ...culpritExpectations(scene, facts),
    ...alarmExpectations(played),
    { name: 'the scheduled restore was there before the removal', ok: wayBackFirst(stage) },
    { name: 'an alert with the findings was published', ok: publishedWith(stage, scene.cause) },
    ...(scene.takesCpu === undefined
      ? [{ name: 'clients saw about one request in four slow before, and hardly any after', ok: relieved(facts.client) }]
      : []),
    { name: 'the target was restored after the cause was gone', ok: (facts.timings.causeGoneToRestoreS ?? -1) > 0 },
    { name: 'the metrics count one removal and one restore', ok: counted(stage, 'Ejections') === 1 && counted(stage, 'Restores') === 1 },
    { name: 'the case closed as recovered', ok: played.case?.because === 'recovered' },
    { name: 'no scheduled restore is left over', ok: waysBack(stage) === 0 },
    ...reportExpectations(stage, played),
    ...(scene.config?.owner === 'asg' ? standbyExpectations(stage) : []),
    ...(scene.config?.accessLogs === true ? accessLogExpectations(stage, played) : []),
    ...(scene.config?.addresses === undefined ? [] : addressExpectations(played)),
  ],
  untouched: (stage, scene, played, facts) => [
    { name: 'no target was removed', ok: facts.ejected.length === 0 && facts.mutated.length === 0 },
    {
      name: 'no target was convicted',
      ok: played.rounds.filter((round) => round.startedAt >= played.onsetAt).every((round) => round.fleet !== 'convicted'),
    },
    { name: 'the alert says that the cause is shared', ok: publishedWith(stage, 'slow together') },
    { name: `the top finding is ${scene.cause}`, ok: facts.topFinding?.cause === scene.cause },
    { name: 'the case closed when it was over', ok: played.case?.state === 'closed' },
    ...reportExpectations(stage, played),
  ],
  told: (stage, _scene, played, facts) => [
    { name: 'nothing was moved', ok: facts.mutated.length === 0 },
    { name: 'nothing was scheduled', ok: stage.cloud.calls.every((call) => call.action !== 'scheduler:CreateSchedule') },
    { name: 'the alert finds the pod by its address', ok: publishedWith(stage, `--field-selector=status.podIP=${stage.sick.address}`) },
    {
      name: 'it says how to isolate it, and how to evict it',
      ok: publishedWith(stage, 'kubectl label pod') && publishedWith(stage, '/eviction'),
    },
    { name: 'and why to deregister it is useless', ok: publishedWith(stage, 'the controller registers it again') },
    { name: 'the case closed without a removal', ok: played.case?.because === 'not-acted' },
    ...reportExpectations(stage, played),
  ],
  paged: (stage, scene, played, facts) => [
    { name: 'only the slow target was removed', ok: sameIds(facts.ejected, [stage.sick.instanceId]) },
    { name: 'twice, and not a third time', ok: spells(played).length === 2 && removalsIn(stage) === 2 },
    { name: 'the second lease was twice the first', ok: spells(played)[1]?.leaseS === 2 * (spells(played)[0]?.leaseS ?? 0) },
    { name: 'it was restored each time', ok: spells(played).every((ejection) => ejection.restoredAt !== undefined) },
    { name: 'the third time a person was asked', ok: publishedWith(stage, ASKED) },
    { name: 'and a breaker opened', ok: publishedWith(stage, 'a breaker is open') },
    { name: `the top finding is ${scene.cause}`, ok: facts.topFinding?.cause === scene.cause },
    ...culpritExpectations(scene, facts),
    { name: 'no scheduled restore is left over', ok: waysBack(stage) === 0 },
  ],
  reviewed: (stage, _scene, { digests = [] }, facts) => [
    { name: 'no target was removed', ok: facts.mutated.length === 0 },
    { name: 'the first review named the crontab line, before it did harm', ok: cronDrift(digests[0]?.message ?? '') },
    { name: 'the next one told that it is gone', ok: cronDrift(digests[1]?.message.split('\nGone\n')[1] ?? '') },
    { name: 'both said how ready the stack is for enforce', ok: digests.every(({ message }) => message.includes('Readiness for enforce')) },
    { name: 'the reviewer wrote its record and the digest, and ran the inspection; nothing else', ok: onlyReviewed(stage) },
  ],
  stopped: (stage, scene, played, facts) => [
    ...wasOut(stage, scene, played, facts),
    ...ofStop(played, (stop) => stoppedExpectations(stage, stop)),
  ],
  refused: (stage, scene, played, facts) => [
    ...wasOut(stage, scene, played, facts),
    ...ofStop(played, (stop) => refusedExpectations(stage, stop)),
  ],
  'stop-failed': (stage, scene, played, facts) => [
    ...wasOut(stage, scene, played, facts),
    ...ofStop(played, (stop) => failedExpectations(stage, stop)),
  ],
  'stop-undone': (stage, scene, played, facts) => [
    ...wasOut(stage, scene, played, facts),
    ...ofStop(played, (stop) => undoneExpectations(stage, stop)),
  ],
  'way-back': (stage, _scene, played, facts) => [
    { name: 'only the slow target was removed', ok: sameIds(facts.ejected, [stage.sick.instanceId]) },
    { name: 'the slow target was restored', ok: sameIds(facts.restored, [stage.sick.instanceId]) },
    { name: 'the scheduled restore was there before the removal', ok: wayBackFirst(stage) },
    {
      name: 'the responder did not restore it',
      ok: registrars(stage).every((role) => !stage.cloud.functionOf(role).toLowerCase().includes('respond')),
    },
    { name: 'the intent is on record', ok: played.case?.ejections.length === 1 && played.case.ejections[0]?.confirmedAt === undefined },
  ],
};

/**
 * Nobody can look inside, and its page tells: the cause, how full its peers are, and what it is.
 */
function pageExpectations(stage: Stage, { cause }: Scene, { toldCase }: Played, facts: Facts): Expectation[] {
  const capacity = toldCase?.decision?.guardrails.find(({ guardrail }) => guardrail === 'capacity-projection');
  return [
    { name: `the top finding is ${cause}`, ok: facts.topFinding?.cause === cause },
    {
      name: 'the alert says that its page was read over the network',
      ok: publishedWith(stage, 'no Run Command on Fargate: its page over'),
    },
    { name: 'capacity was projected from the pools that the pages tell', ok: capacity?.value.includes('pool ') === true },
  ];
}

/**
 * What is told of real requests: slow ones to the host that was removed, hardly any to its peers,
 * by queries of the responder alone.
 */
function accessLogExpectations(stage: Stage, { toldCase }: Played): Expectation[] {
  const minutes = toldCase?.accessLog?.minutes ?? [];
  const total = (of: (minute: LoggedMinute) => number) => minutes.reduce((sum, minute) => sum + of(minute), 0);
  const ownRequests = total((minute) => minute.own.requests);
  const peerRequests = total((minute) => minute.peers.requests);
  const own = total((minute) => minute.own.slow + minute.own.aborted) / Math.max(1, ownRequests);
  const peers = total((minute) => minute.peers.slow) / Math.max(1, peerRequests);
  const queries = stage.cloud.calls.filter(({ action }) => action.startsWith('logs:'));
  return [
    { name: 'the access logs had real requests to its peers', ok: peerRequests > 0 },
    { name: 'real requests to the slow target were slow, far more often than to its peers', ok: own > 5 * peers && own > 0 },
    { name: 'the alert says so', ok: publishedWith(stage, 'real requests, by the access logs: ') },
    { name: 'the responder alone queried them', ok: queries.length > 0 && queries.every(({ role }) => isResponder(stage.cloud, role)) },
  ];
}

function cronDrift(text: string): boolean {
  return text.split('\n').some((line) => line.includes('cron-drift') && line.includes(REPORT.program));
}

function onlyReviewed({ cloud }: Stage): boolean {
  const changes = cloud.calls.filter(({ role, mutating }) => mutating && cloud.functionOf(role) === cloud.reviewer);
  const allowed = ['ssm:SendCommand', 'dynamodb:PutItem', 'sns:Publish'];
  return changes.length > 0 && changes.every(({ action }) => allowed.includes(action));
}

function ofStop({ stop }: Played, expected: (stop: StopPlayed) => Expectation[]): Expectation[] {
  return stop === undefined ? [{ name: 'a stop was played', ok: false }] : expected(stop);
}

/** The target was out, for its cause, and is back. */
function wasOut(stage: Stage, scene: Scene, played: Played, facts: Facts): Expectation[] {
  return [
    { name: 'only the slow target was removed', ok: sameIds(facts.ejected, [stage.sick.instanceId]) },
    { name: 'the slow target was restored', ok: sameIds(facts.restored, [stage.sick.instanceId]) },
    { name: `the top finding is ${scene.cause}`, ok: facts.topFinding?.cause === scene.cause },
    ...culpritExpectations(scene, facts),
    { name: 'the case closed as recovered', ok: played.case?.because === 'recovered' },
  ];
}

/** At once: before the function could have waited for anything but its own start. */
const AT_ONCE_MS = 3_000;

function alarmExpectations({ alarmAt, rounds }: Played): Expectation[] {
  if (alarmAt === undefined) return [];
  const started = rounds.filter(({ trigger }) => trigger === 'alarm').map(({ startedAt }) => startedAt - alarmAt);
  return [{ name: 'the alarm started one round, at once', ok: started.length === 1 && started.every((ms) => ms >= 0 && ms < AT_ONCE_MS) }];
}

/**
 * The sum of a metric over what the functions wrote, as CloudWatch would read it out of their logs.
 */
function counted({ cloud }: Stage, metric: string): number {
  const written = cloud.functionNames.flatMap((name) => cloud.functions.logs(name)).filter(({ line }) => line.startsWith('{"_aws":'));
  return written.reduce((sum, { line }) => sum + ((JSON.parse(line) as Record<string, number>)[metric] ?? 0), 0);
}

function spells({ case: incident }: Played): readonly Ejection[] {
  return (incident?.ejections ?? []).filter((ejection) => ejection.confirmedAt !== undefined);
}

function removalsIn({ cloud }: Stage): number {
  return cloud.calls.filter((call) => REMOVALS.includes(call.action)).length;
}

function waysBack({ cloud }: Stage): number {
  return (cloud.world.scheduler.listSchedules({ NamePrefix: 'sickbay-' }).Schedules ?? []).length;
}

function standbyExpectations({ cloud, fleet }: Stage): Expectation[] {
  const { world, calls } = cloud;
  const [group] = world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [AUTO_SCALING_GROUP.name] }).AutoScalingGroups ?? [];
  const states = (group?.Instances ?? []).map((instance) => instance.LifecycleState);
  return [
    { name: 'it went on standby, and nothing was deregistered', ok: calls.every((call) => !call.action.endsWith(':DeregisterTargets')) },
    { name: 'the desired capacity is again what it was', ok: group?.DesiredCapacity === fleet.hosts.length },
    { name: 'every instance is in service', ok: states.length === fleet.hosts.length && states.every((state) => state === 'InService') },
  ];
}

function addressExpectations({ case: incident }: Played): Expectation[] {
  const [ejection] = incident?.ejections ?? [];
  const outMs = (ejection?.restoredAt ?? 0) - (ejection?.confirmedAt ?? Infinity);
  return [
    { name: 'the record says who had the address', ok: ejection?.targetRef?.isPrimary === true },
    { name: 'it was out for its deregistration delay at least', ok: outMs >= (ejection?.drainMs ?? Infinity) },
  ];
}

function culpritExpectations(scene: Scene, facts: Facts): Expectation[] {
  if (scene.culprit === undefined) return [];
  const named = facts.topFinding?.culprit?.command.includes(REPORT.program) === true;
  return [{ name: 'the culprit is named', ok: named }];
}

/**
 * About 1/4 before; after it at most a fifth of that, for a busy machine has slow moments of its
 * own.
 */
function relieved({ slowFractionBefore: before = 0, slowFractionAfter: after = 1 }: Summary['client']): boolean {
  return before >= 0.1 && after <= before / 5;
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function wayBackFirst({ cloud }: Stage): boolean {
  const removal = cloud.calls.findIndex((call) => REMOVALS.includes(call.action));
  const scheduled = cloud.calls.findIndex((call) => call.action === 'scheduler:CreateSchedule');
  return scheduled !== -1 && scheduled < removal;
}

function registrars({ cloud }: Stage): string[] {
  return cloud.calls.filter((call) => RESTORES.includes(call.action)).map((call) => call.role);
}

function publishedWith({ cloud }: Stage, words: string): boolean {
  return cloud.world.sns.published.some(({ subject = '', message }) =>
    `${subject}\n${message}`.toLowerCase().includes(words.toLowerCase()),
  );
}
