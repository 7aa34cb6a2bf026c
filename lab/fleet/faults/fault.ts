import type { Fleet } from '../fleet';
import type { Host } from '../hosts';

/** One thing that goes wrong on one host, for real. */
export interface Fault {
  /** Makes it go wrong, and returns once it has begun. */
  start(fleet: Fleet, host: Host): Promise<void>;
  /** What the engineer does about it. */
  stop(fleet: Fleet, host: Host): Promise<void>;
}
