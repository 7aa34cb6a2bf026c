import type { Rule } from '../view';
import { poolLeak } from './pool-leak';
import { poolStarvation } from './pool-starvation';
import { sharedDependency } from './shared-dependency';

/** Every cause we can tell. To add one: a file beside this, a line here. */
export const RULES: readonly Rule[] = [poolStarvation, poolLeak, sharedDependency];
