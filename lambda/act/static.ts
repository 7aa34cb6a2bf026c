/** Targets that nothing manages (registered by hand, CloudFormation or Terraform): DeregisterTargets and RegisterTargets, one call each. */
import {
  DeregisterTargetsCommand,
  InvalidTargetException,
  RegisterTargetsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { isInstanceId, type Target } from '../../core/model';
import { isGroupNotFound } from '../discover/gone';
import type { Registration } from '../ports';
import { TargetVanished } from './vanished';

export function staticRegistration(client: ElasticLoadBalancingV2Client): Registration {
  return {
    remove: async (groupArn, { target }) =>
      void (await client.send(new DeregisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [elbTarget(target)] }))),
    restore: async (groupArn, { target }) => {
      try {
        await client.send(new RegisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [elbTarget(target)] }));
      } catch (error) {
        if (error instanceof InvalidTargetException)
          throw new TargetVanished(`target ${target.id} is no longer accepted by ${groupArn}`, { cause: error });
        if (isGroupNotFound(error)) throw new TargetVanished(`target group ${groupArn} was deleted`, { cause: error });
        throw error;
      }
    },
  };
}

/**
 * The identity as ELB gave it: a port override that is not repeated deregisters nothing. The zone is for IP addresses alone; the call fails
 * for an instance with one (TargetDescription, API reference: not supported for target type `instance`), and an older record may carry it.
 */
export function elbTarget({ id, port, availabilityZone }: Target): TargetDescription {
  return {
    Id: id,
    Port: port,
    ...(availabilityZone === undefined || isInstanceId(id) ? {} : { AvailabilityZone: availabilityZone }),
  };
}
