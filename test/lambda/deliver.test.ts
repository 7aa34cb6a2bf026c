/** Alerts and events reach topic and event bus at least once, each way for itself. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { withAlert } from '../../core/case-transitions';
import type { Case, OutboxEntry } from '../../core/model';
import { alert } from '../../core/report/alert';
import { caseEvents } from '../../lambda/aws/case-events';
import { deliver } from '../../lambda/alert/deliver';
import { open, type Opened } from '../lab/wire-setup';
import { targetCase } from '../builders/cases';
import { decisionTo } from '../builders/decisions';
import { GROUP } from '../builders/groups';

const NOW = 1_800_000_000_000;
const target = { id: 'i-0123456789abcdef0', port: 8080 };
const opened = targetCase({ openedAt: NOW, target });

function entry(at: number): OutboxEntry {
  return alert({ now: at, incident: opened, decision: decisionTo('eject', { target }), round: undefined, remarks: [] });
}

const two = withAlert(withAlert(opened, entry(NOW)), entry(NOW + 1));

interface Fails {
  readonly topic?: boolean;
  readonly events?: boolean;
}

async function delivered(incident: Case, fails: Fails = {}) {
  const published: string[] = [];
  const emitted: string[] = [];
  const stored: Case[] = [];
  const refuse = async (what: string) => Promise.reject(new Error(`${what} is down`));
  const outcome = await deliver(
    {
      clock: { now: () => NOW + 5, sleep: async () => undefined },
      topic: {
        publish: async ({ id }) => (fails.topic === true ? refuse('the topic') : void published.push(id)),
        audience: async () => ({ confirmed: 1, pending: 0 }),
      },
      caseEvents: { emit: async ({ id }) => (fails.events === true ? refuse('the bus') : void emitted.push(id)) },
      cases: {
        open: async () => [],
        closedSince: async () => [],
        put: async (one) => {
          stored.push(one);
          return one;
        },
        archive: async () => undefined,
        drop: async () => undefined,
      },
    },
    incident,
  ).then(
    (one) => ({ one, error: undefined }),
    (error: unknown) => ({ one: stored.at(-1) ?? incident, error }),
  );
  return { ...outcome, published, emitted };
}

const IDS = two.outbox.map(({ id }) => id);

test('what was delivered both ways keeps neither text nor event, and is not sent again', async () => {
  const { one, published, emitted } = await delivered(two);
  expect([published, emitted]).toEqual([IDS, IDS]);
  expect(one.outbox.map(({ body, event, sentAt, emittedAt }) => [body, event, sentAt, emittedAt])).toEqual([
    ['', undefined, NOW + 5, NOW + 5],
    ['', undefined, NOW + 5, NOW + 5],
  ]);
  expect(await delivered(one)).toMatchObject({ published: [], emitted: [] });
});

test('a bus that is down holds up no alert, and gets each event once it is back; no alert is told twice', async () => {
  const down = await delivered(two, { events: true });
  expect([down.published, down.emitted, String(down.error)]).toEqual([IDS, [], 'Error: the bus is down']);
  expect(await delivered(down.one)).toMatchObject({ published: [], emitted: IDS, error: undefined });
});

test('a topic that is down holds up no event, and gets the alerts in their order', async () => {
  const down = await delivered(two, { topic: true });
  expect([down.published, down.emitted]).toEqual([[], IDS]);
  expect(down.one.outbox.every(({ event, body }) => event !== undefined && body !== '')).toBe(true);
  expect(await delivered(down.one)).toMatchObject({ published: IDS, emitted: [] });
});

test('what is told by its event alone is on no topic', async () => {
  const quiet = withAlert(opened, { ...entry(NOW), quiet: true });
  const { one, published, emitted } = await delivered(quiet);
  expect([published, emitted.length]).toEqual([[], 1]);
  expect(one.outbox[0]).toMatchObject({ body: '', sentAt: NOW + 5 });
});

test('an entry of an older record, which has no event, is published alone', async () => {
  const { event: _, ...old } = entry(NOW);
  expect(await delivered(withAlert(opened, old))).toMatchObject({ published: [old.id], emitted: [], error: undefined });
});

describe('the event bus', () => {
  let wire: Opened;
  beforeEach(async () => {
    wire = await open();
  });
  afterEach(() => wire.door.close());
  const { event } = entry(NOW);
  if (event === undefined) throw new Error('the entry has no event');

  const emit = async (): Promise<void> => {
    const client = new EventBridgeClient(wire.client);
    await caseEvents(client)
      .emit(event)
      .finally(() => client.destroy());
  };

  test('gets source, type, time and the target group with the event', async () => {
    await emit();
    const [taken] = wire.world.eventBus.events;
    expect(taken).toMatchObject({ Source: 'sickbay', DetailType: 'Sickbay Case State Change', Resources: [GROUP], Time: new Date(NOW) });
    expect(JSON.parse(taken?.Detail ?? '')).toEqual(event);
  });

  test('may answer with success and not take the event: that is a failure', async () => {
    wire.world.eventBus.failing = 1;
    await expect(emit()).rejects.toThrow(`EventBridge did not take the event case-1/eject/${NOW}: got InternalFailure`);
    await emit();
    expect(wire.world.eventBus.events).toHaveLength(1);
  });
});
