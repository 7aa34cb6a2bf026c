/** What operators ask of a task that is being replaced, and what they are told. */
import { answerRequest, type Answer, type Known, type OperatorRequest } from '../../core/decide/request';
import { alert } from '../../core/report/alert';
import { headOf, headLines, HEAD_MAX } from '../../core/report/head';
import { SUBJECT_MAX } from '../../core/report/subject';
import { REPLACE_STEPS, type Case, type Decision, type Replacement, type TargetCase } from '../../core/model';
import { replacementCase } from '../builders/cases';
import { GROUP } from '../builders/groups';
import { NOW } from '../builders/now';
import { REPLACEMENT } from '../builders/replacements';

const out = (fields: Partial<Replacement> = {}, more: Partial<TargetCase> = {}) =>
  replacementCase({ ...REPLACEMENT, ...fields }, { groupArn: GROUP, ...more });

function asked(request: OperatorRequest, ...openCases: Case[]): Answer {
  const known: Known = { now: NOW, stamp: '2026-01-01T12:00:00.000Z', groups: new Map([[GROUP, []]]), openCases };
  return answerRequest(known, request);
}

const BY = { by: 'Ann', reason: 'I look at it' };

test('restore keeps the task: the stop is called off, and the target held', () => {
  const answer = asked({ kind: 'restore', subject: '10.0.0.1', forS: 900, ...BY }, out());
  expect(answer.granted && answer.changes.map(({ incident }) => incident.replacement?.restoreAskedBy ?? incident.about)).toEqual([
    'hold',
    'Ann: I look at it',
  ]);
  expect(answer.summary[0]).toMatch(/^10\.0\.0\.1:8080 of checkout is not stopped, is registered again when it has drained, and held: /);
});

test('restore of a task that was stopped says that it cannot be undone', () => {
  const answer = asked({ kind: 'restore', subject: '10.0.0.1', forS: 900, ...BY }, out({ stoppedAt: NOW - 1000 }, { state: 'watching' }));
  expect(answer.granted).toBe(false);
  expect(answer.summary[1]).toBe('10.0.0.1:8080 of checkout: its task was stopped, which cannot be undone; its service starts another one');
});

test('give-up leaves the task as it is', () => {
  const answer = asked({ kind: 'give-up', subject: '10.0.0.1:8080', ...BY }, out());
  expect(answer.granted && answer.changes[0]?.incident.replacement?.givenUpBy).toBe('Ann: I look at it');
  expect(answer.summary).toEqual([
    '10.0.0.1:8080 of checkout is given up: its task is neither stopped nor registered by Sickbay; its service may register it again',
  ]);
});

test('close-breaker ends a replacement that failed, which is the breaker of its service', () => {
  const answer = asked({ kind: 'close-breaker', by: 'Ann' }, out({ stoppedAt: NOW - 1000, failedAt: NOW }, { state: 'watching' }));
  expect(answer.granted && answer.changes[0]?.incident).toMatchObject({ state: 'closed', because: 'operator' });
  expect(answer.summary).toEqual(['the breaker of the service checkout is closed']);
});

test('nothing else is closed by it: a replacement that is under way goes on', () => {
  expect(asked({ kind: 'close-breaker', by: 'Ann' }, out()).summary).toEqual(['no breaker is open']);
});

const decided = (step: (typeof REPLACE_STEPS)[number]): Decision => ({
  action: 'replace',
  step,
  caseId: 'case-1',
  groupArn: GROUP,
  target: REPLACEMENT.target,
  reason: 'as decided',
  blocked: [],
  guardrails: [],
  lookAgainAt: NOW,
});

describe.each(REPLACE_STEPS)('the alert of the step %s', (step) => {
  const input = { now: NOW, incident: out(), decision: decided(step), round: undefined, remarks: [] };

  test('fits, and leads to the log of the task', () => {
    const told = alert(input);
    expect(told.subject.length).toBeLessThanOrEqual(SUBJECT_MAX);
    expect(headLines(headOf(input)).join('\n').length).toBeLessThanOrEqual(HEAD_MAX);
    expect(told.body).toContain('Logs: https://us-east-1.console.aws.amazon.com/cloudwatch/home');
    expect(told.event?.action).toBe(`replace-${step}`);
  });

  test('pages only where a person is needed', () => {
    expect(alert(input).severity).toBe(step === 'failed' ? 'page' : 'notify');
  });
});

test('the first alert says that it cannot be undone, and until when it can be called off', () => {
  const told = headOf({ now: NOW, incident: out(), decision: decided('begin'), round: undefined, remarks: [] });
  expect(told.back).toBe('Not this task: stopping it cannot be undone. Its service starts another one.');
  expect(told.now).toMatch(/to keep the task: then before .* UTC, .*restore 10\.0\.0\.1:8080 --by NAME --reason TEXT$/);
});
