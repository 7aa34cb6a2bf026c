/**
 * A case that cannot be written because of its size is impossible: any history of changes, with
 * texts that a hostile host chose.
 */
import * as fc from 'fast-check';
import { CASE_BYTES, FIRST_EVENTS, fitted } from '../../core/case-size';
import {
  abandoned,
  announced,
  confirmedOut,
  diagnosed,
  emitted,
  noted,
  refused,
  sent,
  unemitted,
  unsent,
  watching,
  withAlert,
} from '../../core/case-transitions';
import { currentEjection } from '../../core/case';
import { BLOCKED, type Case, type CaseStateChange, type Decision, type Diagnosis, type Ejection } from '../../core/model';
import { explanation } from '../../core/report/cases';
import { lookBack } from '../../core/readiness/candidates';
import { targetCase } from '../builders/cases';
import { ejection } from '../builders/ejections';

const ARN = `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${'g'.repeat(32)}/0123456789abcdef`;
const target = { id: 'i-0123456789abcdef0', port: 65_535, availabilityZone: 'us-east-1a' };
const START = 1_750_000_000_000;

const size = (incident: Case): number => Buffer.byteLength(JSON.stringify(incident), 'utf8');

/**
 * Long, and of characters that take the most bytes in JSON: control characters six, lone surrogates
 * six, others up to four.
 */
const hostile = fc
  .tuple(fc.constantFrom('\u0000', '\ud800', '€', '😀', '"', 'x', '`<https://evil|Click>`'), fc.integer({ min: 0, max: 120_000 }))
  .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length)));
const brief = fc.string({ maxLength: 40 });
const text = fc.oneof({ weight: 1, arbitrary: hostile }, { weight: 4, arbitrary: brief });
const many = (most: number) => fc.array(text, { maxLength: most });

const diagnosis: fc.Arbitrary<Diagnosis> = fc.record({
  findings: fc.array(
    fc.record({
      cause: fc.constant('pool-starvation' as const),
      confidence: fc.constant(0.9),
      culprit: fc.record({ pid: fc.nat(), command: text, user: text, parent: text, cron: text }),
      evidence: many(6),
      against: many(6),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  differences: many(300),
  notInspectable: fc.array(fc.record({ host: fc.constant('i-0123456789abcdef1'), why: text }), { maxLength: 4 }),
  pools: fc.array(fc.record({ host: fc.constant('i-0123456789abcdef1'), active: fc.nat(), max: fc.nat() }), { maxLength: 12 }),
  cpu: fc.array(fc.record({ host: fc.constant('i-0123456789abcdef1'), busyFraction: fc.constant(0.123456789) }), { maxLength: 4 }),
  notes: many(50),
});

const decision: fc.Arbitrary<Decision> = fc
  .tuple(text, fc.subarray([...BLOCKED]), fc.array(fc.tuple(text, text), { maxLength: BLOCKED.length }))
  .map(([reason, blocked, values]) => ({
    action: 'keep',
    caseId: 'case',
    groupArn: ARN,
    target,
    reason,
    blocked,
    guardrails: values.map(([value, limit]) => ({ guardrail: 'capacity-projection', value, limit, passed: false })),
    lookAgainAt: 0,
  }));

const ejectionAt = (at: number): Ejection =>
  ejection(target, at, at + 900_000, {
    owner: 'asg',
    autoScalingGroup: 'a'.repeat(255),
    scheduleName: `sickbay-${'0'.repeat(40)}`,
  });

type Change = (incident: Case, at: number) => Case;

const change: fc.Arbitrary<Change> = fc.oneof(
  text.map(
    (summary): Change =>
      (incident, at) =>
        noted(incident, { at, kind: 'noted', says: summary }),
  ),
  diagnosis.map(
    (found): Change =>
      (incident, at) =>
        diagnosed(incident, found, at),
  ),
  fc.tuple(decision, text, text).map(
    ([decided, summary, balancer]): Change =>
      (incident, at) =>
        refused({ ...incident, decision: decided }, { at, blocked: decided.blocked, says: summary, balancer, clientView: summary }),
  ),
  fc.tuple(text, fc.boolean()).map(
    ([body, page]): Change =>
      (incident, at) =>
        withAlert(incident, {
          id: `${incident.id}/keep/${at}`,
          at,
          severity: page ? 'page' : 'notify',
          subject: 'Sickbay: told',
          body,
          event: eventSaying(`${incident.id}/keep/${at}`, body),
        }),
  ),
  fc.constant<Change>((incident, at) => {
    const [first] = unemitted(incident);
    return first === undefined ? incident : emitted(incident, first.id, at);
  }),
  fc.constant<Change>((incident, at) => {
    const [first] = unsent(incident);
    return first === undefined ? incident : sent(incident, first.id, at);
  }),
  decision.map(
    (decided): Change =>
      (incident, at) =>
        abandoned(announced(incident, decided, ejectionAt(at)), ejectionAt(at), at, decided.reason),
  ),
  decision.map(
    (decided): Change =>
      (incident, at) =>
        watched(announced(incident, decided, ejectionAt(at)), ejectionAt(at), decided.reason),
  ),
);

/** Longer in each of its texts than an event is made (core/report/case-event.ts). */
function eventSaying(id: string, text: string): CaseStateChange {
  return {
    version: 1,
    id,
    dedupKey: 'case',
    status: 'updated',
    severity: 'page',
    time: text,
    stack: text,
    about: 'target',
    state: 'out',
    action: 'keep',
    blocked: [...BLOCKED],
    openedAt: text,
    targetGroup: { arn: ARN, name: text },
    target: { id: target.id, port: target.port, name: text },
    summary: text,
    head: { users: text, done: text, cause: text, back: text, now: text },
    cause: {
      name: text,
      phrase: text,
      confidence: 1,
      isLead: false,
      culprit: { pid: 1, command: text, user: text, parent: text, cron: text, cronFile: text },
    },
    nextSteps: [text, text],
    links: { targetGroup: text, instance: text, session: text, runbook: text, dashboard: text },
  };
}

/** Taken out when it was announced, and brought back at once. */
function watched(incident: Case, ejection: Ejection, summary: string): Case {
  const at = ejection.intentAt;
  return watching(confirmedOut(incident, ejection, at, summary), ejection, at, at + 1, summary);
}

const opened = targetCase({ openedAt: START, groupArn: ARN, id: '2026-01-01T00:00:00.000Z-0123abcd', summary: 'how it began', target });

/** As the records do: every write is fitted, and the next change is made to what was written. */
const history = (changes: readonly Change[], times: number): Case => {
  let incident: Case = opened;
  for (let round = 0; round < times; round++)
    for (const [index, made] of changes.entries()) incident = fitted(made(incident, START + 60_000 * (round * changes.length + index + 1)));
  return incident;
};

const histories = fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 8 }), times: fc.integer({ min: 1, max: 30 }) });

