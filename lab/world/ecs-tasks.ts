/**
 * The life of a task: PROVISIONING, PENDING, RUNNING, DEACTIVATING, STOPPING, STOPPED (developer
 * guide, task lifecycle). It holds its address or port until it has stopped.
 */
import type { TaskStopCode } from '@aws-sdk/client-ecs';
import { arn, type Account, type Ids } from './account';
import type { Clock } from './clock';
import { HostPorts, type Addresses } from './ecs-addresses';
import {
  liveTasks,
  primary,
  type ContainerInstanceRecord,
  type EcsHabits,
  type ServiceRecord,
  type TaskNetwork,
  type TaskRecord,
  type TaskSubnet,
} from './ecs-records';
import type { TaskTargets } from './ecs-targets';
import type { Instances } from './instances';
import type { Network } from './network';

/** Where the containers of tasks really run. Without one they run nowhere, and at once. */
export interface TaskRuntime {
  /** Brings a task up; settled when it runs, rejected when it does not come up. */
  start(task: TaskRecord): Promise<void>;
  /** SIGTERM, after `timeoutS` SIGKILL; settled when it is gone. */
  stop(task: TaskRecord, timeoutS: number): Promise<void>;
}

export interface TaskSurroundings {
  readonly account: Account;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly habits: EcsHabits;
  readonly instances: Instances;
  readonly network: Network;
  readonly targets: TaskTargets;
  readonly runtime: TaskRuntime | undefined;
  /** Where tasks with a network interface are placed, in turn. */
  readonly subnets: readonly TaskSubnet[];
  readonly addresses: Addresses;
  /** Told of every task that runs, and of every one that has stopped. */
  readonly onChange: (task: TaskRecord) => void;
  /** Told of every task that begins to stop. */
  readonly onStopping: (task: TaskRecord) => void;
}

const DEFAULT_STOP_TIMEOUT_S = 30;
/** Stopped tasks are shown for at least an hour (DescribeTasks, API reference). */
const SHOWN_MS = 3_600_000;

export interface Stop {
  readonly code: TaskStopCode;
  readonly reason: string;
  /**
   * Deregistered and drained before the SIGTERM, as the scheduler does; StopTask sends the signal
   * first (aws/amazon-ecs-agent #2316, aws/containers-roadmap #576).
   */
  readonly drainsFirst: boolean;
}

export class Tasks {
  private readonly ports = new HostPorts();
  private placed = 0;

  constructor(private readonly around: TaskSurroundings) {}

  /** Starts a task of the primary deployment; undefined: there is no host that takes it. */
  place(service: ServiceRecord): TaskRecord | undefined {
    const task = this.make(service);
    if (task !== undefined) this.start(task);
    return task;
  }

  /** A task that runs already, as the lab finds it when it begins. */
  placeRunning(service: ServiceRecord): TaskRecord | undefined {
    const task = this.make(service);
    if (task !== undefined) this.markRunning(task);
    return task;
  }

  private make(service: ServiceRecord): TaskRecord | undefined {
    const { spec, cluster } = service;
    const host = spec.launchType === 'EC2' ? this.leastLoaded(service) : undefined;
    if (spec.launchType === 'EC2' && host === undefined) return undefined;
    const deployment = primary(service);
    const { definition } = deployment;
    const id = this.around.ids.hex(32);
    const subnet = this.subnetFor(host);
    const task: TaskRecord = {
      arn: arn(this.around.account, 'ecs', `task/${cluster.name}/${id}`),
      id,
      service,
      deployment,
      definition,
      zone: subnet.zone,
      createdAt: this.around.clock.now(),
      containerInstance: host,
      network: definition.networkMode === 'awsvpc' ? this.attach(subnet) : undefined,
      hostPort: host !== undefined && definition.networkMode === 'bridge' ? this.portOf(host) : undefined,
      lastStatus: definition.networkMode === 'awsvpc' ? 'PROVISIONING' : 'PENDING',
      desiredStatus: 'RUNNING',
      registrations: new Map(),
    };
    cluster.tasks.set(id, task);
    return task;
  }

  /** The task stops; what stops already goes on as it began. */
  stop(task: TaskRecord, { code, reason, drainsFirst }: Stop): void {
    if (task.desiredStatus === 'STOPPED') return;
    const { clock, targets, habits } = this.around;
    task.desiredStatus = 'STOPPED';
    task.stoppingAt = clock.now();
    task.stopCode = code;
    task.stoppedReason = reason;
    task.lastStatus = 'DEACTIVATING';
    this.around.onStopping(task);
    if (drainsFirst) return this.after(targets.deregister(task) - clock.now(), () => this.end(task, clock.now()));
    const deregisteredAt = clock.now() + habits.deregistersLateMs();
    this.after(habits.deregistersLateMs(), () => void targets.deregister(task));
    this.end(task, deregisteredAt);
  }

