/** What the lab's ECS keeps of clusters, services, deployments, tasks and container instances. */
import type { TaskStopCode } from '@aws-sdk/client-ecs';

export type LaunchType = 'EC2' | 'FARGATE';

/** A revision of a task definition with one container. */
export interface TaskDefinitionSpec {
  readonly family: string;
  readonly revision: number;
  readonly containerName: string;
  readonly containerPort: number;
  /**
   * `awsvpc`: the task has a network interface, and target groups of type `ip`; `bridge`: a dynamic
   * port of its host, and groups of type `instance` (LoadBalancer, API reference).
   */
  readonly networkMode: 'awsvpc' | 'bridge';
  readonly image?: string;
  /** 30 by default, at most 120 on Fargate (ContainerDefinition, API reference). */
  readonly stopTimeoutS?: number;
}

export interface EcsServiceSpec {
  readonly cluster: string;
  readonly name: string;
  readonly launchType: LaunchType;
  readonly taskDefinition: TaskDefinitionSpec;
  readonly desiredCount: number;
  readonly targetGroupArns: readonly string[];
  /** 100 and 200 by default (DeploymentConfiguration, API reference). */
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly circuitBreaker?: { readonly enable: boolean; readonly rollback: boolean };
  readonly healthCheckGracePeriodS?: number;
  readonly deploymentController?: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  readonly schedulingStrategy?: 'REPLICA' | 'DAEMON';
  readonly tags?: Readonly<Record<string, string>>;
}

/** The subnet that tasks with an interface of their own are placed in. */
export interface TaskSubnet {
  readonly subnetId: string;
  readonly zone: string;
}

export interface ClusterRecord {
  readonly arn: string;
  readonly name: string;
  readonly services: Map<string, ServiceRecord>;
  readonly instances: Map<string, ContainerInstanceRecord>;
  /** By id; stopped ones are kept for an hour (DescribeTasks, API reference). */
  readonly tasks: Map<string, TaskRecord>;
}

export interface ContainerInstanceRecord {
  readonly arn: string;
  readonly id: string;
  readonly instanceId: string;
  status: 'ACTIVE' | 'DRAINING';
  agentConnected: boolean;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly definition: TaskDefinitionSpec;
  readonly createdAt: number;
  updatedAt: number;
  status: 'PRIMARY' | 'ACTIVE';
  rollout: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  failedTasks: number;
}

export interface ServiceRecord {
  readonly arn: string;
  readonly spec: EcsServiceSpec;
  readonly cluster: ClusterRecord;
  readonly createdAt: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  desired: number;
  /** The newest one first. */
  deployments: DeploymentRecord[];
  /** The newest one first. */
  readonly events: { readonly id: string; readonly createdAt: number; readonly message: string }[];
  /** No replacement is started before. */
  startableAt: number;
  steady: boolean;
}

export type LastStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

export interface TaskRecord {
  readonly arn: string;
  readonly id: string;
  readonly service: ServiceRecord;
  readonly deployment: DeploymentRecord;
  readonly definition: TaskDefinitionSpec;
  readonly zone: string;
  readonly createdAt: number;
  readonly containerInstance: ContainerInstanceRecord | undefined;
  /** Of an `awsvpc` task: its own. */
  readonly network: TaskNetwork | undefined;
  /** Of a `bridge` task: the port of its host. */
  readonly hostPort: number | undefined;
  lastStatus: LastStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
  protectedUntil?: number;
  /** By target group: whether it was registered, and when it is to be registered again. */
  readonly registrations: Map<string, { againAt?: number }>;
}

export interface TaskNetwork {
  readonly address: string;
  readonly subnetId: string;
  readonly attachmentId: string;
  readonly interfaceId: string;
}

/**
 * What the service scheduler may do and does not promise. Each is a variant that Sickbay has to
 * live with.
 */
export interface EcsHabits {
  /** How often the scheduler looks. */
  readonly everyMs: number;
  /**
   * How long after it finds that somebody deregistered a task's target it registers it again:
   * `never`, or milliseconds. "ECS will immediately register it again" (aws/containers-roadmap
   * #251); how long that takes is not documented.
   */
  readonly registersAgainMs: () => number | 'never';
  /** How long after a task began to stop its replacement is started. */
  readonly replacesAfterMs: () => number;
  /** Nowhere to place a task right now: the service says so, and the scheduler tries again. */
  readonly placementFails: () => boolean;
  /** How long a task needs from its placement until it runs. */
  readonly startsInMs: () => number;
  /** A task that was placed does not come up. */
  readonly startFails: () => boolean;
  /** How long a program needs to end after SIGTERM; its stop timeout bounds it. */
  readonly endsInMs: () => number;
  /**
   * How long after the SIGTERM of a StopTask the target is deregistered: clients get 502 meanwhile
   * (aws/amazon-ecs-agent #2316).
   */
  readonly deregistersLateMs: () => number;
  /** A new task gets the address, or the port, that was freed last. */
  readonly reusesAddresses: () => boolean;
  /** Which of so many tasks a scale-in takes. */
  readonly picks: (count: number) => number;
}

export const WELL_BEHAVED: EcsHabits = {
  everyMs: 5_000,
  registersAgainMs: () => 0,
  replacesAfterMs: () => 0,
  placementFails: () => false,
  startsInMs: () => 10_000,
  startFails: () => false,
  endsInMs: () => 1_000,
  deregistersLateMs: () => 3_000,
  reusesAddresses: () => false,
  picks: (count) => count - 1,
};

/** The tasks of a service that are to run. */
export function liveTasks(service: ServiceRecord): TaskRecord[] {
  return [...service.cluster.tasks.values()].filter((task) => task.service === service && task.desiredStatus === 'RUNNING');
}

export function isProtected(task: TaskRecord, now: number): boolean {
  return (task.protectedUntil ?? -Infinity) > now;
}

export function primary(service: ServiceRecord): DeploymentRecord {
  const [newest] = service.deployments;
  if (newest === undefined) throw new Error(`service ${service.spec.name} has no deployment`);
  return newest;
}

/** Tasks that have to stay in a deployment (rounded up), and that may be there (rounded down). */
export function bounds(service: ServiceRecord): { readonly least: number; readonly most: number } {
  return {
    least: Math.ceil((service.desired * service.minimumHealthyPercent) / 100),
    most: Math.floor((service.desired * service.maximumPercent) / 100),
  };
}
