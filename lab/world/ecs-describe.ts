/** Clusters, services, tasks and container instances as the API shows them. */
import type { Cluster, ContainerInstance, Deployment, Service, Tag, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import { arn, type Account } from './account';
import {
  liveTasks,
  primary,
  type ClusterRecord,
  type ContainerInstanceRecord,
  type DeploymentRecord,
  type ServiceRecord,
  type TaskDefinitionSpec,
  type TaskRecord,
} from './ecs-records';

/** PROVISIONING tasks are counted as pending as well (I). */
const PENDING = ['PROVISIONING', 'PENDING'];

export function tagsOf(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

export function definitionArn(account: Account, { family, revision }: TaskDefinitionSpec): string {
  return arn(account, 'ecs', `task-definition/${family}:${revision}`);
}

export function describeCluster(cluster: ClusterRecord): Cluster {
  const tasks = [...cluster.tasks.values()];
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: cluster.instances.size,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => PENDING.includes(lastStatus)).length,
    activeServicesCount: cluster.services.size,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}

export function describeService(account: Account, service: ServiceRecord, withTags: boolean): Service {
  const { spec, cluster } = service;
  const definition = primary(service).definition;
  const rolling = (spec.deploymentController ?? 'ECS') === 'ECS';
  return {
    serviceArn: service.arn,
    serviceName: spec.name,
    clusterArn: cluster.arn,
    loadBalancers: spec.targetGroupArns.map((targetGroupArn) => ({
      targetGroupArn,
      containerName: definition.containerName,
      containerPort: definition.containerPort,
    })),
    serviceRegistries: [],
    status: 'ACTIVE',
    desiredCount: service.desired,
    ...counts(tasksOf(service)),
    launchType: spec.launchType,
    taskDefinition: definitionArn(account, definition),
    deploymentConfiguration: {
      ...(spec.circuitBreaker === undefined ? {} : { deploymentCircuitBreaker: spec.circuitBreaker }),
      maximumPercent: service.maximumPercent,
      minimumHealthyPercent: service.minimumHealthyPercent,
      strategy: 'ROLLING',
    },
    deployments: rolling ? service.deployments.map((one) => describeDeployment(account, service, one)) : [],
    deploymentController: { type: spec.deploymentController ?? 'ECS' },
    events: [...service.events].map(({ id, createdAt, message }) => ({ id, createdAt: new Date(createdAt), message })),
    createdAt: new Date(service.createdAt),
    placementConstraints: [],
    placementStrategy: [],
    ...(spec.healthCheckGracePeriodS === undefined ? {} : { healthCheckGracePeriodSeconds: spec.healthCheckGracePeriodS }),
    schedulingStrategy: spec.schedulingStrategy ?? 'REPLICA',
    enableECSManagedTags: false,
    propagateTags: 'SERVICE',
    enableExecuteCommand: false,
    // Tags only come when they are asked for (DescribeServices, API reference: include).
    ...(withTags ? { tags: tagsOf(spec.tags ?? {}) } : {}),
  };
}

export function describeTask(account: Account, task: TaskRecord, withTags: boolean): Task {
  const { service, definition, network, containerInstance, hostPort } = task;
  const containerArn = arn(
    account,
    'ecs',
    `container/${service.cluster.name}/${task.id}/${task.id.slice(0, 8)}-0000-4000-8000-000000000000`,
  );
  const bound =
    hostPort === undefined ? [] : [{ bindIP: '0.0.0.0', containerPort: definition.containerPort, hostPort, protocol: 'tcp' as const }];
  return {
    taskArn: task.arn,
    clusterArn: service.cluster.arn,
    taskDefinitionArn: definitionArn(account, definition),
    availabilityZone: task.zone,
    launchType: service.spec.launchType,
    ...(containerInstance === undefined
      ? { platformVersion: '1.4.0', platformFamily: 'Linux' }
      : { containerInstanceArn: containerInstance.arn }),
    group: `service:${service.spec.name}`,
    startedBy: task.deployment.id,
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    healthStatus: 'UNKNOWN',
    connectivity: 'CONNECTED',
    enableExecuteCommand: false,
    version: 1,
    createdAt: new Date(task.createdAt),
    ...at('startedAt', task.startedAt),
    ...at('stoppingAt', task.stoppingAt),
    ...at('stoppedAt', task.stoppedAt),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    attachments: attachmentsOf(task),
    containers: [
      {
        containerArn,
        taskArn: task.arn,
        name: definition.containerName,
        image: definition.image ?? `${definition.family}:latest`,
        ...(task.startedAt === undefined ? {} : { runtimeId: runtimeIdOf(task), imageDigest: digestOf(definition) }),
        lastStatus: task.lastStatus === 'PROVISIONING' ? 'PENDING' : task.lastStatus,
        networkBindings: bound,
        networkInterfaces: network === undefined ? [] : [{ attachmentId: network.attachmentId, privateIpv4Address: network.address }],
        healthStatus: 'UNKNOWN',
      },
    ],
    // StopTask deletes the task's tags (StopTask, API reference).
    tags: withTags && task.desiredStatus === 'RUNNING' ? tagsOf(service.spec.tags ?? {}) : [],
  };
}

/** Known once the image was pulled: one for each revision of the definition. */
function digestOf({ revision }: TaskDefinitionSpec): string {
  return `sha256:${revision.toString(16).padStart(64, '0')}`;
}

/** On Fargate `<task>-<number>` (public examples); on EC2 the id of docker, of 64 digits. */
export function runtimeIdOf(task: TaskRecord): string {
  return task.containerInstance === undefined ? `${task.id}-0527074092` : `${task.id}${task.id}`;
}

export function describeInstance(cluster: ClusterRecord, one: ContainerInstanceRecord): ContainerInstance {
  const here = [...cluster.tasks.values()].filter((task) => task.containerInstance === one);
  return {
    containerInstanceArn: one.arn,
    ec2InstanceId: one.instanceId,
    status: one.status,
    agentConnected: one.agentConnected,
    runningTasksCount: here.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: here.filter(({ lastStatus }) => PENDING.includes(lastStatus)).length,
    versionInfo: { agentVersion: '1.99.0', agentHash: '0a1b2c3d', dockerVersion: 'DockerVersion: 25.0.14' },
    attributes: [],
    attachments: [],
    tags: [],
  };
}

export function describeDefinition(account: Account, definition: TaskDefinitionSpec, launchType: 'EC2' | 'FARGATE'): TaskDefinition {
  const { containerName, containerPort, networkMode, stopTimeoutS, family, revision, image } = definition;
  return {
    taskDefinitionArn: definitionArn(account, definition),
    family,
    revision,
    status: 'ACTIVE',
    networkMode,
    requiresCompatibilities: [launchType],
    compatibilities: launchType === 'EC2' ? ['EC2'] : ['EC2', 'FARGATE'],
    cpu: '1024',
    memory: '2048',
    volumes: [],
    placementConstraints: [],
    containerDefinitions: [
      {
        name: containerName,
        image: image ?? `${family}:latest`,
        cpu: 0,
        essential: true,
        // A dynamic port of the host is asked for with 0 (PortMapping, API reference).
        portMappings: [{ containerPort, hostPort: networkMode === 'bridge' ? 0 : containerPort, protocol: 'tcp' }],
        ...(stopTimeoutS === undefined ? {} : { stopTimeout: stopTimeoutS }),
        environment: [],
        mountPoints: [],
        volumesFrom: [],
      },
    ],
  };
}

function describeDeployment(account: Account, service: ServiceRecord, one: DeploymentRecord): Deployment {
  const own = tasksOf(service).filter((task) => task.deployment === one);
  const live = liveTasks(service).filter((task) => task.deployment === one);
  return {
    id: one.id,
    status: one.status,
    taskDefinition: definitionArn(account, one.definition),
    desiredCount: one.status === 'PRIMARY' ? service.desired : live.length,
    ...counts(own),
    failedTasks: one.failedTasks,
    createdAt: new Date(one.createdAt),
    updatedAt: new Date(one.updatedAt),
    launchType: service.spec.launchType,
    rolloutState: one.rollout,
    rolloutStateReason: `ECS deployment ${one.id} ${one.rollout === 'COMPLETED' ? 'completed' : one.rollout === 'FAILED' ? 'failed' : 'in progress'}.`,
  };
}

function tasksOf(service: ServiceRecord): TaskRecord[] {
  return [...service.cluster.tasks.values()].filter((task) => task.service === service);
}

function counts(tasks: readonly TaskRecord[]): { runningCount: number; pendingCount: number } {
  return {
    runningCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingCount: tasks.filter(({ lastStatus }) => PENDING.includes(lastStatus)).length,
  };
}

function attachmentsOf({ network, lastStatus }: TaskRecord): NonNullable<Task['attachments']> {
  if (network === undefined) return [];
  const { address, subnetId, attachmentId, interfaceId } = network;
  const details = [
    { name: 'subnetId', value: subnetId },
    { name: 'networkInterfaceId', value: interfaceId },
    { name: 'macAddress', value: '0a:00:00:00:00:01' },
    { name: 'privateDnsName', value: `ip-${address.replaceAll('.', '-')}.ec2.internal` },
    { name: 'privateIPv4Address', value: address },
  ];
  const status = lastStatus === 'PROVISIONING' ? 'ATTACHING' : lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED';
  return [{ id: attachmentId, type: 'ElasticNetworkInterface', status, details }];
}

function at(name: 'startedAt' | 'stoppingAt' | 'stoppedAt', ms: number | undefined): Partial<Pick<Task, typeof name>> {
  return ms === undefined ? {} : { [name]: new Date(ms) };
}
