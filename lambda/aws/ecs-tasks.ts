/** The tasks of a service: where they are registered, what they run on, and who protects them. */
import {
  DescribeContainerInstancesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  GetTaskProtectionCommand,
  paginateListTasks,
  type ECSClient,
  type LoadBalancer,
  type Service,
  type Tag,
  type Task,
} from '@aws-sdk/client-ecs';
import type { ContainerHost, DeclaredService, EcsTask, TargetIn, TaskLog, TaskProtection } from '../../core/model';
import { inChunks } from '../discover/chunks';

/**
 * DescribeTasks, GetTaskProtection and DescribeContainerInstances take 100 each (API reference).
 */
const AT_ONCE = 100;

/**
 * The tasks that the service wants running, and those of `others` that ECS still knows: it keeps
 * stopped ones for an hour at least (DescribeTasks, API reference).
 */
export async function tasksOf(
  client: ECSClient,
  service: Service,
  { cluster, service: serviceName }: DeclaredService,
  others: readonly string[],
): Promise<EcsTask[]> {
  const arns = new Set(others);
  for await (const page of paginateListTasks({ client }, { cluster, serviceName, desiredStatus: 'RUNNING' }))
    for (const arn of page.taskArns ?? []) arns.add(arn);
  const tasks = await describeTasks(client, cluster, [...arns]);
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const [hosts, protections, logs] = await Promise.all([
    hostsOf(client, cluster, tasks),
    protectionsOf(client, cluster, running),
    logsOf(client, running),
  ]);
  return tasks.map((task) => taskOf(task, service.loadBalancers ?? [], hosts, protections, logs));
}

async function describeTasks(client: ECSClient, cluster: string, arns: readonly string[]): Promise<Task[]> {
  const answers = await Promise.all(
    inChunks(arns, AT_ONCE).map((tasks) => client.send(new DescribeTasksCommand({ cluster, tasks, include: ['TAGS'] }))),
  );
  const [failure] = answers.flatMap(({ failures = [] }) => failures).filter(({ reason }) => reason !== 'MISSING');
  if (failure !== undefined) throw new Error(`ECS could not describe ${failure.arn}: ${failure.reason}`);
  return answers.flatMap(({ tasks = [] }) => tasks);
}

/** By ARN. One that ECS gave nothing of is missing: its task's host is not known. */
async function hostsOf(client: ECSClient, cluster: string, tasks: readonly Task[]): Promise<ReadonlyMap<string, ContainerHost>> {
  const arns = [...new Set(tasks.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []))];
  const answers = await Promise.all(
    inChunks(arns, AT_ONCE).map((containerInstances) =>
      client.send(new DescribeContainerInstancesCommand({ cluster, containerInstances })),
    ),
  );
  const hosts = answers.flatMap(({ containerInstances = [] }) => containerInstances);
  return new Map(
    hosts.map(({ containerInstanceArn: arn = '', ec2InstanceId, status, agentConnected = false }) => [
      arn,
      {
        arn,
        agentConnected,
        ...(ec2InstanceId === undefined ? {} : { instanceId: ec2InstanceId }),
        ...(status === undefined ? {} : { status }),
      },
    ]),
  );
}

/**
 * By ARN. A task for which ECS gives no answer is missing, which is not the same as unprotected.
 */
async function protectionsOf(
  client: ECSClient,
  cluster: string,
  tasks: readonly Task[],
): Promise<ReadonlyMap<string, TaskProtection> | string> {
  const arns = tasks.flatMap(({ taskArn }) => taskArn ?? []);
  try {
    const answers = await Promise.all(
      inChunks(arns, AT_ONCE).map((some) => client.send(new GetTaskProtectionCommand({ cluster, tasks: some }))),
    );
    const told = answers.flatMap(({ protectedTasks = [] }) => protectedTasks);
    return new Map(told.flatMap((one) => (one.taskArn === undefined ? [] : [[one.taskArn, protectionOf(one)] as const])));
  } catch (error) {
    return `GetTaskProtection failed: ${String(error)}`;
  }
}

function protectionOf({
  protectionEnabled,
  expirationDate,
}: {
  protectionEnabled?: boolean | undefined;
  expirationDate?: Date | undefined;
}): TaskProtection {
  if (protectionEnabled === false) return { state: 'unprotected' };
  if (protectionEnabled === undefined) return { state: 'unknown', why: 'ECS did not tell' };
  return { state: 'protected', ...(expirationDate === undefined ? {} : { untilAt: expirationDate.getTime() }) };
}

type Logs = ReadonlyMap<string, Pick<EcsTask, 'logs' | 'logsUnread'>>;

/** Definitions looked up: during a deployment there are two. */
const DEFINITIONS = 3;

/**
 * By task definition, with the prefix of the stream. For people alone: what cannot be read is told.
 */
