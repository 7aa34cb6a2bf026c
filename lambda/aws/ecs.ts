/** One service of ECS and its tasks, and StopTask. */
import {
  DescribeServicesCommand,
  StopTaskCommand,
  type Deployment,
  type ECSClient,
  type Service,
  type ServiceEvent,
} from '@aws-sdk/client-ecs';
import {
  DeregisterTargetsCommand,
  RegisterTargetsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DeclaredService, EcsDeployment, EcsEvent, EcsService, ServiceView } from '../../core/model';
import type { Clock, EcsServices } from '../ports';
import { tagsOf, tasksOf } from './ecs-tasks';
import { elbTarget } from './static';

/**
 * Events that may still speak of the present. ECS keeps the latest hundred (Service, API
 * reference).
 */
const EVENTS_MS = 3_600_000;
const EVENTS = 20;

export interface ServiceClients {
  readonly read: ECSClient;
  /** These two make one attempt a call. */
  readonly change: ECSClient;
  readonly changeLoadBalancing: ElasticLoadBalancingV2Client;
}

export function ecsServices({ read, change, changeLoadBalancing }: ServiceClients, clock: Pick<Clock, 'now'>): EcsServices {
  return {
    read: (declared, others = []) => readServiceView(read, declared, others, clock.now()),
    stop: async ({ clusterArn, taskArn, reason }) =>
      void (await change.send(new StopTaskCommand({ cluster: clusterArn, task: taskArn, reason }))),
    deregister: async (groupArn, target) =>
      void (await changeLoadBalancing.send(new DeregisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [elbTarget(target)] }))),
    register: async (groupArn, target) =>
      void (await changeLoadBalancing.send(new RegisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [elbTarget(target)] }))),
  };
}

/** As `EcsServices.read`; `now` in epoch ms. */
export async function readServiceView(
  client: ECSClient,
  declared: DeclaredService,
  others: readonly string[],
  now: number,
): Promise<ServiceView | undefined> {
  const described = await describe(client, declared);
  if (described === undefined) return undefined;
  return { service: serviceOf(described, declared, now), tasks: await tasksOf(client, described, declared, others) };
}

/**
 * Undefined when ECS has no such service: it says so by a failure `MISSING`, and lists an INACTIVE
 * one for a while (DescribeServices, API reference). @throws for every other failure.
 */
async function describe(client: ECSClient, { cluster, service }: DeclaredService): Promise<Service | undefined> {
  const { services = [], failures = [] } = await client.send(
    new DescribeServicesCommand({ cluster, services: [service], include: ['TAGS'] }),
  );
  const [failure] = failures.filter(({ reason }) => reason !== 'MISSING');
  if (failure !== undefined) throw new Error(`ECS could not describe ${service}: ${failure.reason} ${failure.detail ?? ''}`.trim());
  return services.find(({ serviceName, status }) => serviceName === service && status !== 'INACTIVE');
}

/**
 * The defaults are the API's own (Service, API reference): no `deploymentController` is `ECS`, no
 * strategy is `ROLLING`. A count that is missing is none that anything could rest on.
 */
function serviceOf(described: Service, declared: DeclaredService, now: number): EcsService {
  const { deploymentConfiguration, deployments = [] } = described;
  const { minimumHealthyPercent, maximumPercent } = deploymentConfiguration ?? {};
  return {
    arn: described.serviceArn ?? '',
    clusterArn: described.clusterArn ?? '',
    name: described.serviceName ?? declared.service,
    status: described.status ?? 'not told',
    schedulingStrategy: described.schedulingStrategy ?? 'not told',
    controller: described.deploymentController?.type ?? 'ECS',
    strategy: deploymentConfiguration?.strategy ?? 'ROLLING',
    desired: described.desiredCount ?? NaN,
    running: described.runningCount ?? NaN,
    pending: described.pendingCount ?? NaN,
    deployments: [...deployments.map(deploymentOf), ...(described.taskSets ?? []).map(({ id }) => taskSetOf(id))],
    ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
    ...(maximumPercent === undefined ? {} : { maximumPercent }),
    events: eventsOf(described.events ?? [], now),
    targetGroupArns: (described.loadBalancers ?? []).map(({ targetGroupArn, loadBalancerName }) => targetGroupArn ?? `${loadBalancerName}`),
    otherWays: otherWaysOf(described),
    tags: tagsOf(described.tags),
  };
}

function deploymentOf({ id = '', status = 'not told', rolloutState, failedTasks = 0 }: Deployment): EcsDeployment {
  return { id, status, failedTasks, ...(rolloutState === undefined ? {} : { rolloutState }) };
}

/** Of controllers other than ECS: what it does is not ours to understand. */
function taskSetOf(id = ''): EcsDeployment {
  return { id, status: 'task set', failedTasks: 0 };
}

function eventsOf(events: readonly ServiceEvent[], now: number): EcsEvent[] {
  const told = events.map(({ createdAt, message = '' }) => ({ at: createdAt?.getTime() ?? now, says: message }));
  return told
    .filter(({ at }) => now - at < EVENTS_MS)
    .sort((a, b) => b.at - a.at)
    .slice(0, EVENTS);
}

function otherWaysOf({ serviceRegistries = [], deployments = [] }: Service): string[] {
  return [
    ...(serviceRegistries.length > 0 ? ['service discovery'] : []),
    ...(deployments.some(({ serviceConnectConfiguration }) => serviceConnectConfiguration?.enabled === true) ? ['Service Connect'] : []),
    ...(deployments.some(({ vpcLatticeConfigurations = [] }) => vpcLatticeConfigurations.length > 0) ? ['VPC Lattice'] : []),
  ];
}
