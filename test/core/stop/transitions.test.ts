/**
 * How the record of a stop changes: from which states, what it then says, and how long it may grow.
 */
import { STOP_STATES, type OutboxEntry, type Stop } from '../../../core/model';
import { stopAlert } from '../../../core/report/stop/alert';
import * as to from '../../../core/stop/transitions';
import { NOW } from '../../builders/now';
import { PLAN, incidentOf, stopOf } from './candidate-builder';

const outcome = { v: 1 as const, digest: PLAN.digest, outcome: 'stopped' as const, signalled: [], starter: 'commented-out' as const };
const TEXT = 'x'.repeat(2_000);
const lastOf = ({ events }: Stop) => events.at(-1);

test('a proposal says what it is about, and ends by itself', () => {
  const { id: caseId, groupArn, target } = incidentOf();
  const about = {
    caseId,
    groupArn,
    target,
    instanceId: target.id,
    plan: PLAN,
    culprit: { pid: 4242, command: 'x', user: 'y' },
    allowKill: false,
  };
  const made = to.propose({ now: NOW, number: 3, clientToken: 't', undoSchedule: 'u', approvalMs: 900_000, leaseMs: 86_400_000 }, about);
  expect(made).toEqual({
    v: 1,
    id: `${caseId}/stop/3`,
    rev: 0,
    ...about,
    state: 'proposed',
    proposedAt: NOW,
    expiresAt: NOW + 900_000,
    clientToken: 't',
    undoSchedule: 'u',
    undoAt: NOW + 86_400_000,
    events: [{ at: NOW, says: `proposed: pid 4242, digest ${'a'.repeat(12)}` }],
    outbox: [],
  });
});

interface Step {
  readonly from: readonly Stop['state'][];
  readonly change: (stop: Stop) => Stop;
  readonly fields: Partial<Stop>;
  /** Nothing is said of a look. */
  readonly says?: string;
}

const STEPS: Readonly<Record<string, Step>> = {
  started: { from: ['proposed'], change: (stop) => to.started(stop, NOW, 'e-1'), fields: { executionId: 'e-1' }, says: 'execution e-1' },
  told: { from: ['proposed'], change: (stop) => to.told(stop, NOW), fields: { toldAt: NOW }, says: 'told, waits for an approval' },
  cancelling: {
    from: ['proposed'],
    change: (stop) => to.cancelling(stop, NOW, 'withdrawn', 'w'),
    fields: { cancelling: { end: 'withdrawn', why: 'w' } },
    says: 'withdrawn: w',
  },
  approved: {
    from: ['proposed'],
    change: (stop) => to.approved(stop, NOW, 'Ann'),
    fields: { state: 'acting', approvedAt: NOW, approvedBy: 'Ann' },
    says: 'approved by Ann',
  },
  acted: {
    from: ['acting'],
    change: (stop) => to.acted(stop, NOW, outcome, 'w'),
    fields: { state: 'verifying', actedAt: NOW, outcome },
    says: 'the host says: stopped',
  },
  'acted, as far as is known': {
    from: ['acting'],
    change: (stop) => to.acted(stop, NOW, undefined, 'w'),
    fields: { state: 'verifying', actedAt: NOW },
    says: 'it is not known what the host did: w',
  },
  'acted, and nothing said': {
    from: ['acting'],
    change: (stop) => to.acted(stop, NOW, undefined, undefined),
    fields: { state: 'verifying', actedAt: NOW },
    says: 'it is not known what the host did: it said nothing',
  },
  verified: {
    from: ['verifying'],
    change: (stop) => to.verified(stop, NOW),
    fields: { state: 'holding', verifiedAt: NOW },
    says: 'verified: gone, and not back',
  },
  'undoing what failed': {
    from: ['verifying', 'holding'],
    change: (stop) => to.undoing(stop, NOW, 'b', true),
    fields: { state: 'undoing', because: 'b', blocksGroup: true },
    says: 'undoing: b',
  },
  'undoing what did not': {
    from: ['verifying', 'holding'],
    change: (stop) => to.undoing(stop, NOW, 'b', false),
    fields: { state: 'undoing', because: 'b' },
    says: 'undoing: b',
  },
  reminded: {
    from: ['acting', 'holding', 'undoing'],
    change: (stop) => to.reminded(stop, NOW, 'r'),
    fields: { remindedAt: NOW },
    says: 'r',
  },
  ended: {
    from: ['proposed', 'acting', 'verifying', 'holding', 'undoing'],
    change: (stop) => to.ended(stop, NOW, 'undone', 'b'),
    fields: { state: 'undone', endedAt: NOW, because: 'b' },
    says: 'undone: b',
  },
};

describe.each(Object.entries(STEPS))('%s', (_name, { from, change, fields, says }) => {
  test.each(from)('of one that is %s', (state) => {
    const stop = stopOf({ state });
    expect(change(stop)).toEqual({ ...stop, ...fields, events: [...stop.events, { at: NOW, says }] });
  });

  test.each(STOP_STATES.filter((state) => !from.includes(state)))('not of one that is %s', (state) => {
    const stop = stopOf({ state });
    expect(() => change(stop)).toThrow(`stop ${stop.id} is ${state}; allowed: ${from.join(', ')}`);
  });
});

