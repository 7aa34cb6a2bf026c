/**
 * Removes a target, and settles removals that were announced. The order: intent on record,
 * scheduled restore in place, guardrails and that schedule once more on fresh reads, the one call,
 * a read of the world, the outcome on record.
 */
import { isRegistered, lbTargetOf, verdictOf } from '../../core/case';
import { abandoned, announced, calledOff, confirmedOut, madeAfterAll, renewed } from '../../core/case-transitions';
import { delayS } from '../../core/decide/drain';
import { refNow } from '../../core/decide/holder';
import { evaluateGuardrails } from '../../core/decide/guardrails';
import { nextLeaseS } from '../../core/decide/lease';
import { openLedger } from '../../core/decide/ledger';
import type { GroupSituation, Situation } from '../../core/decide/situation';
import type { Case, Decision, DecisionTo, Ejection, GuardrailCheck, TargetCase } from '../../core/model';
import { ownersOf } from '../respond/owners-of';
import { readService } from '../respond/read-service';
import { refsOf } from '../target-refs';
import { scheduledRestoreName } from './scheduled-restore-name';
import { ensureScheduledRestore, keepScheduledRestore } from './keep-scheduled-restore';
import { groupOf, plain, unsure, type Authority, type Outcome, type RecordedRemoval } from './outcome';
import { SECOND_LOOK_MS, seen, stillRegistered } from './target-health';

/** A removal must be over well before the lease on the stack is. */
export const LEASE_MARGIN_MS = 30_000;

export async function eject(authority: Authority, incident: TargetCase, decision: Decision): Promise<Outcome> {
  const { ports } = authority;
  const ejection = plannedEjection(authority, incident);
  const intent = await ports.cases.put(announced(incident, decision, ejection));
  await ensureScheduledRestore(authority, { incident: intent, ejection }, ejection.leaseEndsAt);
  const [changed, isScheduled] = await Promise.all([lastLook(authority, incident), isRestoreScheduled(authority, ejection)]);
  const obstacles = isScheduled ? changed : [...changed, worldChanged('its scheduled restore is not there', 'a scheduled restore')];
  if (obstacles.length > 0) return blockedAtLast(authority, { incident: intent, ejection }, decision, obstacles);
  await ports.registrations[ejection.owner].remove(incident.groupArn, ejection);
  const gone = await seen(ports, incident, (registered) => !registered);
  if (!gone)
    return plain(intent, decision, ['the removal was asked for and the load balancer does not show it yet; the next round settles it']);
  return plain(
    confirmedOut(intent, ejection, ports.clock.now(), `${ejection.target.id}:${ejection.target.port} is out, confirmed by target health`),
    decision,
  );
}

/**
 * The calls before may have hung for a minute, in which somebody deletes what was made first. What
 * was made just now may not be shown yet: it is asked for once more.
 */
async function isRestoreScheduled({ ports: { scheduledRestores, clock } }: Authority, { scheduleName }: Ejection): Promise<boolean> {
  if (await scheduledRestores.exists(scheduleName)) return true;
  await clock.sleep(SECOND_LOOK_MS);
  return scheduledRestores.exists(scheduleName);
}

function plannedEjection(authority: Authority, incident: TargetCase): Ejection {
  const { situation, ports } = authority;
  const group = groupOf(situation, incident);
  const now = ports.clock.now();
  const leaseS = nextLeaseS(situation, incident);
  return {
    ...ownerOf(group, incident),
    ...holderOf(group, incident),
    intentAt: now,
    target: lbTargetOf(group?.lbView ?? [], incident.target)?.target ?? incident.target,
    scheduleName: scheduledRestoreName(incident.groupArn, incident.target),
    leaseS,
    leaseEndsAt: now + leaseS * 1000,
    originalCount: (group?.lbView ?? []).filter((entry) => isRegistered(entry)).length,
  };
}

/**
 * Of an address: who has it, and how long it cannot be registered again. The guardrails have
 * checked that the case is about that holder.
 */
function holderOf(group: GroupSituation | undefined, incident: TargetCase): Pick<Ejection, 'targetRef' | 'drainMs'> {
  const ref = group === undefined ? undefined : refNow(group, incident);
  return group === undefined || ref?.kind !== 'instance' ? {} : { targetRef: ref, drainMs: delayS(group.group) * 1000 };
}

/**
 * As observed in this run. The guardrails have checked that it is the declared one and that it is
 * supported.
 */
