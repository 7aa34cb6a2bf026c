/**
 * How a case changes: pure steps from one record to the next. Each adds to the append-only events
 * what a person would want to read.
 */
import type {
  BreakerCase,
  Case,
  CaseEvent,
  ClosedBecause,
  Decision,
  Diagnosis,
  Ejection,
  GroupCase,
  HoldCase,
  OutboxEntry,
  Refusal,
  TargetCase,
} from './model';

interface Opening {
  readonly now: number;
  readonly id: string;
  readonly summary: string;
}

interface InGroup {
  readonly groupArn: string;
}

/** Without a group: about the whole stack. */
type Where = InGroup | { readonly groupArn?: undefined };

type Opened<Subject extends Case, Fields extends keyof Subject> = Opening & InGroup & Pick<Subject, Fields>;
type OpenedTarget = Opened<TargetCase, 'about' | 'target' | 'targetRef' | 'address' | 'conviction'>;
type OpenedGroup = Opened<GroupCase, 'about'>;
type OpenedBreaker = Opening & Where & Pick<BreakerCase, 'about'>;
type OpenedHold = Opened<HoldCase, 'about' | 'hold'>;

/** A new case, not stored yet (`rev` 0). Its id orders cases by the time they were opened. */
export function openCase(input: OpenedTarget): TargetCase;
export function openCase(input: OpenedGroup): GroupCase;
export function openCase(input: OpenedBreaker): BreakerCase;
export function openCase(input: OpenedHold): HoldCase;
export function openCase({ now, id, summary, ...subject }: OpenedTarget | OpenedGroup | OpenedBreaker | OpenedHold): Case {
  return {
    v: 1,
    id,
    rev: 0,
    ...subject,
    state: 'suspected',
    openedAt: now,
    updatedAt: now,
    ejections: [],
    events: [{ at: now, kind: 'opened', says: summary }],
    outbox: [],
  };
}

export function noted<Incident extends Case>(incident: Incident, event: CaseEvent): Incident {
  return { ...incident, updatedAt: event.at, events: [...incident.events, event] };
}

export function diagnosed<Incident extends Case>(incident: Incident, diagnosis: Diagnosis, now: number): Incident {
  const next = { ...incident, diagnosis, inspectedAt: now };
  const first = diagnosis.findings[0];
  // A convicted target is looked at again and again: told when it is news.
  if (incident.diagnosis !== undefined && incident.diagnosis.findings[0]?.cause === first?.cause) return next;
  return noted(next, {
    at: now,
    kind: 'diagnosed',
    says: first === undefined ? 'nothing found' : `${first.cause} (${first.confidence.toFixed(2)})`,
  });
}

/** The removal is announced, before anything is done. */
export function announced<Incident extends Case>(incident: Incident, decision: Decision, ejection: Ejection): Incident {
  const next = { ...incident, decision, removal: decision, ejections: [...incident.ejections, ejection] };
  return noted(next, {
    at: ejection.intentAt,
    kind: 'removal-announced',
    says: `${decision.reason}; scheduled restore ${ejection.scheduleName}`,
  });
}

/**
 * That ejection with some of its fields set. It is known in its case by when it was announced: the
 * record of it may have been written and read again since.
 */
function amended<Incident extends Case>(incident: Incident, { intentAt }: Ejection, fields: Partial<Ejection>): Incident {
  const isIt = (one: Ejection) => one.intentAt === intentAt && one.abandonedAt === undefined;
  return { ...incident, ejections: incident.ejections.map((one) => (isIt(one) ? { ...one, ...fields } : one)) };
}

export function confirmedOut<Incident extends Case>(incident: Incident, ejection: Ejection, now: number, summary: string): Incident {
  return noted({ ...amended(incident, ejection, { confirmedAt: now }), state: 'out' }, { at: now, kind: 'removed', says: summary });
}

export function abandoned<Incident extends Case>(incident: Incident, ejection: Ejection, now: number, summary: string): Incident {
  return noted(amended(incident, ejection, { abandonedAt: now }), { at: now, kind: 'removal-abandoned', says: summary });
}

/**
 * A guardrail refused it right before the call: nothing was asked for, and its scheduled restore is
 * cancelled.
 */
export function calledOff<Incident extends Case>(incident: Incident, ejection: Ejection, now: number, summary: string): Incident {
  return noted(amended(incident, ejection, { abandonedAt: now, wayBackCancelledAt: now }), {
    at: now,
    kind: 'removal-abandoned',
    says: summary,
  });
}

/** A removal that was taken for not made, and was made after all. */
export function madeAfterAll<Incident extends Case>(incident: Incident, { intentAt }: Ejection, now: number, summary: string): Incident {
  const ejections = incident.ejections.map((one) => (one.intentAt === intentAt ? withoutAbandonment(one) : one));
  return noted({ ...incident, ejections }, { at: now, kind: 'removal-late', says: summary });
}

function withoutAbandonment({ abandonedAt: _abandonedAt, ...ejection }: Ejection): Ejection {
  return ejection;
}

