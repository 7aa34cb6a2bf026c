/**
 * Decides the next step of a replacement, from its record and from the world as it was read in this
 * run. Until its task is stopped a replacement can be called off: the target is registered again,
 * if its address still is the task's. From then on nothing undoes it, and what is left is to see
 * that a replacement is there, healthy and fast, or to tell a person.
 */
import { isRegistered, lbTargetOf } from '../../case';
import {
  holds,
  isRunning,
  type Blocked,
  type EcsTask,
  type GuardrailCheck,
  type LbTarget,
  type Replacement,
  type ServiceView,
} from '../../model';
import { isStopping, STOP_RETRIES_MS, type ReplacingCase } from '../../replacement';
import { utc } from '../../report/text';
import { decisionOn, freshRound, type Decided } from '../decision';
import { evaluateBeforeStop, evaluateWhileOut } from '../guardrails';
import type { Ledger } from '../ledger';
import { isUnseenSince, LEASE_SLACK_MS, OVERDUE_MS, VIEW_SETTLES_MS } from '../settling';
import type { GroupSituation, Situation } from '../situation';
import { decideVerification } from './verification';

/** A service may register a target again at any time; more often than this a person has to look. */
export const MOST_DEREGISTRATIONS = 3;

/** How long after its announcement a call may still be carried out although its run died. */
const UNDER_WAY_MS = 60_000;

/**
 * Between the end of the drain and the scheduled stop: five rounds, in which Sickbay itself looks
 * before it stops the task.
 */
const SPARE_MS = 300_000;

/** ECS keeps a stopped task for an hour at least (DescribeTasks, API reference). */
const KEPT_MS = 3_600_000;

/** When a stop is due without us, if the target is deregistered at `now`. */
export function scheduledStopAt(now: number, drainMs: number): number {
  return now + drainMs + SPARE_MS;
}

/** Deregistration delay of a group: connections are let finish for so long (ELB user guide). */
export function drainMsOf(attributes: Readonly<Record<string, string>>): number {
  const seconds = Number(attributes['deregistration_delay.timeout_seconds'] ?? 300);
  return 1000 * (Number.isFinite(seconds) && seconds >= 0 ? seconds : 300);
}

interface Replaced {
  readonly situation: Situation;
  readonly group: GroupSituation;
  readonly incident: ReplacingCase;
  readonly ledger: Ledger;
}

export function decideReplacement(
  situation: Situation,
  group: GroupSituation | undefined,
  incident: ReplacingCase,
  ledger: Ledger,
): Decided {
  const { replacement } = incident;
  if (replacement.failedAt !== undefined)
    return decisionOn(
      situation,
      incident,
      'keep',
      'its replacement was not measured well; no task of the service is replaced until a person has looked',
    );
  if (group === undefined) return decideUnseen(situation, incident, replacement);
  if (replacement.stoppedAt !== undefined) return decideVerification(situation, group, incident, replacement.stoppedAt);
  const { service } = group;
  if (service === undefined || 'why' in service) return unreadable(situation, incident, service?.why ?? 'not read');
  return decideOutTask({ situation, group, incident, ledger }, service);
}

/**
 * Its target group could not be read, was deleted, or left the configuration. The scheduled stop
 * finishes what was begun.
 */
function decideUnseen(situation: Situation, incident: ReplacingCase, { stopsAt, stoppedAt }: Replacement): Decided {
  if (situation.unread.includes(incident.groupArn)) return decisionOn(situation, incident, 'keep', 'its target group could not be read');
  const noneLookedFor = 'no replacement is looked for';
  if (situation.gone.includes(incident.groupArn)) {
    const because = `its target group was deleted: ${noneLookedFor}`;
    if (stoppedAt === undefined) return decideLeft(situation, incident, because, 'vanished');
    return step(situation, incident, { step: 'leave', endsAs: 'vanished' }, because);
  }
  const why = 'its target group is no longer configured';
  if (stoppedAt === undefined && situation.now < stopsAt + STOP_RETRIES_MS + OVERDUE_MS)
    return decisionOn(situation, incident, 'keep', `${why}: its scheduled stop ends it`);
  return step(situation, incident, { step: 'leave', endsAs: 'operator' }, `${why}: ${noneLookedFor}`);
}

function unreadable(situation: Situation, incident: ReplacingCase, why: string): Decided {
  const { stopsAt, calledOffAt } = incident.replacement;
  const isLate = situation.now >= (calledOffAt ?? stopsAt) + OVERDUE_MS;
  return decisionOn(situation, incident, isLate ? { action: 'page' } : 'keep', `its service could not be read: ${why}`);
}

function step(
  situation: Situation,
  incident: ReplacingCase,
  taken: Omit<Extract<Parameters<typeof decisionOn>[2], { readonly action: 'replace' }>, 'action'>,
  reason: string,
  extra: { readonly blocked?: readonly Blocked[]; readonly guardrails?: readonly GuardrailCheck[] } = {},
): Decided {
  return decisionOn(situation, incident, { action: 'replace', ...taken }, reason, extra);
}

