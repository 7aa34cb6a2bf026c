/**
 * The service scheduler: keeps as many tasks as are desired, replaces unhealthy ones, carries out
 * deployments, scales in and drains container instances, within the service's percentages
 * (developer guide, ECS services; DeploymentConfiguration, API reference).
 */
import type { Ids } from './account';
import type { Clock } from './clock';
import {
  bounds,
  isProtected,
  liveTasks,
  primary,
  type DeploymentRecord,
  type EcsHabits,
  type ServiceRecord,
  type TaskRecord,
} from './ecs-records';
import type { TaskTargets } from './ecs-targets';
import type { Tasks } from './ecs-tasks';

const MOST_EVENTS = 100;

/**
 * Half of the desired tasks, at least 3 and at most 200 (DeploymentCircuitBreaker, developer
 * guide).
 */
function failureThreshold(service: ServiceRecord): number {
  return Math.min(200, Math.max(3, Math.ceil(service.desired / 2)));
}

/** The live tasks of a service by what is to become of them. */
interface Sorted {
  readonly live: readonly TaskRecord[];
  /** Of the primary deployment, and not known to be unwell. */
  readonly good: readonly TaskRecord[];
  /** To be replaced: unhealthy, or on a container instance that drains. */
  readonly bad: readonly TaskRecord[];
  /** Of deployments that are being replaced. */
  readonly old: readonly TaskRecord[];
}

