import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { parseConfig, type Config, type ConfigInput } from '../../core/config';
import { describeInstances } from '../../lambda/aws/managed-instances';
import { instances } from '../../lambda/aws/instances';
import { targetRefs } from '../../lambda/aws/network-interfaces';
import { loadBalancing } from '../../lambda/aws/load-balancing';
import { ageOf, survey } from '../../lambda/discover/survey';
import type { Round } from '../../core/model';
import type { ClientRequest, SweepPorts } from '../../lambda/ports';
import { AwsError } from '../../lab/world/aws-error';
import { IDS, open, webGroup, type Opened } from '../lab/wire-setup';
import { roundOf } from '../builders/rounds';
import { sweepPorts } from '../builders/ports';

let opened: Opened;
let elb: ElasticLoadBalancingV2Client;

beforeEach(async () => {
  opened = await open();
  elb = new ElasticLoadBalancingV2Client(opened.client);
});

afterEach(async () => {
  elb.destroy();
  await opened.door.close();
});

function configured(targetGroups: ConfigInput['targetGroups']): Config {
  const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
  return parseConfig({ targetGroups, network });
}

describe('target groups', () => {
  it('are described with health check, attributes and tags', async () => {
    const arn = webGroup(opened.world);
    const balancing = loadBalancing(elb);
    const [group] = await balancing.describe(await balancing.groups(configured([{ arn }])));
    expect(group).toMatchObject({
      arn,
      name: 'web',
      protocol: 'HTTP',
      targetType: 'instance',
      healthCheck: { path: '/health' },
      tags: { 'sickbay:enforce': 'Sickbay' },
    });
    expect(group?.attributes['deregistration_delay.timeout_seconds']).toBe('300');
  });

  it('are selected by tag among more than one page of tags', async () => {
    for (let index = 0; index < 45; index++) opened.world.elb.addTargetGroup({ name: `other-${index}`, port: 80 });
    const arn = opened.world.elb.addTargetGroup({ name: 'tagged', port: 80, tags: { team: 'shop' } });
    const groups = await loadBalancing(elb).groups(configured([{ tag: { key: 'team', value: 'shop' } }]));
    expect(groups.map((group) => group.arn)).toEqual([arn]);
  });

  const gone = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/gone/0123456789abcdef';

  it('one that was deleted costs the others nothing: they are listed, and it is missing', async () => {
    const arn = webGroup(opened.world);
    opened.world.elb.addTargetGroup({ name: 'other', port: 80 });
    const balancing = loadBalancing(elb);
    const groups = await balancing.groups(configured([{ arn }, { arn: gone }]));
    expect(groups.map((group) => group.arn)).toEqual([arn]);
    expect(await balancing.missing([arn, gone])).toEqual([gone]);
  });

  it('all of which were deleted are none, and no error', async () => {
    expect(await loadBalancing(elb).groups(configured([{ arn: gone }]))).toEqual([]);
  });

  it('that cannot be asked about are not missing: what is no answer is an error', async () => {
    jest.spyOn(opened.world.elb, 'describeTargetGroups').mockImplementation(() => {
      throw new AwsError('AccessDenied', 'no');
    });
    await expect(loadBalancing(elb).missing([gone])).rejects.toThrow('no');
    await expect(loadBalancing(elb).groups(configured([{ arn: gone }]))).rejects.toThrow('no');
  });

  it('one that is deleted between the listing and its tags is left out, and no other', async () => {
    const arn = webGroup(opened.world);
    const late = opened.world.elb.addTargetGroup({ name: 'late', port: 80 });
    const describe = opened.world.elb.describeTargetGroups.bind(opened.world.elb);
    jest.spyOn(opened.world.elb, 'describeTargetGroups').mockImplementation((input) => {
      const answer = describe(input);
      opened.world.elb.deleteTargetGroup(late);
      return answer;
    });
    const groups = await loadBalancing(elb).groups(configured([{ arn }, { arn: late }]));
    expect(groups.map((group) => group.arn)).toEqual([arn]);
  });

  it('one that is deleted between the listing and its attributes is left out, and no other', async () => {
    const arn = webGroup(opened.world);
    const late = opened.world.elb.addTargetGroup({ name: 'late', port: 80 });
    const balancing = loadBalancing(elb);
    const listed = await balancing.groups(configured([{ arn }, { arn: late }]));
    opened.world.elb.deleteTargetGroup(late);
    expect((await balancing.describe(listed)).map((group) => group.arn)).toEqual([arn]);
  });

  it('of Lambda functions and of load balancers have no target that can be moved, and are no error', async () => {
    const { elb: world } = opened.world;
    const functions = world.addTargetGroup({ name: 'functions', port: 80, targetType: 'lambda' });
    world.registerTargets({ TargetGroupArn: functions, Targets: [{ Id: 'arn:aws:lambda:us-east-1:123456789012:function:shop' }] });
    const balancers = world.addTargetGroup({ name: 'balancers', port: 80, targetType: 'alb', protocol: 'TCP' });
    const Id = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/inner/0123456789abcdef';
    world.registerTargets({ TargetGroupArn: balancers, Targets: [{ Id, Port: 80 }] });
    expect(await loadBalancing(elb).health(functions)).toEqual([]);
    expect((await loadBalancing(elb).health(balancers)).map(({ target }) => target)).toEqual([{ id: Id, port: 80 }]);
  });
});

