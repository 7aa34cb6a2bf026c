/**
 * Two networks, as in a VPC: `fleet` is the private subnet with the hosts and the database, `edge`
 * is everything else (the load balancer's public address and the AWS endpoints). This process has
 * an address on both; nothing else does, and nothing forwards between them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { run } from './command';
import { startNetwork, type Namespace } from './namespace';

export type NetworkName = 'fleet' | 'edge';

export const ADDRESSES = {
  /** This process, on each network. */
  gateway: { fleet: '10.0.1.1', edge: '10.0.9.1' },
  /** As in a VPC, the resolver is at the network's base plus two. */
  resolver: '10.0.1.2',
  database: '10.0.1.20',
  loadBalancer: '10.0.9.80',
  /** Tasks get addresses from here on. */
  firstTask: '10.0.1.30',
} as const;

const PREFIX: Readonly<Record<NetworkName, string>> = { fleet: '10.0.1', edge: '10.0.9' };
/** Functions get addresses from here on. */
const FIRST_FUNCTION = 100;
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

export interface AttachedFunction {
  readonly name: string;
  readonly pid: number;
  readonly addresses: Readonly<Partial<Record<NetworkName, string>>>;
  /** The argv prefix that runs a command in the function's network. */
  readonly enter: readonly string[];
  stop(): Promise<void>;
}

async function makeBridge(name: NetworkName, addresses: readonly string[]): Promise<void> {
  const lines = [
    `link add name ${name} type bridge`,
    ...addresses.map((address) => `addr add ${address}/24 dev ${name}`),
    `link set dev ${name} up`,
  ];
  await run(['ip', '-batch', '-'], { input: lines.join('\n') });
}

/**
 * New network namespaces inherit this setting from the machine, where a container engine may have
 * turned it on.
 */
function forbidForwarding(): void {
  writeFileSync(FORWARDING, '0');
  const value = readFileSync(FORWARDING, 'utf8').trim();
  if (value !== '0') throw new Error(`${FORWARDING} is ${value}, expected 0: the networks would not be apart`);
}

/**
 * By the address: whoever spoke with the last holder of an address finds the next one without
 * waiting for its neighbour table, as in a VPC.
 */
function macOf(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return ['02', '00', ...bytes].join(':');
}

/** The lab's networks. Make one in the lab's own network namespace, then attach. */
export class Network {
  private devices = 0;
  private functions = 0;

  static async start(): Promise<Network> {
    forbidForwarding();
    await run(['ip', 'link', 'set', 'dev', 'lo', 'up']);
    await makeBridge('fleet', [ADDRESSES.gateway.fleet, ADDRESSES.resolver]);
    await makeBridge('edge', [ADDRESSES.gateway.edge, ADDRESSES.loadBalancer]);
    return new Network();
  }

  /**
   * Plugs a namespace into a network as `device` with the given address. No default route: it
   * reaches that network and nothing else.
   */
  async plug(namespace: Namespace, network: NetworkName, address: string, device = 'eth0'): Promise<void> {
    const port = `port${++this.devices}`;
    const outside = [
      `link add name ${port} type veth peer name ${device} netns ${namespace.pid}`,
      `link set dev ${port} master ${network}`,
      `link set dev ${port} up`,
    ];
    await run(['ip', '-batch', '-'], { input: outside.join('\n') });
    const mac = `link set dev ${device} address ${macOf(address)}`;
    const inside = ['link set dev lo up', mac, `addr add ${address}/24 dev ${device}`, `link set dev ${device} up`];
    await run(['nsenter', '-t', String(namespace.pid), '-n', '--', 'ip', '-batch', '-'], { input: inside.join('\n') });
  }

  /** A network namespace for one function, on the given networks only. */
  async attachFunction(name: string, networks: readonly NetworkName[]): Promise<AttachedFunction> {
    const host = FIRST_FUNCTION + this.functions++;
    const namespace = await startNetwork(name);
    const addresses: Partial<Record<NetworkName, string>> = {};
    for (const [index, network] of networks.entries()) {
      addresses[network] = `${PREFIX[network]}.${host}`;
      await this.plug(namespace, network, `${PREFIX[network]}.${host}`, `eth${index}`);
    }
    return { name, pid: namespace.pid, addresses, enter: namespace.enter, stop: () => namespace.stop() };
  }
}
