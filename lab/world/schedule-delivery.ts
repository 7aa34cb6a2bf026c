import type { Target } from '@aws-sdk/client-scheduler';
import type { Account } from './account';
import type { Clock } from './clock';
import { fillContext, parseTarget } from './schedule-target';

/** How a schedule reaches the rest of the world. Both reject when the call fails. */
export interface SchedulerPorts {
  /**
   * Calls an API as the schedule's role. `service` and `action` are as in the universal target's
   * ARN.
   */
  invokeAs(roleArn: string, service: string, action: string, input: unknown): Promise<unknown>;
  /**
   * Hands an event over to a function, asynchronously: settled when it was accepted, not when it
   * has run.
   */
  invokeFunction(functionArn: string, payload: unknown, roleArn: string): Promise<void>;
}

export interface Delivery {
  readonly scheduleArn: string;
  readonly dueAt: number;
  readonly executionId: string;
  readonly target: Target;
  readonly retries: number;
  readonly maximumAgeMs: number;
  readonly deadLetterArn: string | undefined;
}

export interface DeadLetter {
  readonly at: number;
  readonly scheduleArn: string;
  readonly queueArn: string | undefined;
  readonly input: string | undefined;
  readonly attempts: number;
  readonly error: string;
}

interface Surroundings {
  readonly account: Account;
  readonly clock: Clock;
  readonly ports: SchedulerPorts;
  /** False when the schedule was deleted or replaced meanwhile: it is not retried any more. */
  readonly wanted: () => boolean;
  /**
   * How long an attempt is under way before the call is made: a deletion in between does not stop
   * it.
   */
  readonly underWayMs: () => number;
}

/**
 * Waits between attempts double from one second to a minute. The service backs off exponentially;
 * its numbers are not published (I).
 */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/**
 * Attempts the target until it takes the event, the retry policy is used up or nobody wants it any
 * more. Returns what was lost.
 */
export async function deliver(delivery: Delivery, around: Surroundings): Promise<DeadLetter | undefined> {
  const startedAt = around.clock.now();
  for (let attempt = 1; ; attempt++) {
    await waitFor(around.underWayMs(), around.clock);
    const error = await attemptOnce(delivery, attempt, around);
    if (error === undefined) return undefined;
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
    const tooOld = around.clock.now() + backoffMs - startedAt > delivery.maximumAgeMs;
    if (attempt > delivery.retries || tooOld) return deadLetter(delivery, attempt, error, around.clock.now());
    await waitFor(backoffMs, around.clock);
    if (!around.wanted()) return undefined;
  }
}

async function waitFor(ms: number, clock: Clock): Promise<void> {
  if (ms > 0) await new Promise<void>((resolve) => clock.at(clock.now() + ms, resolve));
}

function deadLetter(delivery: Delivery, attempts: number, error: string, at: number): DeadLetter {
  const { scheduleArn, deadLetterArn: queueArn, target } = delivery;
  return { at, scheduleArn, queueArn, input: target.Input, attempts, error };
}

async function attemptOnce(delivery: Delivery, attempt: number, around: Surroundings): Promise<string | undefined> {
  try {
    await call(delivery, attempt, around);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  }
}

async function call(delivery: Delivery, attempt: number, around: Surroundings): Promise<void> {
  const { target } = delivery;
  const roleArn = target.RoleArn ?? '';
  const what = parseTarget(target);
  if (what.kind === 'function') return around.ports.invokeFunction(what.functionArn, payload(delivery, attempt, around.account), roleArn);
  const input: unknown = JSON.parse(context(delivery, attempt, target.Input ?? '{}'));
  await around.ports.invokeAs(roleArn, what.service, what.action, input);
}

function payload(delivery: Delivery, attempt: number, account: Account): unknown {
  if (delivery.target.Input !== undefined) return JSON.parse(context(delivery, attempt, delivery.target.Input));
  return {
    version: '0',
    id: delivery.executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: account.accountId,
    time: isoSeconds(delivery.dueAt),
    region: account.region,
    resources: [delivery.scheduleArn],
    detail: '{}',
  };
}

function context(delivery: Delivery, attempt: number, input: string): string {
  return fillContext(input, {
    'schedule-arn': delivery.scheduleArn,
    'scheduled-time': isoSeconds(delivery.dueAt),
    'execution-id': delivery.executionId,
    'attempt-number': String(attempt),
  });
}

function isoSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