export function renewed<Incident extends Case>(
  incident: Incident,
  ejection: Ejection,
  now: number,
  leaseEndsAt: number,
  summary: string,
): Incident {
  return noted(amended(incident, ejection, { leaseEndsAt }), { at: now, kind: 'lease-renewed', says: summary });
}

/**
 * Its scheduled restore was moved ahead while its instance does not run: as often as that takes, so
 * that it is no event of its own.
 */
export function waiting<Incident extends Case>(incident: Incident, ejection: Ejection, now: number, leaseEndsAt: number): Incident {
  return { ...amended(incident, ejection, { leaseEndsAt }), updatedAt: now };
}

/**
 * Remembers since when too few others serve while the target is out. A run that could not tell
 * changes nothing.
 */
export function shortSince(incident: TargetCase, { short }: Decision, now: number): TargetCase {
  if (short === undefined || short === (incident.shortSinceAt !== undefined)) return incident;
  const { shortSinceAt: _, ...others } = incident;
  return short ? { ...others, shortSinceAt: now } : others;
}

export function restoring<Incident extends Case>(incident: Incident, ejection: Ejection, now: number, summary: string): Incident {
  return noted(amended(incident, ejection, { restoreIntentAt: now }), { at: now, kind: 'restore-announced', says: summary });
}

/** A person wants the target back: the same intent as a restore of our own, with who asked. */
export function askedBack<Incident extends Case>(incident: Incident, ejection: Ejection, now: number, asker: string): Incident {
  return noted(amended(incident, ejection, { restoreIntentAt: now, restoreAskedBy: asker }), {
    at: now,
    kind: 'restore-asked',
    says: `by ${asker}`,
  });
}

/** A person gives the target up. The case ends when nothing of ours can bring it back any more. */
export function givenUp<Incident extends Case>(incident: Incident, ejection: Ejection, now: number, asker: string): Incident {
  return noted(amended(incident, ejection, { givenUpAt: now, givenUpBy: asker }), { at: now, kind: 'given-up', says: `by ${asker}` });
}

export function scheduledRestoreCancelled<Incident extends Case>(incident: Incident, ejection: Ejection, now: number): Incident {
  return noted(amended(incident, ejection, { wayBackCancelledAt: now }), {
    at: now,
    kind: 'way-back-cancelled',
    says: 'nothing is scheduled any more',
  });
}

export function watching<Incident extends Case>(
  incident: Incident,
  ejection: Ejection,
  now: number,
  watchUntilAt: number,
  summary: string,
): Incident {
  return noted(
    { ...amended(incident, ejection, { restoredAt: now }), state: 'watching', watchUntilAt },
    { at: now, kind: 'restored', says: summary },
  );
}

export function closed<Incident extends Case>(incident: Incident, now: number, because: ClosedBecause, summary: string): Incident {
  return noted({ ...incident, state: 'closed', because, closedAt: now }, { at: now, kind: 'closed', says: `${because}: ${summary}` });
}

export function refused<Incident extends Case>(incident: Incident, refusal: Refusal): Incident {
  const summary = `blocked by ${refusal.blocked.join(', ')}: ${refusal.says}`;
  return noted(
    { ...incident, refusals: [...(incident.refusals ?? []), refusal] },
    {
      at: refusal.at,
      kind: incident.state === 'out' ? 'not-renewed' : 'not-removed',
      says: summary,
    },
  );
}

export function withAlert<Incident extends Case>(incident: Incident, entry: OutboxEntry): Incident {
  return { ...incident, outbox: [...incident.outbox, entry] };
}

/** The topic has its text: what stays on record is that it was told, and when. */
export function sent<Incident extends Case>(incident: Incident, id: string, now: number): Incident {
  return settled(incident, id, (entry) => ({ ...entry, sentAt: now }));
}

/** EventBridge took the event. */
export function emitted<Incident extends Case>(incident: Incident, id: string, now: number): Incident {
  return settled(incident, id, (entry) => ({ ...entry, emittedAt: now, ...(entry.quiet === true ? { sentAt: now } : {}) }));
}

function settled<Incident extends Case>(incident: Incident, id: string, step: (entry: OutboxEntry) => OutboxEntry): Incident {
  return { ...incident, outbox: incident.outbox.map((entry) => (entry.id === id ? withoutText(step(entry)) : entry)) };
}

/** What was delivered everywhere needs neither text nor event any more. */
function withoutText(entry: OutboxEntry): OutboxEntry {
  const { event, ...others } = entry;
  if (entry.sentAt === undefined) return entry;
  return { ...others, body: '', ...(event === undefined || entry.emittedAt !== undefined ? {} : { event }) };
}

/** Alerts that a topic has not taken yet. */
export function unsent(incident: Case): OutboxEntry[] {
  return incident.outbox.filter(({ sentAt, quiet }) => sentAt === undefined && quiet !== true);
}

/** Events that EventBridge has not taken yet; entries of older records have none. */
export function unemitted(incident: Case): OutboxEntry[] {
  return incident.outbox.filter(({ event, emittedAt }) => event !== undefined && emittedAt === undefined);
}