describe('many target groups', () => {
  const MANY = 45;
  const addMany = () =>
    Array.from({ length: MANY }, (_, index) => {
      const arn = opened.world.elb.addTargetGroup({ name: `many-${index}`, port: 80 });
      const balancer = opened.world.elb.addLoadBalancer({ name: `lb-${index}`, zones: ['us-east-1a'] });
      opened.world.elb.addListener({ loadBalancerArn: balancer, port: 80, forwardTo: [arn] });
      return arn;
    });

  it('that are named are listed by the page, and nothing else is', async () => {
    const arns = addMany();
    opened.world.elb.addTargetGroup({ name: 'other', port: 80 });
    const groups = await loadBalancing(elb).groups(configured(arns.map((arn) => ({ arn }))));
    expect(groups.map((group) => group.arn).sort()).toEqual([...arns].sort());
    const calls = opened.calls.filter((call) => call.action === 'elasticloadbalancing:DescribeTargetGroups');
    expect(calls).toHaveLength(1);
  });

  it('of which one does not exist are listed without it', async () => {
    const gone = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/gone/0123456789abcdef';
    const config = configured([...addMany(), gone].map((arn) => ({ arn })));
    expect(await loadBalancing(elb).groups(config)).toHaveLength(MANY);
  });

  it('are each reached by their own load balancer', async () => {
    const balancing = loadBalancing(elb);
    const reached = await balancing.reach(await balancing.groups(configured(addMany().map((arn) => ({ arn })))), () => ({ path: '/' }));
    expect(new Set([...reached.values()].map(([balancer]) => balancer?.arn)).size).toBe(MANY);
  });
});

