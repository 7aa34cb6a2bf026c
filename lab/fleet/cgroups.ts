/**
 * Hosts have control groups of their own, below those of whoever plays the scenes (`host/init.sh`
 * makes them). Namespaces end with their processes; control groups stay, and are removed here.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from './errno';

/** The variable that names the group to the hosts. */
export const CGROUP = 'SICKBAY_STACKS_CGROUP';
const MOUNT = '/sys/fs/cgroup';
const TRIES = 40;
const PAUSE_MS = 100;

/**
 * Where a group of this name is in every hierarchy of the machine: version 1, version 2, or both.
 */
function directoriesOf(name: string): string[] {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const unified = existsSync(join(MOUNT, 'cgroup.controllers')) ? MOUNT : join(MOUNT, 'unified');
    return join(controllers === '' ? unified : join(MOUNT, controllers.replace(/^name=/, '')), path, name);
  });
}

/**
 * Puts the process into a group below our own, made where it is missing, in every hierarchy that
 * takes processes as it is. False where nobody may make groups here, as without being root.
 */
export function joinCgroup(name: string, pid: number): boolean {
  try {
    for (const directory of directoriesOf(name)) if (!isCpuset(directory)) enter(directory, pid);
    return true;
  } catch (cause) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(errnoOf(cause) ?? '')) return false;
    throw cause;
  }
}

/** Of version 1: takes no process before it has CPUs and memory of its own. */
function isCpuset(directory: string): boolean {
  return directory.startsWith(join(MOUNT, 'cpuset/'));
}

function enter(directory: string, pid: number): void {
  if (!existsSync(MOUNT)) return;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'cgroup.procs'), String(pid));
}

/**
 * Removes the group and what is below it, once its last processes are gone. @throws where they do
 * not go
 */
export async function removeCgroup(name: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      for (const directory of directoriesOf(name)) if (existsSync(directory)) removeTree(directory);
      return;
    } catch (cause) {
      if (tries === TRIES) throw cause; // a process that was killed is a member until it is reaped
      await sleep(PAUSE_MS);
    }
  }
}

/** A control group has files that cannot be removed, and goes with them once it has no children. */
function removeTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) if (entry.isDirectory()) removeTree(join(directory, entry.name));
  rmdirSync(directory);
}
