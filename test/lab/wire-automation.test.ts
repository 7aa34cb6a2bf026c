import {
  AutomationExecutionNotFoundException,
  GetAutomationExecutionCommand,
  GetCalendarStateCommand,
  InvalidAutomationSignalException,
  InvalidAutomationStatusUpdateException,
  SSMClient,
  SendAutomationSignalCommand,
  StartAutomationExecutionCommand,
  StopAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import { throughFrontDoor } from '../../lab/wire/scheduler-ports';
import type { FrontDoor } from '../../lab/wire/front-door';
import { open, ROLE, type Opened } from './wire-setup';

const PERSON = 'arn:aws:iam::123456789012:role/oncall';
const RUNBOOK_ROLE = 'arn:aws:iam::123456789012:role/runbook';
const TOKEN = '0f0f0f0f-1111-4222-8333-444455556666';

const CONTENT = {
  schemaVersion: '0.3',
  assumeRole: RUNBOOK_ROLE,
  parameters: { name: { type: 'String', allowedPattern: '^/[a-z]+$' } },
  mainSteps: [
    { name: 'approve', action: 'aws:approve', timeoutSeconds: 60, inputs: { Approvers: [PERSON] } },
    {
      name: 'read',
      action: 'aws:assertAwsResourceProperty',
      inputs: { Service: 'ssm', Api: 'GetParameter', Name: '{{ name }}', PropertySelector: '$.Parameter.Value', DesiredValues: ['off'] },
    },
  ],
};

let opened: Opened;
let client: SSMClient;
let person: SSMClient;

beforeEach(async () => {
  const late: { door?: FrontDoor } = {};
  opened = await open(throughFrontDoor(() => late.door as FrontDoor));
  late.door = opened.door;
  opened.door.registerKey('AKIAONCALL', PERSON);
  client = new SSMClient(opened.client);
  person = new SSMClient({ ...opened.client, credentials: { ...opened.client.credentials, accessKeyId: 'AKIAONCALL' } });
  opened.world.automation.addRunbook('Ask', CONTENT);
  opened.world.parameters.putParameter({ Name: '/switch', Value: 'off', Type: 'String' });
});

afterEach(async () => {
  client.destroy();
  person.destroy();
  await opened.door.close();
});

async function started(): Promise<string> {
  const input = { DocumentName: 'Ask', ClientToken: TOKEN, Parameters: { name: ['/switch'] } };
  const [one, again] = [
    await client.send(new StartAutomationExecutionCommand(input)),
    await client.send(new StartAutomationExecutionCommand(input)),
  ];
  expect(again.AutomationExecutionId).toBe(one.AutomationExecutionId);
  await opened.clock.settle(10);
  return one.AutomationExecutionId ?? '';
}

async function status(AutomationExecutionId: string) {
  const { AutomationExecution: one } = await client.send(new GetAutomationExecutionCommand({ AutomationExecutionId }));
  return { status: one?.AutomationExecutionStatus, steps: one?.StepExecutions?.map(({ StepStatus }) => StepStatus) };
}

/** Calls through the door take turns of the event loop, and the world's clock stands still. */
async function ended(id: string): Promise<void> {
  for (let turn = 0; turn < 50 && (await status(id)).status === 'InProgress'; turn++) await opened.clock.settle(10);
}

test('a start waits for a person, who comes with credentials of their own; the step is played as the runbook’s role', async () => {
  const id = await started();
  expect(await status(id)).toEqual({ status: 'Waiting', steps: ['Waiting', 'Pending'] });
  const signal = { AutomationExecutionId: id, SignalType: 'Approve' as const, Payload: { Comment: ['looks right'] } };
  await expect(client.send(new SendAutomationSignalCommand(signal))).rejects.toBeInstanceOf(InvalidAutomationSignalException);
  await person.send(new SendAutomationSignalCommand(signal));
  await opened.clock.settle(10);
  await ended(id);
  expect(await status(id)).toEqual({ status: 'Success', steps: ['Success', 'Success'] });
  expect(opened.calls.filter(({ role }) => role === RUNBOOK_ROLE).map(({ action }) => action)).toEqual(['ssm:GetParameter']);
});

test('the log says what IAM is asked: of a start for runbook, execution and the role that it hands over', async () => {
  const id = await started();
  const [start] = opened.calls.filter(({ action }) => action === 'ssm:StartAutomationExecution');
  expect(start).toMatchObject({
    role: ROLE,
    mutating: true,
    resource: 'arn:aws:ssm:us-east-1:123456789012:document/Ask',
    moreResources: ['arn:aws:ssm:us-east-1:123456789012:automation-execution/*'],
    passesRole: RUNBOOK_ROLE,
  });
  await client.send(new StopAutomationExecutionCommand({ AutomationExecutionId: id, Type: 'Cancel' }));
  const [stop] = opened.calls.filter(({ action }) => action === 'ssm:StopAutomationExecution');
  expect(stop).toMatchObject({ mutating: true, resource: `arn:aws:ssm:us-east-1:123456789012:automation-execution/${id}` });
});

test('what is over cannot be stopped, and what never was is not found', async () => {
  const id = await started();
  const stop = (AutomationExecutionId: string) => client.send(new StopAutomationExecutionCommand({ AutomationExecutionId }));
  await stop(id);
  await opened.clock.settle(1_000);
  expect(await status(id)).toEqual({ status: 'Cancelled', steps: ['Cancelled', 'Pending'] });
  await expect(stop(id)).rejects.toBeInstanceOf(InvalidAutomationStatusUpdateException);
  await expect(stop(TOKEN)).rejects.toBeInstanceOf(AutomationExecutionNotFoundException);
});

test('calendars are open when all of them are; one that is not there is an error', async () => {
  opened.world.calendars.set('Freeze', 'OPEN');
  opened.world.calendars.set('Release', 'CLOSED');
  const state = async (...CalendarNames: string[]) => (await client.send(new GetCalendarStateCommand({ CalendarNames }))).State;
  expect(await state('Freeze')).toBe('OPEN');
  expect(await state('arn:aws:ssm:us-east-1:123456789012:document/Freeze', 'Release')).toBe('CLOSED');
  await expect(state('Freeze', 'Gone')).rejects.toThrow(/does not exist/);
});