export class ServiceScheduler {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly habits: EcsHabits,
    private readonly tasks: Tasks,
    private readonly targets: TaskTargets,
  ) {}

  /** One look at the service, as the scheduler takes it again and again. */
  reconcile(service: ServiceRecord): void {
    for (const task of liveTasks(service)) if (task.lastStatus === 'RUNNING') this.targets.keep(task);
    this.breakCircuit(service);
    const sorted = this.sort(service);
    this.startMissing(service, sorted);
    this.stopReplaced(service, sorted);
    this.scaleIn(service, sorted);
    this.settle(service);
  }

  /**
   * A task begins to stop. One that the scheduler stops itself has its replacement, or needs none;
   * that of any other is not waited for until it is gone (I).
   */
  stopping({ service, stopCode }: TaskRecord): void {
    if (stopCode === 'ServiceSchedulerInitiated') return;
    service.startableAt = Math.max(service.startableAt, this.clock.now() + this.habits.replacesAfterMs());
  }

  deploy(service: ServiceRecord, definition: DeploymentRecord['definition']): DeploymentRecord {
    const now = this.clock.now();
    for (const deployment of service.deployments) deployment.status = 'ACTIVE';
    const made: DeploymentRecord = {
      id: `ecs-svc/${this.ids.hex(19)}`,
      definition,
      createdAt: now,
      updatedAt: now,
      status: 'PRIMARY',
      rollout: 'IN_PROGRESS',
      failedTasks: 0,
    };
    service.deployments.unshift(made);
    service.steady = false;
    return made;
  }

  say(service: ServiceRecord, what: string): void {
    const message = `(service ${service.spec.name}) ${what}`;
    service.events.unshift({ id: this.ids.uuid(), createdAt: this.clock.now(), message });
    service.events.length = Math.min(service.events.length, MOST_EVENTS);
  }

  // ------------------------------------------------------------ inside

  private sort(service: ServiceRecord): Sorted {
    const live = liveTasks(service);
    const isOld = (task: TaskRecord) => task.deployment !== primary(service);
    const isBad = (task: TaskRecord) => this.targets.isUnhealthy(task) || task.containerInstance?.status === 'DRAINING';
    return {
      live,
      old: live.filter(isOld),
      bad: live.filter((task) => !isOld(task) && isBad(task)),
      good: live.filter((task) => !isOld(task) && !isBad(task)),
    };
  }

  /** Replacements first, as far as the maximum percent and the cluster have room. */
  private startMissing(service: ServiceRecord, { live, good }: Sorted): void {
    const { most } = bounds(service);
    const wanted = Math.min(service.desired - good.length, Math.max(most, service.desired) - live.length);
    if (wanted <= 0 || this.clock.now() < service.startableAt || primary(service).rollout === 'FAILED') return;
    const started: TaskRecord[] = [];
    for (let missing = wanted; missing > 0; missing--) {
      const task = this.habits.placementFails() ? undefined : this.tasks.place(service);
      if (task === undefined) {
        this.say(service, 'was unable to place a task because no container instance met all of its requirements.');
        break;
      }
      started.push(task);
    }
    if (started.length === 0) return;
    service.steady = false;
    this.say(service, `has started ${started.length} tasks: ${started.map(({ id }) => `(task ${id})`).join(' ')}.`);
  }

  /**
   * Stops what is replaced once its replacement is healthy; where the maximum percent leaves no
   * room for replacements, one by one down to the minimum percent. Protection holds a deployment
   * up, and not the replacement of what is unhealthy (UpdateTaskProtection, API reference).
   */
  private stopReplaced(service: ServiceRecord, { live, good, bad, old }: Sorted): void {
    const { least, most } = bounds(service);
    const healthy = (tasks: readonly TaskRecord[]) => tasks.filter((task) => this.targets.isHealthy(task)).length;
    const mayGo = [...bad, ...old.filter((task) => !isProtected(task, this.clock.now()))];
    let left = healthy(live);
    const replaced = healthy(good) >= service.desired;
    const isFull = live.length >= most;
    for (const task of mayGo) {
      const counts = this.targets.isHealthy(task) ? 1 : 0;
      if (!replaced && !(isFull && left - counts >= least)) continue;
      left -= counts;
      this.stop(
        task,
        this.targets.isUnhealthy(task)
          ? 'Task failed ELB health checks'
          : `Scaling activity initiated by (deployment ${primary(service).id})`,
      );
      if (!replaced) return;
    }
  }

  /** Any task, but a protected one. */
  private scaleIn(service: ServiceRecord, { good }: Sorted): void {
    let surplus = good.length - service.desired;
    const open = good.filter((task) => !isProtected(task, this.clock.now()));
    while (surplus-- > 0 && open.length > 0) {
      const [task] = open.splice(this.habits.picks(open.length), 1);
      if (task !== undefined) this.stop(task, `Scaling activity initiated by (deployment ${primary(service).id})`);
    }
  }

  private stop(task: TaskRecord, reason: string): void {
    this.tasks.stop(task, { code: 'ServiceSchedulerInitiated', reason, drainsFirst: true });
    this.say(task.service, `has stopped 1 running tasks: (task ${task.id}).`);
  }

  /** The circuit breaker: a deployment whose tasks fail again and again. */
  private breakCircuit(service: ServiceRecord): void {
    const newest = primary(service);
    if (service.spec.circuitBreaker?.enable !== true || newest.rollout !== 'IN_PROGRESS') return;
    if (newest.failedTasks < failureThreshold(service)) return;
    newest.rollout = 'FAILED';
    this.say(service, `(deployment ${newest.id}) deployment failed: tasks failed to start.`);
    const before = service.deployments.find((deployment) => deployment.rollout === 'COMPLETED');
    if (service.spec.circuitBreaker.rollback && before !== undefined) this.deploy(service, before.definition);
  }

  /** A deployment is completed when the service is in a steady state. */
  private settle(service: ServiceRecord): void {
    const newest = primary(service);
    const live = liveTasks(service);
    const isSteady = live.length === service.desired && live.every((task) => task.deployment === newest && this.targets.isHealthy(task));
    if (!isSteady) return;
    service.deployments = [newest];
    newest.failedTasks = 0;
    if (newest.rollout !== 'COMPLETED') {
      newest.rollout = 'COMPLETED';
      newest.updatedAt = this.clock.now();
      this.say(service, `(deployment ${newest.id}) deployment completed.`);
    }
    if (!service.steady) this.say(service, 'has reached a steady state.');
    service.steady = true;
  }
}
