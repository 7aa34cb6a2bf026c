/** The world as it is when a run begins. */
import { AUTO_SCALING_GROUP, attachedGroups, attributesOf, groupArn, LOG_GROUP, PORT, tagsOf, type GroupPlan, type Setting } from './plan';
import { setUpService } from './plan-service';
import type { Stage } from './roles';

/** The groups of the plan with their targets, behind one load balancer; returns its ARN. */
export function setUp(stage: Stage): string {
  stage.setKillSwitch('off');
  stage.world.logs.add(LOG_GROUP);
  for (const id of new Set(stage.plan.groups.flatMap((group) => group.hosts))) stage.launch(id);
  const loadBalancerArn = stage.world.elb.addLoadBalancer({ name: 'front', zones: ['a', 'b'] });
  stage.plan.groups.forEach((group, index) => {
    const arn = stage.world.elb.addTargetGroup({
      name: group.name,
      arn: groupArn(group.name),
      port: PORT,
      tags: tagsOf(group),
      attributes: attributesOf(group),
      targetType: targetTypeOf(group, stage.plan),
      ...(group.protocol === undefined ? {} : { protocol: group.protocol }),
    });
    const front = group.protocol === undefined ? loadBalancerArn : networkLoadBalancer(stage, group);
    stage.world.elb.addListener({ loadBalancerArn: front, port: 80 + index, protocol: group.protocol ?? 'HTTP', forwardTo: [arn] });
    const Targets = group.hosts.map((id) => ({ Id: stage.targetIdIn(arn, id), Port: PORT }));
    if (group.owner === 'ecs' && stage.plan.service !== undefined)
      setUpService(stage.world, stage.plan.service, arn, tagsOf(stage.plan.service), PORT);
    else if (group.owner !== 'asg') stage.world.elb.registerTargets({ TargetGroupArn: arn, Targets });
  });
  setUpAutoScaling(stage);
  stage.checkHealth();
  return loadBalancerArn;
}

function networkLoadBalancer({ world }: Stage, { name }: GroupPlan): string {
  return world.elb.addLoadBalancer({ name: `net-${name}`, type: 'network', zones: ['a', 'b'] });
}

function targetTypeOf({ owner, addresses }: GroupPlan, { service }: Setting): 'instance' | 'ip' {
  if (addresses === true) return 'ip';
  return owner === 'ecs' && service?.networkMode === 'awsvpc' ? 'ip' : 'instance';
}

function setUpAutoScaling(stage: Stage): void {
  const { autoScaling } = stage.plan;
  if (autoScaling === undefined) return;
  const instanceIds = [...new Set(attachedGroups(stage.plan).flatMap((group) => group.hosts))];
  stage.world.autoScaling.addGroup({
    name: AUTO_SCALING_GROUP,
    minSize: autoScaling.minSize,
    maxSize: autoScaling.maxSize ?? instanceIds.length + 2,
    ...(autoScaling.hooks === undefined ? {} : { hooks: autoScaling.hooks }),
    desiredCapacity: instanceIds.length,
    instanceIds,
    targetGroupArns: attachedGroups(stage.plan).map((group) => groupArn(group.name)),
    tags: tagsOf(autoScaling),
  });
  for (const process of autoScaling.suspended ?? []) stage.world.autoScaling.setSuspended(AUTO_SCALING_GROUP, process, true);
}
