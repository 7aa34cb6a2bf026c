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

test('without decrement a replacement starts, and the scheduled restore does not fit under the maximum', () => {
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

test('a suspended process is shown, and without AddToLoadBalancer nothing is registered on the restore', () => {
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

test('the scheduled restore of an instance fires by itself, and is retried while it drains still', async () => {
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

describe('zones', () => {
  const SPREAD = ['i-a1', 'i-a2', 'i-b1', 'i-b2', 'i-b3'];
  const ids = (): string[] => [...world.autoScaling.members('spread').keys()];
  const standby = (id: string): unknown =>
    world.autoScaling.enterStandby({ AutoScalingGroupName: 'spread', InstanceIds: [id], ShouldDecrementDesiredCapacity: true });

  /** Launched instances are in zone a: see `launch` above. */
  beforeEach(() => {
    for (const [index, id] of SPREAD.entries()) world.instances.add({ id, address: `10.0.2.${index}`, zone: id.charAt(2) });
    const sizes = { minSize: 0, maxSize: 6, desiredCapacity: 5 };
    world.autoScaling.addGroup({ name: 'spread', ...sizes, instanceIds: SPREAD, targetGroupArns: groups });
  });

  test('that standby leaves unbalanced are evened out: one is launched, and then a healthy one is terminated', () => {
    standby('i-a1');
    clock.advance(60_000);
    expect(ids()).toEqual(['i-a1', 'i-a2', 'i-b2', 'i-b3', 'i-new-0']);
    expect(world.instances.running('i-b1')).toBeUndefined();
    expect([states(0, 'i-b1'), states(0, 'i-new-0')]).toEqual(['draining', 'unused']);
  });

  test('that differ by one, or whose rebalancing is suspended, stay as they are', () => {
    standby('i-b1');
    clock.advance(600_000);
    world.autoScaling.setSuspended('spread', 'AZRebalance', true);
    standby('i-a1');
    standby('i-a2');
    clock.advance(600_000);
    expect([ids(), launched]).toEqual([SPREAD, []]);
  });

  test('an enabled zone without a member counts', () => {
    const sizes = { minSize: 0, maxSize: 3, desiredCapacity: 2, zones: ['a', 'b', 'c'] };
    for (const id of ['i-a8', 'i-a9']) world.instances.add({ id, address: `10.0.3.${id.charAt(3)}`, zone: 'a' });
    world.autoScaling.addGroup({ name: 'narrow', ...sizes, instanceIds: ['i-a8', 'i-a9'], targetGroupArns: [] });
    world.autoScaling.resize('narrow', { desiredCapacity: 2 });
    clock.advance(60_000);
    expect(launched.length).toBeGreaterThan(0);
  });

  test('a group is scaled out in the weaker zone and in from the stronger one, and standby is not touched', () => {
    standby('i-b1');
    world.autoScaling.resize('spread', { desiredCapacity: 2 });
    expect(ids()).toEqual(['i-a2', 'i-b1', 'i-b3']);
    world.autoScaling.resize('spread', { minSize: 3 });
    expect([ids(), world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: ['spread'] }).AutoScalingGroups]).toMatchObject([
      ['i-a2', 'i-b1', 'i-b3', 'i-new-0'],
      [{ MinSize: 3, MaxSize: 6, DesiredCapacity: 3, AvailabilityZones: ['a', 'b'] }],
    ]);
  });
});

describe('launch hooks', () => {
  const hook = { name: 'ready', heartbeatS: 300 };

  test('hold an instance that leaves standby, and end it when nobody completes one that abandons', () => {
    world.autoScaling.addHook('asg', { ...hook, defaultResult: 'ABANDON' });
    enter(['i-1'], true);
    clock.advance(DRAIN_MS);
    exit(['i-1']);
    clock.advance(1_000);
    expect([lifecycle('i-1'), states(0, 'i-1')]).toEqual(['Pending:Wait', undefined]);
    clock.advance(300_000);
    expect([lifecycle('i-1'), world.instances.running('i-1'), desired(), lifecycle('i-new-0')]).toEqual([
      undefined,
      undefined,
      3,
      'InService',
    ]);
  });

  test('let it into service late when all of them continue', () => {
    world.autoScaling.addHook('asg', { ...hook, defaultResult: 'CONTINUE' });
    expect(world.autoScaling.describeLifecycleHooks({ AutoScalingGroupName: 'asg' }).LifecycleHooks).toMatchObject([
      { LifecycleHookName: 'ready', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', DefaultResult: 'CONTINUE' },
    ]);
    enter(['i-1'], true);
    clock.advance(DRAIN_MS);
    exit(['i-1']);
    clock.advance(301_000);
    expect([lifecycle('i-1'), states(0, 'i-1')]).toEqual(['InService', 'unused']);
  });
});

test('an instance refresh fails after an hour of waiting for one on standby', () => {
  enter(['i-1'], true);
  clock.advance(DRAIN_MS);
  world.autoScaling.startInstanceRefresh('asg');
  clock.advance(3_600_000);
  expect(world.autoScaling.describeInstanceRefreshes({ AutoScalingGroupName: 'asg' }).InstanceRefreshes?.[0]?.Status).toBe('Failed');
});
