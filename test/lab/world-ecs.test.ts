import type { EcsHabits, EcsServiceSpec, TaskRecord } from '../../lab/world/ecs-records';
import { SettableClock } from '../../lab/world/clock';
import { createWorld, type World } from '../../lab/world/world';
import { bridgeService, CLUSTER, deregister, ecsSettings, fargateService, passChecks, SERVICE, stateOf, tasksOf, WEB } from './ecs-setup';

const DRAIN_MS = 60_000;
const START_MS = 20_000;
const MINUTE_MS = 60_000;

let clock: SettableClock;
let world: World;
let groupArn: string;

function open(habits: Partial<EcsHabits> = {}, spec: Partial<EcsServiceSpec> = {}, make = fargateService): void {
  clock = new SettableClock();
  world = createWorld({ clock, ...ecsSettings({ startsInMs: () => START_MS, ...habits }) });
  groupArn = make(world, spec);
}

const service = () => world.ecs.describeServices({ cluster: CLUSTER, services: [SERVICE] }).services?.[0];
const described = (task: TaskRecord) => world.ecs.describeTasks({ cluster: CLUSTER, tasks: [task.id] }).tasks?.[0];
const events = () => (service()?.events ?? []).map(({ message = '' }) => message);
const first = (): TaskRecord => tasksOf(world)[0] ?? fail();
const fail = (): never => {
  throw new Error('the service has no task');
};

/** Time passes, and every target passes its health checks, but those of `but`. */
function pass(ms: number, but: readonly string[] = []): void {
  for (let left = ms; left > 0; left -= 5_000) {
    clock.advance(Math.min(5_000, left));
    passChecks(world, groupArn, but);
  }
}

describe('a service at rest', () => {
  it('has one completed PRIMARY deployment and as many tasks as are desired, in all zones', () => {
    open();
    expect(service()).toMatchObject({ desiredCount: 4, runningCount: 4, pendingCount: 0, launchType: 'FARGATE' });
    expect(service()?.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 4 }]);
    expect(tasksOf(world).map(({ zone }) => zone)).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1a', 'us-east-1b']);
    pass(10 * MINUTE_MS);
    expect(tasksOf(world)).toHaveLength(4);
  });

  it('shows a task of Fargate with an address of its own, and one on a host with a port of the host', () => {
    open();
    const [attachment] = described(first())?.attachments ?? [];
    expect(attachment?.details).toContainEqual({ name: 'privateIPv4Address', value: first().network?.address });
    open({}, {}, bridgeService);
    const [container] = described(first())?.containers ?? [];
    expect(container?.networkBindings).toEqual([expect.objectContaining({ containerPort: 8080, hostPort: 32_768 })]);
    expect(stateOf(world, groupArn, first())).toBe('healthy');
  });
});

describe('a target that somebody deregistered', () => {
  it('is registered again at once where it is a port of a host', () => {
    open({}, {}, bridgeService);
    const task = first();
    deregister(world, groupArn, task);
    pass(10_000);
    expect(stateOf(world, groupArn, task)).toBe('healthy');
  });

  it('is registered again only after the deregistration delay where it is an address', () => {
    open();
    const task = first();
    deregister(world, groupArn, task);
    pass(DRAIN_MS - 10_000);
    expect(stateOf(world, groupArn, task)).toBe('draining');
    pass(30_000);
    expect(stateOf(world, groupArn, task)).toBe('healthy');
  });

  it('is registered again late, or never', () => {
    open({ registersAgainMs: () => 5 * MINUTE_MS });
    const late = first();
    deregister(world, groupArn, late);
    pass(4 * MINUTE_MS);
    expect(stateOf(world, groupArn, late)).toBeUndefined();
    pass(2 * MINUTE_MS);
    expect(stateOf(world, groupArn, late)).toBe('healthy');
    open({ registersAgainMs: () => 'never' });
    const never = first();
    deregister(world, groupArn, never);
    pass(60 * MINUTE_MS);
    expect(stateOf(world, groupArn, never)).toBeUndefined();
    expect(tasksOf(world)).toContain(never);
  });
});

