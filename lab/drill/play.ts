/**
 * What happens in a scene, step by step, and what is seen of it. A script knows when the fault
 * begins and ends; Sickbay is told nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { currentEjection } from '../../core/case';
import { targetKey, type Case, type Round } from '../../core/model';
import { guardrailLines } from '../../core/report/guardrails';
import { clientLine, roundTable } from '../../core/report/round';
import { FAULTS, type FaultName } from '../fleet/faults';
import type { PublishedMessage } from '../world/sns';
import { bucketReport, reportUri } from './bucket-report';
import { GROUP_ARN } from './config';
import { baseline, caseOf, isOf, standingOf, type Stage } from './stage';
import type { StopPlayed } from './stop-played';

/** A weekly review as the topic took it. */
export type Digest = Pick<PublishedMessage, 'subject' | 'message'>;

/** Everything a scene's expectations may ask for. Times are epoch milliseconds. */
export interface Played {
  readonly onsetAt: number;
  /** When the alarm on the load balancer's latency went off. */
  readonly alarmAt?: number;
  readonly convictedRound?: Round;
  readonly endedAt?: number;
  readonly case?: Case;
  /** The case as it stood when its first alert was out. */
  readonly toldCase?: Case;
  readonly roundAfter?: Round;
  readonly rounds: readonly Round[];
  /** What the weekly reviews told, the first one first. */
  readonly digests?: readonly Digest[];
  /** In the scenes in which it is replaced: the task that is slow. */
  readonly taskArn?: string;
  /** In the scenes in which the culprit is stopped, or is not. */
  readonly stop?: StopPlayed;
}

export type Script = (stage: Stage, fault: FaultName) => Promise<Played>;

/** How long the lab's engineer takes from the alert to the remedy. */
export const ENGINEER_MS = 4_000;

// ---------------------------------------------------------------- one sick target: out, and back
// when the cause is gone

export const outAndBack: Script = async (stage, fault) => outAndBackAfter(stage, fault, async () => ({}));

/** The same, and CloudWatch notices before the clock does. */
export const alarmed: Script = async (stage, fault) => outAndBackAfter(stage, fault, alarm);

async function outAndBackAfter(stage: Stage, fault: FaultName, then: (stage: Stage) => Promise<Pick<Played, 'alarmAt'>>): Promise<Played> {
  const { phases, cloud, fleet, sick } = stage;
  showRound(stage, 'Before: the ALB health checks, and what was measured', await baseline(stage));
  const onsetAt = await harm(stage, fault);
  const noticed = await then(stage);
  const convictedRound = await conviction(stage, onsetAt);
  const out = await toldRemoval(stage, convictedRound);
  const roundAfter = await nextRound(stage, currentEjection(out)?.confirmedAt ?? onsetAt);
  showRound(stage, 'After the removal', roundAfter);
  await sleep(ENGINEER_MS);
  await FAULTS[fault].stop(fleet, sick);
  const endedAt = Date.now();
  phases.phase(`the engineer removed the cause on ${sick.name}; Sickbay is not told`);
  await phases.until('Sickbay to notice and put the target back', 120, () => caseIn(stage, ['watching', 'closed']));
  const closed = await phases.until('the watch window to pass without a relapse', 90, () => caseIn(stage, ['closed']));
  await phases.until('the load balancer to call the target healthy', 30, () => healthy(stage));
  showEvents(stage, closed);
  return { onsetAt, ...noticed, convictedRound, endedAt, case: closed, toldCase: out, roundAfter, rounds: await cloud.rounds() };
}

// ---------------------------------------------------------------- everybody slow: nobody out

export const nobodyOut: Script = async (stage, fault) => {
  const { phases, cloud, fleet, sick } = stage;
  showRound(stage, 'Before: the ALB health checks, and what was measured', await baseline(stage));
  const onsetAt = await harm(stage, fault);
  const told = await phases.until('an alert about the shared cause', 120, async () => {
    const found = (await cloud.cases()).find(
      (incident) => incident.about === 'shared' && incident.outbox.some((entry) => entry.sentAt !== undefined),
    );
    return found === undefined ? { seen: (await cloud.rounds(1))[0]?.says ?? 'no round' } : { done: found };
  });
  const roundAfter = await nextRound(stage, onsetAt);
  showRound(stage, 'The sweep', roundAfter);
  await published(stage, told);
  await FAULTS[fault].stop(fleet, sick);
  const endedAt = Date.now();
  phases.phase('the cause is gone');
  const closed = await phases.until('the case to close', 120, async () => {
    const found = (await cloud.cases()).find((incident) => incident.id === told.id);
    return found?.state === 'closed' ? { done: found } : { seen: `state ${found?.state}` };
  });
  return { onsetAt, endedAt, case: closed, toldCase: told, roundAfter, rounds: await cloud.rounds() };
};

