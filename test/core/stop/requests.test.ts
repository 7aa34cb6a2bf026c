/**
 * What people ask about a stop: in which state it is granted, what it leaves on record, what they
 * are told.
 */
import { STOP_STATES, type Stop, type StopRequest, type StopState } from '../../../core/model';
import { answerStopRequest } from '../../../core/stop/request';
import { NOW } from '../../builders/now';
import { stopOf } from './candidate-builder';

const asked = (kind: StopRequest['kind'], fields: Partial<StopRequest> = {}): StopRequest => ({
  kind,
  stop: stopOf().id,
  by: 'Ann',
  reason: 'wrong job',
  ...fields,
});
const BY = 'Ann: wrong job';
const answered = (state: StopState, kind: StopRequest['kind'], fields: Partial<Stop> = {}) =>
  answerStopRequest([stopOf({ state, ...fields })], asked(kind), NOW);
const HINT: Partial<Record<StopState, string>> = { proposed: ' Deny it instead.', acting: ' Ask again when the host has ended.' };
const { id, events } = stopOf();

test('of a stop that is not on record nothing is granted', () => {
  expect(answerStopRequest([stopOf()], asked('undo', { stop: 'case-9' }), NOW)).toEqual({
    granted: false,
    says: ['No stop case-9 is on record.'],
  });
});

describe.each(STOP_STATES)('one that is %s', (state) => {
  const granted = (stop: Stop, says: string) => ({ granted: true, stop, says: [says] });
  const noted = (fields: Partial<Stop>, says: string) =>
    stopOf({ state, ...fields, events: [...events, { at: NOW, says: `${says} by ${BY}` }] });
  const refused = (what: string) => ({ granted: false, says: [`Stop ${id} is ${state} and cannot be ${what}.${HINT[state] ?? ''}`] });

  test('is undone where its change stands', () => {
    const stands = state === 'verifying' || state === 'holding';
    const already = state === 'undoing' ? granted(stopOf({ state }), `Stop ${id} is being undone already.`) : refused('undone');
    expect(answered(state, 'undo')).toEqual(
      stands ? granted(noted({ undoAskedBy: BY }, 'undo asked'), `Stop ${id} is being undone.`) : already,
    );
  });

  test('is kept where it is held, or on its way back', () => {
    const says = `Stop ${id} is kept: what starts the job stays out of the way until a person gives it back on the host.`;
    expect(answered(state, 'keep')).toEqual(
      state === 'holding' || state === 'undoing' ? granted(noted({ keepAskedBy: BY }, 'keep asked'), says) : refused('kept'),
    );
  });

  test('that was looked at blocks its group no more', () => {
    expect(answered(state, 'looked-at', { blocksGroup: true })).toEqual({
      granted: true,
      stop: stopOf({ state, events: [...events, { at: NOW, says: `looked at by ${BY}` }] }),
      says: [`Further stops may be proposed in the group of ${id}.`],
    });
    expect(answered(state, 'looked-at')).toEqual({ granted: true, stop: stopOf({ state }), says: [`Stop ${id} blocks nothing.`] });
  });
});

test('words without end are cut off before they are on record', () => {
  const answer = answerStopRequest([stopOf({ state: 'holding' })], asked('undo', { reason: 'x'.repeat(9_000) }), NOW);
  expect(answer.granted && answer.stop.undoAskedBy).toBe(`Ann: ${'x'.repeat(295)}`);
});

describe('of several stops of one subject', () => {
  const at = (proposedAt: number, fields: Partial<Stop>): Stop => stopOf({ proposedAt, state: 'holding', ...fields });
  const meant = (stops: readonly Stop[], subject: string) => {
    const answer = answerStopRequest(stops, asked('undo', { stop: subject }), NOW);
    return answer.granted ? answer.stop.id : answer.says;
  };
  const { caseId, instanceId } = stopOf();
  const old = at(1, { id: 'old' });
  const failed = at(2, { id: 'failed', endedAt: 3, blocksGroup: true });
  const newest = at(3, { id: 'newest', endedAt: 4 });

  test('one that has not ended is meant, then one that blocks, then the newest', () => {
    for (const subject of [caseId, instanceId]) {
      expect(meant([newest, failed, old], subject)).toBe('old');
      expect(meant([newest, failed], subject)).toBe('failed');
      expect(meant([at(1, { id: 'older', endedAt: 2 }), newest], subject)).toBe('newest');
    }
    expect(meant([old, failed, newest], 'newest')).toBe('newest');
  });

  test('one of another subject is never meant', () => {
    expect(meant([old, newest], 'i-9')).toEqual(['No stop i-9 is on record.']);
  });
});
