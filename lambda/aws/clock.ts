import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports';

export const clock: Clock = { now: () => Date.now(), sleep: (ms) => sleep(ms) };
