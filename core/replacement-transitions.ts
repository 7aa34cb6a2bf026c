/** How the replacement of a task changes a case: pure steps from one record to the next. */
import { noted } from './case-transitions';
import type { Blocked, Decision, Replacement, TargetCase } from './model';
import { taskId } from './replacement';

/** The replacement is announced, before anything is done. */
export function replacing(incident: TargetCase, decision: Decision, replacement: Replacement): TargetCase {
  return noted(
    { ...incident, state: 'out', decision, removal: decision, replacement },
    {
      at: replacement.intentAt,
      kind: 'replacement-announced',
      says: `${decision.reason}; task ${taskId(replacement.taskArn)} of ${replacement.service}, scheduled stop ${replacement.scheduleName}`,
    },
  );
}

function amended(incident: TargetCase, fields: Partial<Replacement>): TargetCase {
  const { replacement } = incident;
  return replacement === undefined ? incident : { ...incident, replacement: { ...replacement, ...fields } };
}

/** Target health showed that it left. */
export function seenOut(incident: TargetCase, now: number, summary: string): TargetCase {
  if (incident.replacement?.outAt !== undefined) return incident;
  return noted(amended(incident, { outAt: now }), { at: now, kind: 'removed', says: summary });
}

/** A guardrail refused it right before its first call: nothing was asked for. */
export function replacementCalledOffUnasked(incident: TargetCase, now: number, summary: string): TargetCase {
  const ended = amended(incident, { abandonedAt: now, deregisteredAt: [], scheduleCancelledAt: now });
  return noted({ ...ended, state: 'suspected' }, { at: now, kind: 'replacement-abandoned', says: summary });
}

/** The run that announced it died before it was done, as far as the world shows. */
export function replacementAbandoned(incident: TargetCase, now: number, summary: string): TargetCase {
  const ended = amended(incident, { abandonedAt: now, scheduleCancelledAt: now });
  return noted({ ...ended, state: 'suspected' }, { at: now, kind: 'replacement-abandoned', says: summary });
}

/** ECS registered it again: it is deregistered once more. */
export function deregisteringAgain(incident: TargetCase, now: number, stopsAt: number, summary: string): TargetCase {
  const before = incident.replacement?.deregisteredAt ?? [];
  return noted(amended(incident, { deregisteredAt: [...before, now], stopsAt }), { at: now, kind: 'removal-repeated', says: summary });
}

export function stopping(incident: TargetCase, now: number, summary: string): TargetCase {
  return noted(amended(incident, { stopIntentAt: now }), { at: now, kind: 'stop-announced', says: summary });
}

/** ECS shows the task stopping. Nothing is to be scheduled any more. */
export function stopConfirmed(incident: TargetCase, now: number, summary: string): TargetCase {
  const next = amended(incident, { stoppedAt: now });
  return noted({ ...next, state: 'watching' }, { at: now, kind: 'task-stopped', says: summary });
}

/** The task is not stopped: the schedule is cancelled next. */
export function callingOff(incident: TargetCase, now: number, blocked: readonly Blocked[], summary: string): TargetCase {
  if (incident.replacement?.calledOffAt !== undefined) return incident;
  return noted(amended(incident, { calledOffAt: now, calledOffFor: blocked, calledOffBecause: summary }), {
    at: now,
    kind: 'replacement-called-off',
    says: summary,
  });
}

export function stopCancelled(incident: TargetCase, now: number): TargetCase {
  if (incident.replacement?.scheduleCancelledAt !== undefined) return incident;
  return noted(amended(incident, { scheduleCancelledAt: now }), {
    at: now,
    kind: 'scheduled-stop-cancelled',
    says: 'nothing is scheduled any more',
  });
}

export function registering(incident: TargetCase, now: number, summary: string): TargetCase {
  return noted(amended(incident, { registerIntentAt: now }), { at: now, kind: 'restore-announced', says: summary });
}

/** Called off, it serves again. */
export function returned(incident: TargetCase, now: number): TargetCase {
  return amended(incident, { returnedAt: now });
}

/** A person wants the task to go on. */
export function askedNotToStop(incident: TargetCase, now: number, asker: string): TargetCase {
  return noted(amended(incident, { restoreAskedBy: asker }), { at: now, kind: 'restore-asked', says: `by ${asker}` });
}

/** A person wants the task left as it is: neither stopped nor registered by us. */
export function leftAlone(incident: TargetCase, now: number, asker: string): TargetCase {
  return noted(amended(incident, { givenUpBy: asker }), { at: now, kind: 'given-up', says: `by ${asker}` });
}

export function replaced(incident: TargetCase, now: number, replacedBy: string, summary: string): TargetCase {
  return noted(amended(incident, { verifiedAt: now, replacedBy }), { at: now, kind: 'replacement-verified', says: summary });
}

/** Nothing more is replaced in the service until a person has looked. */
export function replacementFailed(incident: TargetCase, now: number, summary: string): TargetCase {
  return noted(amended(incident, { failedAt: now }), { at: now, kind: 'replacement-failed', says: summary });
}