it('is at most so large when everything in it is as large as it can be', () => {
  const worst = '\u0000'.repeat(120_000);
  const finding = {
    cause: 'unknown' as const,
    confidence: 1,
    culprit: { pid: 1, command: worst, user: worst, parent: worst, cron: worst },
    evidence: [worst, worst, worst, worst, worst],
    against: [worst, worst, worst, worst, worst],
  };
  const lines = Array.from({ length: 20 }, () => worst);
  const found = {
    findings: [finding, finding, finding, finding, finding],
    differences: lines,
    notes: lines,
    notInspectable: [],
    pools: [],
    cpu: [],
  };
  const guardrails = BLOCKED.map((guardrail) => ({ guardrail, value: worst, limit: worst, passed: false }));
  const decided: Decision = {
    action: 'keep',
    caseId: 'c',
    groupArn: ARN,
    reason: worst,
    blocked: [...BLOCKED],
    guardrails,
    lookAgainAt: 0,
  };
  let incident: Case = { ...opened, diagnosis: found, decision: decided };
  for (let at = START + 1; at < START + 60; at++) {
    const told: Case = withAlert(incident, {
      id: `${incident.id}/keep/${at}`,
      at,
      severity: 'page',
      subject: 'Sickbay: told',
      body: worst,
      event: eventSaying(`${incident.id}/keep/${at}`, worst),
    });
    const turned: Case = refused(told, { at, blocked: BLOCKED, says: worst, balancer: worst, clientView: worst });
    incident = fitted({ ...turned, diagnosis: found, ejections: [...turned.ejections, { ...ejectionAt(at), restoreAskedBy: worst }] });
  }
  expect(size(incident)).toBeLessThanOrEqual(CASE_BYTES);
  expect(unsent(incident).at(-1)?.id).toBe(`${incident.id}/keep/${START + 59}`);
  expect(unemitted(incident).at(-1)?.event?.id).toBe(`${incident.id}/keep/${START + 59}`);
});

