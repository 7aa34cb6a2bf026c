import { arn, type Account, type Ids } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import { Addresses } from './ecs-addresses';
import {
  WELL_BEHAVED,
  liveTasks,
  type ClusterRecord,
  type ContainerInstanceRecord,
  type EcsHabits,
  type EcsServiceSpec,
  type LaunchType,
  type ServiceRecord,
  type TaskDefinitionSpec,
  type TaskRecord,
  type TaskSubnet,
} from './ecs-records';
import { idOf } from './ecs-requests';
import { ServiceScheduler } from './ecs-scheduler';
import { TaskTargets } from './ecs-targets';
import { Tasks, type TaskRuntime } from './ecs-tasks';
import type { Elb } from './elb';
import type { Instances } from './instances';
import type { Network } from './network';

export interface EcsSettings {
  readonly habits?: Partial<EcsHabits>;
  readonly runtime?: TaskRuntime;
  readonly subnets?: readonly TaskSubnet[];
  /** The address of the task with this number, 10.0.128.1 and on by default. */
  readonly addressOf?: (index: number) => string;
}

export interface EcsOptions extends EcsSettings {
  readonly account: Account;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly instances: Instances;
  readonly network: Network;
  readonly elb: Elb;
}

/**
 * The control plane of ECS: clusters with their services, tasks and container instances, and a
 * scheduler that looks at them again and again. What an operator of the lab does to it is here,
 * what the API does in `ecs.ts`.
 */
export class EcsControl {
  protected readonly account: Account;
  protected readonly clock: Clock;
  protected readonly clusters = new Map<string, ClusterRecord>();
  protected readonly definitions: { readonly definition: TaskDefinitionSpec; readonly launchType: LaunchType }[] = [];
  protected readonly tasks: Tasks;
  private readonly ids: Ids;
  private readonly habits: EcsHabits;
  private readonly scheduler: ServiceScheduler;
  private isLooking = false;

  constructor(options: EcsOptions) {
    const { account, ids, clock, instances, network, elb, runtime, subnets = [], addressOf = taskAddress } = options;
    this.account = account;
    this.clock = clock;
    this.ids = ids;
    this.habits = { ...WELL_BEHAVED, ...options.habits };
    const { habits } = this;
    const targets = new TaskTargets(elb, clock, habits);
    const addresses = new Addresses(addressOf);
    const onChange = (task: TaskRecord): void => this.changed(task);
    const onStopping = (task: TaskRecord): void => this.scheduler.stopping(task);
    const around = { account, ids, clock, habits, instances, network, targets, runtime, subnets, addresses };
    this.tasks = new Tasks({ ...around, onChange, onStopping });
    this.scheduler = new ServiceScheduler(clock, ids, habits, this.tasks, targets);
  }

  addCluster(name: string): string {
    const made = arn(this.account, 'ecs', `cluster/${name}`);
    this.clusters.set(name, { arn: made, name, services: new Map(), instances: new Map(), tasks: new Map() });
    return made;
  }

  /** An EC2 instance whose agent registers it with the cluster. */
  addContainerInstance(clusterName: string, instanceId: string): string {
    const id = this.ids.hex(32);
    const made = arn(this.account, 'ecs', `container-instance/${clusterName}/${id}`);
    this.cluster(clusterName).instances.set(id, { arn: made, id, instanceId, status: 'ACTIVE', agentConnected: true });
    return made;
  }

  addTaskDefinition(definition: TaskDefinitionSpec, launchType: LaunchType): void {
    const isSame = ({ family, revision }: TaskDefinitionSpec): boolean => family === definition.family && revision === definition.revision;
    if (!this.definitions.some((one) => isSame(one.definition))) this.definitions.push({ definition, launchType });
  }

  addService(spec: EcsServiceSpec): string {
    const cluster = this.cluster(spec.cluster);
    const made = arn(this.account, 'ecs', `service/${cluster.name}/${spec.name}`);
    this.addTaskDefinition(spec.taskDefinition, spec.launchType);
    const service: ServiceRecord = {
      arn: made,
      spec,
      cluster,
      createdAt: this.clock.now(),
      minimumHealthyPercent: spec.minimumHealthyPercent ?? 100,
      maximumPercent: spec.maximumPercent ?? 200,
      desired: spec.desiredCount,
      deployments: [],
      events: [],
      startableAt: this.clock.now(),
      steady: false,
    };
    cluster.services.set(spec.name, service);
    this.scheduler.deploy(service, spec.taskDefinition);
    this.look();
    return made;
  }