describe('where clients reach a target group', () => {
  const setUp = () => {
    const { elb: world } = opened.world;
    const mine = world.addTargetGroup({ name: 'mine', port: 80 });
    const other = world.addTargetGroup({ name: 'other', port: 80 });
    const loadBalancerArn = world.addLoadBalancer({ name: 'front', zones: ['us-east-1a'] });
    return { mine, other, loadBalancerArn, world };
  };
  const reached = async (arn: string, request: ClientRequest = { path: '/api/cart' }) => {
    const balancing = loadBalancing(elb);
    const groups = await balancing.groups(configured([{ arn }]));
    return (await balancing.reach(groups, () => request)).get(arn)?.map(({ port, protocol }) => [port, protocol]);
  };

  it('is the listener with the rule that the probe matches, and none for a probe that matches none', async () => {
    const { mine, other, loadBalancerArn, world } = setUp();
    world.addListener({ loadBalancerArn, port: 80, forwardTo: [other] });
    const listenerArn = world.addListener({ loadBalancerArn, port: 443, protocol: 'HTTPS', forwardTo: [other] });
    const conditions = [
      { Field: 'host-header', HostHeaderConfig: { Values: ['shop.*'] } },
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } },
    ];
    world.addRule({ listenerArn, priority: 7, conditions, forwardTo: [mine] });
    expect(await reached(mine, { host: 'shop.example.com', path: '/api/cart' })).toEqual([[443, 'HTTPS']]);
    expect(await reached(mine)).toBeUndefined();
    expect(await reached(other, { host: 'shop.example.com', path: '/' })).toEqual([[443, 'HTTPS']]);
  });

  it('is decided by the priority of the rules, not by their order in the answer', async () => {
    const { mine, other, loadBalancerArn, world } = setUp();
    const listenerArn = world.addListener({ loadBalancerArn, port: 80, forwardTo: [other] });
    const conditions = [{ Field: 'path-pattern', Values: ['/api/*'] }];
    world.addRule({ listenerArn, priority: 20, conditions, forwardTo: [other] });
    world.addRule({ listenerArn, priority: 3, conditions, forwardTo: [mine] });
    expect(await reached(mine)).toEqual([[80, 'HTTP']]);
  });

  it('is none for a group of weight 0, behind a login, or behind a redirect', async () => {
    const { mine, other, loadBalancerArn, world } = setUp();
    const weighted = [
      { arn: mine, weight: 0 },
      { arn: other, weight: 1 },
    ];
    world.addListener({ loadBalancerArn, port: 80, forwardTo: weighted });
    const listenerArn = world.addListener({ loadBalancerArn, port: 443, protocol: 'HTTPS', forwardTo: [] });
    const login = { Type: 'authenticate-oidc' as const, Order: 1 };
    world.addRule({
      listenerArn,
      priority: 1,
      conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
      forwardTo: [mine],
      before: [login],
    });
    expect(await reached(mine)).toBeUndefined();
    expect(await reached(other)).toEqual([[80, 'HTTP']]);
  });

  it.each<[string, 'HTTP2' | 'GRPC']>([
    ['HTTP/2', 'HTTP2'],
    ['gRPC', 'GRPC'],
  ])('is an HTTPS listener alone for a group in %s', async (_, version) => {
    const { mine, loadBalancerArn, world } = setUp();
    world.addListener({ loadBalancerArn, port: 80, forwardTo: [mine] });
    expect(await reached(mine, { path: '/shop.v1.Cart/Get', version })).toBeUndefined();
    world.addListener({ loadBalancerArn, port: 443, protocol: 'HTTPS', forwardTo: [mine] });
    expect(await reached(mine, { path: '/shop.v1.Cart/Get', version })).toEqual([[443, 'HTTPS']]);
  });

  it('asks as a POST where it is a call', async () => {
    const { mine, other, loadBalancerArn, world } = setUp();
    const listenerArn = world.addListener({ loadBalancerArn, port: 443, protocol: 'HTTPS', forwardTo: [other] });
    const conditions = [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST'] } }];
    world.addRule({ listenerArn, priority: 1, conditions, forwardTo: [mine] });
    expect(await reached(mine, { path: '/shop.v1.Cart/Get', version: 'GRPC' })).toEqual([[443, 'HTTPS']]);
    expect(await reached(mine, { path: '/shop.v1.Cart/Get', version: 'HTTP2' })).toBeUndefined();
  });

  it.each<[string, 'TCP' | 'TLS' | 'UDP', Omit<ClientRequest, 'path'>, unknown]>([
    ['a TCP listener in what the targets speak', 'TCP', { protocol: 'HTTPS' }, [[443, 'HTTPS']]],
    ['a TCP listener in their version', 'TCP', { protocol: 'HTTP', version: 'GRPC' }, [[443, 'HTTP']]],
    ['a TLS listener over TLS', 'TLS', { protocol: 'HTTP' }, [[443, 'HTTPS']]],
    ['no TLS listener in HTTP/2, which it may not offer', 'TLS', { protocol: 'HTTP', version: 'HTTP2' }, undefined],
    ['no UDP listener', 'UDP', { protocol: 'HTTP' }, undefined],
  ])('of a Network Load Balancer is %s', async (_, protocol, request, expected) => {
    const { elb: world } = opened.world;
    const mine = world.addTargetGroup({ name: 'mine', port: 80, protocol: 'TCP' });
    const loadBalancerArn = world.addLoadBalancer({ name: 'net', type: 'network', zones: ['us-east-1a'] });
    world.addListener({ loadBalancerArn, port: 443, protocol, forwardTo: [mine] });
    expect(await reached(mine, { path: '/api/cart', ...request })).toEqual(expected);
    expect(opened.calls.filter(({ action }) => action === 'elasticloadbalancing:DescribeRules')).toEqual([]);
  });

  it('costs one call a listener, however many groups are behind it', async () => {
    const { mine, other, loadBalancerArn, world } = setUp();
    const listenerArn = world.addListener({ loadBalancerArn, port: 80, forwardTo: [other] });
    world.addRule({ listenerArn, priority: 1, conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }], forwardTo: [mine] });
    const balancing = loadBalancing(elb);
    await balancing.reach(await balancing.groups(configured([{ arn: mine }, { arn: other }])), () => ({ path: '/api/cart' }));
    expect(opened.calls.filter(({ action }) => action === 'elasticloadbalancing:DescribeRules')).toHaveLength(1);
  });
});

