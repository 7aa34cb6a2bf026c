/**
 * From a decision to the world and back to the record. Every removal goes: intent on record, way
 * back in place, guardrails once more on a fresh look, the one call, then reading the world, then
 * the outcome. A run that dies in between leaves an intent, which the next run settles by what the
 * world shows. No guardrail stands before a restore.
 */
import type { Config } from '../../core/config';
import { currentEjection, isRegistered, isTargetCase, lbTargetOf, verdictOf } from '../../core/case';
import {
  abandoned,
  announced,
  calledOff,
  closed,
  confirmedOut,
  madeAfterAll,
  renewed,
  restoring,
  shortSince,
  waiting,
  watching,
  scheduledRestoreCancelled,
} from '../../core/case-transitions';
import { nextLeaseS } from '../../core/decide/decide';
import { evaluateGuardrails } from '../../core/decide/guardrails';
import { openLedger } from '../../core/decide/ledger';
import { underWayUntil } from '../../core/decide/given-up';
import { settledAt } from '../../core/decide/settling';
import type { GroupSituation, Situation } from '../../core/decide/situation';
import { leaseOfOneThatWaits } from '../../core/decide/stopped';
import type { Case, Decision, DecisionTo, Ejection, GuardrailCheck, TargetCase } from '../../core/model';
import type { RespondPorts, StackLease } from '../ports';
import { ReturnRefused } from './return-refused';
import { SECOND_LOOK_MS, seen, stillRegistered } from './target-health';
import { TargetNotRunning, TargetVanished } from './vanished';
import { scheduledRestoreName } from './scheduled-restores';

/** A removal must be over well before the lease on the stack is. */
const LEASE_MARGIN_MS = 30_000;

/** Scheduler refuses a time in the past. */
const SOONEST_MS = 60_000;

export interface Authority {
  readonly ports: RespondPorts;
  readonly config: Config;
  readonly lease: StackLease;
  readonly situation: Situation;
}

/**
 * What became of a decision: the case as stored, and the decision as it turned out (a removal may
 * be blocked at the last moment).
 */
export interface Outcome {
  readonly incident: Case;
  readonly decision: Decision;
  readonly remarks: readonly string[];
}

/**
 * Carries out one decision. @throws when AWS or the records fail; the case then holds an intent
 * that the next run settles.
 */
export async function carryOut(authority: Authority, stored: Case, decision: Decision): Promise<Outcome> {
  if (!isTargetCase(stored)) return plain(decision.action === 'close' ? close(authority, stored, decision) : stored, decision);
  const incident = shortSince(stored, decision, authority.situation.now);
  switch (decision.action) {
    case 'eject':
      return eject(authority, incident, decision);
    case 'hold':
      return incident.state === 'out' ? plain(await renew(authority, incident, decision), decision) : eject(authority, incident, decision);
    case 'confirm':
      return confirm(authority, incident, decision);
    case 'abandon':
      return abandon(authority, incident, decision);
    case 'renew':
      return plain(await renew(authority, incident, decision), decision);
    case 'restore':
      return restore(authority, incident, decision);
    case 'watch':
      if (!(await stillRegistered(authority.ports, incident))) return unsure(incident, decision);
      return plain(await watch(authority, incident, decision.reason), decision);
    case 'close':
      return closeTarget(authority, incident, decision);
    case 'wait':
      return wait(authority, incident, decision);
    case 'give-up':
      return giveUp(authority, incident, decision);
    case 'keep':
    case 'page':
      return plain(incident, decision);
  }
}

function plain(incident: Case, decision: Decision, remarks: readonly string[] = []): Outcome {
  return { incident, decision, remarks };
}

// ---------------------------------------------------------------- out

async function eject(authority: Authority, incident: TargetCase, decision: Decision): Promise<Outcome> {
  const { ports } = authority;
  const ejection = plannedEjection(authority, incident);
  const intent = await ports.cases.put(announced(incident, decision, ejection));
  await ensureScheduledRestore(authority, intent, ejection.leaseEndsAt);
  const obstacles = await lastLook(authority, incident);
  if (obstacles.length > 0) return blockedAtLast(authority, intent, decision, obstacles);
  await ports.registrations[ejection.owner].remove(incident.groupArn, ejection);
  const gone = await seen(ports, incident, (registered) => !registered);
  if (!gone)
    return plain(intent, decision, ['the removal was asked for and the load balancer does not show it yet; the next round settles it']);
  return plain(
    confirmedOut(intent, ports.clock.now(), `${ejection.target.id}:${ejection.target.port} is out, confirmed by target health`),
    decision,
  );
}

