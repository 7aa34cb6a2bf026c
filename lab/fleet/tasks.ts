/**
 * The tasks of a service of ECS, as real processes: on Fargate a machine of its own without an
 * agent, on EC2 a container on one of the container hosts, with an address of its own (awsvpc) and
 * in the control group that the agent makes. They come and go while the lab runs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { runtimeIdOf } from '../world/ecs-describe';
import type { TaskRecord } from '../world/ecs-records';
import type { TaskRuntime } from '../world/ecs-tasks';
import { joinCgroup } from './cgroups';
import type { Database } from './database';
import { hostEnvironment, hostOf, shopAnswers, type Host } from './hosts';
import { startContainer, startMachine, type Namespace } from './namespace';
import type { Network } from './network';

export interface TaskFleetOptions {
  readonly network: Network;
  readonly database: Database;
  readonly directory: string;
  /** Those that run tasks on EC2, by instance id; none: all tasks are on Fargate. */
  readonly hosts: readonly Host[];
  /** The control group of this lab, below its own. */
  readonly cgroup: string;
}

/** The number of the task's program among the processes of its container. */
const FIRST = '1';

export class TaskFleet implements TaskRuntime {
  /** The tasks that run, in the order in which they came up. */
  readonly running: Host[] = [];
  private readonly byArn = new Map<string, Host>();
  /** Whether this machine lets the lab make control groups. */
  hasCgroups = true;

  constructor(private readonly options: TaskFleetOptions) {}

  /** The task's processes; undefined when it does not run. */
  find(taskArn: string): Host | undefined {
    return this.byArn.get(taskArn);
  }

  async start(task: TaskRecord): Promise<void> {
    const { network, database, directory } = this.options;
    const name = nameOf(task);
    const address = task.network?.address;
    if (address === undefined) throw new Error(`task ${task.id} has no address: the fleet knows awsvpc tasks alone`);
    await database.enrol(name);
    const machine = await this.boot(task, name);
    await network.plug(machine, 'fleet', address);
    machine.begin();
    const description = { instanceId: address, name, address, availabilityZone: task.zone, instanceType: 'task', withReport: false };
    const made = hostOf(description, machine, directory, hostEnvironment(directory));
    this.byArn.set(task.arn, made);
    await shopAnswers(made);
    this.running.push(made);
  }

  /** SIGTERM to the program, and after the time-out SIGKILL to whatever is left. */
  async stop(task: TaskRecord, timeoutS: number): Promise<void> {
    const made = this.byArn.get(task.arn);
    if (made === undefined) return;
    this.byArn.delete(task.arn);
    const index = this.running.indexOf(made);
    if (index >= 0) this.running.splice(index, 1);
    await made.exec({ command: { argv: ['kill', '-TERM', FIRST] }, timeoutS: 5 });
    await sleep(timeoutS * 1000);
    await made.stop();
  }

  async close(): Promise<void> {
    await Promise.all([...this.byArn.values()].map((made) => made.stop()));
  }

  private async boot(task: TaskRecord, name: string): Promise<Namespace> {
    const { directory, hosts } = this.options;
    const env = { ...hostEnvironment(directory), ECS_CONTAINER_METADATA_URI_V4: `http://169.254.170.2/v4/${task.id}` };
    const hostId = task.containerInstance?.instanceId;
    if (hostId === undefined) return startMachine(name, [`${directory}/image/bin/task`, name, directory, `${directory}/image`], env);
    const host = hosts.find((one) => one.instanceId === hostId);
    if (host === undefined)
      throw new Error(`no container host ${hostId}, expected one of ${hosts.map((one) => one.instanceId).join(', ')}`);
    const container = await startContainer(host.machine, name, [`${directory}/bin/task`, name, directory, directory], env);
    // As the agent lays it out on version 1: /ecs/TASK/CONTAINER.
    this.hasCgroups &&= joinCgroup(`${this.options.cgroup}/ecs/${task.id}/${runtimeIdOf(task)}`, container.pid);
    return container;
  }
}

function nameOf({ id }: TaskRecord): string {
  return `task-${id.slice(-6)}`;
}
