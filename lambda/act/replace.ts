/**
 * Replaces a task of ECS, a step a run. The order: intent on record, its stop scheduled, guardrails
 * once more on fresh reads, the deregistration; after the drain intent on record, fresh reads
 * again, StopTask. Until then it can be called off: the schedule is cancelled, and the target
 * registered again. Success of a call proves nothing: the next run reads the world.
 */
import { isRegistered, lbTargetOf } from '../../core/case';
import { evaluateBeforeStop } from '../../core/decide/guardrails';
import { openLedger } from '../../core/decide/ledger';
import { drainMsOf } from '../../core/decide/replace/next-step';
import { usualMs } from '../../core/decide/replace/verification';
import type { GroupSituation, Situation } from '../../core/decide/situation';
import { closed } from '../../core/case-transitions';
import {
  taskOf,
  type Decision,
  type DecisionTo,
  type GuardrailCheck,
  type LbTarget,
  type Replacement,
  type TargetCase,
} from '../../core/model';
import { isReplacing, isStopping, taskId, type ReplacingCase } from '../../core/replacement';
import {
  callingOff,
  deregisteringAgain,
  registering,
  replaced,
  replacementAbandoned,
  replacementCalledOffUnasked,
  replacementFailed,
  replacing,
  returned,
  seenOut,
  stopCancelled,
  stopConfirmed,
  stopping,
} from '../../core/replacement-transitions';
import type { RespondPorts, TaskStop } from '../ports';
import { readService } from '../respond/read-service';
import { groupOf, plain, unsure, type Authority, type Outcome } from './outcome';
import { lastLook, worldChanged, LEASE_MARGIN_MS } from './remove';
import { scheduledStopName } from './scheduled-restore-name';
import { SECOND_LOOK_MS, seen, stillRegistered } from './target-health';

type Replace = DecisionTo<'replace'>;

/** Carries out one step. @throws when AWS or the records fail; the next run reads what was done. */
export async function replace(authority: Authority, incident: TargetCase, decision: Replace): Promise<Outcome> {
  if (decision.step === 'begin') return begin(authority, incident, decision);
  if (!isReplacing(incident)) throw new Error(`case ${incident.id} replaces nothing: ${decision.step}`);
  const now = authority.ports.clock.now();
  switch (decision.step) {
    case 'deregister':
      return deregister(authority, incident, decision);
    case 'stop':
      return stop(authority, incident, decision);
    case 'stopped':
      return plain(await confirmStopped(authority, incident, decision.reason), decision);
    case 'call-off':
      return plain(await callOff(authority, callingOff(incident, now, decision.blocked, decision.reason)), decision);
    case 'register':
      return register(authority, incident, decision);
    case 'abandon':
      return abandon(authority, incident, decision);
    case 'returned':
      return endReturned(authority, incident, decision);
    case 'leave':
      return leave(decision, await cancelled(authority, incident), now);
    case 'verified':
      return ended(replaced(incident, now, decision.replacedBy ?? '', decision.reason), decision, now);
    case 'failed':
      return plain(replacementFailed(incident, now, decision.reason), decision);
  }
}

// ---------------------------------------------------------------- deregister

async function begin(authority: Authority, incident: TargetCase, decision: Replace): Promise<Outcome> {
  const { ports } = authority;
  const planned = plannedReplacement(authority, incident, decision);
  const intent = await put(ports, replacing(incident, decision, planned));
  await ensureScheduledStop(ports, intent.replacement);
  const obstacles = await lastLook(authority, incident);
  if (obstacles.length > 0) {
    await cancelSchedule(ports, intent.replacement);
    const blocked = [...new Set(obstacles.map((check) => check.guardrail))];
    const spared = replacementCalledOffUnasked(intent, ports.clock.now(), `blocked right before the call: ${blocked.join(', ')}`);
    const { step: _step, stopsAt: _stopsAt, replacedBy: _by, endsAs: _ends, ...alone } = decision;
    return plain(spared, { ...alone, action: 'keep', blocked, guardrails: obstacles });
  }
  return deregistered(authority, intent, decision);
}

/** @throws when the guardrails, which read the same, cannot have passed. */
function plannedReplacement({ situation, ports }: Authority, incident: TargetCase, decision: Replace): Replacement {
  const group = groupOf(situation, incident);
  const task = taskOf(group?.service, incident.groupArn, incident.target);
  const { ecs } = group?.config ?? {};
  if (group?.service === undefined || 'why' in group.service || task === undefined || ecs === undefined || decision.stopsAt === undefined)
    throw new Error(`case ${incident.id}: its task was not read`);
  const now = ports.clock.now();
  const { service } = group.service;
  const usual = usualMs(group.rounds[0]);
  return {
    clusterArn: service.clusterArn,
    serviceArn: service.arn,
    ...ecs,
    taskArn: task.arn,
    target: lbTargetOf(group.lbView, incident.target)?.target ?? incident.target,
    desired: service.desired,
    originalCount: group.lbView.filter((entry) => isRegistered(entry)).length,
    ...(usual === undefined ? {} : { usualMs: usual }),
    ...(task.logs === undefined ? {} : { logs: task.logs }),
    intentAt: now,
    scheduleName: scheduledStopName(task.arn),
    stopsAt: decision.stopsAt,
    drainMs: drainMsOf(group.group.attributes),
    deregisteredAt: [now],
  };
}