  // ------------------------------------------------------------ inside

  private start(task: TaskRecord): void {
    const { habits, runtime } = this.around;
    const fails = habits.startFails();
    this.after(habits.startsInMs(), () => {
      if (fails) return this.failToStart(task, 'CannotStartContainerError');
      if (runtime === undefined) return this.run(task);
      task.lastStatus = task.lastStatus === 'PROVISIONING' ? 'PENDING' : task.lastStatus;
      void runtime.start(task).then(
        () => this.run(task),
        (error: unknown) => this.failToStart(task, String(error)),
      );
    });
  }

  private run(task: TaskRecord): void {
    if (task.desiredStatus === 'STOPPED') return;
    this.markRunning(task);
    this.around.onChange(task);
  }

  private markRunning(task: TaskRecord): void {
    task.lastStatus = 'RUNNING';
    task.startedAt = this.around.clock.now();
  }

  private failToStart(task: TaskRecord, reason: string): void {
    if (task.desiredStatus === 'STOPPED') return;
    task.deployment.failedTasks += 1;
    this.stop(task, { code: 'TaskFailedToStart', reason, drainsFirst: true });
  }

  /** It has stopped when its program is gone and its target is deregistered. */
  private end(task: TaskRecord, notBefore: number): void {
    const { clock, habits, runtime } = this.around;
    task.lastStatus = 'STOPPING';
    const timeoutS = task.definition.stopTimeoutS ?? DEFAULT_STOP_TIMEOUT_S;
    const finish = (): void => this.after(notBefore - clock.now(), () => this.finish(task));
    if (runtime === undefined) this.after(Math.min(habits.endsInMs(), timeoutS * 1000), finish);
    else void runtime.stop(task, timeoutS).finally(finish);
  }

  private finish(task: TaskRecord): void {
    const { clock, network, addresses } = this.around;
    task.lastStatus = 'STOPPED';
    task.stoppedAt = clock.now();
    if (task.network !== undefined) {
      addresses.free(task.network.address);
      network.removeInterface(task.network.interfaceId);
    }
    if (task.containerInstance !== undefined && task.hostPort !== undefined)
      this.ports.free(task.containerInstance.instanceId, task.hostPort);
    clock.at(clock.now() + SHOWN_MS, () => void task.service.cluster.tasks.delete(task.id));
    this.around.onChange(task);
  }

  private leastLoaded(service: ServiceRecord): ContainerInstanceRecord | undefined {
    const { instances } = this.around;
    const open = [...service.cluster.instances.values()].filter(
      (one) => one.status === 'ACTIVE' && one.agentConnected && instances.running(one.instanceId) !== undefined,
    );
    const load = (one: ContainerInstanceRecord): number => liveTasks(service).filter((task) => task.containerInstance === one).length;
    return open.sort((a, b) => load(a) - load(b))[0];
  }

  private subnetFor(host: ContainerInstanceRecord | undefined): TaskSubnet {
    const zone = host === undefined ? undefined : this.around.instances.find(host.instanceId)?.zone;
    const fits = this.around.subnets.filter((subnet) => zone === undefined || subnet.zone === zone);
    return fits[this.placed++ % Math.max(1, fits.length)] ?? { subnetId: 'subnet-0123456789abcdef0', zone: zone ?? 'us-east-1a' };
  }

  private attach({ subnetId, zone }: TaskSubnet): TaskNetwork {
    const { ids, addresses, habits, network, account } = this.around;
    const address = addresses.take(habits.reusesAddresses());
    const attachmentId = ids.uuid();
    const interfaceId = `eni-${ids.hex(17)}`;
    // ECS owns the interface and names the attachment in its description (developer guide, task
    // networking; that it is the attachment's ARN is from public examples).
    network.addInterface({
      NetworkInterfaceId: interfaceId,
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
      SubnetId: subnetId,
      AvailabilityZone: zone,
      InterfaceType: 'interface',
      RequesterManaged: true,
      Description: arn(account, 'ecs', `attachment/${attachmentId}`),
    });
    return { address, subnetId, attachmentId, interfaceId };
  }

  private portOf(host: ContainerInstanceRecord): number {
    return this.ports.take(host.instanceId, this.around.habits.reusesAddresses());
  }

  private after(ms: number, run: () => void): void {
    const { clock } = this.around;
    clock.at(clock.now() + Math.max(0, ms), run);
  }
}
