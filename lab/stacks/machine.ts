/**
 * A host with Debian's services on it: namespaces of its own, and a root of its own on the layer.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execOnHost, type HostResult } from '../fleet/exec';
import { startMachine, type Namespace } from '../fleet/namespace';
import type { Network } from '../fleet/network';
import { waitFor } from '../fleet/wait';
import { CGROUP } from '../fleet/cgroups';
import { existsSync } from 'node:fs';

const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C' };
const SSM_DIRECTORY = '/var/lib/lab/ssm';
const BOOT_MS = 30_000;
/**
 * What an operator starts is in the control groups of the host: `nsenter` does not move it there.
 */
const JOIN = 'for procs in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do [ ! -e "$procs" ] || echo $$ > "$procs"; done\n';
const TREES = join(__dirname, 'trees');

export interface StackHost {
  readonly name: string;
  readonly address: string;
  readonly pid: number;
  /** Runs a script that must succeed and returns its output. @throws with what it wrote */
  sh(script: string): Promise<string>;
  /** Runs a script as the SSM agent would. */
  exec(script: string, env: Readonly<Record<string, string>>, timeoutS: number): Promise<HostResult>;
  stop(): Promise<void>;
}

export interface MachineOptions {
  readonly name: string;
  readonly address: string;
  /** The root with the packages. */
  readonly root: string;
  /** Directory of the lab for what belongs to machines. */
  readonly directory: string;
  readonly trees: readonly string[];
}

/** Boots a machine and waits until its services have been started, which is before they serve. */
export async function startStackMachine(network: Network, options: MachineOptions): Promise<StackHost> {
  const { name, address, root, directory, trees } = options;
  const own = join(directory, name);
  await mkdir(own, { recursive: true });
  const init = join(__dirname, 'host/init.sh');
  const program = ['/bin/sh', init, name, root, own, TREES, 'every-machine', ...trees];
  const started = await startMachine(name, program, { ...ENV, CGROUP: process.env[CGROUP] ?? 'sickbay-stacks' });
  const machine = { ...started, enter: [...started.enter.slice(0, -1), '-C', '--'] };
  await network.plug(machine, 'fleet', address);
  machine.begin();
  await waitFor(`the boot of ${name}`, BOOT_MS, () =>
    Promise.resolve(existsSync(`/proc/${machine.pid}/root/run/lab-started`) ? { done: true } : { seen: machine.lastWords() || 'nothing' }),
  );
  return hostOf(name, address, machine);
}

function hostOf(name: string, address: string, machine: Namespace): StackHost {
  const exec = (script: string, env: Readonly<Record<string, string>>, timeoutS: number) =>
    execOnHost(machine, ENV, SSM_DIRECTORY, { command: { script }, env, timeoutS });
  return {
    name,
    address,
    pid: machine.pid,
    exec,
    sh: async (script) => {
      const result = await exec(JOIN + script, {}, 60);
      if (result.exitCode === 0) return result.stdout;
      throw new Error(
        `on ${name}: exit status ${result.exitCode}, expected 0: ${(result.stderr || result.stdout).trim()} (${script.trim()})`,
      );
    },
    stop: () => machine.stop(),
  };
}