async function deregistered(authority: Authority, incident: ReplacingCase, decision: Decision): Promise<Outcome> {
  const { ports } = authority;
  const { target } = incident.replacement;
  await ports.ecs.deregister(incident.groupArn, target);
  if (!(await seen(ports, incident, (registered) => !registered)))
    return plain(incident, decision, [
      'the deregistration was asked for and the load balancer does not show it yet; the next round settles it',
    ]);
  return plain(seenOut(incident, ports.clock.now(), `${target.id}:${target.port} is out, confirmed by target health`), decision);
}

/** ECS registered it again. Whether it still may be stopped is read afresh. */
async function deregister(authority: Authority, incident: ReplacingCase, decision: Replace): Promise<Outcome> {
  const { ports } = authority;
  const stopsAt = decision.stopsAt ?? incident.replacement.stopsAt;
  const intent = await put(ports, deregisteringAgain(incident, ports.clock.now(), stopsAt, decision.reason));
  await ensureScheduledStop(ports, intent.replacement);
  const obstacles = await lookBeforeStop(authority, intent, 'registered');
  if (obstacles.length > 0) return calledOffAtLast(authority, intent, decision, obstacles);
  return deregistered(authority, intent, decision);
}

// ---------------------------------------------------------------- stop

async function stop(authority: Authority, incident: ReplacingCase, decision: Replace): Promise<Outcome> {
  const { ports } = authority;
  const intent = await put(ports, stopping(incident, ports.clock.now(), decision.reason));
  const obstacles = await lookBeforeStop(authority, intent, 'out');
  if (obstacles.length > 0) return calledOffAtLast(authority, intent, decision, obstacles);
  await ports.ecs.stop(stopOf(intent.replacement));
  if (!(await isSeenStopping(authority, intent)))
    return plain(intent, decision, ['the stop was asked for and ECS does not show it yet; the next round settles it']);
  return plain(await confirmStopped(authority, intent, `task ${taskId(intent.replacement.taskArn)} stops, as ECS shows`), decision);
}

async function calledOffAtLast(
  authority: Authority,
  incident: ReplacingCase,
  decision: Replace,
  obstacles: readonly GuardrailCheck[],
): Promise<Outcome> {
  const blocked = [...new Set(obstacles.map((check) => check.guardrail))];
  const why = `its task is not stopped: ${obstacles.map(({ value }) => value).join('; ')}`;
  const off = await callOff(authority, callingOff(incident, authority.ports.clock.now(), blocked, why));
  return plain(off, { ...decision, step: 'call-off', reason: why, blocked, guardrails: obstacles });
}

/**
 * Every guardrail once more, on target health (twice, seconds apart), the service, the kill switch
 * and the newest round as read now.
 */
async function lookBeforeStop(authority: Authority, incident: ReplacingCase, wanted: 'registered' | 'out'): Promise<GuardrailCheck[]> {
  const { ports, situation, lease } = authority;
  const group = groupOf(situation, incident);
  if (group === undefined) throw new Error(`case ${incident.id} lost its group between decision and stop`);
  const [first, service, killSwitch, [round]] = await Promise.all([
    ports.loadBalancing.health(incident.groupArn),
    readService(ports, incident.groupArn, group.config, [incident]),
    ports.killSwitch.read(),
    ports.rounds.latest(incident.groupArn, 1),
  ]);
  await ports.clock.sleep(SECOND_LOOK_MS);
  const second = await ports.loadBalancing.health(incident.groupArn);
  const now = ports.clock.now();
  if (round === undefined || now - round.endedAt >= situation.config.durations.staleS * 1000)
    return [worldChanged('no recent round', 'a recent round')];
  const fresh: GroupSituation = { ...group, lbView: second, ...(service === undefined ? {} : { service }) };
  const groups = situation.groups.map((other) => (other === group ? fresh : other));
  const openCases = situation.openCases.map((other) => (other.id === incident.id ? incident : other));
  const again: Situation = { ...situation, now, killSwitch, groups, openCases };
  const checks = evaluateBeforeStop({ situation: again, group: fresh, incident, round, ledger: openLedger(again) });
  const states = [first, second].map((view) => healthOf(view, incident));
  const leftMs = lease.untilAt - now;
  return [
    ...checks,
    ...(states.every((state) => state === wanted) ? [] : [worldChanged(`target health says ${states.join(', then ')}`, wanted)]),
    ...(leftMs > LEASE_MARGIN_MS ? [] : [worldChanged(`${leftMs} ms left of the stack's lease`, `${LEASE_MARGIN_MS} ms`)]),
  ].filter(({ passed }) => !passed);
}

function healthOf(view: readonly LbTarget[], { replacement }: ReplacingCase): string {
  if (view.length === 0) return 'nothing';
  const entry = lbTargetOf(view, replacement.target);
  if (isRegistered(entry)) return 'registered';
  return entry?.state.endsWith('draining') === true ? 'draining' : 'out';
}

