/**
 * How the record of a stop changes. Each says from which state it leads where; the record is stored
 * before the world is asked for the next thing.
 */
import type { OutboxEntry, Stop, StopOutcome, StopState } from '../model';

interface Proposal {
  readonly now: number;
  readonly number: number;
  readonly clientToken: string;
  readonly undoSchedule: string;
  readonly approvalMs: number;
  readonly leaseMs: number;
}

/** A new proposal, not stored yet (`rev` 0). The execution is started only after it was stored. */
export function propose(
  { now, number, clientToken, undoSchedule, approvalMs, leaseMs }: Proposal,
  about: Pick<Stop, 'caseId' | 'groupArn' | 'target' | 'instanceId' | 'plan' | 'culprit' | 'allowKill' | 'inService'>,
): Stop {
  return {
    v: 1,
    id: `${about.caseId}/stop/${number}`,
    rev: 0,
    ...about,
    state: 'proposed',
    proposedAt: now,
    expiresAt: now + approvalMs,
    clientToken,
    undoSchedule,
    undoAt: now + leaseMs,
    events: [{ at: now, says: `proposed: pid ${about.plan.process.pid}, digest ${about.plan.digest.slice(0, 12)}` }],
    outbox: [],
  };
}

/** Events kept: how it began, and the latest. */
const FIRST_EVENTS = 5;
const EVENTS = 60;

function noted(stop: Stop, at: number, says: string, fields: Partial<Stop> = {}): Stop {
  const events = [...stop.events, { at, says: says.slice(0, 500) }];
  const kept = events.length <= EVENTS ? events : [...events.slice(0, FIRST_EVENTS), ...events.slice(FIRST_EVENTS - EVENTS)];
  return { ...stop, ...fields, events: kept };
}

/** @throws when the record is in none of these states: a step was decided on another one. */
function from(stop: Stop, ...states: readonly StopState[]): void {
  if (!states.includes(stop.state)) throw new Error(`stop ${stop.id} is ${stop.state}; allowed: ${states.join(', ')}`);
}

/** proposed -> proposed: its execution has an id. */
export function started(stop: Stop, now: number, executionId: string): Stop {
  from(stop, 'proposed');
  return noted(stop, now, `execution ${executionId}`, { executionId });
}

/** proposed -> proposed: people know how to approve it. */
export function told(stop: Stop, now: number): Stop {
  from(stop, 'proposed');
  return noted(stop, now, 'told, waits for an approval', { toldAt: now });
}

/** proposed -> proposed: its cancellation is about to be asked for. */
export function cancelling(stop: Stop, now: number, end: 'withdrawn' | 'expired', why: string): Stop {
  from(stop, 'proposed');
  return noted(stop, now, `${end}: ${why}`, { cancelling: { end, why: why.slice(0, 500) } });
}

/** proposed -> acting. From here on it counts against the budget. */
export function approved(stop: Stop, now: number, by: string): Stop {
  from(stop, 'proposed');
  return noted(stop, now, `approved by ${by}`, { state: 'acting', approvedAt: now, approvedBy: by.slice(0, 300) });
}

/** acting -> verifying: the host has ended, or nobody knows what it did. */
export function acted(stop: Stop, now: number, outcome: StopOutcome | undefined, why: string | undefined): Stop {
  from(stop, 'acting');
  const says =
    outcome === undefined ? `it is not known what the host did: ${why ?? 'it said nothing'}` : `the host says: ${outcome.outcome}`;
  return noted(stop, now, says, { state: 'verifying', actedAt: now, ...(outcome === undefined ? {} : { outcome }) });
}

/** verifying -> verifying, holding -> holding: the host was looked at, and nothing was back. */
export function looked(stop: Stop, now: number): Stop {
  from(stop, 'verifying', 'holding');
  if (stop.state === 'holding') return { ...stop, lookedAt: now };
  return { ...stop, lookedAt: now, cleanLooks: (stop.cleanLooks ?? 0) + 1, firstCleanAt: stop.firstCleanAt ?? now };
}

/** verifying -> holding. */
export function verified(stop: Stop, now: number): Stop {
  from(stop, 'verifying');
  return noted(stop, now, 'verified: gone, and not back', { state: 'holding', verifiedAt: now });
}

/** verifying, holding -> undoing. A stop that failed blocks its group until a person has looked. */
export function undoing(stop: Stop, now: number, because: string, failed: boolean): Stop {
  from(stop, 'verifying', 'holding');
  const { remindedAt: _told, ...rest } = stop;
  return noted(rest, now, `undoing: ${because}`, {
    state: 'undoing',
    because: because.slice(0, 500),
    ...(failed ? { blocksGroup: true as const } : {}),
  });
}

/** acting, holding, undoing -> the same: people were reminded. */
export function reminded(stop: Stop, now: number, says: string): Stop {
  from(stop, 'acting', 'holding', 'undoing');
  return noted(stop, now, says, { remindedAt: now });
}

/** To an end. Precondition: nothing of it is under way, and its scheduled undo is cancelled. */
export function ended(stop: Stop, now: number, as: StopState, because: string): Stop {
  from(stop, 'proposed', 'acting', 'verifying', 'holding', 'undoing');
  return noted(stop, now, `${as}: ${because}`, { state: as, endedAt: now, because: because.slice(0, 500) });
}

export function withAlert(stop: Stop, entry: OutboxEntry): Stop {
  return { ...stop, outbox: [...stop.outbox, entry] };
}

/** The topic took it, or EventBridge did. What was delivered everywhere needs no text any more. */
export function delivered(stop: Stop, id: string, by: 'topic' | 'event', now: number): Stop {
  const step = (entry: OutboxEntry): OutboxEntry => {
    const next =
      by === 'topic' ? { ...entry, sentAt: now } : { ...entry, emittedAt: now, ...(entry.quiet === true ? { sentAt: now } : {}) };
    if (next.sentAt === undefined || (next.event !== undefined && next.emittedAt === undefined)) return next;
    const { event: _event, ...kept } = next;
    return { ...kept, body: '' };
  };
  return { ...stop, outbox: stop.outbox.map((entry) => (entry.id === id ? step(entry) : entry)) };
}
