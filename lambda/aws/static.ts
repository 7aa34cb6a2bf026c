/**
 * Targets that nothing manages (registered by hand, CloudFormation or Terraform): DeregisterTargets
 * and RegisterTargets, one call each.
 */
import {
  DeregisterTargetsCommand,
  InvalidTargetException,
  RegisterTargetsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { isInstanceId, type Target } from '../../core/model';
import { isGroupNotFound } from '../discover/gone';
import type { InstanceStates, Registration, Removal, TargetRefs } from '../ports';
import { AddressNotFree, TargetNotRunning, TargetVanished } from '../act/vanished';

export function staticRegistration(
  client: ElasticLoadBalancingV2Client,
  states: InstanceStates,
  refs: Pick<TargetRefs, 'holds'>,
): Registration {
  return {
    remove: async (groupArn, { target }) =>
      void (await client.send(new DeregisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [elbTarget(target)] }))),
    restore: async (groupArn, { target, targetRef }) => {
      if (!isInstanceId(target.id)) await mustHold(states, refs, { target, targetRef });
      try {
        await client.send(new RegisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [elbTarget(target)] }));
      } catch (error) {
        if (error instanceof InvalidTargetException) throw await whyInvalid(states, target.id, error);
        if (isGroupNotFound(error)) throw new TargetVanished(`target group ${groupArn} was deleted`, { cause: error });
        throw error;
      }
    },
  };
}

/**
 * Right before the call, for an address is given to somebody else within minutes of its instance's
 * end. What EC2 cannot explain is no end: it is asked again in the next round.
 * @throws TargetVanished when its instance, which had it until then, does not exist any more.
 */
async function mustHold(
  states: InstanceStates,
  refs: Pick<TargetRefs, 'holds'>,
  { target: { id }, targetRef }: Pick<Removal, 'target'> & { readonly targetRef: Removal['targetRef'] },
): Promise<void> {
  if (targetRef === undefined) throw new Error(`who had the address ${id} is not on record: it is registered by hand, or not at all`);
  if (await refs.holds(id, targetRef)) return;
  const { instanceId, interfaceId } = targetRef;
  const state = (await states.of([instanceId])).get(instanceId);
  if (state === undefined || state === 'terminated')
    throw new TargetVanished(`instance ${instanceId} is ${state ?? 'not known to EC2 any more'}, and ${id} is not its address any more`);
  throw new Error(`${id} is not the primary address of ${interfaceId} of ${instanceId}, which is ${state}`);
}

/**
 * States in which an instance may run again, or runs soon (EC2 user guide, instance lifecycle), or
 * is about to be terminated.
 */
const NOT_RUNNING = ['pending', 'stopping', 'stopped', 'shutting-down'];

/**
 * RegisterTargets gives the same answer for an instance that does not exist and for one that does
 * not run ("must be in the running state when you register it", ELBv2 API reference): EC2 knows
 * which. What it cannot explain stays the error that it is. Of an address, which was registered
 * before and is its holder's still, the answer means that its deregistration is not over (I: which
 * error ELB gives then is not documented).
 */
async function whyInvalid(states: InstanceStates, id: string, cause: InvalidTargetException): Promise<Error> {
  if (!isInstanceId(id)) return new AddressNotFree(`ELB does not take ${id} yet: ${cause.message}`, { cause });
  const state = (await states.of([id])).get(id);
  if (state === undefined || state === 'terminated')
    return new TargetVanished(`instance ${id} is ${state ?? 'not known to EC2 any more'}`, { cause });
  return NOT_RUNNING.includes(state)
    ? new TargetNotRunning(`its instance is ${state}: it is restored when it runs again`, { cause })
    : cause;
}

/**
 * The identity as ELB gave it: a port override that is not repeated deregisters nothing. The zone
 * is for IP addresses alone; the call fails for an instance with one (TargetDescription, API
 * reference: not supported for target type `instance`), and an older record may carry it.
 */
export function elbTarget({ id, port, availabilityZone }: Target): TargetDescription {
  return {
    Id: id,
    Port: port,
    ...(availabilityZone === undefined || isInstanceId(id) ? {} : { AvailabilityZone: availabilityZone }),
  };
}