// ---------------------------------------------------------------- until the task is stopped

function decideOutTask(replaced: Replaced, view: ServiceView): Decided {
  const { situation, incident } = replaced;
  const { replacement } = incident;
  const task = view.tasks.find(({ arn }) => arn === replacement.taskArn);
  if (task === undefined) return decideUnlisted(situation, incident);
  if (isStopping(task)) return step(situation, incident, { step: 'stopped' }, whoStopped(replacement, task));
  if (replacement.givenUpBy !== undefined) return decideLeft(situation, incident, `left as it is: ${replacement.givenUpBy}`, 'operator');
  if (replacement.calledOffAt !== undefined) return decideCalledOff(replaced, view, task);
  if (replacement.restoreAskedBy !== undefined)
    return step(situation, incident, { step: 'call-off' }, `asked for by ${replacement.restoreAskedBy}`);
  if (replacement.stopIntentAt !== undefined && situation.now < replacement.stopIntentAt + UNDER_WAY_MS)
    return decisionOn(situation, incident, 'keep', 'its stop was announced seconds ago: ECS may not show it yet');
  const round = replaced.group.rounds[0];
  if (round === undefined) return decisionOn(situation, incident, 'keep', 'no round is on record');
  const failed = evaluateWhileOut({ ...replaced, round }).filter(({ passed }) => !passed);
  if (failed.length > 0) return calledOffFor(situation, incident, failed);
  return decideByHealth(replaced);
}

function decideUnlisted(situation: Situation, incident: ReplacingCase): Decided {
  if (situation.now < incident.replacement.intentAt + KEPT_MS)
    return decisionOn(situation, incident, 'keep', 'ECS does not list its task just now: no conclusion is drawn');
  return step(situation, incident, { step: 'stopped' }, 'ECS no longer knows its task');
}

function whoStopped({ stopIntentAt, stopsAt }: Replacement, { stoppedReason }: EcsTask): string {
  const reason = stoppedReason === undefined ? '' : ` (${stoppedReason.slice(0, 120)})`;
  return `${stopIntentAt === undefined ? `its task stops, by its scheduled stop of ${utc(stopsAt)} or by somebody else` : 'its task stops'}${reason}`;
}

function calledOffFor(situation: Situation, incident: ReplacingCase, failed: readonly GuardrailCheck[]): Decided {
  const blocked = [...new Set(failed.map(({ guardrail }) => guardrail))];
  const why = failed.map(({ value }) => value).join('; ');
  return step(situation, incident, { step: 'call-off' }, `its task is not stopped: ${why}`, { blocked, guardrails: failed });
}

function decideByHealth(replaced: Replaced): Decided {
  const { situation, group, incident } = replaced;
  const { replacement } = incident;
  if (group.lbView.length === 0)
    return decisionOn(situation, incident, 'keep', 'the load balancer lists no targets: no conclusion is drawn');
  const entry = lbTargetOf(group.lbView, replacement.target);
  const since = lastDeregistration(replacement);
  if (isRegistered(entry)) return decideRegisteredStill(situation, incident, since);
  if (isDraining(entry)) return decisionOn(situation, incident, 'keep', 'deregistered, its connections drain');
  const drainedAt = since + Math.max(replacement.drainMs, VIEW_SETTLES_MS);
  if (situation.now < drainedAt)
    return decisionOn(situation, incident, 'keep', `deregistered, its connections drain until ${utc(drainedAt)}`);
  return decideStop(replaced);
}

function isDraining(entry: LbTarget | undefined): boolean {
  return entry?.state === 'draining' || entry?.state === 'unhealthy.draining';
}

function lastDeregistration({ deregisteredAt, intentAt }: Replacement): number {
  return deregisteredAt.at(-1) ?? intentAt;
}

/** It never left, it does not show yet, or ECS has registered it again. */
function decideRegisteredStill(situation: Situation, incident: ReplacingCase, since: number): Decided {
  const { outAt, deregisteredAt, stopsAt } = incident.replacement;
  if (situation.now < since + UNDER_WAY_MS + VIEW_SETTLES_MS)
    return decisionOn(situation, incident, 'keep', 'deregistered seconds ago: target health may not show it yet');
  const never = 'an announced replacement did not begin: the target never left';
  // A move would come too late for an attempt that is under way: cancelled, it is waited for.
  if (situation.now >= stopsAt - UNDER_WAY_MS) {
    const why = outAt === undefined ? never : 'its service registered it again';
    return step(situation, incident, { step: 'call-off' }, `${why}, and its scheduled stop is due`);
  }
  if (outAt === undefined) return step(situation, incident, { step: 'abandon' }, never);
  if (deregisteredAt.length < MOST_DEREGISTRATIONS)
    return step(
      situation,
      incident,
      { step: 'deregister', stopsAt: scheduledStopAt(situation.now, incident.replacement.drainMs) },
      `its service registered it again (${deregisteredAt.length} of at most ${MOST_DEREGISTRATIONS} deregistrations so far)`,
    );
  return step(
    situation,
    incident,
    { step: 'call-off' },
    `its service has registered it again after each of ${deregisteredAt.length} deregistrations: its task is not stopped`,
    { blocked: ['contested'] },
  );
}

