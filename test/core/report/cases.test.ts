import { diagnosed, noted } from '../../../core/case-transitions';
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Case } from '../../../core/model';
import { caseTable, explanation, isMeant } from '../../../core/report/cases';
import { guardrailLines } from '../../../core/report/guardrails';
import { holdCase, targetCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { TARGET } from '../../builders/targets';
import { sceneInput } from '../diagnose/captures';

const refused = decisionTo('keep', {
  reason: 'would have been removed',
  blocked: ['capacity-projection'],
  guardrails: [
    { guardrail: 'kill-switch', value: 'off', limit: 'off', passed: true },
    { guardrail: 'capacity-projection', value: '83 %', limit: '70 %', passed: false },
  ],
  lookAgainAt: NOW,
});
const incident: Case = {
  ...noted(targetCase({ openedAt: NOW, summary: '71x its peers' }), {
    at: NOW + 60_000,
    kind: 'removed',
    says: 'confirmed by target health',
  }),
  decision: refused,
};
const hold = holdCase({ target: TARGET }, { openedAt: NOW, id: 'case-2', summary: 'hold asked for by Ann' });

it('a case is one line: whom it is about, its state and what was decided', () => {
  const [, line, held] = caseTable([incident, hold], NOW + 300_000);
  expect(line).toMatch(/^case-1 +suspected +5 min +i-1:8080 of checkout +keep, blocked by capacity-projection$/);
  expect(held).toMatch(/^case-2 +suspected +5 min +hold: i-1:8080 of checkout/);
});

it('the table fits a terminal, whatever names and reasons there are', () => {
  const id = '2026-01-01T12:00:00.000Z-3340d2be';
  const arn = GROUP.replace('checkout', 'x'.repeat(32));
  const blocked = ['capacity-projection', 'frozen-deployment', 'second-view-awaited'] as const;
  const wide = { ...incident, id, groupArn: arn, target: { id: 'i-0123456789abcdef0', port: 65_535 } };
  const cases = [
    { ...wide, decision: decisionTo('keep', { ...refused, blocked }) },
    { ...wide, state: 'closed' as const, because: 'not-acted' as const, closedAt: NOW },
    hold,
  ];
  const lines = caseTable(cases, NOW + 100 * 3_600_000);
  expect(lines.filter(({ length }) => length > 100)).toEqual([]);
  expect(lines[1]).toMatch(/^0101T1200-3340d2be +suspected +4 d +i-0123456789abcdef0:65535 of xxxxx/);
  expect(lines[2]).toMatch(/ not-acted +4 d ago /);
  expect(isMeant(wide, '0101T1200-3340d2be')).toBe(true);
});

it('the cause is whole where it fits, and the decision is left out before it is cut', () => {
  const of = (width: number) => caseTable([diagnosed(incident, diagnose(sceneInput('pool-starvation', 'app-3')), NOW)], NOW, width)[1];
  expect(of(110)).toMatch(/ pool-starvation; keep, blocked by capacity-projection$/);
  expect(of(80)).toMatch(/ pool-starvation$/);
  expect(of(56)).toMatch(/ pool-st\.\.\.$/);
});

it('a long value of a guardrail has its limit below it, and parts no other', () => {
  const long = '10 of 40 client requests failed, 3 of 100 before';
  const checks = [
    { guardrail: 'kill-switch', value: 'off', limit: 'off', passed: true },
    { guardrail: 'uncorroborated', value: long, limit: 'a second view', passed: false },
  ] as const;
  expect(guardrailLines(checks)).toEqual([
    '    guardrail       value  limit',
    `NO  uncorroborated  ${long}`,
    '                           a second view',
    'ok  kill-switch     off    off',
  ]);
});

it('an explanation has the guardrails of the removal also after its case is closed', () => {
  const removal = decisionTo('eject', { ...refused, reason: '71x its peers', lookAgainAt: NOW - 1, blocked: [] });
  const over = decisionTo('close', { ...refused, guardrails: [], blocked: [] });
  const text = explanation({ ...incident, state: 'closed', because: 'recovered', decision: over, removal }).join('\n');
  expect(text).toMatch(/Guardrails of the latest removal\n +71x its peers\n[^]*ok +kill-switch +off +off/);
  expect(explanation({ ...incident, decision: removal, removal }).join('\n')).not.toContain('of the latest removal');
});

it('an explanation has every event in its order and every guardrail, those that said no first', () => {
  const text = explanation(incident).join('\n');
  expect(text).toMatch(/12:00:00 UTC {2}opened: 71x its peers\n.*12:01:00 UTC {2}removed: confirmed by target health/);
  expect(text).toMatch(/NO +capacity-projection +83 % +70 %\n +ok +kill-switch/);
});

it('an explanation of a case with one culprit names the command that tells of its stop', () => {
  const named = diagnosed(targetCase(), diagnose(sceneInput('pool-starvation', 'app-3')), NOW);
  expect(explanation(named).join('\n')).toMatch(
    /Stopping it\n +Whether pid \d+ may be stopped, or was, .*: npx --no-install sickbay stop case-1/,
  );
  expect(explanation(incident).join('\n')).not.toContain('sickbay stop');
});

it('an explanation says in words that no cause was found, and how much was seen', () => {
  const seen = diagnosed(targetCase(), diagnose(sceneInput('slow-without-cause', 'app-3')), NOW);
  const unseen = diagnosed(
    targetCase(),
    diagnose({ now: NOW, sick: { host: 'i-1', capturedAt: NOW, notInspectable: 'the agent is offline' }, peers: [] }),
    NOW,
  );
  const words = /diagnosed: (no cause found.*)[^]*Found on the host\n +(no cause found.*)\n/;
  expect(words.exec(explanation(seen).join('\n'))?.slice(1)).toEqual(
    Array(2).fill('no cause found; 88 % of its inspection could be read whole'),
  );
  expect(words.exec(explanation(unseen).join('\n'))?.slice(1)).toEqual(Array(2).fill('no cause found: nothing of it could be inspected'));
});

it('an explanation says what CloudWatch said of the load balancer, and when', () => {
  const balancer = { readAt: NOW, minutes: [{ startsAt: NOW, requests: 400, serverErrors: 3, connectionErrors: 0 }] };
  expect(explanation({ ...incident, balancer }).join('\n')).toMatch(
    /What CloudWatch said of the load balancer\n +2026-01-01 12:00:00 UTC {2}no response time, 3 of 400 requests answered 5xx/,
  );
});

it('a case is meant by its id and by its target', () => {
  expect(['case-1', 'i-1', 'i-1:8080', 'i-2'].map((name) => isMeant(incident, name))).toEqual([true, true, true, false]);
  expect(isMeant(hold, 'i-1')).toBe(true);
});
