/**
 * One stop as far as it goes in this run: observe, ask for the next step, carry it out, put it on
 * record, again.
 */
import type { OutboxEntry, Stop } from '../../core/model';
import { stopAlert } from '../../core/report/stop/alert';
import type { StopNews } from '../../core/report/stop/telling';
import { nextStep, type StopStep } from '../../core/stop/next-step';
import * as to from '../../core/stop/transitions';
import { observe } from './observe';
import type { Advancing } from './run';

/** More steps than any stop takes in one run. */
const MOST_STEPS = 12;

/** @throws what a port throws: the record is then as `keep` was told last. */
export async function advance(advancing: Advancing, stop: Stop): Promise<Stop> {
  let current = stop;
  for (let count = 0; count < MOST_STEPS; count++) {
    const step = nextStep(current, await observe(advancing, current), advancing.ports.clock.now());
    if (step.step === 'wait') return current;
    advancing.ports.log('stop-step', { stop: current.id, state: current.state, ...step });
    const next = await carryOut(advancing, current, step);
    if (next === undefined) return current;
    current = next;
  }
  return current;
}

/** The record afterwards; undefined when nothing more can be done in this run. */
async function carryOut(advancing: Advancing, stop: Stop, step: Exclude<StopStep, { step: 'wait' }>): Promise<Stop | undefined> {
  const { ports } = advancing;
  const now = ports.clock.now();
  switch (step.step) {
    case 'start':
      return put(advancing, to.started(stop, now, await ports.executions.start(stop)));
    case 'tell':
      return put(advancing, withNews(advancing, to.told(stop, now), 'proposed'));
    case 'cancel':
      return cancel(advancing, stop, step);
    case 'approved':
      return put(advancing, withNews(advancing, to.approved(stop, now, step.by), 'approved'));
    case 'acted':
      return put(advancing, to.acted(stop, now, step.outcome, step.why));
    case 'look':
      return put(advancing, to.looked(stop, now));
    case 'verified':
      return put(advancing, withNews(advancing, to.verified(stop, now), 'verified'));
    case 'undo':
      return put(advancing, undoTold(advancing, to.undoing(stop, now, step.because, step.failed), step.failed));
    case 'give-back':
      return giveBack(advancing, stop);
    case 'remind':
      return put(advancing, remindTold(advancing, stop));
    case 'keep':
      return keepOut(advancing, stop);
    case 'close':
      return close(advancing, stop, step);
  }
}

async function put({ ports, keep }: Advancing, stop: Stop): Promise<Stop> {
  const stored = await ports.stops.put(stop);
  keep(stored);
  return stored;
}

function withNews({ ports }: Advancing, stop: Stop, news: StopNews): Stop {
  const entry: OutboxEntry = stopAlert({ now: ports.clock.now(), stop, news, deployment: ports.deployment });
  return to.withAlert(stop, entry);
}

/** Its reason is on record before it is asked for: what comes of it the next run reads. */
async function cancel(advancing: Advancing, stop: Stop, { end, why }: Extract<StopStep, { step: 'cancel' }>): Promise<undefined> {
  const { ports } = advancing;
  if (stop.executionId === undefined) throw new Error(`stop ${stop.id} has no execution that could be cancelled`);
  if (stop.cancelling === undefined) await put(advancing, to.cancelling(stop, ports.clock.now(), end, why));
  await ports.executions.cancel(stop.executionId);
  return undefined;
}

function undoTold(advancing: Advancing, stop: Stop, failed: boolean): Stop {
  return failed ? withNews(advancing, stop, 'failed') : stop;
}

function remindTold(advancing: Advancing, stop: Stop): Stop {
  const now = advancing.ports.clock.now();
  return stop.state === 'acting'
    ? withNews(advancing, to.reminded(stop, now, 'overdue: the host has not ended'), 'overdue')
    : withNews(advancing, to.reminded(stop, now, 'its lease ends soon'), 'reminder');
}

/** Undone on the host first, then the scheduled undo is cancelled, then it is on record. */
async function giveBack(advancing: Advancing, stop: Stop): Promise<Stop | undefined> {
  const { ports } = advancing;
  const outcome = await ports.hosts.undo(stop.instanceId, stop.caseId).catch((error: unknown) => ({
    outcome: 'failed' as const,
    why: error instanceof Error ? error.message : String(error),
  }));
  if (outcome.outcome === 'failed') {
    if (stop.remindedAt === undefined)
      await put(
        advancing,
        withNews(advancing, to.reminded(stop, ports.clock.now(), `the undo failed: ${outcome.why ?? ''}`), 'undo-failed'),
      );
    throw new Error(`stop ${stop.id}: the undo failed on ${stop.instanceId}: ${outcome.why ?? 'no reason was given'}`);
  }
  await ports.undoSchedules.cancel(stop.undoSchedule);
  const because =
    outcome.outcome === 'changed' ? `${stop.because ?? ''}; somebody changed it meanwhile, and nothing was touched` : (stop.because ?? '');
  const ended = to.ended(stop, ports.clock.now(), 'undone', because);
  return put(advancing, withNews(advancing, ended, outcome.outcome === 'changed' ? 'undo-changed' : 'undone'));
}

/** Nothing gives it back any more: a person does, on the host. */
async function keepOut(advancing: Advancing, stop: Stop): Promise<Stop> {
  const { ports } = advancing;
  await ports.undoSchedules.cancel(stop.undoSchedule);
  return put(advancing, withNews(advancing, to.ended(stop, ports.clock.now(), 'kept', `asked by ${stop.keepAskedBy ?? 'nobody'}`), 'kept'));
}

/** The execution may have scheduled the undo before it failed: that goes first. */
async function close(advancing: Advancing, stop: Stop, { as, because }: Extract<StopStep, { step: 'close' }>): Promise<Stop> {
  const { ports } = advancing;
  if (stop.executionId !== undefined) await ports.undoSchedules.cancel(stop.undoSchedule);
  return put(advancing, withNews(advancing, to.ended(stop, ports.clock.now(), as, because), as));
}
