/** A service of ECS in the account of the rig, behind its load balancer. */
import type { EcsServiceSpec } from '../../lab/world/ecs-records';
import { passChecks } from '../lab/ecs-setup';
import { SUBNETS, openRig, type Rig } from './account-rig';

export const CLUSTER = 'shop';

/** An account in whose subnets tasks are placed. */
export function openServiceRig(): Promise<Rig> {
  return openRig({ ecs: { subnets: SUBNETS.map((subnetId, index) => ({ subnetId, zone: `us-east-1${'ab'[index]}` })) } });
}

/** A target group for addresses behind `shop-lb`. Returns its ARN. */
export function addTaskGroup({ world, balancerArn }: Rig, name = 'tasks', port = 81): string {
  const healthCheck = { HealthCheckPath: '/health' };
  const arn = world.elb.addTargetGroup({ name, port: 8080, targetType: 'ip', healthCheck });
  world.elb.addListener({ loadBalancerArn: balancerArn, port, forwardTo: [arn] });
  return arn;
}

/** Four tasks on Fargate, at rest and healthy, of a service that can spare one. */
export function addService({ world }: Rig, targetGroupArn: string, spec: Partial<EcsServiceSpec> = {}): void {
  const taskDefinition = { family: 'checkout', revision: 1, containerName: 'web', containerPort: 8080, networkMode: 'awsvpc' } as const;
  world.ecs.addSettledService({
    cluster: CLUSTER,
    name: 'checkout',
    launchType: 'FARGATE',
    desiredCount: 4,
    minimumHealthyPercent: 75,
    taskDefinition,
    targetGroupArns: [targetGroupArn],
    ...spec,
  });
  passChecks(world, targetGroupArn);
}
