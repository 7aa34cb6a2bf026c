import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';
import { SettableClock } from '../../lab/world/clock';
import { createWorld, type World, type WorldOptions } from '../../lab/world/world';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:sweeper';
const ROLE = 'arn:aws:iam::123456789012:role/scheduler';
const MINUTE = 60_000;

let clock: SettableClock;
let world: World;
let fired: { readonly at: number; readonly payload: unknown }[];
let failures: number;

function start(options: Partial<WorldOptions> = {}): void {
  clock = new SettableClock();
  fired = [];
  failures = 0;
  const invokeFunction = async (_arn: string, payload: unknown): Promise<void> => {
    fired.push({ at: clock.now(), payload });
    if (fired.length <= failures) throw new Error('throttled');
  };
  world = createWorld({ clock, invokeFunction, ...options });
}

beforeEach(() => start());

const at = (ms: number): string => `at(${new Date(clock.now() + ms).toISOString().slice(0, 19)})`;

function schedule(expression: string, more: Partial<CreateScheduleInput> = {}): CreateScheduleInput {
  const Target = { Arn: FUNCTION, RoleArn: ROLE, Input: '{"wake":true}', RetryPolicy: { MaximumRetryAttempts: 0 } };
  return { Name: 's', ScheduleExpression: expression, FlexibleTimeWindow: { Mode: 'OFF' }, Target, ...more };
}

const times = (): number[] => fired.map((event) => event.at);

test('an at-schedule fires once and is deleted', async () => {
  const start = clock.now();
  world.scheduler.createSchedule(schedule(at(15 * MINUTE), { ActionAfterCompletion: 'DELETE' }));
  await clock.settle(15 * MINUTE - 1);
  expect(fired).toEqual([]);
  await clock.settle(60 * MINUTE);
  expect(fired).toEqual([{ at: start + 15 * MINUTE, payload: { wake: true } }]);
  expect(() => world.scheduler.getSchedule({ Name: 's' })).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }));
});

test('an at-schedule without a clean-up stays after it fired, and does not fire again', async () => {
  world.scheduler.createSchedule(schedule(at(MINUTE)));
  await clock.settle(60 * MINUTE);
  expect(fired).toHaveLength(1);
  expect(world.scheduler.getSchedule({ Name: 's' })).toMatchObject({ State: 'ENABLED', ActionAfterCompletion: 'NONE' });
});

test('a rate schedule fires at once and then at its rate', async () => {
  const start = clock.now();
  world.scheduler.createSchedule(schedule('rate(1 minute)'));
  await clock.settle(2 * MINUTE);
  expect(times()).toEqual([start, start + MINUTE, start + 2 * MINUTE]);
});

test('the rate factor speeds up rate schedules and no one-time schedule', async () => {
  start({ scheduler: { rateFactor: 6 } });
  const begin = clock.now();
  world.scheduler.createSchedule(schedule('rate(1 minute)'));
  world.scheduler.createSchedule(schedule(at(MINUTE), { Name: 'once', Target: { Arn: FUNCTION, RoleArn: ROLE, Input: '"once"' } }));
  await clock.settle(MINUTE);
  expect(fired.filter((event) => event.payload !== 'once').map((event) => event.at - begin)).toEqual([
    0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000,
  ]);
  expect(fired.filter((event) => event.payload === 'once').map((event) => event.at - begin)).toEqual([MINUTE]);
});

test('a late schedule keeps its own rhythm', async () => {
  start({ scheduler: { lateByMs: () => 59_000 } });
  const begin = clock.now();
  world.scheduler.createSchedule(schedule('rate(1 minute)'));
  await clock.settle(3 * MINUTE);
  expect(times().map((time) => time - begin)).toEqual([59_000, 119_000, 179_000]);
});

test('a deleted or disabled schedule does not fire, and a replaced one fires at its new time only', async () => {
  world.scheduler.createSchedule(schedule(at(MINUTE), { Name: 'deleted' }));
  world.scheduler.deleteSchedule({ Name: 'deleted' });
  world.scheduler.createSchedule(schedule(at(MINUTE), { Name: 'disabled', State: 'DISABLED' }));
  const begin = clock.now();
  world.scheduler.createSchedule(schedule(at(MINUTE)));
  world.scheduler.updateSchedule(schedule(at(2 * MINUTE)));
  await clock.settle(10 * MINUTE);
  expect(times()).toEqual([begin + 2 * MINUTE]);
});

test('an at-time in the past, a cron expression and another time zone are refused', () => {
  expect(() => world.scheduler.createSchedule(schedule(at(0)))).toThrow(/in the past/);
  expect(() => world.scheduler.createSchedule(schedule('cron(0 * * * ? *)'))).toThrow(/Invalid Schedule Expression/);
  expect(() => world.scheduler.createSchedule(schedule('at(2026-13-01T00:00:00)'))).toThrow(/Invalid Schedule Expression/);
  expect(() => world.scheduler.createSchedule(schedule(at(MINUTE), { ScheduleExpressionTimezone: 'Europe/Zurich' }))).toThrow(
    /the lab knows UTC/,
  );
});

