/**
 * What kind of machine a host is, as far as it tells itself: CPUs and memory, and the instance type
 * on EC2's Nitro (M).
 */
import type { Inspection } from './inspection';

/** Memory in GB, to the half: 0 where it is not known. */
export function memoryGb({ memKb }: Inspection): number {
  return Math.round((memKb.get('MemTotal') ?? 0) / 1024 / 512) / 2;
}

/** CPUs of the host; undefined where they are not known. */
export function cpuCount({ facts }: Inspection): number | undefined {
  const value = Number(facts.get('cpus'));
  return value > 0 ? value : undefined;
}

/** "m7g.large, 2 CPUs, 8 GB". */
export function machineText(inspection: Inspection): string {
  const [product, cpus, memory] = [inspection.facts.get('product'), cpuCount(inspection), memoryGb(inspection)];
  const parts = [product, cpus === undefined ? undefined : `${cpus} CPUs`, memory > 0 ? `${memory} GB` : undefined];
  return parts.filter((part) => part !== undefined).join(', ') || 'unknown';
}

/** Whether two hosts are the same kind of machine: what either does not tell counts as equal. */
export function isSameMachine(a: Inspection, b: Inspection): boolean {
  const product = [a, b].map(({ facts }) => facts.get('product'));
  const cpus = [a, b].map(cpuCount);
  const memory = [a, b].map((host) => memoryGb(host) || undefined);
  return [product, cpus, memory].every(([one, other]) => one === undefined || other === undefined || one === other);
}

/** Fewer than this have no middle to compare with. */
const ENOUGH = 2;

/**
 * The peers whose numbers compare with the sick host's: those of its kind, where there are two;
 * otherwise all.
 */
export function comparable(sick: Inspection, peers: readonly Inspection[]): readonly Inspection[] {
  const alike = peers.filter((peer) => isSameMachine(sick, peer));
  return alike.length >= ENOUGH ? alike : peers;
}
