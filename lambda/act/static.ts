/** Targets that nothing manages (registered by hand, CloudFormation or Terraform): DeregisterTargets and RegisterTargets, one call each. */
import {
  DeregisterTargetsCommand,
  InvalidTargetException,
  RegisterTargetsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Target } from '../../core/model';
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
        throw error;
      }
    },
  };
}

/** The identity exactly as ELB gave it: a port override that is not repeated deregisters nothing. */
export function elbTarget(target: Target): TargetDescription {
  return {
    Id: target.id,
    Port: target.port,
    ...(target.availabilityZone === undefined ? {} : { AvailabilityZone: target.availabilityZone }),
  };
}
