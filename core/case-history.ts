/** How a case changes: pure steps from one record to the next. Each adds to the append-only events what a person would want to read. */
import { currentEjection } from './case';
import type { Case, CaseEvent, ClosedBecause, Decision, Diagnosis, Ejection, OutboxEntry, Refusal, Target, TargetVerdict } from './model';

/** A new case, not stored yet (`rev` 0). Its id orders cases by the time they were opened. */
export function openCase(input: {
  now: number;
  groupArn: string;
  about: Case['about'];
  id: string;
  summary: string;
  target?: Target;
  address?: string;
  conviction?: TargetVerdict;
}): Case {
  const { now, groupArn, about, id, summary, target, address, conviction } = input;
  return {
    v: 1,
    id,
    rev: 0,
    groupArn,
    about,
    ...(target === undefined ? {} : { target }),
    ...(address === undefined ? {} : { address }),
    ...(conviction === undefined ? {} : { conviction }),
    state: 'suspected',
    openedAt: now,
    updatedAt: now,
    ejections: [],
    events: [{ at: now, kind: 'opened', says: summary }],
    outbox: [],
  };
}

export function noted<Value extends Case>(value: Value, event: CaseEvent): Value {
  return { ...value, updatedAt: event.at, events: [...value.events, event] };
}

export function diagnosed<Value extends Case>(value: Value, diagnosis: Diagnosis, now: number): Value {
  const next = { ...value, diagnosis, inspectedAt: now };
  const first = diagnosis.findings[0];
  // A convicted target is looked at again and again: told when it is news.
  if (value.diagnosis !== undefined && value.diagnosis.findings[0]?.cause === first?.cause) return next;
  return noted(next, {
    at: now,
    kind: 'diagnosed',
    says: first === undefined ? 'nothing found' : `${first.cause} (${first.confidence.toFixed(2)})`,
  });
}

/** The removal is announced, before anything is done. */
export function announced<Value extends Case>(value: Value, decision: Decision, ejection: Ejection): Value {
  const next = { ...value, decision, ejections: [...value.ejections, ejection] };
  return noted(next, { at: ejection.intentAt, kind: 'removal-announced', says: `${decision.reason}; way back ${ejection.scheduleName}` });
}

/** The current ejection with some of its fields set. */
function amended<Value extends Case>(value: Value, fields: Partial<Ejection>): Value {
  const current = currentEjection(value);
  if (current === undefined) throw new Error(`case ${value.id} has no ejection to amend`);
  return { ...value, ejections: value.ejections.map((ejection) => (ejection === current ? { ...ejection, ...fields } : ejection)) };
}

export function confirmedOut<Value extends Case>(value: Value, now: number, summary: string): Value {
  return noted({ ...amended(value, { confirmedAt: now }), state: 'out' }, { at: now, kind: 'removed', says: summary });
}

export function abandoned<Value extends Case>(value: Value, now: number, summary: string): Value {
  return noted(amended(value, { abandonedAt: now }), { at: now, kind: 'removal-abandoned', says: summary });
}

/** A guardrail refused it right before the call: nothing was asked for, and its way back is cancelled. */
export function calledOff<Value extends Case>(value: Value, now: number, summary: string): Value {
  return noted(amended(value, { abandonedAt: now, wayBackCancelledAt: now }), { at: now, kind: 'removal-abandoned', says: summary });
}

/** The latest removal was taken for not made, and was made after all. */
export function madeAfterAll<Value extends Case>(value: Value, now: number, summary: string): Value {
  const last = value.ejections.length - 1;
  const ejections = value.ejections.map((ejection, index) => (index === last ? withoutAbandonment(ejection) : ejection));
  return noted({ ...value, ejections }, { at: now, kind: 'removal-late', says: summary });
}

function withoutAbandonment({ abandonedAt: _abandonedAt, ...ejection }: Ejection): Ejection {
  return ejection;
}

export function renewed<Value extends Case>(value: Value, now: number, leaseEndsAt: number, summary: string): Value {
  return noted(amended(value, { leaseEndsAt }), { at: now, kind: 'lease-renewed', says: summary });
}

/** Its way back was moved ahead while its instance does not run: as often as that takes, so that it is no event of its own. */
export function waiting<Value extends Case>(value: Value, now: number, leaseEndsAt: number): Value {
  return { ...amended(value, { leaseEndsAt }), updatedAt: now };
}

/** Remembers since when too few others serve while the target is out. A run that could not tell changes nothing. */
export function shortSince(value: Case, { short }: Decision, now: number): Case {
  if (short === undefined || short === (value.shortSinceAt !== undefined)) return value;
  const { shortSinceAt: _, ...others } = value;
  return short ? { ...others, shortSinceAt: now } : others;
}

export function restoring<Value extends Case>(value: Value, now: number, summary: string): Value {
  return noted(amended(value, { restoreIntentAt: now }), { at: now, kind: 'restore-announced', says: summary });
}

/** A person wants the target back: the same intent as a restore of our own, with who asked. */
export function askedBack<Value extends Case>(value: Value, now: number, asker: string): Value {
  return noted(amended(value, { restoreIntentAt: now, restoreAskedBy: asker }), { at: now, kind: 'restore-asked', says: `by ${asker}` });
}

/** A person gives the target up. The case ends when nothing of ours can bring it back any more. */
export function givenUp<Value extends Case>(value: Value, now: number, asker: string): Value {
  return noted(amended(value, { givenUpAt: now, givenUpBy: asker }), { at: now, kind: 'given-up', says: `by ${asker}` });
}

export function wayBackCancelled<Value extends Case>(value: Value, now: number): Value {
  return noted(amended(value, { wayBackCancelledAt: now }), { at: now, kind: 'way-back-cancelled', says: 'nothing is scheduled any more' });
}

export function watching<Value extends Case>(value: Value, now: number, watchUntilAt: number, summary: string): Value {
  return noted({ ...amended(value, { restoredAt: now }), state: 'watching', watchUntilAt }, { at: now, kind: 'restored', says: summary });
}

export function closed<Value extends Case>(value: Value, now: number, because: ClosedBecause, summary: string): Value {
  return noted({ ...value, state: 'closed', because, closedAt: now }, { at: now, kind: 'closed', says: `${because}: ${summary}` });
}

export function refused<Value extends Case>(value: Value, refusal: Refusal): Value {
  const summary = `blocked by ${refusal.blocked.join(', ')}: ${refusal.says}`;
  return noted(
    { ...value, refusals: [...(value.refusals ?? []), refusal] },
    {
      at: refusal.at,
      kind: value.state === 'out' ? 'not-renewed' : 'not-removed',
      says: summary,
    },
  );
}

export function withAlert<Value extends Case>(value: Value, entry: OutboxEntry): Value {
  return { ...value, outbox: [...value.outbox, entry] };
}

/** The topic has its text: what stays on record is that it was told, and when. */
export function sent<Value extends Case>(value: Value, id: string, now: number): Value {
  return { ...value, outbox: value.outbox.map((entry) => (entry.id === id ? { ...entry, body: '', sentAt: now } : entry)) };
}

export function unsent(value: Case): OutboxEntry[] {
  return value.outbox.filter((entry) => entry.sentAt === undefined);
}
