/** Services of ECS, and the stop of one task. */
import type { DeclaredService, ServiceView, Target } from '../../core/model';

/** A task to be stopped, with what is told in its place (StopTask, ECS API reference: `reason`). */
export interface TaskStop {
  readonly clusterArn: string;
  readonly taskArn: string;
  readonly reason: string;
}

/** ECS. */
export interface EcsServices {
  /**
   * The service as it is now, with its running tasks and those of `others`, by ARN, that ECS still
   * knows; undefined when ECS knows no such service. @throws when ECS cannot be asked.
   */
  read(declared: DeclaredService, others?: readonly string[]): Promise<ServiceView | undefined>;
  /** One StopTask, without retries. Success proves nothing: the task is read afterwards. */
  stop(task: TaskStop): Promise<void>;
  /** One DeregisterTargets, without retries. */
  deregister(groupArn: string, target: Target): Promise<void>;
  /**
   * One RegisterTargets, without retries. Whose the address is the caller has read from ECS: EC2
   * does not know a task.
   */
  register(groupArn: string, target: Target): Promise<void>;
}

/**
 * The scheduled stop: a one-time EventBridge Scheduler entry that stops a task without any of our
 * code.
 */
export interface ScheduledStops {
  create(name: string, at: number, task: TaskStop): Promise<void>;
  move(name: string, at: number, task: TaskStop): Promise<void>;
  exists(name: string): Promise<boolean>;
  cancel(name: string): Promise<void>;
}

/** CPU of one task in one minute. */
export interface TaskCpu {
  readonly taskArn: string;
  /** Of the CPU that it has: 0 to 1, and above where CloudWatch says so. */
  readonly busyFraction: number;
  /** When that minute ended. */
  readonly endedAt: number;
}

/** What Container Insights tells of tasks on Fargate. */
export interface TaskMetrics {
  /**
   * The newest whole minute of each of these tasks, by ARN; one without data is absent. Why there
   * is none of any where the cluster does not collect it. @throws when AWS cannot be asked.
   */
  cpu(service: DeclaredService, taskArns: readonly string[], now: number): Promise<readonly TaskCpu[] | { readonly why: string }>;
}
