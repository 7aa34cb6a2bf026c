import { SettableClock } from '../../lab/world/clock';
import { createWorld, type World } from '../../lab/world/world';

const DELAY_MS = 300_000;

let clock: SettableClock;
let world: World;
let groupArn: string;

beforeEach(() => {
  clock = new SettableClock();
  world = createWorld({ clock });
  for (const [index, zone] of ['a', 'a', 'b', 'c'].entries()) world.instances.add({ id: `i-${index}`, address: `10.0.0.${index}`, zone });
  groupArn = world.elb.addTargetGroup({ name: 'web', port: 8080, healthCheck: { HealthyThresholdCount: 3, UnhealthyThresholdCount: 2 } });
  const loadBalancerArn = world.elb.addLoadBalancer({ name: 'lb', zones: ['a', 'b'] });
  world.elb.addListener({ loadBalancerArn, port: 80, forwardTo: [groupArn] });
});

const register = (Id: string, Port?: number): unknown => world.elb.registerTargets({ TargetGroupArn: groupArn, Targets: [{ Id, Port }] });
const deregister = (Id: string, Port?: number): unknown =>
  world.elb.deregisterTargets({ TargetGroupArn: groupArn, Targets: [{ Id, Port }] });
const check = (id: string, ok: boolean): void => world.elb.reportHealthCheck(groupArn, { id, port: 8080 }, ok, 'Target.Timeout');
const states = (): Record<string, string | undefined> =>
  Object.fromEntries(
    (world.elb.describeTargetHealth({ TargetGroupArn: groupArn }).TargetHealthDescriptions ?? []).map((one) => [
      one.Target?.Id,
      one.TargetHealth?.State,
    ]),
  );
const asked = (Id: string, Port = 8080): string | undefined =>
  world.elb.describeTargetHealth({ TargetGroupArn: groupArn, Targets: [{ Id, Port }] }).TargetHealthDescriptions?.[0]?.TargetHealth?.Reason;
const routable = (): string[] => world.elb.routable(groupArn).map((target) => target.id);

test('a new target is initial until its first successful check', () => {
  register('i-0');
  expect(states()).toEqual({ 'i-0': 'initial' });
  expect(asked('i-0')).toBe('Elb.RegistrationInProgress');
  check('i-0', false);
  expect(asked('i-0')).toBe('Elb.InitialHealthChecking');
  check('i-0', true);
  expect(states()).toEqual({ 'i-0': 'healthy' });
});

test('a target turns unhealthy at the unhealthy threshold and healthy again at the healthy one, both in a row', () => {
  register('i-0');
  check('i-0', true);
  const seen = [false, true, false, false, true, true, false, true, true, true].map((ok) => {
    check('i-0', ok);
    return states()['i-0'];
  });
  expect(seen.map((state) => state === 'healthy')).toEqual([true, true, true, false, false, false, false, false, false, true]);
  expect(asked('i-0')).toBeUndefined();
});

test('deregistering an unknown target succeeds', () => {
  expect(deregister('i-never-existed')).toEqual({});
  expect(deregister('i-0')).toEqual({});
  expect(states()).toEqual({});
});

test('a target stays draining for the whole delay, idle or not, and is then gone', () => {
  register('i-0');
  check('i-0', true);
  deregister('i-0');
  clock.advance(DELAY_MS - 1);
  expect(states()).toEqual({ 'i-0': 'draining' });
  expect(routable()).toEqual([]);
  clock.advance(1);
  expect(states()).toEqual({});
  expect(asked('i-0')).toBe('Target.NotRegistered');
});

test('deregistering again does not prolong the draining', () => {
  register('i-0');
  deregister('i-0');
  clock.advance(DELAY_MS - 1);
  deregister('i-0');
  clock.advance(1);
  expect(states()).toEqual({});
});

test('a late health check does not bring a draining target back', () => {
  register('i-0');
  deregister('i-0');
  check('i-0', true);
  expect(states()).toEqual({ 'i-0': 'draining' });
});

test('a port override has to be repeated on deregistration', () => {
  register('i-0', 9000);
  deregister('i-0');
  expect(asked('i-0', 9000)).toBe('Elb.RegistrationInProgress');
  deregister('i-0', 9000);
  expect(asked('i-0', 9000)).toBe('Target.DeregistrationInProgress');
});

test('an instance target can be registered again while it drains, and starts as initial', () => {
  register('i-0');
  check('i-0', true);
  deregister('i-0');
  register('i-0');
  expect(states()).toEqual({ 'i-0': 'initial' });
  clock.advance(DELAY_MS);
  expect(states()).toEqual({ 'i-0': 'initial' });
});

test('an IP target cannot be registered again before its delay has passed', () => {
  const ipGroup = world.elb.addTargetGroup({ name: 'ip', port: 80, targetType: 'ip' });
  const target = { TargetGroupArn: ipGroup, Targets: [{ Id: '10.0.0.1' }] };
  world.elb.registerTargets(target);
  world.elb.deregisterTargets(target);
  clock.advance(DELAY_MS - 1);
  expect(() => world.elb.registerTargets(target)).toThrow(/still deregistering/);
  clock.advance(1);
  expect(world.elb.registerTargets(target)).toEqual({});
});

