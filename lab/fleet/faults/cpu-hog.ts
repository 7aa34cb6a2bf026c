import { readFile } from 'node:fs/promises';
import { addCronLine, comeMinute, killByCommand, removeCronLines } from '../engineer';
import type { Host } from '../hosts';
import { REHASH } from '../image';
import type { Fault } from './fault';

/** The cores this process may use, as `taskset` writes them: "0-3,8". */
async function allowedCores(): Promise<string> {
  const list = /^Cpus_allowed_list:\s+(\S+)/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  if (list === undefined) throw new Error('/proc/self/status has no Cpus_allowed_list');
  return list;
}

/** Binds every process of the host, and what they start from now on, to the cores: a namespace does not give a host a core of its own. */
async function bind(host: Host, cores: string): Promise<void> {
  await host.sh('for process in /proc/[0-9]*; do taskset -acp "$CORES" "${process#/proc/}" >/dev/null || [ ! -e "$process" ]; done', {
    CORES: cores,
  });
}

/** A migration with 32 busy threads on the one core of the host. Started by cron, so that the scheduler sees it as one of the host's own. */
export const cpuHog: Fault = {
  start: async (_, host) => {
    await bind(host, /^\d+/.exec(await allowedCores())?.[0] ?? '0');
    await addCronLine(host, `${REHASH.schedule} ${host.directory}/shop/bin/${REHASH.program} --all`);
    await comeMinute(host, REHASH.schedule);
  },
  stop: async (_, host) => {
    await killByCommand(host, `${REHASH.program} --all`);
    await removeCronLines(host, REHASH.program);
    await bind(host, await allowedCores());
  },
};
