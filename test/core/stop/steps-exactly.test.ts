/** Each next step in full, on both sides of every time at which it changes. */
import type { Stop, StopExecution, StopStatus } from '../../../core/model';
import { nextStep, type StopStep, type StopWorld } from '../../../core/stop/next-step';
import { acted, approved, looked, verified } from '../../../core/stop/transitions';
import { NOW } from '../../builders/now';
import { PLAN, stopOf } from './candidate-builder';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const outcome = { v: 1 as const, digest: PLAN.digest, outcome: 'stopped' as const, signalled: [], starter: 'commented-out' as const };
const passing: NonNullable<StopWorld['checks']> = [{ check: 'stop-switch', passed: true, value: 'off', limit: 'off' }];
const execution = (state: StopExecution['state'], fields: Partial<StopExecution> = {}): NonNullable<StopWorld['execution']> => ({
  value: { state, reachedHost: false, ...fields },
});
const status = (fields: Partial<StopStatus> = {}): NonNullable<StopWorld['status']> => ({
  value: { v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held', ...fields },
});
const unread = { unread: 'Throttling' };

const proposal = stopOf();
const acting = approved(proposal, NOW, 'role/oncall');
const verifying = acted(acting, NOW, outcome, undefined);
const unanswered = acted(acting, NOW, undefined, 'it said nothing');
const clean = looked(looked(verifying, NOW + MINUTE), NOW + 21 * MINUTE);
const holding = verified(clean, NOW + 22 * MINUTE);
const { executionId: _id, toldAt: _told, ...unstarted } = proposal;

const waits = (why: string): StopStep => ({ step: 'wait', why });
const closes = (as: 'refused' | 'denied' | 'expired' | 'withdrawn' | 'undone', because: string): StopStep => ({
  step: 'close',
  as,
  because,
});
const undoes = (because: string, failed: boolean): StopStep => ({ step: 'undo', because, failed });

type Row = readonly [says: string, stop: Stop, world: StopWorld, at: number, expected: StopStep];
const inTurn = (rows: readonly Row[]): void => {
  test.each(rows)('%s', (_says, stop, world, at, expected) => {
    expect(nextStep(stop, world, at)).toEqual(expected);
  });
};

describe('a proposal', () => {
  /**
   * The approval's 15 minutes twice, for an execution that began at the last moment, and five more.
   */
  const goneAt = proposal.expiresAt + 20 * MINUTE;
  const waiting = { execution: execution('waiting'), checks: passing };
  const twice: NonNullable<StopWorld['checks']> = [
    { check: 'stop-switch', passed: false, value: 'on', limit: 'the switch for stops is off' },
    { check: 'target-serves', passed: false, value: 'it serves again', limit: 'the target is out' },
  ];
  inTurn([
    ['is started until nothing of it can act any more', unstarted, {}, goneAt - 1, { step: 'start' }],
    ['and is over from then on', unstarted, {}, goneAt, closes('expired', 'it could not be started')],
    ['whose execution was not read waits', proposal, {}, NOW, waits('the execution cannot be read')],
    [
      'whose execution cannot be read waits, even past its end',
      proposal,
      { execution: unread },
      NOW + HOUR,
      waits('the execution cannot be read'),
    ],
    [
      'waits for its end while that is under way',
      proposal,
      { execution: execution('cancelling') },
      NOW + HOUR,
      waits('until it is cancelled'),
    ],
    ['waits for an approval to its last millisecond', proposal, waiting, proposal.expiresAt - 1, waits('for an approval')],
    [
      'is cancelled at its expiry',
      proposal,
      waiting,
      proposal.expiresAt,
      { step: 'cancel', end: 'expired', why: 'nobody approved it in time' },
    ],
    [
      'is not told of before what it rests on was read',
      { ...unstarted, executionId: 'e' },
      { execution: execution('waiting') },
      NOW,
      waits('what it rests on was not read'),
    ],
    [
      'names everything that does not hold any more',
      proposal,
      { ...waiting, checks: twice },
      NOW,
      { step: 'cancel', end: 'withdrawn', why: 'no longer so: the switch for stops is off (on); the target is out (it serves again)' },
    ],
    [
      'that the host works on was approved',
      proposal,
      { execution: execution('acting', { approvedBy: 'Ann' }) },
      NOW,
      { step: 'approved', by: 'Ann' },
    ],
    [
      'that has ended was approved, by somebody',
      proposal,
      { execution: execution('ended', { reachedHost: true }) },
      NOW,
      { step: 'approved', by: 'unknown' },
    ],
    [
      'that has ended was approved, even when its step seems never to have begun',
      proposal,
      { execution: execution('ended') },
      NOW,
      { step: 'approved', by: 'unknown' },
    ],
    [
      'that failed on the host was approved',
      proposal,
      { execution: execution('failed', { reachedHost: true, approvedBy: 'Ann' }) },
      NOW,
      { step: 'approved', by: 'Ann' },
    ],
    [
      'that failed on the host, of which nobody is known',
      proposal,
      { execution: execution('failed', { reachedHost: true }) },
      NOW,
      { step: 'approved', by: 'unknown' },
    ],
    [
      'was denied by somebody',
      proposal,
      { execution: execution('denied', { approvedBy: 'Ann', why: 'w' }) },
      NOW,
      closes('denied', 'by Ann'),
    ],
    ['was denied by nobody known', proposal, { execution: execution('denied', { why: 'not today' }) }, NOW, closes('denied', 'not today')],
    [
      'ended on its own time',
      proposal,
      { execution: execution('expired', { why: 'timed out' }) },
      NOW,
      closes('expired', 'nobody approved it in time'),
    ],
    [
      'failed before the host, for a reason',
      proposal,
      { execution: execution('failed', { why: 'the switch is on' }) },
      NOW,
      closes('refused', 'the switch is on'),
    ],
    ['failed before the host, for none', proposal, { execution: execution('failed') }, NOW, closes('refused', 'no reason was given')],
    [
      'was cancelled by somebody else',
      proposal,
      { execution: execution('cancelled') },
      NOW,
      closes('withdrawn', 'somebody cancelled the execution'),
    ],
    [
      'was cancelled by us',
      { ...proposal, cancelling: { end: 'expired', why: 'late' } },
      { execution: execution('cancelled') },
      NOW,
      closes('expired', 'late'),
    ],
  ]);
});

describe('while the host acts', () => {
  const late = NOW + 30 * MINUTE;
  const { approvedAt: _at, ...undated } = acting;
  inTurn([
    ['it is waited for half an hour', acting, { execution: execution('acting') }, late - 1, waits('the host works on it')],
    ['then somebody has to look', acting, { execution: execution('acting') }, late, { step: 'remind' }],
    ['once', { ...acting, remindedAt: late }, { execution: execution('acting') }, late + HOUR, waits('the host works on it')],
    ['an execution that cannot be read says nothing', acting, { execution: unread }, NOW, waits('the host works on it')],
    ['an execution that was not read says nothing', acting, {}, late, { step: 'remind' }],
    [
      'an old answer, from before the approval, says nothing',
      acting,
      { execution: execution('waiting') },
      NOW,
      waits('the host works on it'),
    ],
    ['one that is being cancelled has not ended', acting, { execution: execution('cancelling') }, NOW, waits('the host works on it')],
    ['an approval without a time is not late', undated, { execution: execution('acting') }, late + HOUR, waits('the host works on it')],
    [
      'what the host says of another digest is no refusal of this one',
      acting,
      { execution: execution('ended', { reachedHost: true, outcome: { ...outcome, outcome: 'refused', digest: 'c'.repeat(64) } }) },
      NOW,
      { step: 'acted', outcome: { ...outcome, outcome: 'refused', digest: 'c'.repeat(64) } },
    ],
    [
      'the host refuses it, and says no more',
      acting,
      { execution: execution('ended', { reachedHost: true, outcome: { ...outcome, outcome: 'refused' } }) },
      NOW,
      closes('refused', 'the host refused it'),
    ],
    [
      'the host refuses it for a reason',
      acting,
      { execution: execution('ended', { reachedHost: true, outcome: { ...outcome, outcome: 'refused', why: 'another pid' } }) },
      NOW,
      closes('refused', 'another pid'),
    ],
    [
      'an outcome and its reason go on record',
      acting,
      { execution: execution('ended', { reachedHost: true, outcome, why: 'w' }) },
      NOW,
      { step: 'acted', outcome, why: 'w' },
    ],
    ['of no outcome nothing is made up', acting, { execution: execution('ended', { reachedHost: true }) }, NOW, { step: 'acted' }],
    [
      'one that failed on the host may have done something',
      acting,
      { execution: execution('failed', { reachedHost: true, why: 'w' }) },
      NOW,
      { step: 'acted', why: 'w' },
    ],
    ['for no reason as well', acting, { execution: execution('failed', { reachedHost: true }) }, NOW, { step: 'acted' }],
  ]);
});

describe('while it is verified', () => {
  const well: StopWorld = { status: status(), causeStatus: 'gone', isProbeClean: true };
  /** Two periods of ten minutes, and 15 minutes for the probes. */
  const deadline = NOW + 35 * MINUTE;
  const never = { ...verifying, outcome: { ...outcome, outcome: 'survived' as const } };
  const lookedNow = { ...verifying, lookedAt: deadline };
  const answered = { ...well, status: status() };
  const { starter: _starter, ...byHand } = PLAN;
  inTurn([
    ['a person undoes it', { ...verifying, undoAskedBy: 'Ann: wrong job' }, well, NOW, undoes('asked by Ann: wrong job', false)],
    [
      'a look less than half a minute after the last is none',
      { ...verifying, lookedAt: NOW },
      well,
      NOW + 29_999,
      waits('until it is verified'),
    ],
    ['half a minute later it is one', { ...verifying, lookedAt: NOW }, well, NOW + 30_000, { step: 'look' }],
    [
      'what was verified so far is not, while the host does not answer',
      clean,
      { ...well, status: unread },
      NOW + 21 * MINUTE,
      waits('until it is verified'),
    ],
    ['nor while it was not asked', clean, { causeStatus: 'gone', isProbeClean: true }, NOW + 21 * MINUTE, waits('until it is verified')],
    ['it is waited for to the last millisecond', verifying, { status: unread }, deadline - 1, waits('until it is verified')],
    ['then it is undone: the host does not answer', verifying, { status: unread }, deadline, undoes('the host does not answer', true)],
    ['or was not asked', verifying, {}, deadline, undoes('the host does not answer', true)],
    ['or the cause is there', lookedNow, { ...answered, causeStatus: 'present' }, deadline, undoes('its cause is still there', true)],
    ['or the target is not clean', lookedNow, { ...answered, isProbeClean: false }, deadline, undoes('the target is not clean', true)],
    ['or too few looks could be had', lookedNow, answered, deadline, undoes('only 0 looks could be had', true)],
    ['of which it is told how many', { ...lookedNow, cleanLooks: 1 }, answered, deadline, undoes('only 1 looks could be had', true)],
    [
      'what survived is a failure, in the words of the host',
      { ...never, outcome: { ...never.outcome, why: 'w' } },
      well,
      NOW,
      undoes('w', true),
    ],
    ['or in ours, and even when the host does not answer', never, { status: unread }, NOW, undoes('it did not end', true)],
    [
      'so is another digest',
      { ...verifying, outcome: { ...outcome, digest: 'd'.repeat(64) } },
      well,
      NOW,
      undoes('the host stopped something else than was approved', true),
    ],
    ['an outcome that nobody knows is no failure by itself', unanswered, well, NOW, { step: 'look' }],
    ['processes that still run are named', verifying, { status: status({ alive: [7, 8] }) }, NOW, undoes('still running: pid 7, 8', true)],
    [
      'and those that came back',
      verifying,
      { status: status({ back: [PLAN.process, { ...PLAN.process, pid: 9 }] }) },
      NOW,
      undoes('it came back by another path: pid 4242, 9', true),
    ],
    [
      'what starts it was left in place',
      verifying,
      { status: status({ starter: 'none' }) },
      NOW,
      undoes('what starts it was not taken out of the way', true),
    ],
    [
      'which is in order where nothing starts it',
      { ...verifying, plan: byHand },
      { status: status({ starter: 'none' }) },
      NOW,
      { step: 'look' },
    ],
    [
      'somebody edited what starts it',
      verifying,
      { status: status({ starter: 'changed' }) },
      NOW,
      undoes('somebody changed what starts it', true),
    ],
    ['or gave it back', verifying, { status: status({ starter: 'undone' }) }, NOW, undoes('somebody changed what starts it', true)],
    [
      'or booted the host',
      verifying,
      { status: status({ starter: 'undone', sameBoot: false }) },
      NOW,
      undoes('the host was booted, and what starts it is back', true),
    ],
    [
      'a host without a record, though it said what it did, is a failure',
      verifying,
      { status: status({ known: false }) },
      NOW,
      undoes('the host says that it has no record of the stop', true),
    ],
    [
      'a command may be on its way for five minutes after the expiry',
      unanswered,
      { status: status({ known: false }) },
      unanswered.expiresAt + 5 * MINUTE - 1,
      waits('for the host'),
    ],
    [
      'then it never reached the host',
      unanswered,
      { status: status({ known: false }) },
      unanswered.expiresAt + 5 * MINUTE,
      closes('refused', 'it never reached the host'),
    ],
  ]);
});

describe('while it is held', () => {
  inTurn([
    ['a person undoes it', { ...holding, undoAskedBy: 'Ann' }, {}, NOW, undoes('asked by Ann', false)],
    ['it is kept to the last millisecond', { ...holding, remindedAt: 1 }, {}, holding.undoAt - 1, waits('until it is kept or undone')],
    ['and undone then', { ...holding, remindedAt: 1 }, {}, holding.undoAt, undoes('its 24 hours are over', false)],
    ['nobody is reminded earlier than four hours before', holding, {}, holding.undoAt - 4 * HOUR - 1, waits('until it is kept or undone')],
    ['and then somebody is', holding, {}, holding.undoAt - 4 * HOUR, { step: 'remind' }],
    [
      'an edit is told by the undo',
      holding,
      { status: status({ starter: 'changed' }) },
      NOW,
      undoes('somebody changed what starts it', false),
    ],
    ['what a person gave back ends it', holding, { status: status({ starter: 'undone' }) }, NOW, closes('undone', 'somebody gave it back')],
    ['a host that does not answer ends nothing', holding, { status: unread }, NOW + HOUR, waits('until it is kept or undone')],
  ]);

  test.each(['refused', 'denied', 'expired', 'withdrawn', 'undone', 'kept'] as const)('what is %s has ended', (state) => {
    expect(nextStep({ ...holding, state }, { status: status() }, holding.undoAt)).toEqual(waits('it has ended'));
  });
});