it('is at most so large after any history, with how it began, what came last and everything that code compares', () => {
  fc.assert(
    fc.property(histories, ({ changes, times }) => {
      const incident = history(changes, times);
      expect(size(incident)).toBeLessThanOrEqual(CASE_BYTES);
      const whole = changes.at(-1)?.(history(changes.slice(0, -1), 1), START) ?? opened;
      expect(incident.events[0]).toEqual({ at: START, kind: 'opened', says: 'how it began' });
      expect([incident.id, incident.groupArn, incident.target, incident.state]).toEqual([whole.id, ARN, target, incident.state]);
      for (const ejection of incident.ejections) expect(ejection).toMatchObject({ autoScalingGroup: 'a'.repeat(255), target });
      expect(() => explanation(incident)).not.toThrow();
      expect(() => lookBack([incident], 0, START)).not.toThrow();
    }),
    { numRuns: 30 },
  );
});

it('fitted once, is fitted', () => {
  fc.assert(
    fc.property(histories, ({ changes, times }) => {
      const incident = history(changes, Math.min(times, 5));
      expect(fitted(incident)).toEqual(incident);
    }),
    { numRuns: 20 },
  );
});

describe('alerts', () => {
  const alerted = (count: number, body = 'b'): Case =>
    Array.from({ length: count }, (_, index) => index).reduce<Case>(
      (incident, index) =>
        fitted(withAlert(incident, { id: `a-${index}`, at: START + index, severity: 'notify', subject: `alert ${index}`, body })),
      opened,
    );

  it('that are not sent are never dropped, nor is the body of one of the usual length', () => {
    const body = 'a line of an alert\n'.repeat(500);
    expect(unsent(alerted(20, body)).map((entry) => [entry.id, entry.body])).toEqual(
      Array.from({ length: 20 }, (_, index) => [`a-${index}`, body]),
    );
  });

  it('that a topic has not taken for very long are told together, by their subjects', () => {
    const waiting = unsent(alerted(60));
    expect(waiting.length).toBeLessThanOrEqual(40);
    const told = waiting.map(({ subject, body }) => `${subject}\n${body}`).join('\n');
    for (const index of [0, 1, 58, 59]) expect(told).toContain(`alert ${index}\n`);
    expect(told).toMatch(/alerts of one case could not be sent in time/);
  });

  it('whose events EventBridge has not taken keep them, the first and the latest where there are many', () => {
    const told = (index: number) => ({ id: `a-${index}`, at: START + index, severity: 'notify' as const, subject: 's', body: 'b' });
    const waiting = (count: number, text: string): Case =>
      Array.from({ length: count }, (_, index) => index).reduce<Case>(
        (incident, index) =>
          fitted(sent(withAlert(incident, { ...told(index), event: eventSaying(`a-${index}`, text) }), `a-${index}`, START + index)),
        opened,
      );
    expect(unemitted(waiting(20, 'usual')).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `a-${index}`));
    const many = unemitted(waiting(60, '€'.repeat(500))).map(({ event }) => event?.id);
    expect([many[0], many.at(-1)]).toEqual(['a-0', 'a-59']);
  });

  it('that were sent keep when and what about, and no body', () => {
    const incident = sent(alerted(1), 'a-0', START + 5);
    expect(incident.outbox).toEqual([{ id: 'a-0', at: START, severity: 'notify', subject: 'alert 0', body: '', sentAt: START + 5 }]);
  });

  it('of an older record lose the bodies that were sent', () => {
    const old = { ...opened, outbox: [{ id: 'a', at: 0, severity: 'page' as const, subject: 's', body: 'long', sentAt: 1 }] };
    expect(fitted(old).outbox[0]?.body).toBe('');
  });
});

it('a long history says where it was shortened', () => {
  const incident = history([(before, at) => noted(before, { at, kind: 'noted', says: 'again' })], 300);
  const lines = explanation(incident);
  expect(lines.some((line) => line.trim() === `... ${301 - incident.events.length} events are left out ...`)).toBe(true);
  expect(incident.events.slice(0, FIRST_EVENTS).map(({ at }) => at)).toEqual([0, 1, 2, 3, 4].map((minute) => START + 60_000 * minute));
});

it('the removal that nothing but the mode stood before is remembered, whatever came before and after it', () => {
  const refusal = (at: number, blocked: Decision['blocked']) => ({
    at,
    blocked,
    says: 'slow',
    clientView: 'felt',
    clientSlowFraction: 0.3,
  });
  const many = Array.from({ length: 150 }, (_, index) => index);
  const clearAt = START + 75;
  const incident = many.reduce<Case>(
    (before, index) => fitted(refused(before, refusal(START + index, index === 75 ? ['mode-observe'] : ['mode-observe', 'grace']))),
    opened,
  );
  expect(lookBack([incident], START, START + 1000).candidates).toMatchObject([{ at: clearAt, opinion: 'doubtful' }]);
  expect(currentEjection(incident)).toBeUndefined();
});