describe('target health', () => {
  it('carries zonal shifts and anomaly mitigation', async () => {
    const arn = webGroup(opened.world);
    opened.world.elb.setZonalShift('us-east-1b', true);
    opened.world.elb.setAnomaly(arn, IDS[0], 'anomalous', true);
    const view = await loadBalancing(elb).health(arn);
    expect(view.map((entry) => [entry.target.id, entry.state, entry.mitigationInEffect, entry.zonalShift])).toEqual([
      [IDS[0], 'healthy', true, undefined],
      [IDS[1], 'healthy', undefined, undefined],
      [IDS[2], 'healthy', undefined, true],
    ]);
  });

  it('says of which targets the load balancer did not tell whether it mitigates', async () => {
    const arn = webGroup(opened.world);
    const describe = opened.world.elb.describeTargetHealth.bind(opened.world.elb);
    jest.spyOn(opened.world.elb, 'describeTargetHealth').mockImplementation((input) => {
      const answer = describe(input);
      for (const entry of (answer.TargetHealthDescriptions ?? []).slice(1)) delete entry.AnomalyDetection;
      return answer;
    });
    expect((await loadBalancing(elb).health(arn)).map(({ mitigationUntold }) => mitigationUntold)).toEqual([undefined, true, true]);
  });

  it('carries no zone of an instance: it is no part of its identity, and nothing may replay it', async () => {
    const arn = webGroup(opened.world);
    const describe = opened.world.elb.describeTargetHealth.bind(opened.world.elb);
    jest.spyOn(opened.world.elb, 'describeTargetHealth').mockImplementation((input) => {
      const answer = describe(input);
      for (const { Target } of answer.TargetHealthDescriptions ?? []) if (Target) Target.AvailabilityZone = 'us-east-1a';
      return answer;
    });
    expect((await loadBalancing(elb).health(arn)).map(({ target }) => target)).toEqual(IDS.map((id) => ({ id, port: 8080 })));
  });

  it('in a state we do not know is an error: what we do not understand we do not act on', async () => {
    const arn = webGroup(opened.world);
    const describe = opened.world.elb.describeTargetHealth.bind(opened.world.elb);
    jest.spyOn(opened.world.elb, 'describeTargetHealth').mockImplementation((input) => {
      const answer = describe(input);
      const [first] = answer.TargetHealthDescriptions ?? [];
      if (first?.TargetHealth) first.TargetHealth.State = 'resting' as 'healthy';
      return answer;
    });
    await expect(loadBalancing(elb).health(arn)).rejects.toThrow('got target state "resting"; allowed: initial, healthy');
  });
});

describe('instances', () => {
  it('are looked up by id, with zone and type; those that EC2 does not know or that no longer run are absent', async () => {
    webGroup(opened.world);
    opened.world.instances.terminate(IDS[1]);
    const ec2 = new EC2Client(opened.client);
    const found = await instances(ec2).describe([...IDS, 'i-0fffffffffffffff1']);
    ec2.destroy();
    expect([...found]).toEqual([
      [IDS[0], { address: '10.0.0.1', zone: 'us-east-1a', type: 'm7g.large' }],
      [IDS[2], { address: '10.0.0.3', zone: 'us-east-1b', type: 'm7g.large' }],
    ]);
  });

  it('are asked for 200 at a time', async () => {
    const ec2 = new EC2Client(opened.client);
    await instances(ec2).describe(Array.from({ length: 401 }, (_, index) => `i-${String(index).padStart(17, '0')}`));
    ec2.destroy();
    expect(opened.calls.filter((call) => call.action === 'ec2:DescribeInstances')).toHaveLength(3);
  });
});

describe('hosts', () => {
  it('are looked up by id; those that Systems Manager does not know are absent', async () => {
    webGroup(opened.world);
    opened.world.ssm.manage(IDS[0]);
    opened.world.ssm.manage(IDS[1], { pingStatus: 'ConnectionLost' });
    const ssm = new SSMClient(opened.client);
    const found = await describeInstances(ssm, [...IDS, '10.0.0.9']);
    ssm.destroy();
    expect([...found.values()].map((host) => [host.id, host.online])).toEqual([
      [IDS[0], true],
      [IDS[1], false],
    ]);
  });
});

