/** Keeps the scheduled restore of a removal in place, and due at the right time. */
import type { Authority, RecordedRemoval } from './outcome';

/** Scheduler refuses a time in the past. */
const SOONEST_MS = 60_000;

/**
 * Makes it where it is missing. An observing stack makes none (lib/responder-permissions.ts): it
 * restores what is overdue itself.
 */
export async function keepScheduledRestore({ ports, config }: Authority, { incident, ejection }: RecordedRemoval): Promise<void> {
  if (config.mode !== 'enforce' || (await ports.scheduledRestores.exists(ejection.scheduleName))) return;
  const at = Math.max(ejection.leaseEndsAt, ports.clock.now() + SOONEST_MS);
  await ports.scheduledRestores.create(ejection.scheduleName, at, incident.groupArn, ejection);
}

/** Makes it or moves it, so that it fires at that time, in epoch ms. */
export async function ensureScheduledRestore({ ports }: Authority, { incident, ejection }: RecordedRemoval, at: number): Promise<void> {
  const { scheduledRestores } = ports;
  const { scheduleName } = ejection;
  if (await scheduledRestores.exists(scheduleName)) await scheduledRestores.move(scheduleName, at, incident.groupArn, ejection);
  else await scheduledRestores.create(scheduleName, at, incident.groupArn, ejection);
}