/** Reads of the task after its stop was asked for, and time between them. */
const STOP_TRIES = 5;
const STOP_GAP_MS = 1_000;

async function isSeenStopping({ ports, situation }: Authority, incident: ReplacingCase): Promise<boolean> {
  const config = groupOf(situation, incident)?.config;
  if (config === undefined) return false;
  for (let attempt = 0; attempt < STOP_TRIES; attempt++) {
    if (attempt > 0) await ports.clock.sleep(STOP_GAP_MS);
    const read = await readService(ports, incident.groupArn, config, [incident]);
    const tasks = read === undefined || 'why' in read ? [] : read.tasks;
    if (tasks.some((task) => task.arn === incident.replacement.taskArn && isStopping(task))) return true;
  }
  return false;
}

/** The scheduled stop has nothing to do any more. */
async function confirmStopped(authority: Authority, incident: ReplacingCase, says: string): Promise<TargetCase> {
  const stopped = await put(authority.ports, stopConfirmed(incident, authority.ports.clock.now(), says));
  return cancelled(authority, stopped);
}

// ---------------------------------------------------------------- the ways out

/** On record first: a run that dies in between cancels it in the next round. */
async function callOff(authority: Authority, incident: TargetCase): Promise<TargetCase> {
  return cancelled(authority, await put(authority.ports, incident));
}

async function cancelled({ ports }: Authority, incident: ReplacingCase): Promise<TargetCase> {
  await cancelSchedule(ports, incident.replacement);
  return stopCancelled(incident, ports.clock.now());
}

async function cancelSchedule({ scheduledStops }: RespondPorts, { scheduleName }: Replacement): Promise<void> {
  await scheduledStops.cancel(scheduleName);
  if (await scheduledStops.exists(scheduleName)) throw new Error(`${scheduleName} is still there after it was cancelled`);
}

/**
 * The run that announced it died before it was done. A deregistration that is carried out later
 * still is undone by its service, which registers its tasks (I), or seen by the next rounds.
 */
async function abandon(authority: Authority, incident: ReplacingCase, decision: Replace): Promise<Outcome> {
  if (!(await stillRegistered(authority.ports, incident))) return unsure(incident, decision);
  await cancelSchedule(authority.ports, incident.replacement);
  return plain(replacementAbandoned(incident, authority.ports.clock.now(), decision.reason), decision);
}

/** Its address is read once more: by now it may be another task's. */
async function register(authority: Authority, incident: ReplacingCase, decision: Replace): Promise<Outcome> {
  const { ports, situation } = authority;
  const config = groupOf(situation, incident)?.config;
  const read = config === undefined ? undefined : await readService(ports, incident.groupArn, config, [incident]);
  const { target, taskArn } = incident.replacement;
  if (taskOf(read, incident.groupArn, target)?.arn !== taskArn) return unsure(incident, decision);
  const intent = await put(ports, registering(incident, ports.clock.now(), decision.reason));
  await ports.ecs.register(incident.groupArn, target);
  return plain(intent, decision);
}

async function endReturned(authority: Authority, incident: ReplacingCase, decision: Replace): Promise<Outcome> {
  if (!(await stillRegistered(authority.ports, incident))) return unsure(incident, decision);
  const now = authority.ports.clock.now();
  return ended(returned(incident, now), decision, now);
}

/** Without an end its scheduled stop was due: what came of it is waited for. */
function leave(decision: Replace, incident: TargetCase, now: number): Outcome {
  return decision.endsAs === undefined ? plain(incident, decision) : ended(incident, decision, now);
}

function ended(incident: TargetCase, decision: Replace, now: number): Outcome {
  const because = decision.endsAs ?? 'operator';
  const { step: _step, stopsAt: _stopsAt, replacedBy: _by, endsAs: _ends, ...alone } = decision;
  const ending: DecisionTo<'close'> = { ...alone, action: 'close', because };
  return plain(closed({ ...incident, decision: ending }, now, because, decision.reason), ending);
}

// ---------------------------------------------------------------- records and schedules

/** What was stored still replaces a task: its transitions take none away. */
async function put(ports: RespondPorts, incident: TargetCase): Promise<ReplacingCase> {
  const stored = await ports.cases.put(incident);
  if (!isReplacing(stored)) throw new Error(`case ${incident.id} replaces nothing`);
  return stored;
}

async function ensureScheduledStop({ scheduledStops }: RespondPorts, replacement: Replacement): Promise<void> {
  const { scheduleName, stopsAt } = replacement;
  if (await scheduledStops.exists(scheduleName)) await scheduledStops.move(scheduleName, stopsAt, stopOf(replacement));
  else await scheduledStops.create(scheduleName, stopsAt, stopOf(replacement));
}

/** StopTask takes 255 characters of a reason (API reference). */
function stopOf({ clusterArn, taskArn, target }: Replacement): TaskStop {
  return { clusterArn, taskArn, reason: `Sickbay: ${target.id}:${target.port} answers slowly, its service replaces it` };
}
