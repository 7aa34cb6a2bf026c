/**
 * After the task was stopped: whether another one has taken its place, healthy to the load balancer
 * and fast by our own probes, within `verifyS`. A replacement that is slow as well is a shared
 * cause. Either way a person is told.
 */
import { cleanSpell, lbTargetOf, verdictOf } from '../../case';
import { isRunning, type EcsTask, type Round, type ServiceView, type Target } from '../../model';
import { taskId, type ReplacingCase } from '../../replacement';
import { decisionOn, freshRound, type Decided } from '../decision';
import { isUnseenSince } from '../settling';
import type { GroupSituation, Situation } from '../situation';

export function decideVerification(situation: Situation, group: GroupSituation, incident: ReplacingCase, stoppedAt: number): Decided {
  if (isUnseenSince(group, stoppedAt))
    return decisionOn(situation, incident, 'keep', 'its task is stopped: no round has begun since that was seen');
  const late = situation.now >= stoppedAt + situation.config.durations.verifyS * 1000;
  const { service } = group;
  if (service === undefined || 'why' in service)
    return wait(situation, incident, late, `its service could not be read: ${service?.why ?? 'not read'}`);
  const newer = tasksSince(service, incident);
  const looks = newer.map((task) => lookAt(situation, group, incident, task));
  const sick = looks.find(({ verdict }) => verdict === 'convicted');
  if (sick !== undefined)
    return failed(situation, incident, `task ${taskId(sick.task.arn)}, which took its place, is slow too: another one does not help`);
  const well = looks.find(({ isWell }) => isWell);
  if (well !== undefined && isComplete(service))
    return decisionOn(
      situation,
      incident,
      { action: 'replace', step: 'verified', replacedBy: well.task.arn, endsAs: 'recovered' },
      `task ${taskId(well.task.arn)} has taken its place, healthy and fast`,
    );
  return wait(situation, incident, late, missing(service, looks));
}

/** Later tasks, by their own start: an address may be that of the task that was stopped. */
function tasksSince({ tasks }: ServiceView, { replacement }: ReplacingCase): EcsTask[] {
  return tasks.filter(({ arn, createdAt }) => arn !== replacement.taskArn && createdAt !== undefined && createdAt >= replacement.intentAt);
}

interface Look {
  readonly task: EcsTask;
  readonly verdict?: string;
  readonly isWell: boolean;
  readonly says: string;
}

/**
 * The judge compares targets with each other, and a deployment that makes all of them slow is none
 * of its convictions: so a new task has to be about as fast as the peers were before.
 */
const AS_FAST = 2;
/** Within so much nobody feels it, ms. */
const UNFELT_MS = 50;

/** The middle of the medians of those that are well; undefined where none was measured. */
export function usualMs(round: Round | undefined): number | undefined {
  const medians = (round?.verdicts ?? []).flatMap(({ verdict, medianMs }) =>
    verdict === 'clean' && medianMs !== undefined ? [medianMs] : [],
  );
  return medians.sort((a, b) => a - b)[Math.floor((medians.length - 1) / 2)];
}

function isAsFast(medianMs: number | undefined, usual: number | undefined): boolean {
  if (usual === undefined) return true;
  return medianMs !== undefined && medianMs <= Math.max(AS_FAST * usual, usual + UNFELT_MS);
}

function lookAt(situation: Situation, group: GroupSituation, { groupArn, replacement }: ReplacingCase, task: EcsTask): Look {
  const where = task.targets.find((target) => target.groupArn === groupArn);
  const entry = group.lbView.find(({ target }) => target.id === where?.id && target.port === where.port);
  if (!isRunning(task) || entry === undefined) return { task, isWell: false, says: `${taskId(task.arn)} is ${task.lastStatus}` };
  const rounds = group.rounds.filter(({ startedAt }) => startedAt >= (task.startedAt ?? Infinity));
  const verdict = verdictOf(rounds[0], entry.target);
  const state = lbTargetOf(group.lbView, entry.target)?.state;
  const isFast = isAsFast(verdict?.medianMs, replacement.usualMs);
  const slower =
    isFast || verdict?.medianMs === undefined
      ? ''
      : `, and slower than its peers were (${ms(verdict.medianMs)}, ${ms(replacement.usualMs)})`;
  return {
    task,
    ...(verdict === undefined ? {} : { verdict: verdict.verdict }),
    isWell: state === 'healthy' && isFast && isProvenWell(situation, group, rounds, entry.target),
    says: `${taskId(task.arn)} is ${state} to the load balancer, ${verdict === undefined ? 'not measured yet' : verdict.cold ? 'warming up' : verdict.verdict}${slower}`,
  };
}

function ms(value = 0): string {
  return `${Math.round(value)} ms`;
}

/** As many clean rounds as before a restore, the newest of them recent, and past its grace. */
function isProvenWell(situation: Situation, group: GroupSituation, rounds: readonly Round[], target: Target): boolean {
  const { limits, durations } = situation.config;
  const newest = rounds[0];
  const verdict = verdictOf(newest, target);
  if (newest === undefined || freshRound(situation, group) !== newest || verdict === undefined || verdict.cold) return false;
  return cleanSpell(rounds, target, durations.minRoundGapS * 1000).rounds >= limits.cleanRounds;
}

function isComplete({ service: { desired, running, pending } }: ServiceView): boolean {
  return running === desired && pending === 0;
}

function missing({ service: { desired, running, pending } }: ServiceView, looks: readonly Look[]): string {
  const counts = `${running} running and ${pending} pending of ${desired}`;
  return `${looks.length === 0 ? 'no task has taken its place' : looks.map(({ says }) => says).join('; ')} (${counts})`;
}

function wait(situation: Situation, incident: ReplacingCase, late: boolean, says: string): Decided {
  if (late) return failed(situation, incident, `no replacement was measured well within ${situation.config.durations.verifyS} s: ${says}`);
  return decisionOn(situation, incident, 'keep', `its task is stopped: ${says}`);
}

function failed(situation: Situation, incident: ReplacingCase, reason: string): Decided {
  return decisionOn(situation, incident, { action: 'replace', step: 'failed' }, reason);
}
