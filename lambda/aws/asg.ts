/**
 * Instances in an Auto Scaling group: EnterStandby and ExitStandby, one call each. Standby
 * deregisters from every attached target group and stops the replacement of unhealthy instances; a
 * member that is deregistered in any other way may be replaced by its group.
 */
import {
  DescribeAutoScalingGroupsCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  type AutoScalingClient,
} from '@aws-sdk/client-auto-scaling';
import type { InstanceStates, Registration, Removal } from '../ports';
import { ReturnRefused } from '../act/return-refused';
import { TargetNotRunning, TargetVanished } from '../act/vanished';

/**
 * Lifecycle states from which an instance never serves again (EC2 Auto Scaling user guide, instance
 * lifecycle).
 */
const LEAVING = /^(Terminat|Detach)/;

/**
 * `change` makes one attempt a call, `read` may repeat. `direct` registers one target in one target
 * group.
 */
export function asgRegistration(
  read: AutoScalingClient,
  change: AutoScalingClient,
  direct: Pick<Registration, 'restore'>,
  states: InstanceStates,
): Registration {
  return {
    // With decrement no replacement is launched; the call is refused where that would go below the
    // minimum.
    remove: async (_groupArn, removal) =>
      void (await change.send(new EnterStandbyCommand({ ...standbyInput(removal), ShouldDecrementDesiredCapacity: true }))),
    restore: async (groupArn, removal) => {
      const { lifecycle } = await memberOf(read, removal);
      // In service and not registered: somebody deregistered it, or its group may not register.
      // Registering what is registered changes nothing.
      if (lifecycle === 'InService') return direct.restore(groupArn, removal);
      if (lifecycle === HELD) throw new ReturnRefused(heldText(removal));
      // An instance that is still draining is not on standby yet, and one that is on its way back
      // needs no call.
      if (lifecycle !== 'Standby') return;
      await mustRun(states, removal.target.id);
      try {
        await change.send(new ExitStandbyCommand(standbyInput(removal)));
      } catch (error) {
        const now = await memberOf(read, removal);
        // Its scheduled restore may have fired between the look and the call.
        if (now.lifecycle !== 'Standby') return;
        throw now.desired >= now.maxSize ? new ReturnRefused(noRoomText(removal, now), { cause: error }) : error;
      }
    },
  };
}

/**
 * Auto Scaling does not check what is on standby; one that leaves it and does not run fails the
 * group's health check, and is terminated (EC2 Auto Scaling user guide, standby and health checks).
 * @throws TargetNotRunning for one that is stopped.
 */
async function mustRun(states: InstanceStates, id: string): Promise<void> {
  const state = (await states.of([id])).get(id);
  if (state === 'stopped' || state === 'stopping')
    throw new TargetNotRunning(`its instance is ${state}: it is restored when it runs again`);
}

/**
 * A launch hook has it, until somebody completes the hook or its time is over (EC2 Auto Scaling
 * user guide, lifecycle hooks).
 */
const HELD = 'Pending:Wait';

function heldText({ target, autoScalingGroup }: Removal): string {
  return `a launch hook of ${autoScalingGroup} holds ${target.id} in ${HELD}: complete it, or it does what its default result says`;
}

/**
 * ExitStandby raises the desired capacity and is refused above the maximum (inferred from
 * EnterStandby's rule for the minimum).
 */
function noRoomText({ target, autoScalingGroup }: Removal, { desired, maxSize }: Member): string {
  return (
    `${autoScalingGroup} has no room for ${target.id}: desired capacity ${desired}, maximum ${maxSize}. ` +
    'Raise the maximum, or lower the desired capacity'
  );
}

interface Member {
  readonly lifecycle: string;
  readonly desired: number;
  readonly maxSize: number;
}

/**
 * The instance and the sizes of its group, as they are now. @throws TargetVanished when the group,
 * or the instance in it, is no longer there.
 */
async function memberOf(client: AutoScalingClient, removal: Removal): Promise<Member> {
  const { AutoScalingGroupName, InstanceIds } = standbyInput(removal);
  const answer = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }));
  const [group] = answer.AutoScalingGroups ?? [];
  const lifecycle = group?.Instances?.find((instance) => instance.InstanceId === InstanceIds[0])?.LifecycleState;
  if (lifecycle === undefined || LEAVING.test(lifecycle))
    throw new TargetVanished(`${removal.target.id} is ${lifecycle ?? 'no longer'} in the Auto Scaling group ${AutoScalingGroupName}`);
  return { lifecycle, desired: group?.DesiredCapacity ?? 0, maxSize: group?.MaxSize ?? Infinity };
}

/**
 * What names the instance to both calls, and to the scheduled restore. @throws when the removal has
 * no group on record.
 */
export function standbyInput({ autoScalingGroup, target }: Removal): { AutoScalingGroupName: string; InstanceIds: [string] } {
  if (autoScalingGroup === undefined) throw new Error(`the removal of ${target.id} names no Auto Scaling group`);
  return { AutoScalingGroupName: autoScalingGroup, InstanceIds: [target.id] };
}