test('a refused update leaves the schedule as it was', async () => {
  world.scheduler.createSchedule(schedule(at(MINUTE)));
  expect(() => world.scheduler.updateSchedule(schedule(at(-MINUTE)))).toThrow(/in the past/);
  await clock.settle(MINUTE);
  expect(fired).toHaveLength(1);
});

test('a universal target needs a role, an action that changes something and JSON', () => {
  const target = (Arn: string, more: object = {}): CreateScheduleInput =>
    schedule(at(MINUTE), { Target: { Arn: `arn:aws:scheduler:::aws-sdk:${Arn}`, RoleArn: ROLE, Input: '{}', ...more } });
  expect(() => world.scheduler.createSchedule(target('autoscaling:describeAutoScalingGroups'))).toThrow(
    /read-only actions are not supported/,
  );
  expect(() => world.scheduler.createSchedule(target('autoscaling:exitStandby', { RoleArn: undefined }))).toThrow(
    'Target.RoleArn: required',
  );
  expect(() => world.scheduler.createSchedule(target('autoscaling:exitStandby', { Input: 'no' }))).toThrow(
    /has to be the API's parameters in JSON/,
  );
  expect(() => world.scheduler.createSchedule(target('ec2:terminateInstances'))).toThrow(/not in the lab/);
});

test('a scheduled restore registers the target again without any of our code', async () => {
  world.instances.add({ id: 'i-1', address: '10.0.0.1', zone: 'a' });
  const TargetGroupArn = world.elb.addTargetGroup({ name: 'web', port: 80 });
  const Input = JSON.stringify({ TargetGroupArn, Targets: [{ Id: 'i-1', Port: 80 }] });
  const Arn = 'arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:registerTargets';
  world.scheduler.createSchedule(schedule(at(MINUTE), { Target: { Arn, RoleArn: ROLE, Input }, ActionAfterCompletion: 'DELETE' }));
  await clock.settle(MINUTE);
  expect(world.elb.describeTargetHealth({ TargetGroupArn }).TargetHealthDescriptions).toHaveLength(1);
});

test('a failed delivery is retried as often as its policy says, then it is a dead letter, and only then is the schedule deleted', async () => {
  failures = 99;
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:123456789012:lost' };
  const Target = { Arn: FUNCTION, RoleArn: ROLE, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig };
  world.scheduler.createSchedule(schedule(at(MINUTE), { Target, ActionAfterCompletion: 'DELETE' }));
  await clock.settle(MINUTE + 1_000);
  expect(fired).toHaveLength(2);
  expect(world.scheduler.getSchedule({ Name: 's' }).Name).toBe('s');
  await clock.settle(MINUTE);
  expect(fired).toHaveLength(3);
  expect(world.scheduler.deadLetters).toEqual([
    expect.objectContaining({ attempts: 3, queueArn: DeadLetterConfig.Arn, error: 'Error: throttled' }),
  ]);
  expect(world.scheduler.listSchedules({}).Schedules).toEqual([]);
});

test('an event that got too old is not retried', async () => {
  failures = 99;
  const Target = { Arn: FUNCTION, RoleArn: ROLE, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 60 } };
  world.scheduler.createSchedule(schedule(at(MINUTE), { Target }));
  const due = clock.now() + MINUTE;
  await clock.settle(60 * MINUTE);
  expect(Math.max(...times()) - due).toBeLessThanOrEqual(60_000);
  expect(world.scheduler.deadLetters).toHaveLength(1);
});

test('deleting a schedule ends its retries', async () => {
  failures = 99;
  const Target = { Arn: FUNCTION, RoleArn: ROLE, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 100 } };
  world.scheduler.createSchedule(schedule(at(MINUTE), { Target }));
  await clock.settle(MINUTE + 500);
  world.scheduler.deleteSchedule({ Name: 's' });
  await clock.settle(60 * MINUTE);
  expect(fired).toHaveLength(1);
  expect(world.scheduler.deadLetters).toEqual([]);
});

test('context attributes in the input are filled in, and without an input the event is a scheduled event', async () => {
  const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","n":"<aws.scheduler.attempt-number>"}';
  world.scheduler.createSchedule(schedule('at(2026-01-01T00:01:00)', { Target: { Arn: FUNCTION, RoleArn: ROLE, Input } }));
  world.scheduler.createSchedule(schedule('at(2026-01-01T00:02:00)', { Name: 'plain', Target: { Arn: FUNCTION, RoleArn: ROLE } }));
  await clock.settle(2 * MINUTE);
  const by = 'arn:aws:scheduler:us-east-1:123456789012:schedule/default/s';
  expect(fired[0]?.payload).toEqual({ at: '2026-01-01T00:01:00Z', by, n: '1' });
  expect(fired[1]?.payload).toMatchObject({ 'detail-type': 'Scheduled Event', source: 'aws.scheduler', time: '2026-01-01T00:02:00Z' });
});
