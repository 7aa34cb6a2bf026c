/**
 * The tasks of a plan's service. In the fleet a task goes by its id: its address is given to the
 * next one within minutes.
 */
import { isInstanceId, type HostCapture, type Target } from '../../core/model';
import type { TaskLook } from '../../lambda/ports';
import type { TaskRecord } from '../world/ecs-records';
import type { TaskRuntime } from '../world/ecs-tasks';
import type { EcsSettings } from '../world/ecs-control';
import { CLUSTER, habitsOf, SERVICE, type ServicePlan } from './plan-service';
import type { Fleet } from './fleet';
import type { Setting } from './plan';
import type { Random } from './random';
import type { SettableClock } from '../world/clock';
import type { World } from '../world/world';

/** What it needs of the run. */
interface Surroundings {
  readonly plan: Setting;
  readonly world: World;
  readonly clock: SettableClock;
  readonly random: Random;
  readonly fleet: Fleet;
  readonly isCalm: boolean;
}

export class Tasks {
  constructor(private readonly stage: Surroundings) {}

  /** Who answers at a target: the task that has its address, or else the host of that id. */
  behind({ id, port }: Pick<Target, 'id' | 'port'>): string {
    if (this.stage.plan.service === undefined) return this.hostAt(id);
    return this.stage.world.ecs.holderOf(id, port)?.id ?? id;
  }

  /** The instance that has the address, running or not; whatever is no address is itself. */
  private hostAt(id: string): string {
    if (isInstanceId(id)) return id; // asked for every target of a fleet
    return this.stage.world.instances.existing().find(({ address }) => address === id)?.id ?? id;
  }

  /** Whether a task of this id answers. */
  isRunning(id: string): boolean {
    return this.stage.plan.service !== undefined && this.all().some((task) => task.id === id && answers(task));
  }

  /** A host answers the load balancer's checks by itself; of a task the program has to be there. */
  answersAt(target: Pick<Target, 'id' | 'port'>): boolean {
    if (this.stage.plan.service === undefined)
      return isInstanceId(target.id) || this.stage.world.instances.atAddress(target.id) !== undefined;
    return this.isRunning(this.behind(target));
  }

  find(taskArn: string): TaskRecord | undefined {
    return this.all().find((task) => task.arn === taskArn);
  }

  /** Those that are to run, the oldest first. */
  live(): TaskRecord[] {
    return this.stage.plan.service === undefined ? [] : this.stage.world.ecs.liveTasks(CLUSTER, SERVICE);
  }

  /** Those that ECS still knows. */
  all(): TaskRecord[] {
    return this.stage.plan.service === undefined ? [] : this.stage.world.ecs.tasksOf(CLUSTER, SERVICE);
  }

  /**
   * What an inspection prints: of a container host what its task is like, the sickest where it has
   * several. A task of Fargate has no agent.
   */
  capture(id: string): HostCapture {
    const { fleet } = this.stage;
    const here = this.live().filter(({ containerInstance }) => containerInstance?.instanceId === id);
    const shown = here.find((task) => fleet.isSick(task.id)) ?? here[0];
    return { ...fleet.capture(shown?.id ?? id), host: id };
  }

  /** The same within the task that the look is for. */
  captureWithin({ instanceId, parameters }: TaskLook): HostCapture {
    const { fleet, clock } = this.stage;
    const task = this.live().find(({ id }) => id === parameters['task']?.[0]);
    if (task?.containerInstance?.instanceId === instanceId) return { ...fleet.capture(task.id), host: instanceId };
    return { host: instanceId, notInspectable: 'the task does not run on this host', capturedAt: clock.now() };
  }
}

/** Where the tasks of a plan are placed, and what their scheduler is like. */
export function ecsSettings(stage: Surroundings, service: ServicePlan): EcsSettings {
  const habits = habitsOf(service, stage.random, () => stage.isCalm);
  const runtime: TaskRuntime = {
    // A new task may be as sick as the one before.
    start: async ({ id }) => {
      if (!stage.isCalm && stage.random.chance(service.habits.startsSick)) stage.fleet.sicken(id);
    },
    stop: (_task, timeoutS) => waited(stage, Math.min(habits.endsInMs(), timeoutS * 1000)),
  };
  const subnets = ['a', 'b'].map((zone) => ({ subnetId: `subnet-${zone}`, zone }));
  return { habits, runtime, subnets };
}

function answers({ lastStatus }: TaskRecord): boolean {
  return lastStatus === 'RUNNING' || lastStatus === 'DEACTIVATING';
}

function waited({ clock }: Surroundings, ms: number): Promise<void> {
  return new Promise((resolve) => clock.at(clock.now() + ms, resolve));
}
