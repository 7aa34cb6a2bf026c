/**
 * What a virtual machine's hypervisor took from it: a pause that neither prober nor server can
 * help.
 */
import { existsSync, readFileSync } from 'node:fs';

export interface ProcessorTimes {
  readonly all: number;
  readonly stolen: number;
}

const STAT = '/proc/stat';

/**
 * Since boot, of all processors together, in ticks (proc(5): user, nice, system, idle, iowait, irq,
 * softirq, steal).
 */
export function processorTimes(): ProcessorTimes {
  if (!existsSync(STAT)) return { all: 0, stolen: 0 };
  const [first = ''] = readFileSync(STAT, 'utf8').split('\n');
  const ticks = first.split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, one) => sum + one, 0), stolen: ticks[7] ?? 0 };
}

export function stolenBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  return after.all === before.all ? 0 : (after.stolen - before.stolen) / (after.all - before.all);
}
