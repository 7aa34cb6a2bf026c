/** Tells of stored rounds that this code cannot read: in the log, and as a metric that an alarm watches. Cases are counted by the sweep. */
import { STACK_METRICS } from '../contract';
import type { Clock, Log, Metrics } from '../ports';

export function tellUnreadable(clock: Pick<Clock, 'now'>, log: Log, metrics: Metrics): (says: string) => void {
  return (says) => {
    log('record-unreadable', { says });
    metrics({ at: clock.now(), values: { [STACK_METRICS.unreadableRecords]: 1 } });
  };
}
