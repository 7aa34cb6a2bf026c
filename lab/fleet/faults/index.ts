import { allSlow } from './all-slow';
import { containerReport } from './container-report';
import { cpuHog } from './cpu-hog';
import { diskFull } from './disk-full';
import { dns } from './dns';
import { eventLoopBlock } from './event-loop-block';
import type { Fault } from './fault';
import { fdExhaustion } from './fd-exhaustion';
import { poolLeak } from './pool-leak';
import { poolStarvation } from './pool-starvation';
import { releaseDrift } from './release-drift';
import { slowWithoutCause } from './slow-without-cause';

/** Every fault by its name. `all-slow` takes a host like the others and harms all of them. */
export const FAULTS = {
  'pool-starvation': poolStarvation,
  'container-report': containerReport,
  'pool-leak': poolLeak,
  'cpu-hog': cpuHog,
  'event-loop-block': eventLoopBlock,
  'disk-full': diskFull,
  'fd-exhaustion': fdExhaustion,
  dns,
  'release-drift': releaseDrift,
  'slow-without-cause': slowWithoutCause,
  'all-slow': allSlow,
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;
