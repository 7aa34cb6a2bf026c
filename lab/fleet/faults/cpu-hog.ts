import { readFile } from 'node:fs/promises';
import { readlinkSync } from 'node:fs';
import { run } from '../command';
import { addCronLine, comeMinute, killByCommand, removeCronLines } from '../engineer';
import type { Host } from '../hosts';
import { REHASH } from '../image';
import type { Fault } from './fault';

// Every process of the lab: the host's to its own core, all others to the rest. One that ended
// meanwhile is passed over.
const BIND = `
for process in /proc/[0-9]*; do
  case "$(readlink "$process/ns/pid")" in "$HOST") cores=$OWN ;; *) cores=$REST ;; esac
  taskset -acp "$cores" "\${process#/proc/}" >/dev/null || [ ! -e "$process" ]
done`;

/** "0-2,8" as [0, 1, 2, 8]. */
function expand(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The cores this process may use, asked for before anything is bound. */
async function allowedCores(): Promise<number[]> {
  const list = /^Cpus_allowed_list:\s+(\S+)/m.exec(await readFile('/proc/1/status', 'utf8'))?.[1];
  if (list === undefined) throw new Error('/proc/1/status has no Cpus_allowed_list');
  return expand(list);
}

async function bind(host: Host, own: readonly number[], rest: readonly number[]): Promise<void> {
  const env = { ...process.env, HOST: readlinkSync(`/proc/${host.pid}/ns/pid`), OWN: own.join(), REST: rest.join() };
  await run(['/bin/sh', '-c', BIND], { env });
}

let cores: number[] = [];

/**
 * A migration with 24 busy workers on the one core of the host: a namespace does not give a host a
 * core of its own, so this does. Each worker has a session of its own, so that a scheduler that
 * groups by session leaves the application a twenty-fifth of the core, as one that does not.
 */
export const cpuHog: Fault = {
  start: async (_, host) => {
    cores = await allowedCores();
    const rest = cores.slice(0, -1);
    await bind(host, cores.slice(-1), rest.length > 0 ? rest : cores);
    await addCronLine(host, `${REHASH.schedule} ${host.directory}/shop/bin/${REHASH.program} --all`);
    await comeMinute(host, REHASH.schedule);
  },
  stop: async (_, host) => {
    await killByCommand(host, `${REHASH.program} --all`);
    await removeCronLines(host, REHASH.program);
    await bind(host, cores, cores);
  },
};