test('a look counts while it is verified, from the first clean one on; while it is held it is a time alone', () => {
  const once = to.looked(stopOf({ state: 'verifying' }), NOW);
  expect(once).toEqual(stopOf({ state: 'verifying', lookedAt: NOW, cleanLooks: 1, firstCleanAt: NOW }));
  expect(to.looked(once, NOW + 1)).toEqual({ ...once, lookedAt: NOW + 1, cleanLooks: 2 });
  const held = stopOf({ state: 'holding', cleanLooks: 2, firstCleanAt: 1 });
  expect(to.looked(held, NOW)).toEqual({ ...held, lookedAt: NOW });
  expect(() => to.looked(stopOf(), NOW)).toThrow('allowed: verifying, holding');
});

test('what was reminded of is reminded of again when its undo fails', () => {
  expect(to.undoing(stopOf({ state: 'holding', remindedAt: 1 }), NOW, 'b', false).remindedAt).toBeUndefined();
});

test('no text on record is longer than a few lines', () => {
  expect(to.cancelling(stopOf(), NOW, 'withdrawn', TEXT).cancelling?.why).toHaveLength(500);
  expect(to.approved(stopOf(), NOW, TEXT).approvedBy).toHaveLength(300);
  expect(to.undoing(stopOf({ state: 'holding' }), NOW, TEXT, true).because).toHaveLength(500);
  expect(to.ended(stopOf(), NOW, 'refused', TEXT).because).toHaveLength(500);
  expect(lastOf(to.ended(stopOf(), NOW, 'refused', TEXT))?.says).toHaveLength(500);
});

test('of its events the first five and the latest are kept, sixty in all', () => {
  const started = Array.from({ length: 70 }, (_, index) => index).reduce(
    (stop, index) => to.reminded(stop, index, `r${index}`),
    stopOf({ state: 'holding' }),
  );
  expect(started.events.map(({ says }) => says)).toEqual([
    expect.stringContaining('proposed'),
    'r0',
    'r1',
    'r2',
    'r3',
    ...Array.from({ length: 55 }, (_, index) => `r${index + 15}`),
  ]);
  const upTo = (count: number) =>
    Array.from({ length: count }, (_, index) => index).reduce(
      (stop, index) => to.reminded(stop, index, `r${index}`),
      stopOf({ state: 'holding' }),
    );
  expect(
    upTo(59)
      .events.map(({ says }) => says)
      .slice(1, 7),
  ).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
  expect(
    upTo(60)
      .events.map(({ says }) => says)
      .slice(1, 7),
  ).toEqual(['r0', 'r1', 'r2', 'r3', 'r5', 'r6']);
});

describe('an alert that was delivered', () => {
  const { event } = stopAlert({ now: NOW, stop: stopOf(), news: 'proposed', deployment: {} });
  const entry = (fields: Partial<OutboxEntry> = {}): OutboxEntry => ({
    id: 'a',
    at: NOW,
    severity: 'page',
    subject: 's',
    body: 'the text',
    ...(event === undefined ? {} : { event }),
    ...fields,
  });
  const after = (fields: Partial<OutboxEntry>, by: 'topic' | 'event') =>
    to.delivered(to.withAlert(stopOf(), entry(fields)), 'a', by, NOW).outbox.at(-1);

  test('to its topic keeps its text and its event until EventBridge has it too', () => {
    expect(after({}, 'topic')).toEqual(entry({ sentAt: NOW }));
    expect(after({ emittedAt: 1 }, 'topic')).toEqual({
      id: 'a',
      at: NOW,
      severity: 'page',
      subject: 's',
      body: '',
      emittedAt: 1,
      sentAt: NOW,
    });
  });

  test('to EventBridge keeps its text until the topic has it too', () => {
    expect(after({}, 'event')).toEqual(entry({ emittedAt: NOW }));
    expect(after({ sentAt: 1 }, 'event')).toEqual({
      id: 'a',
      at: NOW,
      severity: 'page',
      subject: 's',
      body: '',
      sentAt: 1,
      emittedAt: NOW,
    });
  });

  test('quietly needs no topic', () => {
    expect(after({ quiet: true }, 'event')).toMatchObject({ body: '', sentAt: NOW, emittedAt: NOW });
  });

  test('without an event is done with its topic', () => {
    const { event: _event, ...bare } = entry();
    expect(to.delivered(to.withAlert(stopOf(), bare), 'a', 'topic', NOW).outbox).toEqual([{ ...bare, body: '', sentAt: NOW }]);
  });

  test('leaves every other one as it is', () => {
    const both = to.withAlert(to.withAlert(stopOf(), entry()), entry({ id: 'b' }));
    expect(to.delivered(both, 'b', 'topic', NOW).outbox).toEqual([entry(), entry({ id: 'b', sentAt: NOW })]);
  });
});