test('registering a target that is registered changes nothing', () => {
  register('i-0');
  check('i-0', true);
  register('i-0');
  expect(states()).toEqual({ 'i-0': 'healthy' });
});

test('instance ids must exist and run, and one bad target refuses the whole call', () => {
  world.instances.terminate('i-1');
  for (const Id of ['i-1', 'i-none']) {
    const both = { TargetGroupArn: groupArn, Targets: [{ Id: 'i-0' }, { Id }] };
    expect(() => world.elb.registerTargets(both)).toThrow(`The following targets are not valid: '${Id}'`);
  }
  expect(states()).toEqual({});
});

test('an unknown group is TargetGroupNotFound in every call about it', () => {
  const TargetGroupArn = `${groupArn}0`;
  const calls = [
    () => world.elb.describeTargetHealth({ TargetGroupArn }),
    () => world.elb.describeTargetGroups({ TargetGroupArns: [TargetGroupArn] }),
    () => world.elb.describeTargetGroupAttributes({ TargetGroupArn }),
    () => world.elb.describeTags({ ResourceArns: [TargetGroupArn] }),
    () => world.elb.registerTargets({ TargetGroupArn, Targets: [] }),
    () => world.elb.deregisterTargets({ TargetGroupArn, Targets: [] }),
  ];
  for (const call of calls) expect(call).toThrow(expect.objectContaining({ code: 'TargetGroupNotFound' }));
});

test('a target in a zone the load balancer does not serve is unused, and so is every target of a group without one', () => {
  register('i-3');
  expect(states()).toEqual({ 'i-3': 'unused' });
  const lonely = world.elb.addTargetGroup({ name: 'lonely', port: 80 });
  world.elb.registerTargets({ TargetGroupArn: lonely, Targets: [{ Id: 'i-0' }] });
  const [one] = world.elb.describeTargetHealth({ TargetGroupArn: lonely }).TargetHealthDescriptions ?? [];
  expect(one?.TargetHealth).toMatchObject({ State: 'unused', Reason: 'Target.NotInUse' });
});

test('only healthy targets get traffic, but all of them when all are unhealthy, and none when none is registered', () => {
  expect(routable()).toEqual([]);
  for (const id of ['i-0', 'i-1', 'i-2']) {
    register(id);
    check(id, true);
  }
  check('i-0', false);
  check('i-0', false);
  expect(routable()).toEqual(['i-1', 'i-2']);
  for (const id of ['i-1', 'i-2']) [1, 2].forEach(() => check(id, false));
  expect(routable()).toEqual(['i-0', 'i-1', 'i-2']);
});

test('the group fails open when fewer are healthy than it is told to want', () => {
  world.elb.setAttribute(groupArn, 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count', '2');
  for (const id of ['i-0', 'i-1', 'i-2']) {
    register(id);
    check(id, true);
  }
  for (const id of ['i-0', 'i-1']) [1, 2].forEach(() => check(id, false));
  expect(routable()).toEqual(['i-0', 'i-1', 'i-2']);
});

test('a terminated instance is unused and gets no traffic', () => {
  register('i-0');
  check('i-0', true);
  world.instances.terminate('i-0');
  expect(states()).toEqual({ 'i-0': 'unused' });
  expect(asked('i-0')).toBe('Target.InvalidState');
  expect(routable()).toEqual([]);
});

test('a drained target is listed as not registered for a while, where the world is made so', () => {
  const time = new SettableClock();
  const odd = createWorld({ clock: time, elb: { listsDrainedMs: 60_000, showsInstanceZones: true } });
  odd.instances.add({ id: 'i-0', address: '10.0.0.1', zone: 'a' });
  const TargetGroupArn = odd.elb.addTargetGroup({ name: 'web', port: 80 });
  odd.elb.registerTargets({ TargetGroupArn, Targets: [{ Id: 'i-0' }] });
  const listed = () => odd.elb.describeTargetHealth({ TargetGroupArn }).TargetHealthDescriptions ?? [];
  expect(listed()[0]?.Target?.AvailabilityZone).toBe('a');
  odd.elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: 'i-0' }] });
  time.advance(301_000);
  expect(listed().map(({ TargetHealth }) => TargetHealth?.Reason)).toEqual(['Target.NotRegistered']);
  time.advance(60_000);
  expect(listed()).toEqual([]);
});

test('a zonal shift shows as an override of the targets in that zone', () => {
  register('i-0');
  register('i-2');
  world.elb.setZonalShift('b', true);
  const overrides = (): unknown[] =>
    (world.elb.describeTargetHealth({ TargetGroupArn: groupArn }).TargetHealthDescriptions ?? []).map(
      (one) => one.AdministrativeOverride?.State,
    );
  expect(overrides()).toEqual(['no_override', 'zonal_shift_active']);
  world.elb.setZonalShift('b', false);
  expect(overrides()).toEqual(['no_override', 'no_override']);
});
