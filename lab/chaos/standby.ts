/**
 * What has to hold of an Auto Scaling group when one of its instances goes on standby, comes back,
 * and when everything is over.
 */
import type { Target } from '@aws-sdk/client-scheduler';
import { isOut } from '../../core/case';
import { isRestoreOf } from './addresses';
import { AUTO_SCALING_GROUP, RESTORE_FUNCTION } from './plan';
import { membersOf } from './call-input';
import type { Call } from './invocation';
import type { ReadLog, TargetOfCall } from './read-log';
import type { Checker, Stage } from './roles';

/** Whether a Scheduler target brings exactly this one back, in the way its owner wants. */
export function undoes(target: Target | undefined, onStandby: boolean, { groupArn, id, port }: TargetOfCall): boolean {
  const input = membersOf(JSON.parse(target?.Input ?? '{}'));
  const [action] = (target?.Arn ?? '').split(':').slice(-1);
  if (onStandby) return action === 'exitStandby' && input.AutoScalingGroupName === AUTO_SCALING_GROUP && input.InstanceIds?.join() === id;
  // Of an address it goes through the function that looks who has it.
  if (target?.Arn === RESTORE_FUNCTION) return isRestoreOf(target.Input, { groupArn, id, port });
  const [one] = input.Targets ?? [];
  return action === 'registerTargets' && input.TargetGroupArn === groupArn && one?.Id === id && one.Port === port;
}

export function judgeStandby(checker: Checker, call: Call, { groupArn, id, port }: TargetOfCall): void {
  const readLog = checker.readLogOf(call.by);
  const { autoScaling, refreshes } = readLog;
  const intent = readLog.intents.get(`${groupArn}#${id}:${port}`) ?? 0;
  const { ShouldDecrementDesiredCapacity } = membersOf(call.input);
  checker.must(ShouldDecrementDesiredCapacity === true, 'asg-minimum', `${id} on standby, and a replacement is launched for it`);
  const { desired = 0, minSize = 0 } = autoScaling ?? {};
  checker.must(desired - 1 >= minSize, 'asg-minimum', `${id} on standby with desired ${desired} and minimum ${minSize}`);
  checker.must(autoScaling?.tagged === true, 'mode', `${id} on standby, and its Auto Scaling group is not tagged`);
  checker.must((autoScaling?.step ?? 0) > intent, 'fresh-look', `${id} on standby on an old look at its group`);
  checker.must((refreshes?.step ?? 0) > intent && refreshes?.count === 0, 'frozen', `${id} on standby with ${refreshes?.count} refreshes`);
  const suspended = autoScaling?.suspended.filter((process) => process !== 'AZRebalance') ?? [];
  checker.must(suspended.length === 0, 'frozen', `${id} on standby with ${suspended.join(', ')} suspended`);
  const lifecycle = autoScaling?.lifecycles.get(id);
  checker.must(lifecycle === 'InService', 'fresh-look', `${id} on standby from ${lifecycle}`);
  judgeZones(checker, readLog, id);
  judgeScheduledRestore(checker, readLog, id, intent);
  const moved = movedBySomebody(checker, call);
  checker.must(moved.length === 0, 'frozen', `${id} on standby while ${moved.join(', ')} drained, and not by us`);
}

/**
 * Zones that standby would leave more than one apart are evened out by ending an instance that is
 * well.
 */
function judgeZones(checker: Checker, { autoScaling }: ReadLog, id: string): void {
  const counts = [...(autoScaling?.zones.values() ?? [])].map((ids) => ids.filter((other) => other !== id).length);
  const balanced = counts.length > 0 && Math.max(...counts) - Math.min(...counts) <= 1;
  const suspended = autoScaling?.suspended.includes('AZRebalance') === true;
  checker.must(balanced || suspended, 'zone-balance', `${id} on standby leaves ${counts.join(', ')} in the zones`);
}

/**
 * It has to fit in again after the group has scaled out by one, which is what losing it may cause;
 * and no hook may hold or end it then.
 */
function judgeScheduledRestore(checker: Checker, { autoScaling, hooks }: ReadLog, id: string, intent: number): void {
  const { desired = 0, maxSize = 0 } = autoScaling ?? {};
  checker.must(desired + 1 <= maxSize, 'restore-open', `${id} on standby with desired ${desired} and maximum ${maxSize}`);
  checker.must((hooks?.step ?? 0) > intent && hooks?.count === 0, 'restore-open', `${id} on standby with ${hooks?.count} launch hooks`);
}

/** Whether an instance on standby would fit under the maximum. */
export function hasRoom(stage: Stage): boolean {
  const { desiredCapacity, maxSize } = stage.autoScaling.sizes();
  return desiredCapacity + 1 <= maxSize;
}

/**
 * Whether this scheduled restore was refused for want of room for as long as Scheduler tries, and
 * lies in the queue whose alarm pages a person. Scheduler gives a delivery up when its retries or
 * its time are used up (RetryPolicy, API reference): without a controller only a person helps then.
 */
export function isRefusedForGood({ scheduleGroup, world }: Stage, name: string, sinceAt: number): boolean {
  return world.scheduler.deadLetters.some(
    ({ at, scheduleArn, queueArn, error }) =>
      at > sinceAt && scheduleArn.endsWith(`/${scheduleGroup}/${name}`) && queueArn !== undefined && error.includes('max-size'),
  );
}

/** Whether a person was told that this instance cannot come back. */
export function isToldStuck({ stage }: Checker, id: string): boolean {
  return stage.world.sns.published.some(({ subject = '' }) => subject.includes(id) && subject.includes('cannot be restored'));
}

/**
 * The person who was told that an instance cannot come back makes room for it, whoever registered
 * it by hand meanwhile: it is on record as out.
 */
export function makeRoom(checker: Checker): void {
  const { stage } = checker;
  const out = stage.records.open().flatMap((incident) => (isOut(incident) && incident.target !== undefined ? [incident.target.id] : []));
  const stuck = new Set(out.filter((id) => stage.autoScaling.lifecycle(id) === 'Standby' && isToldStuck(checker, id)));
  if (stuck.size > 0 && !hasRoom(stage)) stage.autoScaling.resize({ maxSize: stage.autoScaling.sizes().maxSize + stuck.size });
}

/** Targets that drain in an attached group, as last read, without being out by our hand. */
function movedBySomebody(checker: Checker, call: Call): string[] {
  const { health } = checker.readLogOf(call.by);
  const ours = new Set([...checker.out.values()].map((out) => out.key));
  const states = checker.stage.autoScaling.attachedArns().flatMap((arn) => [...(health.get(arn)?.states ?? [])]);
  return states.filter(([key, state]) => state === 'draining' && !ours.has(key)).map(([key]) => key);
}

/** Nobody is left on standby by us, and the desired capacity is again as many as serve. */
export function settledAutoScaling(checker: Checker): void {
  const { stage } = checker;
  if (stage.plan.autoScaling === undefined) return;
  const members = [...stage.world.autoScaling.members(AUTO_SCALING_GROUP)];
  const [group] =
    stage.world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [AUTO_SCALING_GROUP] }).AutoScalingGroups ?? [];
  const serving = members.filter(([, lifecycle]) => lifecycle === 'InService' || lifecycle === 'Pending').length;
  checker.must(group?.DesiredCapacity === serving, 'asg-desired', `desired capacity ${group?.DesiredCapacity} with ${serving} in service`);
  for (const [id, lifecycle] of members) {
    const left = lifecycle === 'InService' || stage.contestedStandby.has(id);
    checker.must(left, 'settles', `${id} is still ${lifecycle}`);
  }
}
