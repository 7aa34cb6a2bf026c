/** The next safe step, from the record and what was read. */
import type { Stop, StopExecution, StopStatus } from '../../../core/model';
import { nextStep, type StopStep, type StopWorld } from '../../../core/stop/next-step';
import { acted, approved, ended, looked, verified } from '../../../core/stop/transitions';
import { NOW } from '../../builders/now';
import { PLAN, stopOf } from './candidate-builder';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const passing: NonNullable<StopWorld['checks']> = [{ check: 'stop-switch', passed: true, value: 'off', limit: 'off' }];
const failing: NonNullable<StopWorld['checks']> = [{ check: 'target-serves', passed: false, value: 'it serves again', limit: 'out' }];
const execution = (state: StopExecution['state'], fields: Partial<StopExecution> = {}): NonNullable<StopWorld['execution']> => ({
  value: { state, reachedHost: false, ...fields },
});
const outcome = { v: 1 as const, digest: PLAN.digest, outcome: 'stopped' as const, signalled: [], starter: 'commented-out' as const };
const status = (fields: Partial<StopStatus> = {}): NonNullable<StopWorld['status']> => ({
  value: { v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held', ...fields },
});

const proposal = stopOf();
const acting = approved(proposal, NOW, 'role/oncall');
const verifying = acted(acting, NOW, outcome, undefined);
/** Looked at twice, over two periods of ten minutes. */
const clean = looked(looked(verifying, NOW + MINUTE), NOW + 21 * MINUTE);
const holding = verified(clean, NOW + 22 * MINUTE);
const well: StopWorld = { status: status(), causeStatus: 'gone', isProbeClean: true };

type Row = readonly [says: string, stop: Stop, world: StopWorld, at: number, expected: Partial<StopStep>];

const { executionId: _id, toldAt: _told, ...unstarted } = proposal;
const { toldAt: _untold, ...untold } = proposal;

const ROWS: readonly Row[] = [
  ['a proposal without an execution is started', unstarted, {}, NOW, { step: 'start' }],
  [
    'one that is being cancelled was approved by nobody',
    proposal,
    { execution: execution('cancelling'), checks: passing },
    NOW,
    { step: 'wait' },
  ],
  [
    'one whose start was not answered is started again with its token after the expiry',
    unstarted,
    {},
    NOW + 20 * MINUTE,
    { step: 'start' },
  ],
  ['one that could not be started for long expires', unstarted, {}, NOW + HOUR, { step: 'close', as: 'expired' }],
  ['people are told when everything still allows it', untold, { execution: execution('waiting'), checks: passing }, NOW, { step: 'tell' }],
  [
    'one that nobody was told of is cancelled without a word',
    untold,
    { execution: execution('waiting'), checks: failing },
    NOW,
    { step: 'cancel', end: 'withdrawn' },
  ],
  ['a proposal waits for an approval', proposal, { execution: execution('waiting'), checks: passing }, NOW, { step: 'wait' }],
  [
    'it is withdrawn when what it rests on does not hold',
    proposal,
    { execution: execution('waiting'), checks: failing },
    NOW,
    { step: 'cancel', end: 'withdrawn', why: 'no longer so: out (it serves again)' },
  ],
  ['nothing is withdrawn on an execution that cannot be read', proposal, { execution: { unread: 'Throttling' } }, NOW, { step: 'wait' }],
  [
    'after its expiry it is cancelled',
    proposal,
    { execution: execution('waiting'), checks: passing },
    NOW + 15 * MINUTE,
    { step: 'cancel', end: 'expired' },
  ],
  [
    'a cancellation is asked for again until it is seen',
    { ...proposal, cancelling: { end: 'withdrawn', why: 'w' } },
    { execution: execution('waiting') },
    NOW,
    { step: 'cancel', end: 'withdrawn' },
  ],
  [
    'a cancelled execution that reached no host ends it',
    { ...proposal, cancelling: { end: 'withdrawn', why: 'w' } },
    { execution: execution('cancelled') },
    NOW,
    { step: 'close', as: 'withdrawn', because: 'w' },
  ],
  [
    'one that was approved before the cancellation is followed',
    { ...proposal, cancelling: { end: 'withdrawn', why: 'w' } },
    { execution: execution('acting', { approvedBy: 'Ann' }) },
    NOW,
    { step: 'approved', by: 'Ann' },
  ],
  [
    'one that reached the host is followed, however it ended',
    proposal,
    { execution: execution('cancelled', { reachedHost: true }) },
    NOW,
    { step: 'approved' },
  ],
  [
    'a no ends it',
    proposal,
    { execution: execution('denied', { approvedBy: 'Ann' }) },
    NOW,
    { step: 'close', as: 'denied', because: 'by Ann' },
  ],
  [
    'a runbook that ends before the host ends it',
    acting,
    { execution: execution('failed', { why: 'the switch is on' }) },
    NOW,
    { step: 'close', as: 'refused', because: 'the switch is on' },
  ],
  [
    'a host that refuses ends it',
    acting,
    { execution: execution('ended', { reachedHost: true, outcome: { ...outcome, outcome: 'refused', why: 'another boot' } }) },
    NOW,
    { step: 'close', as: 'refused', because: 'another boot' },
  ],
  [
    'a refusal of something else ends nothing',
    acting,
    { execution: execution('ended', { reachedHost: true, outcome: { ...outcome, digest: '', outcome: 'refused' } }) },
    NOW,
    { step: 'acted' },
  ],
  [
    'a host that ended is verified',
    acting,
    { execution: execution('ended', { reachedHost: true, outcome }) },
    NOW,
    { step: 'acted', outcome },
  ],
  ['an answer that was lost is verified, too', acting, { execution: execution('failed', { reachedHost: true }) }, NOW, { step: 'acted' }],
  ['an execution that does not end is told', acting, { execution: execution('acting') }, NOW + 30 * MINUTE, { step: 'remind' }],
  ['a look at the host in which nothing is back counts', verifying, well, NOW + MINUTE, { step: 'look' }],
  ['two looks close together are one', looked(verifying, NOW + MINUTE), well, NOW + MINUTE + 10_000, { step: 'wait' }],
  [
    'two looks within less than two periods do not verify',
    looked(looked(verifying, NOW), NOW + MINUTE),
    well,
    NOW + MINUTE + 10_000,
    { step: 'wait' },
  ],
  ['gone, not back for two periods and well: verified', clean, well, NOW + 21 * MINUTE + 10_000, { step: 'verified' }],
  ['not verified while the cause is present', clean, { ...well, causeStatus: 'present' }, NOW + 21 * MINUTE + 10_000, { step: 'wait' }],
  ['not verified while the target is not clean', clean, { ...well, isProbeClean: false }, NOW + 21 * MINUTE + 10_000, { step: 'wait' }],
  [
    'a target that stays slow has it undone',
    { ...clean, lookedAt: NOW + 40 * MINUTE },
    { ...well, isProbeClean: false },
    NOW + 40 * MINUTE + 1,
    { step: 'undo', failed: true, because: 'the target is not clean' },
  ],
  [
    'a host that does not answer has it undone in the end',
    verifying,
    { ...well, status: { unread: 'no answer' } },
    NOW + 36 * MINUTE,
    { step: 'undo', failed: true },
  ],
  [
    'what survived has it undone at once',
    acted(acting, NOW, { ...outcome, outcome: 'survived', why: 'pid 4242 is in state D' }, undefined),
    well,
    NOW,
    { step: 'undo', failed: true, because: 'pid 4242 is in state D' },
  ],
  [
    'another digest than the approved one has it undone',
    acted(acting, NOW, { ...outcome, digest: 'c'.repeat(64) }, undefined),
    well,
    NOW,
    { step: 'undo', failed: true },
  ],
  [
    'a process that still runs has it undone, whatever the host said of it',
    verifying,
    { ...well, status: status({ alive: [4242] }) },
    NOW,
    { step: 'undo', failed: true, because: 'still running: pid 4242' },
  ],
  [
    'what came back by another path has it undone',
    verifying,
    { ...well, status: status({ back: [PLAN.process] }) },
    NOW,
    { step: 'undo', failed: true, because: 'it came back by another path: pid 4242' },
  ],
  [
    'what starts it and is not out of the way has it undone',
    verifying,
    { ...well, status: status({ starter: 'none' }) },
    NOW,
    { step: 'undo', failed: true },
  ],
  [
    'after a boot the timer is back',
    verifying,
    { ...well, status: status({ sameBoot: false, starter: 'undone' }) },
    NOW,
    { step: 'undo', because: 'the host was booted, and what starts it is back' },
  ],
  [
    'a host that says it stopped and knows nothing of it has it undone',
    verifying,
    { ...well, status: status({ known: false }) },
    NOW,
    { step: 'undo', failed: true },
  ],
  [
    'a command that may be on its way is waited for',
    acted(acting, NOW, undefined, 'lost'),
    { status: status({ known: false }) },
    NOW + 10 * MINUTE,
    { step: 'wait' },
  ],
  [
    'and after that nothing was done',
    acted(acting, NOW, undefined, 'lost'),
    { status: status({ known: false }) },
    NOW + 20 * MINUTE,
    { step: 'close', as: 'refused' },
  ],
  ['a person undoes it while it is verified', { ...verifying, undoAskedBy: 'Ann' }, well, NOW, { step: 'undo', failed: false }],
  ['what is held is looked at, and no more', holding, { status: status() }, NOW + HOUR, { step: 'look' }],
  [
    'a run that a person starts is no failure of the stop',
    holding,
    { status: status({ back: [PLAN.process] }) },
    NOW + HOUR,
    { step: 'look' },
  ],
  ['what a person gave back ends it', holding, { status: status({ starter: 'undone' }) }, NOW + HOUR, { step: 'close', as: 'undone' }],
  [
    'what a person edited meanwhile is left to the undo, which tells of it',
    holding,
    { status: status({ starter: 'changed' }) },
    NOW + HOUR,
    { step: 'undo', failed: false },
  ],
  [
    'a boot that ended the mask of a timer is told',
    holding,
    { status: status({ sameBoot: false, starter: 'undone' }) },
    NOW + HOUR,
    { step: 'close', as: 'undone', because: 'the host was booted, and what starts it is back' },
  ],
  ['people are reminded four hours before its end', holding, {}, NOW + 20 * HOUR, { step: 'remind' }],
  ['once', { ...holding, remindedAt: NOW + 20 * HOUR }, {}, NOW + 21 * HOUR, { step: 'wait' }],
  ['it is undone at its end', { ...holding, remindedAt: 1 }, {}, NOW + 24 * HOUR, { step: 'undo', failed: false }],
  ['or kept by a person', { ...holding, keepAskedBy: 'Ann' }, {}, NOW + 24 * HOUR, { step: 'keep' }],
  ['or undone by one', { ...holding, undoAskedBy: 'Ann' }, {}, NOW, { step: 'undo', failed: false }],
  ['an undo is tried until it is made', { ...holding, state: 'undoing' }, {}, NOW + 30 * HOUR, { step: 'give-back' }],
  ['or until a person takes it over', { ...holding, state: 'undoing', keepAskedBy: 'Ann' }, {}, NOW, { step: 'keep' }],
  ['what has ended has no next step', ended(holding, NOW, 'undone', 'u'), well, NOW, { step: 'wait' }],
];

test.each(ROWS)('%s', (_says, stop, world, at, expected) => {
  expect(nextStep(stop, world, at)).toMatchObject(expected);
});

test('a step that was decided on another state is refused', () => {
  expect(() => verified(proposal, NOW)).toThrow('is proposed; allowed: verifying');
  expect(() => approved(holding, NOW, 'Ann')).toThrow('allowed: proposed');
  expect(() => ended(ended(holding, NOW, 'kept', 'k'), NOW, 'undone', 'u')).toThrow('is kept');
});