  /** A service that is there already: all of its tasks run, and its deployment is completed. */
  addSettledService(spec: EcsServiceSpec): string {
    const made = this.addService({ ...spec, desiredCount: 0 });
    const service = this.service(this.cluster(spec.cluster), spec.name);
    service.desired = spec.desiredCount;
    const [deployment] = service.deployments;
    if (deployment !== undefined) deployment.rollout = 'COMPLETED';
    for (let index = 0; index < spec.desiredCount; index++) this.tasks.placeRunning(service);
    this.scheduler.reconcile(service);
    return made;
  }

  /**
   * As UpdateService does with another definition, or with the same one and `forceNewDeployment`.
   */
  deploy(service: ServiceRecord, definition: TaskDefinitionSpec): void {
    this.addTaskDefinition(definition, service.spec.launchType);
    this.scheduler.deploy(service, definition);
  }

  setInstanceStatus(cluster: ClusterRecord, id: string, status: ContainerInstanceRecord['status']): void {
    const found = cluster.instances.get(id);
    if (found !== undefined) found.status = status;
  }

  /** The status of a container instance, by its EC2 instance. */
  setHostStatus(clusterName: string, instanceId: string, status: ContainerInstanceRecord['status']): void {
    for (const one of this.cluster(clusterName).instances.values()) if (one.instanceId === instanceId) one.status = status;
  }

  /** The agent of a container host loses its connection, or has it again: its tasks run on. */
  setAgentConnected(clusterName: string, instanceId: string, connected: boolean): void {
    for (const one of this.cluster(clusterName).instances.values()) if (one.instanceId === instanceId) one.agentConnected = connected;
  }

  /** The record of a service, for who plays the operator. @throws AwsError */
  serviceRecord(clusterName: string, serviceName: string): ServiceRecord {
    return this.service(this.cluster(clusterName), serviceName);
  }

  /** The tasks of a service that are to run. */
  liveTasks(clusterName: string, serviceName: string): TaskRecord[] {
    return liveTasks(this.serviceRecord(clusterName, serviceName));
  }

  /** All tasks of a service that ECS still knows. */
  tasksOf(clusterName: string, serviceName: string): TaskRecord[] {
    const service = this.serviceRecord(clusterName, serviceName);
    return [...service.cluster.tasks.values()].filter((task) => task.service === service);
  }

  /** The task that holds this address, or this port of this instance, right now. */
  holderOf(id: string, port: number): TaskRecord | undefined {
    const holds = ({ network, hostPort, containerInstance, lastStatus }: TaskRecord): boolean =>
      lastStatus !== 'STOPPED' && (network?.address === id || (containerInstance?.instanceId === id && hostPort === port));
    return [...this.clusters.values()].flatMap((cluster) => [...cluster.tasks.values()]).find(holds);
  }

  /** @throws AwsError ClusterNotFoundException */
  protected cluster(nameOrArn = 'default'): ClusterRecord {
    const found = this.clusters.get(idOf(nameOrArn));
    if (found === undefined) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return found;
  }

  /** @throws AwsError ServiceNotFoundException */
  protected service(cluster: ClusterRecord, nameOrArn: string): ServiceRecord {
    const found = cluster.services.get(idOf(nameOrArn));
    if (found === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    return found;
  }

  private changed(task: TaskRecord): void {
    this.scheduler.reconcile(task.service);
  }

  private look(): void {
    if (this.isLooking) return;
    this.isLooking = true;
    const again = (): void => {
      for (const cluster of this.clusters.values()) for (const service of cluster.services.values()) this.scheduler.reconcile(service);
      this.clock.at(this.clock.now() + this.habits.everyMs, again);
    };
    again();
  }
}

function taskAddress(index: number): string {
  return `10.0.${128 + Math.floor(index / 250)}.${1 + (index % 250)}`;
}
