/** The targets of tasks at the load balancer, as the service-linked role of ECS keeps them. */
import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import type { EcsHabits, TaskRecord } from './ecs-records';
import type { Elb } from './elb';

export type TargetState = 'absent' | 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'other';

/** The target that a task is registered as: its own address, or a port of its host. */
export function targetOf(task: TaskRecord): TargetDescription & { readonly Id: string; readonly Port: number } {
  const { network, hostPort, containerInstance, definition, zone } = task;
  if (network !== undefined) return { Id: network.address, Port: definition.containerPort, AvailabilityZone: zone };
  return { Id: containerInstance?.instanceId ?? '', Port: hostPort ?? 0 };
}

export class TaskTargets {
  constructor(
    private readonly elb: Elb,
    private readonly clock: Clock,
    private readonly habits: EcsHabits,
  ) {}

  /** In each of the service's groups. A group that was deleted has no targets. */
  states(task: TaskRecord): TargetState[] {
    return task.service.spec.targetGroupArns.map((arn) => this.state(arn, task));
  }

  /** Runs, and every group that it is in calls it healthy. */
  isHealthy(task: TaskRecord): boolean {
    return task.lastStatus === 'RUNNING' && this.states(task).every((state) => state === 'healthy');
  }

  /**
   * Found unhealthy by a load balancer after its grace period. A target that somebody deregistered
   * is not unhealthy (aws/containers-roadmap #251).
   */
  isUnhealthy(task: TaskRecord): boolean {
    const graceMs = 1000 * (task.service.spec.healthCheckGracePeriodS ?? 0);
    if (task.lastStatus !== 'RUNNING' || this.clock.now() < (task.startedAt ?? Infinity) + graceMs) return false;
    return this.states(task).some((state) => state === 'unhealthy');
  }

  /** Registers what is missing: a new task at once, an old one by habit. */
  keep(task: TaskRecord): void {
    for (const arn of task.service.spec.targetGroupArns) {
      const state = this.state(arn, task);
      const known = task.registrations.get(arn);
      if (state !== 'absent' && state !== 'draining') {
        task.registrations.set(arn, {});
        continue;
      }
      if (known === undefined) this.register(arn, task);
      else this.registerAgain(arn, task, known);
    }
  }

  /** The first time it finds it missing it decides when to register it again. */
  private registerAgain(arn: string, task: TaskRecord, known: { againAt?: number }): void {
    if (known.againAt === undefined) {
      const afterMs = this.habits.registersAgainMs();
      known.againAt = afterMs === 'never' ? Infinity : this.clock.now() + afterMs;
    }
    if (known.againAt <= this.clock.now()) this.register(arn, task);
  }

  /**
   * An address that is still draining is refused, and tried again when the scheduler looks next.
   */
  private register(arn: string, task: TaskRecord): void {
    try {
      this.elb.registerTargets({ TargetGroupArn: arn, Targets: [targetOf(task)] });
      task.registrations.set(arn, {});
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }

  /** Deregisters the task's target; returns when the last group has drained it. */
  deregister(task: TaskRecord): number {
    const { Id, Port } = targetOf(task);
    const arns = task.service.spec.targetGroupArns.filter((arn) => this.state(arn, task) !== 'absent');
    for (const TargetGroupArn of arns) this.elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id, Port }] });
    return Math.max(this.clock.now(), ...arns.map((arn) => this.elb.drainedAt(arn, [Id])));
  }

  private state(arn: string, task: TaskRecord): TargetState {
    if (!this.elb.groupArns().includes(arn)) return 'absent';
    const { Id, Port } = targetOf(task);
    const [described] = this.elb.describeTargetHealth({ TargetGroupArn: arn, Targets: [{ Id, Port }] }).TargetHealthDescriptions ?? [];
    const { State, Reason } = described?.TargetHealth ?? {};
    if (State === undefined || Reason === 'Target.NotRegistered') return 'absent';
    return State === 'initial' || State === 'healthy' || State === 'unhealthy' || State === 'draining' ? State : 'other';
  }
}
