/**
 * The next safe step of a stop, from its record and what was read of the world in this run. Pure;
 * each step is carried out, put on record, and the question asked again until the answer is `wait`.
 * What cannot be read leads to `wait`, and past a deadline to the undo: never to another stop.
 */
import type { CauseStatus, Stop, StopCheck, StopExecution, StopOutcome, StopStatus } from '../model';
import type { Reading } from './candidate';
import { failedOf } from './checks';
import { isVerified, LOOK_GAP_MS, neededMs, VERIFY_GRACE_MS } from './verified';

/**
 * What was read; absent: it was not asked, for the state does not need it or it is not time yet.
 */
export interface StopWorld {
  readonly execution?: Reading<StopExecution>;
  /** Of a proposal: everything that it rests on, evaluated anew. */
  readonly checks?: readonly StopCheck[];
  readonly status?: Reading<StopStatus>;
  readonly causeStatus?: CauseStatus;
  /** Whether the latest round that began after the stop found the target clean. */
  readonly isProbeClean?: boolean;
}

export type StopStep =
  | { readonly step: 'wait'; readonly why: string }
  | { readonly step: 'start' }
  | { readonly step: 'tell' }
  | { readonly step: 'cancel'; readonly end: 'withdrawn' | 'expired'; readonly why: string }
  | { readonly step: 'approved'; readonly by: string }
  | { readonly step: 'acted'; readonly outcome?: StopOutcome; readonly why?: string }
  | { readonly step: 'look' }
  | { readonly step: 'verified' }
  | { readonly step: 'undo'; readonly because: string; readonly failed: boolean }
  | { readonly step: 'give-back' }
  | { readonly step: 'remind' }
  | { readonly step: 'keep' }
  | { readonly step: 'close'; readonly as: 'refused' | 'denied' | 'expired' | 'withdrawn' | 'undone'; readonly because: string };

/** How long an approval may last at most after it could first have been given: the runbook's. */
const LATEST_MS = 900_000;
/** A command that was sent in time is carried out, or refused by the host, by then. */
const LATE_MS = 300_000;
/** The host's work takes a minute or two; after this somebody has to look. */
const OVERDUE_MS = 1_800_000;
/** Before the lease ends. */
const REMIND_BEFORE_MS = 4 * 3_600_000;
/** Looks at the host while the change is held. */
export const HOLDING_LOOK_MS = 1_800_000;

/** The end of a lease of 24 hours, from the proposal on: what the runbook schedules. */
export const LEASE_MS = 24 * 3_600_000;

export function nextStep(stop: Stop, world: StopWorld, now: number): StopStep {
  switch (stop.state) {
    case 'proposed':
      return proposed(stop, world, now);
    case 'acting':
      return acting(stop, world, now);
    case 'verifying':
      return verifying(stop, world, now);
    case 'holding':
      return holding(stop, world, now);
    case 'undoing':
      return stop.keepAskedBy === undefined ? { step: 'give-back' } : { step: 'keep' };
    case 'refused':
    case 'denied':
    case 'expired':
    case 'withdrawn':
    case 'undone':
    case 'kept':
      return wait('it has ended');
  }
}

function wait(why: string): StopStep {
  return { step: 'wait', why };
}

// ---------------------------------------------------------------- proposed

function proposed(stop: Stop, world: StopWorld, now: number): StopStep {
  if (stop.executionId === undefined) {
    // Whether an earlier start was made only another one with its token tells. One that begins
    // after the expiry is cancelled at once, and the host refuses what it would ask for.
    if (now < stop.expiresAt + LATEST_MS + LATE_MS) return { step: 'start' };
    return { step: 'close', as: 'expired', because: 'it could not be started' };
  }
  const execution = readOf(world.execution);
  if (execution === undefined) return wait('the execution cannot be read');
  if (execution.state === 'waiting') return whileWaiting(stop, world, now);
  if (execution.state === 'cancelling') return wait('until it is cancelled');
  if (execution.state === 'acting' || execution.state === 'ended') return { step: 'approved', by: execution.approvedBy ?? 'unknown' };
  return endOfExecution(stop, execution);
}

function whileWaiting(stop: Stop, { checks }: StopWorld, now: number): StopStep {
  if (now >= stop.expiresAt) return { step: 'cancel', end: 'expired', why: 'nobody approved it in time' };
  if (stop.cancelling !== undefined) return { step: 'cancel', ...stop.cancelling };
  if (checks === undefined) return wait('what it rests on was not read');
  const failed = failedOf(checks);
  if (failed.length > 0)
    return { step: 'cancel', end: 'withdrawn', why: `no longer so: ${failed.map(({ value, limit }) => `${limit} (${value})`).join('; ')}` };
  return stop.toldAt === undefined ? { step: 'tell' } : wait('for an approval');
}

