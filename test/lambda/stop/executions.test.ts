/** How an execution of the runbook stands, and what it is started with. */
import { InvalidAutomationStatusUpdateException, type AutomationExecution, type StepExecution } from '@aws-sdk/client-ssm';
import type { StopExecution } from '../../../core/model';
import { executionOf, parametersOf, stopExecutions } from '../../../lambda/aws/stop-executions';
import { RUNBOOK_PATTERNS } from '../../../lambda/stop/runbook';
import { PLAN, stopOf } from '../../core/stop/candidate-builder';
import { ssm } from '../act/clients-setup';
import { containing } from '../../builders/text';

const begun = new Date(0);
const approver = '{"Approver":"arn:aws:sts::123456789012:assumed-role/oncall/ann","Decision":"Approve","ApprovalDecisionTime":"t"}';
const approve: StepExecution = {
  StepName: 'approve',
  StepStatus: 'Success',
  ExecutionStartTime: begun,
  Outputs: { ApproverDecisions: [approver] },
};
const waiting: StepExecution = { StepName: 'approve', StepStatus: 'Waiting', ExecutionStartTime: begun };
const pending: StepExecution = { StepName: 'stop', StepStatus: 'Pending' };
const outcome = { v: 1, digest: PLAN.digest, outcome: 'stopped', signalled: [], starter: 'commented-out' };
const by = 'arn:aws:sts::123456789012:assumed-role/oncall/ann';

const ROWS: readonly (readonly [string, AutomationExecution, Partial<StopExecution>])[] = [
  [
    'waits for a person',
    { AutomationExecutionStatus: 'Waiting', StepExecutions: [waiting, pending] },
    { state: 'waiting', reachedHost: false },
  ],
  [
    'is approved, and not at the host yet',
    { AutomationExecutionStatus: 'InProgress', StepExecutions: [approve, pending] },
    { state: 'acting', reachedHost: false, approvedBy: by },
  ],
  [
    'is at the host',
    {
      AutomationExecutionStatus: 'InProgress',
      StepExecutions: [approve, { StepName: 'stop', StepStatus: 'InProgress', ExecutionStartTime: begun }],
    },
    { state: 'acting', reachedHost: true },
  ],
  [
    'has ended there',
    {
      AutomationExecutionStatus: 'Success',
      StepExecutions: [
        approve,
        { StepName: 'stop', StepStatus: 'Success', ExecutionStartTime: begun, Outputs: { Output: [JSON.stringify(outcome)] } },
      ],
    },
    { state: 'ended', reachedHost: true, outcome: outcome as NonNullable<StopExecution['outcome']> },
  ],
  [
    'has ended there without an answer that can be read',
    {
      AutomationExecutionStatus: 'Success',
      StepExecutions: [approve, { StepName: 'stop', StepStatus: 'Success', ExecutionStartTime: begun, Outputs: { Output: ['Traceback'] } }],
    },
    { state: 'ended', why: containing('no JSON') },
  ],
  [
    'failed at the host',
    {
      AutomationExecutionStatus: 'Failed',
      FailureMessage: 'Step fails',
      StepExecutions: [approve, { StepName: 'stop', StepStatus: 'Failed', ExecutionStartTime: begun }],
    },
    { state: 'failed', reachedHost: true, why: 'Step fails' },
  ],
  [
    'failed before the host',
    { AutomationExecutionStatus: 'Failed', StepExecutions: [approve, pending] },
    { state: 'failed', reachedHost: false },
  ],
  [
    'was denied',
    {
      AutomationExecutionStatus: 'Failed',
      StepExecutions: [
        {
          ...approve,
          StepStatus: 'Failed',
          Outputs: { ApproverDecisions: [approver.replace('"Decision":"Approve"', '"Decision":"Reject"')] },
        },
        pending,
      ],
    },
    { state: 'denied', approvedBy: by },
  ],
  ['was rejected', { AutomationExecutionStatus: 'Rejected', StepExecutions: [waiting, pending] }, { state: 'denied' }],
  [
    'timed out',
    { AutomationExecutionStatus: 'TimedOut', StepExecutions: [{ ...waiting, StepStatus: 'TimedOut' }, pending] },
    { state: 'expired' },
  ],
  [
    'failed because the approval timed out',
    { AutomationExecutionStatus: 'Failed', StepExecutions: [{ ...waiting, StepStatus: 'TimedOut' }, pending] },
    { state: 'expired' },
  ],
  [
    'was cancelled',
    { AutomationExecutionStatus: 'Cancelled', StepExecutions: [waiting, pending] },
    { state: 'cancelled', reachedHost: false },
  ],
  [
    'is being cancelled, and nobody approved it',
    { AutomationExecutionStatus: 'Cancelling', StepExecutions: [waiting, pending] },
    { state: 'cancelling' },
  ],
  [
    'is being cancelled after an approval: it may still act',
    { AutomationExecutionStatus: 'Cancelling', StepExecutions: [approve, pending] },
    { state: 'acting' },
  ],
  ['has a status that nobody knows', { AutomationExecutionStatus: 'Levitating' as never, StepExecutions: [approve] }, { state: 'acting' }],
];

test.each(ROWS)('one that %s', (_, execution, expected) => {
  expect(executionOf(execution)).toMatchObject(expected);
});

test('every parameter is one that the runbook takes, whatever a host printed', () => {
  const nasty = { ...PLAN, process: { ...PLAN.process, command: 'x {{ global:DATE }} "\u00e9\n'.repeat(40), user: '{{r}}' } };
  const parameters = parametersOf(stopOf({ plan: nasty, caseId: '2026-01-01T12:00:00.000Z-abcdef01' }));
  for (const [name, pattern] of Object.entries(RUNBOOK_PATTERNS))
    expect(parameters[name as keyof typeof parameters]).toMatch(new RegExp(pattern));
});

test('the client token on record starts it, once more with the same', async () => {
  const client = ssm(() => ({ AutomationExecutionId: 'e' }));
  const executions = stopExecutions(client, 'Runbook');
  expect(await executions.start(stopOf())).toBe('e');
  expect(await executions.start(stopOf())).toBe('e');
  expect(client.asked[0]).toMatchObject({
    name: 'StartAutomationExecution',
    input: { DocumentName: 'Runbook', ClientToken: stopOf().clientToken },
  });
  expect(client.asked[1]).toEqual(client.asked[0]);
});

test('cancelling one that has ended is no failure, and any other one is', async () => {
  const ended = ssm(() => new InvalidAutomationStatusUpdateException({ message: 'ended', $metadata: {} }));
  await expect(stopExecutions(ended, 'Runbook').cancel('e')).resolves.toBeUndefined();
  expect(ended.asked).toEqual([{ name: 'StopAutomationExecution', input: { AutomationExecutionId: 'e', Type: 'Cancel' } }]);
  await expect(
    stopExecutions(
      ssm(() => new Error('Throttling')),
      'Runbook',
    ).cancel('e'),
  ).rejects.toThrow('Throttling');
});