async function logsOf(client: ECSClient, tasks: readonly Task[]): Promise<Logs> {
  const arns = [...new Set(tasks.flatMap(({ taskDefinitionArn }) => taskDefinitionArn ?? []))].slice(0, DEFINITIONS);
  const read = arns.map(async (arn): Promise<[string, Pick<EcsTask, 'logs' | 'logsUnread'>]> => {
    try {
      const { taskDefinition } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      return [arn, { logs: (taskDefinition?.containerDefinitions ?? []).flatMap((one) => awslogs(one.name, one.logConfiguration)) }];
    } catch (error) {
      return [arn, { logsUnread: String(error) }];
    }
  });
  return new Map(await Promise.all(read));
}

function awslogs(
  container: string | undefined,
  configuration: { logDriver?: string | undefined; options?: Record<string, string> | undefined } | undefined,
): TaskLog[] {
  const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = configuration?.options ?? {};
  if (configuration?.logDriver !== 'awslogs' || container === undefined || group === undefined || prefix === undefined) return [];
  return [{ container, group, stream: prefix }];
}

function taskOf(
  task: Task,
  balancers: readonly LoadBalancer[],
  hosts: ReadonlyMap<string, ContainerHost>,
  protections: ReadonlyMap<string, TaskProtection> | string,
  logs: Logs,
): EcsTask {
  const arn = task.taskArn ?? '';
  const host = task.containerInstanceArn === undefined ? undefined : hosts.get(task.containerInstanceArn);
  const stoppedReason = task.stoppedReason;
  return {
    arn,
    lastStatus: task.lastStatus ?? 'not told',
    desiredStatus: task.desiredStatus ?? 'not told',
    launchType: task.launchType ?? 'not told',
    ...(task.createdAt === undefined ? {} : { createdAt: task.createdAt.getTime() }),
    ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt.getTime() }),
    ...(stoppedReason === undefined ? {} : { stoppedReason }),
    ...whatRuns(task),
    tags: tagsOf(task.tags),
    targets: balancers.flatMap((balancer) => targetsOf(task, balancer, host)),
    protection:
      typeof protections === 'string'
        ? { state: 'unknown', why: protections }
        : (protections.get(arn) ?? { state: 'unknown', why: 'ECS told nothing of it' }),
    ...(host === undefined ? {} : { host }),
    ...logOf(logs.get(task.taskDefinitionArn ?? ''), arn),
  };
}

/** What runs there, and on what (Task and Container, API reference). */
function whatRuns({ availabilityZone, platformVersion, taskDefinitionArn, containers = [] }: Task): Partial<EcsTask> {
  const images = containers.flatMap(({ name, imageDigest }) =>
    name === undefined || imageDigest === undefined ? [] : [{ container: name, digest: imageDigest }],
  );
  const definition = taskDefinitionArn?.split('/').at(-1);
  return {
    ...(availabilityZone === undefined ? {} : { zone: availabilityZone }),
    ...(platformVersion === undefined ? {} : { platformVersion }),
    ...(definition === undefined ? {} : { definition }),
    ...(images.length === 0 ? {} : { images }),
  };
}

/**
 * `prefix/container/task id` (ECS developer guide, "Send Amazon ECS logs to CloudWatch",
 * awslogs-stream-prefix).
 */
function logOf(found: Pick<EcsTask, 'logs' | 'logsUnread'> = {}, taskArn: string): Pick<EcsTask, 'logs' | 'logsUnread'> {
  if (found.logs === undefined) return found;
  const id = taskArn.split('/').at(-1);
  return { logs: found.logs.map(({ container, group, stream }) => ({ container, group, stream: `${stream}/${container}/${id}` })) };
}

export function tagsOf(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.flatMap(({ key, value = '' }) => (key === undefined ? [] : [[key, value] as const])));
}

/**
 * In network mode `awsvpc` the task's own address and the container's port; otherwise the container
 * host with the port that ECS mapped (Task `attachments`, Container `networkInterfaces` and
 * `networkBindings`, API reference).
 */
function targetsOf(
  task: Task,
  { targetGroupArn, containerName, containerPort }: LoadBalancer,
  host: ContainerHost | undefined,
): TargetIn[] {
  const container = task.containers?.find(({ name }) => name === containerName);
  if (targetGroupArn === undefined || containerPort === undefined || container === undefined) return [];
  const addresses = (container.networkInterfaces ?? []).flatMap(({ privateIpv4Address, ipv6Address }) => [
    ...(privateIpv4Address === undefined ? [] : [privateIpv4Address]),
    ...(ipv6Address === undefined ? [] : [ipv6Address]),
  ]);
  if (addresses.length > 0) return addresses.map((id) => ({ groupArn: targetGroupArn, id, port: containerPort }));
  if (host?.instanceId === undefined) return [];
  const id = host.instanceId;
  const mapped = (container.networkBindings ?? []).filter((binding) => binding.containerPort === containerPort);
  return mapped.flatMap(({ hostPort }) => (hostPort === undefined ? [] : [{ groupArn: targetGroupArn, id, port: hostPort }]));
}
