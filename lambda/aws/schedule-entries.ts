/** One-time entries of a schedule group of ours, whoever made them. */
import { DeleteScheduleCommand, GetScheduleCommand, ResourceNotFoundException, type SchedulerClient } from '@aws-sdk/client-scheduler';
import type { ScheduledRestores } from '../ports';

/** @throws whatever Scheduler throws, but for an entry that is not there. */
export function scheduleEntries(client: SchedulerClient, group: string): Pick<ScheduledRestores, 'exists' | 'cancel'> {
  return {
    exists: (name) => found(() => client.send(new GetScheduleCommand({ Name: name, GroupName: group }))),
    // A missing entry is what we want: it fired and deleted itself, or never was.
    cancel: async (name) => void (await found(() => client.send(new DeleteScheduleCommand({ Name: name, GroupName: group })))),
  };
}

async function found(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}
