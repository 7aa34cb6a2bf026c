/** What goes wrong in a run, by whoever makes it: drawn from a seed, or one mutation's own. */
import type { Config } from '../../core/config';
import type { RespondPorts } from '../../lambda/ports';
import type { Call, Fault } from './invocation';
import type { Stage } from './roles';

export interface Chaos {
  /** What goes wrong with a call, if anything. */
  readonly faultAt: (call: Call) => Fault | undefined;
  /** What somebody does right before a call. */
  readonly meddle?: (call: Call, stage: Stage) => void;
  readonly skewMs?: () => number;
  readonly scheduleLateMs?: () => number;
  /**
   * How long a delivery of the scheduled restore is under way before its call is made, and whether
   * retries outlive a deletion.
   */
  readonly deliveryMs?: () => number;
  readonly retriesDeleted?: () => boolean;
  /** How long after a removal an alarm has everything measured once more; undefined: none fires. */
  readonly alarmAfterMs?: () => number | undefined;
  /** Whether the scheduled restore is refused this time it fires. */
  readonly refuseScheduledRestore?: () => boolean;
  readonly wakesTwice?: () => boolean;
  /**
   * Wraps the responder's ports or its configuration: for the mutations that the checker must
   * notice.
   */
  readonly alter?: (ports: RespondPorts, config: Config, stage: Stage) => { readonly ports: RespondPorts; readonly config: Config };
}