function decideStop(replaced: Replaced): Decided {
  const { situation, group, incident, ledger } = replaced;
  const round = freshRound(situation, group);
  if (round === undefined) return decisionOn(situation, incident, 'keep', 'drained; no recent round says how the others are');
  const failed = evaluateBeforeStop({ situation, group, incident, ledger, round }).filter(({ passed }) => !passed);
  if (failed.length > 0) return calledOffFor(situation, incident, failed);
  return step(situation, incident, { step: 'stop' }, 'drained: its task is stopped, and its service starts another one');
}

// ---------------------------------------------------------------- called off

/**
 * Its scheduled stop is cancelled first; then it is registered again, as soon as that is allowed.
 */
function decideCalledOff({ situation, group, incident }: Replaced, view: ServiceView, task: EcsTask): Decided {
  const { replacement } = incident;
  const because = replacement.calledOffBecause ?? 'called off';
  if (replacement.scheduleCancelledAt === undefined) return step(situation, incident, { step: 'call-off' }, because);
  if (isUnseenSince(group, replacement.scheduleCancelledAt))
    return decisionOn(situation, incident, 'keep', `${because}; called off since the newest round began: the next one settles it`);
  if (mayStillStop(situation.now, replacement)) return stopWasDue(situation, incident, because);
  if (group.lbView.length === 0)
    return decisionOn(situation, incident, 'keep', 'the load balancer lists no targets: no conclusion is drawn');
  const entry = lbTargetOf(group.lbView, replacement.target);
  const changedAt = Math.max(lastDeregistration(replacement), replacement.registerIntentAt ?? 0);
  if (situation.now < changedAt + VIEW_SETTLES_MS)
    return decisionOn(situation, incident, 'keep', 'changed seconds ago: target health may not show it yet');
  if (isRegistered(entry))
    return step(situation, incident, { step: 'returned', endsAs: endOf(replacement) }, because, blockedFor(replacement));
  // An address cannot be registered again before the delay is over (ELB user guide).
  if (isDraining(entry) || situation.now < lastDeregistration(replacement) + replacement.drainMs)
    return decisionOn(situation, incident, 'keep', `${because}; it is registered again once it has drained`);
  const holders = view.tasks.filter((one) => isRunning(one) && holds(one, incident.groupArn, replacement.target));
  if (!isRunning(task) || holders.length !== 1 || holders[0]?.arn !== replacement.taskArn)
    return decisionOn(
      situation,
      incident,
      { action: 'page' },
      `${because}; it is not registered again: its address ${replacement.target.id} is ${holders.length === 0 ? 'not known to be its own' : "another task's"}`,
    );
  return step(situation, incident, { step: 'register' }, because);
}

/** Neither stopped nor registered: a person wants it so, or there is no target group any more. */
function decideLeft(situation: Situation, incident: ReplacingCase, because: string, endsAs: 'operator' | 'vanished'): Decided {
  const { replacement } = incident;
  if (!mayStillStop(situation.now, replacement)) return step(situation, incident, { step: 'leave', endsAs }, because);
  if (replacement.scheduleCancelledAt === undefined) return step(situation, incident, { step: 'leave' }, because);
  return stopWasDue(situation, incident, because);
}

function stopWasDue(situation: Situation, incident: ReplacingCase, because: string): Decided {
  return decisionOn(situation, incident, 'keep', `${because}; its scheduled stop was due when it was cancelled and may still come`);
}

/**
 * Cancelled when it was due: Scheduler may stop the task all the same, perhaps at a later attempt
 * (I: whether one outlives its schedule is not documented), and ECS shows that a little later.
 */
function mayStillStop(now: number, { stopsAt, scheduleCancelledAt = now }: Replacement): boolean {
  if (scheduleCancelledAt < stopsAt - LEASE_SLACK_MS) return false;
  return now < Math.max(scheduleCancelledAt, stopsAt + STOP_RETRIES_MS) + OVERDUE_MS;
}

function endOf({ restoreAskedBy, calledOffFor: blocked = [] }: Replacement): 'operator' | 'not-acted' {
  return restoreAskedBy !== undefined || blocked.includes('contested') ? 'operator' : 'not-acted';
}

/** Remembered for six hours where its service would not let it go. */
function blockedFor({ calledOffFor: blocked = [] }: Replacement): { readonly blocked: readonly Blocked[] } {
  return { blocked: blocked.includes('contested') ? ['contested'] : [] };
}