describe('a task that a caller stops', () => {
  it('gets its signal while the load balancer still sends to it, and its target is deregistered later', () => {
    open({ deregistersLateMs: () => 4_000 });
    const task = first();
    world.ecs.stopTask({ cluster: CLUSTER, task: task.arn, reason: 'too slow' });
    expect(described(task)).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'too slow' });
    clock.advance(3_000);
    expect(stateOf(world, groupArn, task)).toBe('healthy');
    clock.advance(2_000);
    expect(stateOf(world, groupArn, task)).toBe('draining');
    expect(described(task)?.lastStatus).toBe('STOPPED');
  });

  it('is replaced, with another ARN', () => {
    open();
    const task = first();
    world.ecs.stopTask({ cluster: CLUSTER, task: task.id });
    pass(MINUTE_MS);
    const arns = world.ecs.listTasks({ cluster: CLUSTER, serviceName: SERVICE }).taskArns;
    expect(arns).toHaveLength(4);
    expect(arns).not.toContain(task.arn);
    expect(service()).toMatchObject({ runningCount: 4 });
  });

  it('is replaced late, or not for want of room, which the service says', () => {
    let full = true;
    open({ replacesAfterMs: () => 2 * MINUTE_MS, placementFails: () => full });
    world.ecs.stopTask({ cluster: CLUSTER, task: first().arn });
    pass(MINUTE_MS);
    expect(events()).not.toContainEqual(expect.stringContaining('was unable to place a task'));
    pass(3 * MINUTE_MS);
    expect(service()).toMatchObject({ runningCount: 3 });
    expect(events()).toContainEqual(expect.stringContaining('was unable to place a task'));
    full = false;
    pass(MINUTE_MS);
    expect(service()).toMatchObject({ runningCount: 4 });
  });

  it('leaves its address to the next task, which waits until it has drained', () => {
    open({ reusesAddresses: () => true });
    const task = first();
    world.ecs.stopTask({ cluster: CLUSTER, task: task.arn });
    pass(40_000);
    const heir = tasksOf(world).at(-1) ?? fail();
    expect(heir.network?.address).toBe(task.network?.address);
    expect(heir.arn).not.toBe(task.arn);
    expect(stateOf(world, groupArn, heir)).toBe('draining');
    expect(world.ecs.holderOf(heir.network?.address ?? '', 8080)).toBe(heir);
    pass(MINUTE_MS);
    expect(stateOf(world, groupArn, heir)).toBe('healthy');
  });

  it('is shown for an hour, and then missing', () => {
    open();
    const task = first();
    world.ecs.stopTask({ cluster: CLUSTER, task: task.arn });
    clock.advance(59 * MINUTE_MS);
    expect(described(task)).toMatchObject({ lastStatus: 'STOPPED', tags: [] });
    clock.advance(2 * MINUTE_MS);
    expect(world.ecs.describeTasks({ cluster: CLUSTER, tasks: [task.arn] })).toEqual({
      tasks: [],
      failures: [{ arn: task.arn, reason: 'MISSING' }],
    });
    expect(() => world.ecs.stopTask({ cluster: CLUSTER, task: task.arn })).toThrow('The referenced task was not found.');
  });
});