// ---------------------------------------------------------------- a target that is never removed:
// people are told what to do

export const toldAlone: Script = async (stage, fault) => {
  const { phases, cloud, fleet, sick } = stage;
  showRound(stage, 'Before: the ALB health checks, and what was measured', await baseline(stage));
  const onsetAt = await harm(stage, fault);
  const convictedRound = await conviction(stage, onsetAt);
  showRound(stage, 'The sweep that convicts', convictedRound);
  const told = await phases.until('the alert of a removal that is refused', 90, async () => {
    const incident = await caseOf(stage);
    const sent = incident?.outbox.some((entry) => entry.sentAt !== undefined) === true;
    return incident !== undefined && sent ? { done: incident } : { seen: `state ${incident?.state}` };
  });
  showDecision(stage, told);
  await published(stage, told);
  await sleep(ENGINEER_MS);
  await FAULTS[fault].stop(fleet, sick);
  const endedAt = Date.now();
  phases.phase('a person did what the alert says; Sickbay is not told');
  const closed = await phases.until('the case to close', 120, () => caseIn(stage, ['closed']));
  showEvents(stage, closed);
  return { onsetAt, convictedRound, endedAt, case: closed, toldCase: told, rounds: await cloud.rounds() };
};

// ---------------------------------------------------------------- the responder dies right after
// its call, for good

export const backWithoutUs: Script = async (stage, fault) => {
  const { phases, cloud, fleet, sick } = stage;
  showRound(stage, 'Before: the ALB health checks, and what was measured', await baseline(stage));
  const killed = killAfterRemoval(stage);
  const onsetAt = await harm(stage, fault);
  const convictedRound = await conviction(stage, onsetAt);
  showRound(stage, 'The sweep that convicts', convictedRound);
  await phases.until('the removal, and the death of the responder', 90, async () =>
    killed.at === undefined ? { seen: 'no removal yet' } : { done: killed.at },
  );
  phases.phase(`the responder died right after DeregisterTargets took effect, and will not run again; ALB health check: ${stateOf(stage)}`);
  await FAULTS[fault].stop(fleet, sick);
  const endedAt = Date.now();
  await phases.until('the scheduled restore to register the target', 200, () => healthy(stage));
  phases.phase('the target is back and healthy');
  const incident = await caseOf(stage);
  return { onsetAt, convictedRound, endedAt, ...(incident === undefined ? {} : { case: incident }), rounds: await cloud.rounds() };
};

function killAfterRemoval({ cloud }: Stage): { at?: number } {
  const killed: { at?: number } = {};
  cloud.interceptAfter = async (call) => {
    if (call.action !== 'elasticloadbalancing:DeregisterTargets' || call.error !== undefined) return 'continue';
    const name = cloud.functionOf(call.role);
    cloud.functions.disable(name);
    await cloud.functions.kill(name);
    killed.at = Date.now();
    return 'drop';
  };
  return killed;
}

// ---------------------------------------------------------------- steps

export async function harm({ phases, fleet, sick }: Stage, fault: FaultName): Promise<number> {
  await FAULTS[fault].start(fleet, sick);
  phases.phase(`the fault ${fault} begins${fault === 'all-slow' ? '' : ` on ${sick.name}`}; Sickbay is not told`);
  return Date.now();
}

/** Right after a round ended, so that the next one of the clock is some seconds away. */
async function alarm({ phases, cloud }: Stage): Promise<{ alarmAt: number }> {
  const [before] = await cloud.rounds(1);
  await phases.until('a round to end', 30, async () => {
    const [newest] = await cloud.rounds(1);
    return newest === undefined || newest.startedAt === before?.startedAt ? { seen: 'no new round' } : { done: newest };
  });
  const alarmAt = Date.now();
  cloud.world.alarms.setAlarmState({ AlarmName: cloud.latencyAlarm, StateValue: 'ALARM', StateReason: 'the p99 is above its threshold' });
  phases.phase(`the alarm ${cloud.latencyAlarm} goes off`);
  await phases.until('a round that the alarm started', 30, async () => {
    const [newest] = (await cloud.rounds()).filter(({ trigger }) => trigger === 'alarm');
    return newest === undefined ? { seen: 'none' } : { done: newest };
  });
  return { alarmAt };
}

