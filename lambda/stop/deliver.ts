/**
 * From a stop's outbox to whoever listens, at least once and in order: an entry is on record before
 * it is sent, and marked after it was taken (as lambda/alert/deliver.ts does for cases).
 */
import type { OutboxEntry, Stop } from '../../core/model';
import { delivered } from '../../core/stop/transitions';
import { throwAny } from '../failures';
import type { StopPorts } from './ports';

interface Way {
  readonly by: 'topic' | 'event';
  readonly waits: (entry: OutboxEntry) => boolean;
  readonly send: (ports: StopPorts, entry: OutboxEntry, stop: Stop) => Promise<void>;
}

const WAYS: readonly Way[] = [
  {
    by: 'topic',
    waits: ({ sentAt, quiet }) => sentAt === undefined && quiet !== true,
    send: ({ topic }, entry, { caseId, groupArn }) => topic.publish(entry, { caseId, groupArn }),
  },
  {
    by: 'event',
    waits: ({ event, emittedAt }) => event !== undefined && emittedAt === undefined,
    send: async ({ caseEvents }, { event }) => {
      if (event !== undefined) await caseEvents.emit(event);
    },
  },
];

/**
 * @throws when anything was not taken, after the other way was tried: it is sent again by the next
 * run.
 */
export async function deliverStop(ports: StopPorts, stop: Stop, keep: (stop: Stop) => void): Promise<void> {
  const failures: unknown[] = [];
  let current = stop;
  for (const { by, waits, send } of WAYS) {
    try {
      for (const entry of current.outbox.filter(waits)) {
        await send(ports, entry, current);
        current = await ports.stops.put(delivered(current, entry.id, by, ports.clock.now()));
        keep(current);
      }
    } catch (error) {
      failures.push(error);
    }
  }
  throwAny(failures, 'of the ways to tell failed');
}
