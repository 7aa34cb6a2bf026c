import { readFile, writeFile } from 'node:fs/promises';
import { execOnHost, type HostCommand, type HostResult } from './exec';
import { mountPoint } from './directory';
import { crontab } from './image';
import { startMachine, type Namespace } from './namespace';
import type { Network } from './network';
import { view } from './view';
import { waitFor } from './wait';

/** One host as EC2 would describe it. */
export interface HostDescription {
  readonly instanceId: string;
  readonly name: string;
  readonly address: string;
  readonly availabilityZone: string;
  readonly instanceType: string;
  /** The monthly report was never removed from its crontab. */
  readonly withReport: boolean;
}

/** The port of the shop on every host. */
export const SHOP_PORT = 8080;

export const HOSTS: readonly HostDescription[] = [
  {
    instanceId: 'i-0a1b2c3d4e5f60710',
    name: 'app-1',
    address: '10.0.1.10',
    availabilityZone: 'us-east-1a',
    instanceType: 'm6i.large',
    withReport: false,
  },
  {
    instanceId: 'i-0b2c3d4e5f6071811',
    name: 'app-2',
    address: '10.0.1.11',
    availabilityZone: 'us-east-1b',
    instanceType: 'm6i.large',
    withReport: false,
  },
  {
    instanceId: 'i-0c3d4e5f607181912',
    name: 'app-3',
    address: '10.0.1.12',
    availabilityZone: 'us-east-1a',
    instanceType: 'm6i.large',
    withReport: true,
  },
  {
    instanceId: 'i-0d4e5f60718192a13',
    name: 'app-4',
    address: '10.0.1.13',
    availabilityZone: 'us-east-1b',
    instanceType: 'm6i.large',
    withReport: false,
  },
];

const READY_MS = 20_000;
/** Directories for the host's own tools: standard in root's PATH, and empty nearly everywhere. */
const TOOL_DIRECTORIES = ['/usr/local/sbin', '/usr/local/games', '/usr/games'];

/** One running host. */
export interface Host extends HostDescription {
  /** PID 1 of the host, as this process sees it. */
  readonly pid: number;
  readonly machine: Namespace;
  /** Runs a command on the host, as the SSM agent would. */
  exec(what: HostCommand): Promise<HostResult>;
  /**
   * Runs a short script that must succeed, data in its environment, and returns its output. @throws
   * with what it wrote
   */
  sh(script: string, words?: Readonly<Record<string, string>>): Promise<string>;
  /** The host's own directory, as the host sees it. */
  readonly directory: string;
  /** Path on this side of a file in the host's own directory. */
  path(relative: string): string;
  /** The last words of the host and of its shop. */
  lastWords(): Promise<string>;
  stop(): Promise<void>;
}

function toolDirectory(): string {
  const found = mountPoint([process.execPath], TOOL_DIRECTORIES);
  if (found === undefined) throw new Error(`no directory for the hosts' tools, expected one of ${TOOL_DIRECTORIES.join(', ')}`);
  return found;
}

/** A namespace with the shop's directory in it, as a host. */
export function hostOf(description: HostDescription, machine: Namespace, directory: string, env: Readonly<Record<string, string>>): Host {
  const exec = (what: HostCommand): Promise<HostResult> => execOnHost(machine, env, `${directory}/ssm`, what);
  const path = (relative: string): string => `/proc/${machine.pid}/root${directory}/${relative}`;
  return {
    ...description,
    pid: machine.pid,
    machine,
    directory,
    exec,
    path,
    sh: async (script, words = {}) => {
      const result = await exec({ command: { script }, env: words, timeoutS: 20 });
      if (result.exitCode === 0) return result.stdout;
      const said = result.stderr || result.stdout;
      throw new Error(`on ${description.name}: exit status ${result.exitCode}, expected 0: ${said.trim()} (${script.trim()})`);
    },
    lastWords: async () => {
      const log = await readFile(path('shop/log/server.log'), 'utf8').catch((cause: unknown) => String(cause));
      return `${machine.lastWords()}\n${log.slice(-1_000)}`.trim();
    },
    stop: () => machine.stop(),
  };
}

/** The environment of everything on a host. */
export function hostEnvironment(directory: string): Readonly<Record<string, string>> {
  return { PATH: `${toolDirectory()}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: '/root', SHOP: `${directory}/shop` };
}

/** Boots one host, with the shop on it, or for containers. */
export async function startHost(
  description: HostDescription,
  network: Network,
  directory: string,
  reportSchedule: string,
  runs: 'shop' | 'containers' = 'shop',
): Promise<Host> {
  const env = hostEnvironment(directory);
  await writeFile(`${directory}/image/etc/crontab.${description.name}`, crontab(directory, description.withReport, reportSchedule));
  const program = [`${directory}/image/bin/init`, description.name, directory, toolDirectory(), runs];
  const machine = await startMachine(description.name, program, env);
  await network.plug(machine, 'fleet', description.address);
  machine.begin();
  return hostOf(description, machine, directory, env);
}

/** Waits until the shop on the host answers. @throws with the last words of the shop */
export async function shopAnswers(host: Host): Promise<void> {
  await waitFor(`the shop on ${host.name}`, READY_MS, async () => {
    const { status } = await view(host.address, SHOP_PORT, '/health');
    return status === 200 ? { done: undefined } : { seen: await host.lastWords() };
  });
}
