/**
 * From the outbox to whoever listens, at least once: an entry is on record before it is sent, and
 * marked after it was taken. The topics and EventBridge are two ways of their own: one that fails
 * holds up its own entries, in their order, and not the other's.
 */
import { emitted, sent, unemitted, unsent } from '../../core/case-transitions';
import type { Case, OutboxEntry } from '../../core/model';
import { throwAny } from '../failures';
import type { RespondPorts } from '../ports';

type Ports = Pick<RespondPorts, 'cases' | 'caseEvents' | 'clock' | 'topic'>;

interface Way {
  readonly waiting: (incident: Case) => OutboxEntry[];
  readonly send: (ports: Ports, entry: OutboxEntry, incident: Case) => Promise<void>;
  readonly mark: (incident: Case, id: string, now: number) => Case;
}

const WAYS: readonly Way[] = [
  {
    waiting: unsent,
    send: ({ topic }, entry, { id, groupArn }) => topic.publish(entry, { caseId: id, ...(groupArn === undefined ? {} : { groupArn }) }),
    mark: sent,
  },
  {
    waiting: unemitted,
    send: async ({ caseEvents }, { event }) => {
      if (event !== undefined) await caseEvents.emit(event);
    },
    mark: emitted,
  },
];

/**
 * The case as it is stored afterwards. @throws when anything was not taken, after the other way was
 * tried, or when the record was overtaken: what is not marked is sent again by the next run.
 */
export async function deliver(ports: Ports, incident: Case): Promise<Case> {
  const failures: unknown[] = [];
  let current = incident;
  for (const way of WAYS) {
    for (const entry of way.waiting(current)) {
      const failure = await attempt(() => way.send(ports, entry, current));
      if (failure !== undefined) {
        failures.push(failure.error);
        break;
      }
      current = await ports.cases.put(way.mark(current, entry.id, ports.clock.now()));
    }
  }
  throwAny(failures, 'of the ways to tell failed');
  return current;
}

async function attempt(send: () => Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    return { error };
  }
}
