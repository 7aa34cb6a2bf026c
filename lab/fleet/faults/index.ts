import type { Fault } from './fault';
import { poolStarvation } from './pool-starvation';

/** Every fault by its name. */
export const FAULTS = {
  'pool-starvation': poolStarvation,
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