/**
 * The run that announced it may have died before its way back was there, and somebody else may have
 * removed the target since.
 */
async function confirm(authority: Authority, given: TargetCase, decision: DecisionTo<'confirm'>): Promise<Outcome> {
  const { reason } = decision;
  const now = authority.ports.clock.now();
  const incident = given.ejections.at(-1)?.abandonedAt === undefined ? given : madeAfterAll(given, now, reason);
  const ejection = currentEjection(incident);
  if (ejection === undefined) throw new Error(`case ${incident.id} has no ejection to confirm`);
  await keepScheduledRestore(authority, incident, ejection);
  return plain(confirmedOut(incident, now, reason), { ...decision, action: 'eject', leaseEndsAt: ejection.leaseEndsAt });
}

/**
 * Its way back is there. An observing stack makes none (lib/responder-permissions.ts): what is
 * overdue it restores itself.
 */
async function keepScheduledRestore({ ports, config }: Authority, { groupArn }: TargetCase, ejection: Ejection): Promise<void> {
  if (config.mode !== 'enforce' || (await ports.scheduledRestores.exists(ejection.scheduleName))) return;
  const at = Math.max(ejection.leaseEndsAt, ports.clock.now() + SOONEST_MS);
  await ports.scheduledRestores.create(ejection.scheduleName, at, groupArn, ejection);
}

function plannedEjection(authority: Authority, incident: TargetCase): Ejection {
  const { situation, ports } = authority;
  const group = groupOf(situation, incident);
  const now = ports.clock.now();
  const leaseS = nextLeaseS(situation, incident);
  return {
    ...ownerOf(group, incident),
    intentAt: now,
    target: lbTargetOf(group?.lbView ?? [], incident.target)?.target ?? incident.target,
    scheduleName: scheduledRestoreName(incident.groupArn, incident.target),
    leaseS,
    leaseEndsAt: now + leaseS * 1000,
    originalCount: (group?.lbView ?? []).filter((entry) => isRegistered(entry)).length,
  };
}

/**
 * As observed in this run; that it is the declared one, and one that can be acted on, the
 * guardrails have asked.
 */
function ownerOf(group: GroupSituation | undefined, incident: TargetCase): Pick<Ejection, 'owner' | 'autoScalingGroup'> {
  const seen = group?.owners.get(incident.target.id);
  return seen?.owner === 'asg' ? { owner: 'asg', autoScalingGroup: seen.autoScaling.name } : { owner: 'static' };
}

async function ensureScheduledRestore(authority: Authority, incident: TargetCase, at: number): Promise<void> {
  const ejection = currentEjection(incident);
  if (ejection === undefined) throw new Error(`case ${incident.id} has no ejection to find a way back for`);
  const { scheduledRestores } = authority.ports;
  const { scheduleName } = ejection;
  if (await scheduledRestores.exists(scheduleName)) await scheduledRestores.move(scheduleName, at, incident.groupArn, ejection);
  else await scheduledRestores.create(scheduleName, at, incident.groupArn, ejection);
}

/**
 * Every guardrail once more, on target health, a kill switch and a round read now: what they say
 * decides, not what was decided before.
 */
async function lastLook(authority: Authority, incident: TargetCase): Promise<Decision['guardrails']> {
  const { ports, situation, lease } = authority;
  const group = groupOf(situation, incident);
  if (group === undefined) throw new Error(`case ${incident.id} lost its group between decision and removal`);
  const [lbView, owners, killSwitch, [round]] = await Promise.all([
    ports.loadBalancing.health(incident.groupArn),
    ports.owners.observe(group.group, [incident.target]),
    ports.killSwitch.read(),
    ports.rounds.latest(incident.groupArn, 1),
  ]);
  const now = ports.clock.now();
  const verdict = verdictOf(round, incident.target);
  if (round === undefined || verdict?.verdict !== 'convicted')
    return [worldChanged(`the newest round says ${verdict?.verdict ?? 'nothing'}`, 'convicted')];
  const fresh: GroupSituation = { ...group, lbView, owners };
  const groups = situation.groups.map((other) => (other === group ? fresh : other));
  const again: Situation = { ...situation, now, killSwitch, groups };
  const checks = evaluateGuardrails({ situation: again, group: fresh, incident, round, verdict, ledger: openLedger(again) });
  const leftMs = lease.untilAt - now;
  const outrun = leftMs > LEASE_MARGIN_MS ? [] : [worldChanged(`${leftMs} ms left of the stack's lease`, `${LEASE_MARGIN_MS} ms`)];
  return [...checks, ...outrun].filter((check) => !check.passed);
}

