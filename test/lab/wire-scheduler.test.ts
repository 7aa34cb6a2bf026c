import {
  ConflictException,
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
  paginateListSchedules,
  type CreateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import type { InvokePort } from '../../lab/wire/service-lambda';
import { throughFrontDoor } from '../../lab/wire/scheduler-ports';
import { IDS, open, webGroup, type Opened } from './wire-setup';

const WAY_BACK = 'arn:aws:iam::123456789012:role/way-back';

let opened: Opened;
let client: SchedulerClient;
let schedule: CreateScheduleCommandInput;
let invoked: Parameters<InvokePort>[];

beforeEach(async () => {
  invoked = [];
  const invoke: InvokePort = async (...call) => {
    invoked.push(call);
    return {};
  };
  opened = await open({ ...throughFrontDoor(() => opened.door), invoke });
  client = new SchedulerClient(opened.client);
  opened.world.scheduler.createScheduleGroup({ Name: 'ways-back' });
  const TargetGroupArn = webGroup(opened.world);
  schedule = {
    Name: 'back-i-0a.1_x',
    GroupName: 'ways-back',
    ScheduleExpression: 'at(2026-01-01T00:15:00)',
    ActionAfterCompletion: 'DELETE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Description: 'zurück – "back" <&>',
    Target: {
      Arn: 'arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:registerTargets',
      RoleArn: WAY_BACK,
      Input: JSON.stringify({ TargetGroupArn, Targets: [{ Id: IDS[0], Port: 8080 }] }),
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 600 },
      DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:lost' },
    },
  };
});

afterEach(async () => {
  client.destroy();
  await opened.door.close();
});

test('a schedule is made, read, replaced and deleted', async () => {
  const { ScheduleArn } = await client.send(new CreateScheduleCommand(schedule));
  expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:123456789012:schedule/ways-back/back-i-0a.1_x');
  const read = await client.send(new GetScheduleCommand({ Name: schedule.Name, GroupName: 'ways-back' }));
  expect(read).toMatchObject({ ...schedule, State: 'ENABLED', CreationDate: new Date('2026-01-01T00:00:00Z') });
  await client.send(new UpdateScheduleCommand({ ...schedule, ScheduleExpression: 'at(2026-01-01T00:30:00)' }));
  const updated = await client.send(new GetScheduleCommand({ Name: schedule.Name, GroupName: 'ways-back' }));
  expect(updated.ScheduleExpression).toBe('at(2026-01-01T00:30:00)');
  await client.send(new DeleteScheduleCommand({ Name: schedule.Name, GroupName: 'ways-back' }));
  const gone = client.send(new GetScheduleCommand({ Name: schedule.Name, GroupName: 'ways-back' }));
  await expect(gone).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('conflicts, missing groups and bad expressions are typed errors', async () => {
  await client.send(new CreateScheduleCommand(schedule));
  const twice = client.send(new CreateScheduleCommand(schedule));
  await expect(twice).rejects.toBeInstanceOf(ConflictException);
  await expect(twice).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
  const nowhere = client.send(new CreateScheduleCommand({ ...schedule, GroupName: 'nowhere' }));
  await expect(nowhere).rejects.toBeInstanceOf(ResourceNotFoundException);
  const past = client.send(new CreateScheduleCommand({ ...schedule, Name: 'past', ScheduleExpression: 'at(2025-12-31T23:59:59)' }));
  await expect(past).rejects.toBeInstanceOf(ValidationException);
});

test('the same client token makes one schedule', async () => {
  await client.send(new CreateScheduleCommand({ ...schedule, ClientToken: 'once' }));
  await expect(client.send(new CreateScheduleCommand({ ...schedule, ClientToken: 'once' }))).resolves.toMatchObject({
    ScheduleArn: expect.stringContaining('schedule/ways-back/'),
  });
});

test('schedules are listed by group and prefix, in pages', async () => {
  for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) await client.send(new CreateScheduleCommand({ ...schedule, Name: name }));
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateListSchedules({ client, pageSize: 2 }, { GroupName: 'ways-back', NamePrefix: 'a-' })) {
    pages.push((page.Schedules ?? []).map((one) => one.Name));
  }
  expect(pages).toEqual([['a-1', 'a-2'], ['a-3']]);
});

test('groups are made and read', async () => {
  await client.send(new CreateScheduleGroupCommand({ Name: 'another' }));
  const group = await client.send(new GetScheduleGroupCommand({ Name: 'another' }));
  expect(group).toMatchObject({ State: 'ACTIVE', Arn: 'arn:aws:scheduler:us-east-1:123456789012:schedule-group/another' });
});

test('a fired scheduled restore is a call of its own role, logged like any other', async () => {
  await client.send(new CreateScheduleCommand(schedule));
  const made = opened.calls.at(-1);
  expect(made).toMatchObject({ action: 'scheduler:CreateSchedule', passesRole: WAY_BACK });
  await opened.clock.settle(15 * 60_000);
  expect(opened.calls.at(-1)).toMatchObject({
    role: WAY_BACK,
    action: 'elasticloadbalancing:RegisterTargets',
    resource: expect.stringContaining(':targetgroup/web/'),
    mutating: true,
  });
});

test('a scheduled restore with a misspelt parameter is refused and ends in the dead-letter queue', async () => {
  const Target = { ...schedule.Target, Input: '{"targetGroupArn":"x","Targets":[]}' } as CreateScheduleCommandInput['Target'];
  await client.send(new CreateScheduleCommand({ ...schedule, Target }));
  await opened.clock.settle(60 * 60_000);
  expect(opened.world.scheduler.deadLetters).toEqual([
    expect.objectContaining({
      attempts: 4,
      queueArn: 'arn:aws:sqs:us-east-1:123456789012:lost',
      error: expect.stringContaining('TargetGroupArn: required'),
    }),
  ]);
});

test('a rate schedule hands its event to the function as the schedule’s role', async () => {
  const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:sweeper';
  const Target = { Arn: functionArn, RoleArn: WAY_BACK, Input: '{"trigger":"schedule – ü"}' };
  await client.send(
    new CreateScheduleCommand({ ...schedule, ScheduleExpression: 'rate(1 minute)', ActionAfterCompletion: 'NONE', Target }),
  );
  await opened.clock.settle(60_000);
  const once = ['sweeper', { trigger: 'schedule – ü' }, 'Event'];
  expect(invoked).toEqual([once, once]);
  expect(opened.calls.at(-1)).toMatchObject({ role: WAY_BACK, action: 'lambda:InvokeFunction', resource: functionArn });
});
