import { SettableClock } from '../../lab/world/clock';
import { createWorld, type World } from '../../lab/world/world';

const DRAIN_MS = 300_000;
const IDS = ['i-1', 'i-2', 'i-3'];

let clock: SettableClock;
let world: World;
let groups: string[];
let launched: string[];

beforeEach(() => {
  clock = new SettableClock();
  launched = [];
  const launch = (): string => {
    const id = `i-new-${launched.push('') - 1}`;
    world.instances.add({ id, address: `10.0.1.${launched.length}`, zone: 'a' });
    return id;
  };
  world = createWorld({ clock, launch });
  for (const [index, id] of IDS.entries()) world.instances.add({ id, address: `10.0.0.${index}`, zone: 'a' });
  groups = ['web', 'api'].map((name) => world.elb.addTargetGroup({ name, port: 80 }));
  world.elb.setAttribute(groups[1] ?? '', 'deregistration_delay.timeout_seconds', '10');
  world.autoScaling.addGroup({ name: 'asg', minSize: 2, maxSize: 3, desiredCapacity: 3, instanceIds: IDS, targetGroupArns: groups });
});

const enter = (ids: string[], ShouldDecrementDesiredCapacity: boolean): unknown =>
  world.autoScaling.enterStandby({ AutoScalingGroupName: 'asg', InstanceIds: ids, ShouldDecrementDesiredCapacity });
const exit = (ids: string[]): unknown => world.autoScaling.exitStandby({ AutoScalingGroupName: 'asg', InstanceIds: ids });
const lifecycle = (id: string): string | undefined =>
  world.autoScaling.describeAutoScalingInstances({ InstanceIds: [id] }).AutoScalingInstances?.[0]?.LifecycleState;
const desired = (): number | undefined => world.autoScaling.describeAutoScalingGroups({}).AutoScalingGroups?.[0]?.DesiredCapacity;
const states = (group: number, id: string): string | undefined =>
  world.elb.describeTargetHealth({ TargetGroupArn: groups[group] }).TargetHealthDescriptions?.find((one) => one.Target?.Id === id)
    ?.TargetHealth?.State;

test('standby deregisters from every attached group and lasts until the slowest one has drained', () => {
  enter(['i-1'], true);
  expect([states(0, 'i-1'), states(1, 'i-1'), lifecycle('i-1')]).toEqual(['draining', 'draining', 'EnteringStandby']);
  expect(desired()).toBe(2);
  clock.advance(DRAIN_MS - 1);
  expect(lifecycle('i-1')).toBe('EnteringStandby');
  clock.advance(1);
  expect([states(0, 'i-1'), states(1, 'i-1'), lifecycle('i-1')]).toEqual([undefined, undefined, 'Standby']);
});

test('an instance that is still entering standby cannot exit it', () => {
  enter(['i-1'], true);
  expect(() => exit(['i-1'])).toThrow('The instance i-1 is in state EnteringStandby, needed Standby.');
});

test('exiting registers with every attached group again and raises the desired capacity', () => {
  enter(['i-1'], true);
  clock.advance(DRAIN_MS);
  exit(['i-1']);
  expect(lifecycle('i-1')).toBe('Pending');
  clock.advance(1_000);
  expect([states(0, 'i-1'), states(1, 'i-1'), lifecycle('i-1'), desired()]).toEqual(['unused', 'unused', 'InService', 3]);
});

test('standby with decrement is refused when it would go below the minimum, and nothing has changed', () => {
  expect(() => enter(['i-1', 'i-2'], true)).toThrow(/min-size=2, max-size=3, and desired-size=3/);
  expect([lifecycle('i-1'), states(0, 'i-1'), desired()]).toEqual(['InService', 'unused', 3]);
});

test('without decrement a replacement starts, and the way back does not fit under the maximum', () => {
  enter(['i-1'], false);
  expect([launched.length, lifecycle('i-new-0'), desired()]).toEqual([1, 'InService', 3]);
  clock.advance(DRAIN_MS);
  expect(() => exit(['i-1'])).toThrow(/max-size=3/);
});

test('an instance of no group, or not in service, cannot enter standby', () => {
  expect(() => enter(['i-other'], true)).toThrow('The instance i-other is not part of Auto Scaling group asg.');
  enter(['i-1'], true);
  expect(() => enter(['i-1'], true)).toThrow(/needed InService/);
});

test('an instance that the group terminates while it enters standby is gone for good', () => {
  enter(['i-1'], true);
  world.autoScaling.terminate('asg', 'i-1');
  clock.advance(DRAIN_MS);
  expect(lifecycle('i-1')).toBeUndefined();
  expect(() => exit(['i-1'])).toThrow(/not part of Auto Scaling group/);
});

test('an instance refresh is in progress until it has ended', () => {
  const refreshes = (): unknown[] =>
    (world.autoScaling.describeInstanceRefreshes({ AutoScalingGroupName: 'asg' }).InstanceRefreshes ?? []).map((refresh) => refresh.Status);
  expect(refreshes()).toEqual([]);
  world.autoScaling.startInstanceRefresh('asg');
  expect(refreshes()).toEqual(['InProgress']);
  world.autoScaling.endInstanceRefresh('asg');
  expect(refreshes()).toEqual(['Successful']);
});

test('a suspended process is shown, and without AddToLoadBalancer nothing is registered on the way back', () => {
  enter(['i-1'], true);
  clock.advance(DRAIN_MS);
  world.autoScaling.setSuspended('asg', 'AddToLoadBalancer', true);
  expect(world.autoScaling.describeAutoScalingGroups({}).AutoScalingGroups?.[0]?.SuspendedProcesses).toMatchObject([
    { ProcessName: 'AddToLoadBalancer' },
  ]);
  exit(['i-1']);
  clock.advance(1_000);
  expect([lifecycle('i-1'), states(0, 'i-1')]).toEqual(['InService', undefined]);
});

test('the way back of an instance fires by itself, and is retried while it drains still', async () => {
  world.scheduler.createScheduleGroup({ Name: 'backs' });
  const input = { AutoScalingGroupName: 'asg', InstanceIds: ['i-1'] };
  enter(['i-1'], true);
  world.scheduler.createSchedule({
    Name: 'back',
    GroupName: 'backs',
    ScheduleExpression: `at(${new Date(clock.now() + 60_000).toISOString().slice(0, 19)})`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: 'arn:aws:scheduler:::aws-sdk:autoscaling:exitStandby',
      RoleArn: 'arn:aws:iam::123456789012:role/back',
      Input: JSON.stringify(input),
      RetryPolicy: { MaximumRetryAttempts: 60, MaximumEventAgeInSeconds: 3600 },
    },
  });
  await clock.settle(120_000);
  expect([lifecycle('i-1'), desired()]).toEqual(['EnteringStandby', 2]);
  await clock.settle(DRAIN_MS);
  expect([lifecycle('i-1'), desired()]).toEqual(['InService', 3]);
});