function worldChanged(value: string, limit: string): GuardrailCheck {
  return { guardrail: 'world-changed', value, limit, passed: false };
}

/**
 * Nothing was called. A way back that is left over would undo what an operator may do on purpose
 * later, whoever owns the target.
 */
async function blockedAtLast(
  authority: Authority,
  intent: TargetCase,
  decision: Decision,
  obstacles: Decision['guardrails'],
): Promise<Outcome> {
  const { ports } = authority;
  const ejection = currentEjection(intent);
  if (ejection !== undefined) await ports.scheduledRestores.cancel(ejection.scheduleName);
  const blocked = [...new Set(obstacles.map((check) => check.guardrail))];
  const incident = calledOff(intent, ports.clock.now(), `blocked right before the call: ${blocked.join(', ')}`);
  return plain(incident, { ...decision, action: 'keep', blocked, guardrails: obstacles });
}

/**
 * The run that announced it died, perhaps right after its call: its way back stays, for that call
 * may still be carried out.
 */
async function abandon(authority: Authority, incident: TargetCase, decision: Decision): Promise<Outcome> {
  if (!(await stillRegistered(authority.ports, incident))) return unsure(incident, decision);
  return plain(abandoned(incident, authority.ports.clock.now(), decision.reason), decision);
}

async function renew(authority: Authority, incident: TargetCase, decision: DecisionTo<'renew' | 'hold'>): Promise<Case> {
  await ensureScheduledRestore(authority, incident, decision.leaseEndsAt);
  return renewed(incident, authority.ports.clock.now(), decision.leaseEndsAt, decision.reason);
}

// ---------------------------------------------------------------- back

async function restore(authority: Authority, incident: TargetCase, decision: Decision): Promise<Outcome> {
  const { ports } = authority;
  const ejection = currentEjection(incident);
  if (ejection === undefined) throw new Error(`case ${incident.id} has no ejection to undo`);
  const intent =
    ejection.restoreIntentAt === undefined ? await ports.cases.put(restoring(incident, ports.clock.now(), decision.reason)) : incident;
  const obstacle = await undo(authority, intent, ejection);
  if (obstacle instanceof TargetNotRunning) return wait(authority, intent, waitInstead(authority, intent, decision, obstacle.message));
  if (obstacle instanceof ReturnRefused) {
    // Refused for an hour it is a dead letter and no schedule any more
    // (lambda/act/scheduled-restores.ts): it comes back without us too.
    await keepScheduledRestore(authority, intent, ejection);
    return plain(intent, { ...decision, action: 'page', reason: obstacle.message, blocked: ['no-way-back'] });
  }
  if (obstacle instanceof TargetVanished) {
    await ports.scheduledRestores.cancel(ejection.scheduleName);
    return plain(closed(intent, ports.clock.now(), 'vanished', obstacle.message), { ...decision, action: 'close', because: 'vanished' });
  }
  const back = await seen(ports, incident, (registered) => registered);
  const settled = ports.clock.now() >= settledAt(ejection);
  if (!back || !settled || !(await stillRegistered(authority.ports, incident)))
    return plain(intent, decision, ['its return was asked for and the load balancer does not show it yet; the next round settles it']);
  return plain(await watch(authority, intent, decision.reason), decision);
}

/** What a person, or nobody, can do something about. */
type Obstacle = TargetVanished | TargetNotRunning | ReturnRefused;

/**
 * Asks for the return. What looks vanished is asked for once more, a moment later: one reading
 * cancels nothing. Returns what stands in the way.
 */
async function undo({ ports }: Authority, incident: TargetCase, ejection: Ejection): Promise<Obstacle | undefined> {
  const attempt = async () => {
    try {
      await ports.registrations[ejection.owner].restore(incident.groupArn, ejection);
      return undefined;
    } catch (error) {
      if (error instanceof TargetVanished || error instanceof TargetNotRunning || error instanceof ReturnRefused) return error;
      throw error;
    }
  };
  const first = await attempt();
  if (!(first instanceof TargetVanished)) return first;
  await ports.clock.sleep(SECOND_LOOK_MS);
  return attempt();
}

