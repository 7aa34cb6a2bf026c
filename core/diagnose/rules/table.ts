import type { Rule } from '../view';
import { acceptQueueOverflow } from './accept-queue-overflow';
import { configDrift } from './config-drift';
import { cpuSaturation } from './cpu-saturation';
import { diskFull } from './disk-full';
import { diskIo } from './disk-io';
import { eventLoopBlock } from './event-loop-block';
import { fdExhaustion } from './fd-exhaustion';
import { memoryPressure } from './memory-pressure';
import { nameLookup } from './name-lookup';
import { poolLeak } from './pool-leak';
import { poolStarvation } from './pool-starvation';
import { releaseDrift } from './release-drift';
import { sharedDependency } from './shared-dependency';
import { slowDependency } from './slow-dependency';
import { socketLeak } from './socket-leak';
import { tracerAttached } from './tracer-attached';

/**
 * Every cause we can tell. To add one: a file beside this, a line here. Equal confidences keep this
 * order.
 */
export const RULES: readonly Rule[] = [
  sharedDependency,
  poolStarvation,
  tracerAttached,
  releaseDrift,
  poolLeak,
  slowDependency,
  cpuSaturation,
  eventLoopBlock,
  memoryPressure,
  diskFull,
  diskIo,
  fdExhaustion,
  socketLeak,
  acceptQueueOverflow,
  nameLookup,
  configDrift,
];