/** An execution that will do nothing more. Where it reached the host only the host knows. */
function endOfExecution(stop: Stop, { state, reachedHost, why, approvedBy }: StopExecution): StopStep {
  if (reachedHost)
    return stop.approvedAt === undefined
      ? { step: 'approved', by: approvedBy ?? 'unknown' }
      : { step: 'acted', ...(why === undefined ? {} : { why }) };
  const because = why ?? 'no reason was given';
  if (state === 'denied') return { step: 'close', as: 'denied', because: approvedBy === undefined ? because : `by ${approvedBy}` };
  if (state === 'expired') return { step: 'close', as: 'expired', because: 'nobody approved it in time' };
  if (state !== 'cancelled') return { step: 'close', as: 'refused', because };
  const { end, why: asked } = stop.cancelling ?? { end: 'withdrawn' as const, why: 'somebody cancelled the execution' };
  return { step: 'close', as: end, because: asked };
}

// ---------------------------------------------------------------- acting

function acting(stop: Stop, { execution: reading }: StopWorld, now: number): StopStep {
  const execution = readOf(reading);
  const overdue = stop.remindedAt === undefined && now - (stop.approvedAt ?? now) >= OVERDUE_MS;
  if (execution === undefined || execution.state === 'acting' || execution.state === 'waiting' || execution.state === 'cancelling')
    return overdue ? { step: 'remind' } : wait('the host works on it');
  if (execution.state !== 'ended') return endOfExecution(stop, execution);
  const { outcome, why } = execution;
  if (outcome?.outcome === 'refused' && outcome.digest === stop.plan.digest)
    return { step: 'close', as: 'refused', because: outcome.why ?? 'the host refused it' };
  return { step: 'acted', ...(outcome === undefined ? {} : { outcome }), ...(why === undefined ? {} : { why }) };
}

// ---------------------------------------------------------------- verifying

function verifying(stop: Stop, world: StopWorld, now: number): StopStep {
  if (stop.undoAskedBy !== undefined) return { step: 'undo', because: `asked by ${stop.undoAskedBy}`, failed: false };
  const status = readOf(world.status);
  if (status !== undefined && !status.known) return unknownToHost(stop, now);
  const failure = failureOf(stop, status);
  if (failure !== undefined) return { step: 'undo', because: failure, failed: true };
  if (status !== undefined && now - (stop.lookedAt ?? 0) >= LOOK_GAP_MS) return { step: 'look' };
  if (status !== undefined && isVerified(stop, world, now)) return { step: 'verified' };
  const deadlineAt = (stop.actedAt ?? now) + neededMs(stop.plan) + VERIFY_GRACE_MS;
  if (now >= deadlineAt) return { step: 'undo', because: whyNotVerified(stop, world), failed: true };
  return wait('until it is verified');
}

/** The command may still be on its way to the host, which refuses it after the expiry. */
function unknownToHost(stop: Stop, now: number): StopStep {
  if (stop.outcome !== undefined) return { step: 'undo', because: 'the host says that it has no record of the stop', failed: true };
  return now < stop.expiresAt + LATE_MS ? wait('for the host') : { step: 'close', as: 'refused', because: 'it never reached the host' };
}

function failureOf(stop: Stop, status: StopStatus | undefined): string | undefined {
  if (stop.outcome !== undefined && stop.outcome.digest !== stop.plan.digest) return 'the host stopped something else than was approved';
  if (stop.outcome?.outcome === 'survived') return stop.outcome.why ?? 'it did not end';
  if (status === undefined) return undefined;
  if (status.alive.length > 0) return `still running: pid ${status.alive.join(', ')}`;
  if (status.back.length > 0) return `it came back by another path: pid ${status.back.map(({ pid }) => pid).join(', ')}`;
  if (status.starter === 'none' && stop.plan.starter !== undefined) return 'what starts it was not taken out of the way';
  if (status.starter === 'undone' || status.starter === 'changed')
    return status.sameBoot ? 'somebody changed what starts it' : 'the host was booted, and what starts it is back';
  return undefined;
}

function whyNotVerified(stop: Stop, { status, causeStatus, isProbeClean }: StopWorld): string {
  if (status === undefined || 'unread' in status) return 'the host does not answer';
  if (causeStatus === 'present') return 'its cause is still there';
  return isProbeClean === true ? `only ${stop.cleanLooks ?? 0} looks could be had` : 'the target is not clean';
}

// ---------------------------------------------------------------- holding

function holding(stop: Stop, world: StopWorld, now: number): StopStep {
  if (stop.keepAskedBy !== undefined) return { step: 'keep' };
  if (stop.undoAskedBy !== undefined) return { step: 'undo', because: `asked by ${stop.undoAskedBy}`, failed: false };
  if (now >= stop.undoAt) return { step: 'undo', because: 'its 24 hours are over', failed: false };
  const status = readOf(world.status);
  // What was edited meanwhile is told by the undo, which leaves it alone.
  if (status?.starter === 'changed') return { step: 'undo', because: 'somebody changed what starts it', failed: false };
  if (status?.starter === 'undone')
    return {
      step: 'close',
      as: 'undone',
      because: status.sameBoot ? 'somebody gave it back' : 'the host was booted, and what starts it is back',
    };
  if (stop.remindedAt === undefined && now >= stop.undoAt - REMIND_BEFORE_MS) return { step: 'remind' };
  return status === undefined ? wait('until it is kept or undone') : { step: 'look' };
}

function readOf<Value>(reading: Reading<Value> | undefined): Value | undefined {
  return reading !== undefined && 'value' in reading ? reading.value : undefined;
}