/** A restore that its instance does not allow yet, as the decision that it comes to. */
function waitInstead({ ports }: Authority, incident: TargetCase, decision: Decision, reason: string): DecisionTo<'wait'> {
  const leaseEndsAt = leaseOfOneThatWaits(ports.clock.now(), incident);
  return { ...decision, action: 'wait', reason, ...(leaseEndsAt === undefined ? {} : { leaseEndsAt }) };
}

/** Its way back is there, and in the future, for as long as its instance does not run. */
async function wait(authority: Authority, incident: TargetCase, decision: DecisionTo<'wait'>): Promise<Outcome> {
  const ejection = currentEjection(incident);
  if (ejection === undefined) throw new Error(`case ${incident.id} has no ejection to wait for`);
  const { leaseEndsAt: _moved, ...unmoved } = decision;
  // An observing stack makes and moves no way back (lib/responder-permissions.ts): it restores the
  // target itself as soon as the instance runs.
  if (authority.config.mode === 'observe') return plain(incident, unmoved);
  const at = decision.leaseEndsAt ?? ejection.leaseEndsAt;
  const isThere = await authority.ports.scheduledRestores.exists(ejection.scheduleName);
  if (!isThere || decision.leaseEndsAt !== undefined) await ensureScheduledRestore(authority, incident, at);
  return plain(decision.leaseEndsAt === undefined ? incident : waiting(incident, authority.ports.clock.now(), at), decision);
}

async function watch(authority: Authority, incident: TargetCase, reason: string): Promise<Case> {
  const { ports, config } = authority;
  const ejection = currentEjection(incident);
  if (ejection !== undefined) await ports.scheduledRestores.cancel(ejection.scheduleName);
  const now = ports.clock.now();
  return watching(incident, now, now + config.durations.watchS * 1000, reason);
}

// ---------------------------------------------------------------- closed

function close(authority: Authority, incident: Case, decision: DecisionTo<'close'>): Case {
  return closed({ ...incident, decision }, authority.ports.clock.now(), decision.because, decision.reason);
}

/**
 * Cancels the way back, and looks whether that is so. The case ends now, unless the way back may
 * have been under way.
 */
async function giveUp(authority: Authority, incident: TargetCase, decision: Decision): Promise<Outcome> {
  const { scheduledRestores, clock } = authority.ports;
  const ejection = currentEjection(incident);
  if (ejection === undefined) throw new Error(`case ${incident.id} has no ejection to give up`);
  await scheduledRestores.cancel(ejection.scheduleName);
  if (await scheduledRestores.exists(ejection.scheduleName))
    throw new Error(`case ${incident.id}: ${ejection.scheduleName} is still there after it was cancelled`);
  const cancelled = scheduledRestoreCancelled(incident, clock.now());
  if (underWayUntil(currentEjection(cancelled) ?? ejection) !== undefined)
    return plain(cancelled, decision, [
      'its way back was due and may be under way: it may still be registered once within the hour, and is looked at until then',
    ]);
  const ended: DecisionTo<'close'> = { ...decision, action: 'close', because: 'operator' };
  return plain(close(authority, cancelled, ended), ended);
}

/** A way back that is left over would bring back what somebody may take out on purpose later. */
async function closeTarget(authority: Authority, incident: TargetCase, decision: DecisionTo<'close'>): Promise<Outcome> {
  const last = incident.ejections.at(-1);
  if (last !== undefined && restsOnHealth(last, decision) && !(await stillRegistered(authority.ports, incident)))
    return unsure(incident, decision);
  if (last !== undefined) await authority.ports.scheduledRestores.cancel(last.scheduleName);
  return plain(close(authority, incident, decision), decision);
}

/**
 * Whether the way back is given up because target health showed the target registered: not when it
 * has vanished, nor when it came back.
 */
function restsOnHealth(last: Ejection, { because }: DecisionTo<'close'>): boolean {
  return last.restoredAt === undefined && last.wayBackCancelledAt === undefined && because !== 'vanished';
}

/** Two reads of target health differ: nothing is concluded, and the next round looks again. */
function unsure(incident: Case, decided: Decision): Outcome {
  const { because: _because, ...decision } = { because: undefined, ...decided };
  const reason = `target health shows two things within seconds, nothing is concluded: ${decision.reason}`;
  return plain(incident, { ...decision, action: 'keep', reason, blocked: [] });
}

function groupOf(situation: Situation, incident: Case): GroupSituation | undefined {
  return situation.groups.find((group) => group.group.arn === incident.groupArn);
}
