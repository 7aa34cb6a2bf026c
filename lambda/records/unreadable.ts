/**
 * Tells of stored rounds that this code cannot read: in the log, and as a metric that an alarm
 * watches. Cases are counted by the sweep.
 */
import { STACK_METRICS } from '../contract';
import type { Clock, Log, Metrics } from '../ports';

export function tellUnreadable(clock: Pick<Clock, 'now'>, log: Log, metrics: Metrics): (summary: string) => void {
  return (summary) => {
    log('record-unreadable', { says: summary });
    metrics({ at: clock.now(), values: { [STACK_METRICS.unreadableRecords]: 1 } });
  };
}