describe('an IPv6 target group', () => {
  const group = async (targetType: 'instance' | 'ip') => {
    const { elb: world, instances: known } = opened.world;
    const arn = world.addTargetGroup({ name: `six-${targetType}`, port: 80, ipAddressType: 'ipv6', targetType });
    world.addListener({ loadBalancerArn: world.addLoadBalancer({ name: 'six', zones: ['us-east-1a'] }), port: 80, forwardTo: [arn] });
    known.add({ id: IDS[0], address: '10.0.0.1', zone: 'us-east-1a', ipv6: ['fd00::1', 'fd00::2'] });
    known.add({ id: IDS[1], address: '10.0.0.2', zone: 'us-east-1a' });
    const ids = targetType === 'ip' ? ['fd00::7'] : [IDS[0], IDS[1]];
    world.registerTargets({ TargetGroupArn: arn, Targets: ids.map((Id) => ({ Id })) });
    for (const id of ids) world.reportHealthCheck(arn, { id, port: 80 }, true);
    const [listed] = await loadBalancing(elb).groups(configured([{ arn }]));
    if (listed === undefined) throw new Error('no group');
    return listed;
  };
  const surveyed = async (targetType: 'instance' | 'ip', latest: Round[] = []) => {
    const ec2 = new EC2Client(opened.client);
    const adapters = {
      clock: opened.clock,
      loadBalancing: loadBalancing(elb),
      rounds: { latest: async () => latest },
      instances: instances(ec2),
      targetRefs: targetRefs(ec2),
    };
    const found = await survey(sweepPorts(adapters), await group(targetType), []);
    ec2.destroy();
    return found;
  };

  it('is probed at the primary IPv6 address of each instance, and at nothing else', async () => {
    const { addresses, notes } = await surveyed('instance');
    expect(addresses).toEqual({ [`${IDS[0]}:80`]: 'fd00::1' });
    expect(notes).toEqual([`no primary IPv6 address for ${IDS[1]}: not known to EC2, not probed`]);
  });

  it('asks again about an instance that an older round knows without one', async () => {
    const facts = { [IDS[0]]: { address: '10.0.0.1' }, [IDS[1]]: { address: '10.0.0.2' } };
    const { addresses } = await surveyed('instance', [roundOf({ instances: facts })]);
    expect(addresses).toEqual({ [`${IDS[0]}:80`]: 'fd00::1' });
  });

  it('is probed at the address itself where that is the target', async () => {
    expect((await surveyed('ip')).addresses).toEqual({ 'fd00::7:80': 'fd00::7' });
  });
});

describe('survey', () => {
  const ports = (latest: Round[]): SweepPorts =>
    sweepPorts({
      clock: opened.clock,
      loadBalancing: loadBalancing(elb),
      rounds: { latest: async () => latest },
      instances: { describe: async (ids) => new Map(ids.slice(0, 2).map((id) => [id, { address: '10.0.0.7' }])) },
    });

  it('says for whom there is no address, and how long each target has been in its state', async () => {
    const arn = webGroup(opened.world);
    const [group] = await loadBalancing(elb).groups(configured([{ arn }]));
    if (group === undefined) throw new Error('no group');
    const first = await survey(ports([]), group, []);
    expect(first.notes).toEqual([`no address for ${IDS[2]}: not known to EC2, not probed`]);
    expect(ageOf(first.lbView, { id: IDS[0], port: 8080 }, opened.clock.now())).toBeUndefined();
    const before = roundOf({ lbView: first.lbView.map((entry, index) => (index === 0 ? { ...entry, state: 'initial' } : entry)) });
    opened.clock.advance(60_000);
    const second = await survey(ports([before]), group, []);
    opened.clock.advance(5_000);
    expect(ageOf(second.lbView, { id: IDS[0], port: 8080 }, opened.clock.now())).toBe(5_000);
    expect(ageOf(second.lbView, { id: IDS[1], port: 8080 }, opened.clock.now())).toBeUndefined();
  });

  it('remembers the zone of a registered target that is not in service, and nothing else of it', async () => {
    const arn = webGroup(opened.world);
    const [group] = await loadBalancing(elb).groups(configured([{ arn }]));
    if (group === undefined) throw new Error('no group');
    opened.world.instances.stop(IDS[0]);
    const known = { [IDS[0]]: { address: '10.0.0.1', zone: 'us-east-1a', type: 'm7g.large' } };
    const { instances: found, addresses, targets } = await survey(ports([roundOf(), roundOf({ instances: known })]), group, []);
    expect(found[IDS[0]]).toEqual({ zone: 'us-east-1a' });
    expect(targets.map(({ id }) => id)).not.toContain(IDS[0]);
    expect(addresses[`${IDS[0]}:8080`]).toBeUndefined();
  });
});
