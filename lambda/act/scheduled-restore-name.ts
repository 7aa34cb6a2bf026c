/** The names of what is scheduled. */
import { createHash } from 'node:crypto';
import { targetKey, type Target } from '../../core/model';

/**
 * The entry's name: the same for a target whatever case it is out for. Names take 64 characters
 * (CreateSchedule, API reference).
 */
export function scheduledRestoreName(groupArn: string, target: Target): string {
  return `sickbay-${createHash('sha256')
    .update(`${groupArn}#${targetKey(target)}`)
    .digest('hex')
    .slice(0, 40)}`;
}

/** The same for a task whatever case it is stopped for. */
export function scheduledStopName(taskArn: string): string {
  return `sickbay-stop-${createHash('sha256').update(taskArn).digest('hex').slice(0, 40)}`;
}
