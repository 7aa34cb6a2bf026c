/** Restores a target, or waits until it can be restored. No guardrail applies to a restore. */
import { closed, restoring, waiting, watching } from '../../core/case-transitions';
import { settledAt } from '../../core/decide/settling';
import { leaseOfOneThatWaits } from '../../core/decide/stopped';
import type { Case, Decision, DecisionTo } from '../../core/model';
import { ensureScheduledRestore, keepScheduledRestore } from './keep-scheduled-restore';
import { plain, type Authority, type Outcome, type RecordedRemoval } from './outcome';
import { ReturnRefused } from './return-refused';
import { SECOND_LOOK_MS, seen, stillRegistered } from './target-health';
import { AddressNotFree, TargetNotRunning, TargetVanished } from './vanished';

export async function restore(authority: Authority, { incident, ejection }: RecordedRemoval, decision: Decision): Promise<Outcome> {
  const { ports } = authority;
  const intent =
    ejection.restoreIntentAt === undefined
      ? await ports.cases.put(restoring(incident, ejection, ports.clock.now(), decision.reason))
      : incident;
  const removal = { incident: intent, ejection };
  const obstacle = await undo(authority, removal);
  if (obstacle instanceof TargetNotRunning) return wait(authority, removal, waitInstead(authority, removal, decision, obstacle.message));
  if (obstacle instanceof ReturnRefused) {
    // After an hour of refusals the schedule is gone and its event is in the dead-letter queue
    // (lambda/aws/scheduled-restores.ts). It is made again, so that the target is restored without
    // a controller too.
    await keepScheduledRestore(authority, removal);
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
  return plain(await watch(authority, removal, decision.reason), decision);
}

/** Whether a person can clear the obstacle, or it passes by itself. */
type Obstacle = TargetVanished | TargetNotRunning | ReturnRefused;

/**
 * Asks for the restore. A target that looks vanished is asked for once more a moment later, because
 * nothing is cancelled on one reading. Returns the obstacle, if there is one.
 */
async function undo({ ports }: Authority, { incident, ejection }: RecordedRemoval): Promise<Obstacle | undefined> {
  const attempt = async () => {
    try {
      await ports.registrations[ejection.owner].restore(incident.groupArn, ejection);
      return undefined;
    } catch (error) {
      if (error instanceof TargetVanished || error instanceof TargetNotRunning || error instanceof ReturnRefused) return error;
      // As after a call that target health does not show: the next round asks again.
      if (error instanceof AddressNotFree) return undefined;
      throw error;
    }
  };
  const first = await attempt();
  if (!(first instanceof TargetVanished)) return first;
  await ports.clock.sleep(SECOND_LOOK_MS);
  return attempt();
}

/** The decision that takes the place of a restore that the instance does not allow yet. */
function waitInstead({ ports }: Authority, { ejection }: RecordedRemoval, decision: Decision, reason: string): DecisionTo<'wait'> {
  const leaseEndsAt = leaseOfOneThatWaits(ports.clock.now(), ejection);
  return { ...decision, action: 'wait', reason, ...(leaseEndsAt === undefined ? {} : { leaseEndsAt }) };
}

/** Keeps its scheduled restore in the future for as long as its instance does not run. */
export async function wait(authority: Authority, removal: RecordedRemoval, decision: DecisionTo<'wait'>): Promise<Outcome> {
  const { incident, ejection } = removal;
  const { leaseEndsAt: _moved, ...unmoved } = decision;
  // An observing stack makes and moves no scheduled restore (lib/responder-permissions.ts): it
  // restores the target itself as soon as the instance runs.
  if (authority.config.mode === 'observe') return plain(incident, unmoved);
  const at = decision.leaseEndsAt ?? ejection.leaseEndsAt;
  const isThere = await authority.ports.scheduledRestores.exists(ejection.scheduleName);
  if (!isThere || decision.leaseEndsAt !== undefined) await ensureScheduledRestore(authority, removal, at);
  return plain(decision.leaseEndsAt === undefined ? incident : waiting(incident, ejection, authority.ports.clock.now(), at), decision);
}

export async function watch(authority: Authority, { incident, ejection }: RecordedRemoval, reason: string): Promise<Case> {
  const { ports, config } = authority;
  await ports.scheduledRestores.cancel(ejection.scheduleName);
  const now = ports.clock.now();
  return watching(incident, ejection, now, now + config.durations.watchS * 1000, reason);
}