function ownerOf(group: GroupSituation | undefined, incident: TargetCase): Pick<Ejection, 'owner' | 'autoScalingGroup'> {
  const seen = group?.owners.get(incident.target.id);
  return seen?.owner === 'asg' ? { owner: 'asg', autoScalingGroup: seen.autoScaling.name } : { owner: 'static' };
}

/**
 * Every guardrail once more, on target health, the kill switch and the newest round as read now.
 * Their result replaces the decision of before.
 */
export async function lastLook(authority: Authority, incident: TargetCase): Promise<Decision['guardrails']> {
  const { ports, situation, lease } = authority;
  const group = groupOf(situation, incident);
  if (group === undefined) throw new Error(`case ${incident.id} lost its group between decision and removal`);
  const [lbView, owners, refs, service, killSwitch, [round]] = await Promise.all([
    ports.loadBalancing.health(incident.groupArn),
    ownersOf(ports, group, [incident.target]),
    refsOf(ports, group.group, [incident.target]),
    readService(ports, incident.groupArn, group.config, situation.openCases),
    ports.killSwitch.read(),
    ports.rounds.latest(incident.groupArn, 1),
  ]);
  const now = ports.clock.now();
  const verdict = verdictOf(round, incident.target);
  if (round === undefined || verdict?.verdict !== 'convicted')
    return [worldChanged(`the newest round says ${verdict?.verdict ?? 'nothing'}`, 'convicted')];
  const fresh: GroupSituation = { ...group, lbView, owners, ...refs, ...(service === undefined ? {} : { service }) };
  const groups = situation.groups.map((other) => (other === group ? fresh : other));
  const again: Situation = { ...situation, now, killSwitch, groups };
  const checks = evaluateGuardrails({ situation: again, group: fresh, incident, round, verdict, ledger: openLedger(again) });
  const leftMs = lease.untilAt - now;
  const outrun = leftMs > LEASE_MARGIN_MS ? [] : [worldChanged(`${leftMs} ms left of the stack's lease`, `${LEASE_MARGIN_MS} ms`)];
  return [...checks, ...outrun].filter((check) => !check.passed);
}

export function worldChanged(value: string, limit: string): GuardrailCheck {
  return { guardrail: 'world-changed', value, limit, passed: false };
}

/**
 * No call was made. A scheduled restore that is left over would undo what an operator does on
 * purpose later, whoever owns the target.
 */
async function blockedAtLast(
  authority: Authority,
  { incident: intent, ejection }: RecordedRemoval,
  decision: Decision,
  obstacles: Decision['guardrails'],
): Promise<Outcome> {
  const { ports } = authority;
  await ports.scheduledRestores.cancel(ejection.scheduleName);
  const blocked = [...new Set(obstacles.map((check) => check.guardrail))];
  const incident = calledOff(intent, ejection, ports.clock.now(), `blocked right before the call: ${blocked.join(', ')}`);
  return plain(incident, { ...decision, action: 'keep', blocked, guardrails: obstacles });
}

/**
 * The run that announced it may have died before its scheduled restore was there, and somebody else
 * may have removed the target since.
 */
export async function confirm(authority: Authority, given: RecordedRemoval, decision: DecisionTo<'confirm'>): Promise<Outcome> {
  const { reason } = decision;
  const now = authority.ports.clock.now();
  const { ejection } = given;
  const incident = ejection.abandonedAt === undefined ? given.incident : madeAfterAll(given.incident, ejection, now, reason);
  await keepScheduledRestore(authority, { incident, ejection });
  return plain(confirmedOut(incident, ejection, now, reason), { ...decision, action: 'eject', leaseEndsAt: ejection.leaseEndsAt });
}

/**
 * The run that announced it died, perhaps right after its call. Its scheduled restore stays,
 * because that call may still be carried out.
 */
export async function abandon(authority: Authority, { incident, ejection }: RecordedRemoval, decision: Decision): Promise<Outcome> {
  if (!(await stillRegistered(authority.ports, incident))) return unsure(incident, decision);
  return plain(abandoned(incident, ejection, authority.ports.clock.now(), decision.reason), decision);
}

export async function renew(authority: Authority, removal: RecordedRemoval, decision: DecisionTo<'renew' | 'hold'>): Promise<Case> {
  await ensureScheduledRestore(authority, removal, decision.leaseEndsAt);
  return renewed(removal.incident, removal.ejection, authority.ports.clock.now(), decision.leaseEndsAt, decision.reason);
}