describe('an unhealthy task', () => {
  it('is replaced first and stopped afterwards, where the maximum percent has room', () => {
    open();
    const task = first();
    const address = task.network?.address ?? '';
    pass(30_000, [address]);
    expect(described(task)?.desiredStatus).toBe('RUNNING');
    expect(service()).toMatchObject({ runningCount: 5 });
    pass(MINUTE_MS, [address]);
    expect(described(task)).toMatchObject({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed ELB health checks' });
    pass(2 * MINUTE_MS, [address]);
    expect(service()).toMatchObject({ runningCount: 4 });
  });

  it('is stopped first where there is no room, and the minimum percent allows it', () => {
    open({}, { maximumPercent: 100, minimumHealthyPercent: 75 });
    const task = first();
    pass(10_000, [task.network?.address ?? '']);
    expect(described(task)?.desiredStatus).toBe('STOPPED');
  });

  it('stays where the percentages leave no room either way', () => {
    open({}, { maximumPercent: 100, minimumHealthyPercent: 100 });
    const task = first();
    pass(10 * MINUTE_MS, [task.network?.address ?? '']);
    expect(described(task)?.desiredStatus).toBe('RUNNING');
  });
});

describe('task protection', () => {
  it('lasts two hours where no time is given, and is then read as off', () => {
    open();
    const tasks = [first().arn];
    world.ecs.updateTaskProtection({ cluster: CLUSTER, tasks, protectionEnabled: true });
    const read = () => world.ecs.getTaskProtection({ cluster: CLUSTER, tasks }).protectedTasks?.[0];
    expect(read()).toMatchObject({ protectionEnabled: true, expirationDate: new Date(clock.now() + 120 * MINUTE_MS) });
    clock.advance(121 * MINUTE_MS);
    expect(read()).toEqual({ taskArn: tasks[0], protectionEnabled: false });
  });

  it('keeps a scale-in and a deployment from a task, and nobody who calls StopTask', () => {
    open({ picks: () => 0 });
    const [kept, ...others] = tasksOf(world);
    world.ecs.updateTaskProtection({ cluster: CLUSTER, tasks: [kept?.id ?? ''], protectionEnabled: true });
    world.ecs.updateService({ cluster: CLUSTER, service: SERVICE, desiredCount: 1 });
    pass(2 * MINUTE_MS);
    expect(tasksOf(world)).toEqual([kept]);
    expect(others.map((task) => task.desiredStatus)).toEqual(['STOPPED', 'STOPPED', 'STOPPED']);
    world.ecs.updateService({ cluster: CLUSTER, service: SERVICE, forceNewDeployment: true });
    pass(10 * MINUTE_MS);
    expect(tasksOf(world)).toContain(kept);
    expect(service()?.deployments?.[0]).toMatchObject({ rolloutState: 'IN_PROGRESS' });
    world.ecs.stopTask({ cluster: CLUSTER, task: kept?.arn ?? '' });
    expect(kept?.desiredStatus).toBe('STOPPED');
  });
});

describe('a deployment', () => {
  it('brings its tasks up first, drains the old ones and completes', () => {
    open();
    const before = tasksOf(world);
    world.ecs.deploy(world.ecs.serviceRecord(CLUSTER, SERVICE), { ...WEB, revision: 8 });
    pass(15_000);
    expect(service()?.deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 4 },
    ]);
    pass(3 * MINUTE_MS);
    expect(service()?.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 4 }]);
    expect(before.every(({ lastStatus }) => lastStatus === 'STOPPED')).toBe(true);
    expect(tasksOf(world).every(({ definition }) => definition.revision === 8)).toBe(true);
  });

  it('stops old tasks first where there is no room, and never below the minimum percent', () => {
    open({}, { maximumPercent: 100, minimumHealthyPercent: 50 });
    world.ecs.updateService({ cluster: CLUSTER, service: SERVICE, forceNewDeployment: true });
    for (let minute = 0; minute < 20; minute++) {
      pass(MINUTE_MS);
      expect(tasksOf(world).filter((task) => stateOf(world, groupArn, task) === 'healthy').length).toBeGreaterThanOrEqual(2);
      expect(tasksOf(world).length).toBeLessThanOrEqual(4);
    }
    expect(service()?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  });

  it('fails by the circuit breaker when its tasks do not come up, and rolls back', () => {
    let broken = true;
    open({ startFails: () => broken }, { circuitBreaker: { enable: true, rollback: true } });
    world.ecs.deploy(world.ecs.serviceRecord(CLUSTER, SERVICE), { ...WEB, revision: 8 });
    pass(30_000);
    expect(events()).toContainEqual(expect.stringContaining('deployment failed: tasks failed to start'));
    broken = false;
    pass(5 * MINUTE_MS);
    expect(service()?.deployments).toMatchObject([{ rolloutState: 'COMPLETED', taskDefinition: expect.stringContaining('checkout:7') }]);
    expect(service()).toMatchObject({ runningCount: 4 });
  });
});

describe('a container instance', () => {
  it('that drains has all of its service tasks replaced elsewhere', () => {
    open({}, {}, bridgeService);
    const [host] = world.ecs.listContainerInstances({ cluster: CLUSTER }).containerInstanceArns ?? [];
    world.ecs.updateContainerInstancesState({ cluster: CLUSTER, containerInstances: [host ?? ''], status: 'DRAINING' });
    expect(world.ecs.listContainerInstances({ cluster: CLUSTER, status: 'DRAINING' }).containerInstanceArns).toEqual([host]);
    pass(3 * MINUTE_MS);
    expect(tasksOf(world)).toHaveLength(4);
    expect(tasksOf(world).every((task) => task.containerInstance?.instanceId === 'i-host1')).toBe(true);
  });
});

test('a one-time schedule stops a task, whichever way its input is spelled', async () => {
  open();
  const [one, another] = tasksOf(world);
  const target = (Input: object) => ({
    Arn: 'arn:aws:scheduler:::aws-sdk:ecs:stopTask',
    RoleArn: 'arn:aws:iam::123456789012:role/stop',
    Input: JSON.stringify(Input),
  });
  const when = { FlexibleTimeWindow: { Mode: 'OFF' }, ScheduleExpression: 'at(2026-01-01T00:10:00)' } as const;
  world.scheduler.createSchedule({ ...when, Name: 'one', Target: target({ Cluster: CLUSTER, Task: one?.arn }) });
  world.scheduler.createSchedule({ ...when, Name: 'another', Target: target({ cluster: CLUSTER, task: another?.arn }) });
  await clock.settle(11 * MINUTE_MS);
  expect([one?.stopCode, another?.stopCode]).toEqual(['UserInitiated', 'UserInitiated']);
});
