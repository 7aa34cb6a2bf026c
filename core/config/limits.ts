/** How much may be removed at once, and what it takes to restore it. */
import * as z from 'zod/mini';
import { strict, integer, decimal } from './values';

export const limits = strict({
  /** Clean rounds before a restore. */
  cleanRounds: z._default(integer(2, 20), 3),
  /** Healthy targets left after a removal, as a fraction of the set registered before we began. */
  healthyFraction: z._default(decimal(0.6, 1), 0.6),
  /** Targets out by us at once, as a fraction of the same set. Below 20 targets it is one. */
  outFraction: z._default(decimal(0.01, 0.2), 0.2),
  /** Ceiling of the survivors' projected use. */
  capacityCeiling: z._default(decimal(0.1, 0.7), 0.7),
  ejectionsPerGroupHour: z._default(integer(1, 2), 2),
  ejectionsPerStackHour: z._default(integer(1, 3), 3),
  /** Tasks of one service of ECS that may be replaced within an hour. */
  replacementsPerServiceHour: z._default(integer(1, 3), 1),
});
