/** The registrations of every owner that is acted on, over one set of clients. */
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { InstanceStates, Registrations, TargetRefs } from '../ports';
import { asgRegistration } from './asg';
import { staticRegistration } from './static';

export interface RegistrationClients {
  /** These two make one attempt a call. */
  readonly changeLoadBalancing: ElasticLoadBalancingV2Client;
  readonly changeAutoScaling: AutoScalingClient;
  readonly readAutoScaling: AutoScalingClient;
  readonly instanceStates: InstanceStates;
  readonly targetRefs: Pick<TargetRefs, 'holds'>;
}

export function registrations({
  changeLoadBalancing,
  changeAutoScaling,
  readAutoScaling,
  instanceStates,
  targetRefs,
}: RegistrationClients): Registrations {
  const direct = staticRegistration(changeLoadBalancing, instanceStates, targetRefs);
  return { static: direct, asg: asgRegistration(readAutoScaling, changeAutoScaling, direct, instanceStates) };
}
