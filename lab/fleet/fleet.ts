/**
 * A real local fleet: four hosts with a shop, a database, a load balancer and users, in namespaces.
 * Start it inside an enclosure (enclose.ts), which is also what cleans up: `stop` is for an orderly
 * end, not for safety.
 */
import type { Socket } from 'node:dgram';
import type { Target } from '../../core/model';
import { CALL, CALLS_PORT, callView, LISTENER_OF_CALLS } from './calls';
import { startDatabase, type Database } from './database';
import { labCgroup, type Enclosure } from './enclose';
import { comeMinute, killByCommand, removeCronLines } from './engineer';
import type { HostCommand, HostResult } from './exec';
import { HOSTS, shopAnswers, SHOP_PORT, startHost, type Host, type HostDescription } from './hosts';
import { REPORT, writeImage } from './image';
import { LoadBalancer, stickinessCookie, type LoadBalancerOptions } from './load-balancer';
import { memory, type Memory } from './memory';
import { ADDRESSES, Network, type AttachedFunction, type NetworkName } from './network';
import { startResolver } from './resolver';
import { TaskFleet } from './tasks';
import { Users } from './users';

export interface FleetOptions {
  readonly enclosure: Enclosure;
  /** Told at the start of each phase. */
  readonly onPhase?: (name: string) => void;
  /** When the report runs, as its crontab has it. */
  readonly reportSchedule?: string;
  /**
   * Tasks of ECS serve, and not hosts: on Fargate, or on hosts for containers. They are started by
   * the control plane, through `tasks`.
   */
  readonly tasks?: 'FARGATE' | 'EC2';
}

/** What users ask for, and what a deep probe asks for. */
export const PAGE = '/api/cart';
export const HEALTH_PAGE = '/health';
/**
 * With 0.9 s between pages they keep a healthy pool at 3 to 6 of 20, and a starved one at 20 with
 * most of the others waiting. Three hosts have to carry the fourth's users within the capacity
 * guardrail for minutes: with 42 the fullest of three was read at 7 to 10 of 20 before the removal,
 * and above the guardrail's 14 after it in one scene of 26, whose target was rightly restored
 * early.
 */
export const USERS_PER_HOST = 34;

/** Fewer than tasks: several of a service are on one host, one of each in its zone. */
const CONTAINER_HOSTS = 2;

const ZONE = {
  'db.shop.internal': ADDRESSES.database,
  'prices.shop.internal': ADDRESSES.database,
};

export class Fleet {
  /** Set by `balance`. */
  loadBalancer: LoadBalancer | undefined;
  users = new Users(ADDRESSES.loadBalancer, PAGE);
  /** The port of the targets. */
  port = SHOP_PORT;
  /** Whether users and targets speak gRPC. */
  calls = false;

  constructor(
    readonly hosts: readonly Host[],
    readonly database: Database,
    private readonly network: Network,
    private readonly resolver: Socket,
    private readonly reportSchedule: string,
    /** Where tasks of ECS serve: those that run are the `hosts`. */
    readonly tasks?: TaskFleet,
    /** Hosts for containers, which serve nothing themselves. */
    readonly containerHosts: readonly Host[] = [],
  ) {}

  /** The host of an instance. @throws where there is none, as after its termination */
  host(instanceId: string): Host {
    const all = [...this.hosts, ...this.containerHosts];
    const found = all.find((host) => host.instanceId === instanceId);
    if (found === undefined) throw new Error(`no host ${instanceId}, expected one of ${all.map((host) => host.instanceId).join(', ')}`);
    return found;
  }

  /** From now on users call the shop in gRPC, and its targets are the ports that take calls. */
  speakCalls(): void {
    this.users = new Users(ADDRESSES.loadBalancer, CALL, LISTENER_OF_CALLS, undefined, callView);
    this.port = CALLS_PORT;
    this.calls = true;
  }

  /** The host as ELB registers an instance target. */
  target(host: Host): Target {
    return { id: host.instanceId, port: this.port };
  }

  /** Runs a command on a host as the SSM agent would. @throws where there is no agent */
  exec(instanceId: string, what: HostCommand): Promise<HostResult> {
    if (this.tasks !== undefined && !this.containerHosts.some((host) => host.instanceId === instanceId))
      throw new Error(`${instanceId} is a task: it has no agent`);
    return this.host(instanceId).exec(what);
  }

  /**
   * A network namespace for a function. Only what is on `fleet` can reach targets; only what is on
   * `edge` can reach AWS.
   */
  attachFunction(name: string, networks: readonly NetworkName[]): Promise<AttachedFunction> {
    return this.network.attachFunction(name, networks);
  }

  /** Puts the load balancer in front, under the given control plane. */
  async balance(options: LoadBalancerOptions): Promise<LoadBalancer> {
    this.loadBalancer = new LoadBalancer(options);
    await this.loadBalancer.start();
    return this.loadBalancer;
  }

  /** Lets the users in, spread evenly over the hosts. */
  openDoors(usersPerHost = USERS_PER_HOST): void {
    for (const host of this.hosts) for (let i = 0; i < usersPerHost; i++) this.users.add(stickinessCookie(this.target(host)));
  }

  /** The minute of the monthly report comes on this host. */
  async fireCron(host: Host): Promise<void> {
    await comeMinute(host, this.reportSchedule);
  }

  /** The engineer ends the report and does not look who started it. */
  async endJob(host: Host): Promise<void> {
    await killByCommand(host, `${REPORT.program} --month`);
  }

  /** The engineer ends the report and takes its line out of the crontab. */
  async stopJob(host: Host): Promise<void> {
    await this.endJob(host);
    await removeCronLines(host, REPORT.program);
  }

  /** Memory of the whole lab. */
  memory(): Memory {
    return memory();
  }

  async stop(): Promise<void> {
    await this.users.stop();
    await this.loadBalancer?.stop();
    await this.tasks?.close();
    await Promise.all([...this.hosts, ...this.containerHosts].map((host) => host.stop()));
    await this.database.stop();
    this.resolver.close();
  }
}

/**
 * Boots network, database and hosts, and waits until every shop answers.
 * @throws naming the phase's wait and the last words of what did not come up
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { enclosure, onPhase = () => undefined, reportSchedule = REPORT.schedule, tasks } = options;
  const { directory, mode } = enclosure;
  onPhase('network');
  const [network] = await Promise.all([Network.start(), writeImage(directory)]);
  const resolver = await startResolver(ZONE);
  onPhase('database');
  const database = await startDatabase(
    network,
    directory,
    mode,
    HOSTS.map(({ name }) => name),
  );
  onPhase('hosts');
  const start = (runs: 'shop' | 'containers') => (description: HostDescription) =>
    startHost(description, network, directory, reportSchedule, runs);
  if (tasks !== undefined) {
    const hosts = tasks === 'EC2' ? await Promise.all(HOSTS.slice(0, CONTAINER_HOSTS).map(start('containers'))) : [];
    const taskFleet = new TaskFleet({ network, database, directory, hosts, cgroup: labCgroup() });
    return new Fleet(taskFleet.running, database, network, resolver, reportSchedule, taskFleet, hosts);
  }
  const hosts = await Promise.all(HOSTS.map(start('shop')));
  await Promise.all(hosts.map(shopAnswers));
  return new Fleet(hosts, database, network, resolver, reportSchedule);
}