export async function conviction(stage: Stage, onsetAt: number): Promise<Round> {
  return stage.phases.until('the judge to convict', 120, async () => {
    const rounds = (await stage.cloud.rounds()).filter((round) => round.startedAt > onsetAt);
    const first = rounds.findLast((round) => round.fleet === 'convicted');
    return first === undefined
      ? { seen: rounds[0]?.verdicts.map((verdict) => `${verdict.key}: ${verdict.says}`).join('; ') ?? 'no round since' }
      : { done: first };
  });
}

/** From the sweep that convicts to the alert: the case of the target that is out by then. */
export async function toldRemoval(stage: Stage, convictedRound: Round): Promise<Case> {
  showRound(stage, 'The sweep that convicts', convictedRound);
  const out = await removal(stage);
  showFindings(stage, out);
  showDecision(stage, out);
  await published(stage, out);
  return out;
}

export async function removal(stage: Stage): Promise<Case> {
  return stage.phases.until('inspection, decision and removal', 90, async () => {
    const incident = await caseOf(stage);
    const told = incident?.outbox.some((entry) => entry.sentAt !== undefined) === true;
    if (incident?.state === 'out' && told) return { done: incident };
    return { seen: standingOf(incident) };
  });
}

async function nextRound(stage: Stage, after: number): Promise<Round> {
  return stage.phases.until('the next round', 40, async () => {
    const round = (await stage.cloud.rounds(1))[0];
    return round !== undefined && round.startedAt > after && round.clientView !== undefined
      ? { done: round }
      : { seen: `a round that started ${after - (round?.startedAt ?? 0)} ms too early` };
  });
}

export async function caseIn(stage: Stage, states: readonly Case['state'][]) {
  const incident = await caseOf(stage);
  if (incident !== undefined && states.includes(incident.state)) return { done: incident };
  const verdict = (await stage.cloud.rounds(1))[0]?.verdicts.find(
    (entry) => incident?.target !== undefined && entry.key === targetKey(incident.target),
  );
  return {
    seen: `state ${incident?.state}, cause ${incident?.causeStatus ?? 'not checked'}, verdict ${verdict?.verdict}: ${verdict?.says}`,
  };
}

function stateOf({ cloud, sick }: Stage): string {
  const health = cloud.world.elb.describeTargetHealth({ TargetGroupArn: GROUP_ARN }).TargetHealthDescriptions ?? [];
  return health.find((entry) => isOf(sick, entry.Target?.Id))?.TargetHealth?.State ?? 'not registered';
}

export async function healthy(stage: Stage) {
  const state = stateOf(stage);
  return state === 'healthy' ? { done: state } : { seen: state };
}

// ---------------------------------------------------------------- what is shown

export function showRound(stage: Stage, heading: string, round: Round): void {
  const client = round.clientView === undefined ? [] : [`client's view: ${clientLine(round, round.clientView)}`];
  stage.phases.detail(`${heading} (fleet: ${round.fleet})`, [...client, ...roundTable(round), ...round.notes]);
}

export function showFindings({ phases }: Stage, incident: Case): void {
  const lines = (incident.diagnosis?.findings ?? []).flatMap((finding) => [
    `${finding.cause} (confidence ${finding.confidence.toFixed(2)})`,
    ...finding.evidence.map((line) => `  + ${line}`),
    ...finding.against.map((line) => `  - ${line}`),
  ]);
  phases.show('Findings', [...lines, ...(incident.diagnosis?.notes ?? [])]);
}

export function showDecision({ phases }: Stage, incident: Case): void {
  const { decision } = incident;
  phases.detail(`Decision: ${decision?.action} (${decision?.reason})`, guardrailLines(decision?.guardrails ?? []));
}

/** The alert exactly as the topic took it. */
export async function published(stage: Stage, incident: Case): Promise<void> {
  const message = stage.cloud.world.sns.published.findLast((entry) => entry.attributes['caseId']?.StringValue === incident.id);
  if (message === undefined) throw new Error(`nothing was published for case ${incident.id}`);
  stage.phases.atTheEnd(`The alert as published: ${message.subject}`, message.message.split('\n'));
  await reported(stage, incident);
}

/** Another function writes it, once the event of the alert has reached it. */
async function reported({ phases, cloud }: Stage, incident: Case): Promise<void> {
  const page = await phases.until('its report in the bucket', 60, async () => {
    const written = bucketReport(cloud, incident);
    return written === undefined ? { seen: 'none yet' } : { done: written };
  });
  phases.atTheEnd('Its report', [`${reportUri(cloud, incident)} (${Math.round(page.length / 1024)} KB)`]);
}

export function showEvents({ phases }: Stage, incident: Case): void {
  phases.detail(
    'The case',
    incident.events.map((event) => `${new Date(event.at).toISOString().slice(11, 19)}  ${event.kind}: ${event.says}`),
  );
}
