/**
 * Shared contracts: services of ECS and their tasks, as they are read right now. Everything is
 * exported by core/model.ts, from which all others import. Whatever could not be read forbids a
 * replacement.
 */
import type { Target } from './targets';

/** How a configuration names a service: both by their short names. */
export interface DeclaredService {
  readonly cluster: string;
  readonly service: string;
}

/** One deployment of a service (Deployment, ECS API reference). */
export interface EcsDeployment {
  readonly id: string;
  /** `PRIMARY`, `ACTIVE` or `INACTIVE`. */
  readonly status: string;
  /** `COMPLETED`, `FAILED` or `IN_PROGRESS`; undefined where ECS gave none. */
  readonly rolloutState?: string;
  /** Tasks that failed to start, in a row. */
  readonly failedTasks: number;
}

/** What ECS tells of its own doings (ServiceEvent, ECS API reference). */
export interface EcsEvent {
  readonly at: number;
  readonly says: string;
}

/** One service (Service, ECS API reference). */
export interface EcsService {
  readonly arn: string;
  readonly clusterArn: string;
  readonly name: string;
  /** `ACTIVE`, `DRAINING` or `INACTIVE`. */
  readonly status: string;
  /** `REPLICA` or `DAEMON`. */
  readonly schedulingStrategy: string;
  /** `ECS`, `CODE_DEPLOY` or `EXTERNAL`. */
  readonly controller: string;
  /** `ROLLING`, or another strategy of the controller `ECS`, such as `BLUE_GREEN`. */
  readonly strategy: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly deployments: readonly EcsDeployment[];
  /** 0 to 100; undefined: not told. */
  readonly minimumHealthyPercent?: number;
  /** 100 and above; undefined: not told. */
  readonly maximumPercent?: number;
  /** Of the last hour, newest first. */
  readonly events: readonly EcsEvent[];
  /** Every target group that it registers its tasks in, each once for each of its ports. */
  readonly targetGroupArns: readonly string[];
  /**
   * How requests reach its tasks beside those, by name: service discovery, Service Connect, VPC
   * Lattice.
   */
  readonly otherWays: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The instance that a task runs on (ContainerInstance, ECS API reference). */
export interface ContainerHost {
  readonly arn: string;
  readonly instanceId?: string;
  /** `ACTIVE`, `DRAINING`, ...; undefined: not told. */
  readonly status?: string;
  readonly agentConnected: boolean;
}

/** A target of one target group. */
export interface TargetIn extends Pick<Target, 'id' | 'port'> {
  readonly groupArn: string;
}

/**
 * Whether ECS may stop the task by itself (GetTaskProtection): only what is known to be unprotected
 * may be stopped by us.
 */
export type TaskProtection =
  | { readonly state: 'unprotected' }
  | { readonly state: 'protected'; readonly untilAt?: number }
  | { readonly state: 'unknown'; readonly why: string };

/** One task (Task, ECS API reference). Its ARN is never used again. */
export interface EcsTask {
  readonly arn: string;
  /**
   * `PROVISIONING`, `PENDING`, `ACTIVATING`, `RUNNING`, `DEACTIVATING`, `STOPPING`, `STOPPED`, ...
   */
  readonly lastStatus: string;
  /** `RUNNING` or `STOPPED`. */
  readonly desiredStatus: string;
  /** `EC2`, `FARGATE` or `EXTERNAL`. */
  readonly launchType: string;
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly stoppedReason?: string;
  readonly zone?: string;
  /** Of Fargate, such as `1.4.0`. */
  readonly platformVersion?: string;
  /** `family:revision`. */
  readonly definition?: string;
  /** Of its containers, as far as ECS tells a digest: an image from elsewhere may have none. */
  readonly images?: readonly TaskImage[];
  /** What the service registers of it, as far as it has an address. */
  readonly targets: readonly TargetIn[];
  readonly protection: TaskProtection;
  /** Its own: a service puts its tags on its tasks where it propagates them. */
  readonly tags: Readonly<Record<string, string>>;
  /** Of a task on EC2; undefined on Fargate, or when it could not be read. */
  readonly host?: ContainerHost;
  /** Where its containers log to, as far as that is CloudWatch Logs (`awslogs`). */
  readonly logs?: readonly TaskLog[];
  /** Why that is not known. */
  readonly logsUnread?: string;
}

/** The image that a container runs (Container `imageDigest`, ECS API reference). */
export interface TaskImage {
  readonly container: string;
  /** `sha256:` and 64 digits. */
  readonly digest: string;
}

/** One log stream of a task's container. */
export interface TaskLog {
  readonly container: string;
  readonly group: string;
  readonly stream: string;
}

/** A service with the tasks that run, and those that were asked for besides and ECS still knows. */
export interface ServiceView {
  readonly service: EcsService;
  readonly tasks: readonly EcsTask[];
}

/** What was read of the declared service, or why it could not be. */
export type ServiceReading = ServiceView | { readonly why: string };

/** The task that has this target, by a service that was read; undefined: none, or not known. */
export function taskOf(reading: ServiceReading | undefined, groupArn: string, target: Target): EcsTask | undefined {
  if (reading === undefined || 'why' in reading) return undefined;
  return reading.tasks.find((task) => isRunning(task) && holds(task, groupArn, target));
}

/** Neither stopped nor on its way to it. */
export function isRunning({ lastStatus, desiredStatus }: EcsTask): boolean {
  return lastStatus === 'RUNNING' && desiredStatus === 'RUNNING';
}

/** Whether the address is this task's. */
export function holds({ targets }: EcsTask, groupArn: string, { id, port }: Target): boolean {
  return targets.some((one) => one.groupArn === groupArn && one.id === id && one.port === port);
}
