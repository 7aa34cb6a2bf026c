/** What `sickbay init` proposes, from an account of the lab over the wire. */
import { runInNewContext } from 'node:vm';
import { parseConfig, type ConfigInput } from '../../../core/config';
import { openAccount } from '../../../bin/account/account';
import { Reads, unreadLine } from '../../../bin/account/unread';
import { byThemselves, candidatesOf, named, vpcOf } from '../../../bin/init/candidates';
import { configText } from '../../../bin/init/config-text';
import { metricNames, propose, type Given } from '../../../bin/init/propose';
import type { Proposal } from '../../../bin/init/proposal';
import { surveyOf } from '../../../bin/init/survey';
import { AwsError } from '../../../lab/world/aws-error';
import { BALANCER_GROUP, PROBER_GROUP, SUBNETS, TARGETS_GROUP, openRig, type Rig } from '../account-rig';

let rig: Rig;
const before = { ...process.env };

beforeEach(async () => {
  rig = await openRig();
  Object.assign(process.env, rig.env);
});

afterEach(async () => {
  process.env = { ...before };
  await rig.close();
});

const GIVEN: Given = { stack: 'Sickbay', groupOf: () => ({ path: '/cart' }) };

async function candidates() {
  const { loadBalancing } = openAccount();
  return candidatesOf(await loadBalancing.groups(), await loadBalancing.balancers());
}

async function proposal(given: Partial<Given> = {}, names: readonly string[] = []): Promise<Proposal & { readonly unread: string[] }> {
  const all = await candidates();
  const chosen = names.length === 0 ? byThemselves(all) : named(all, names);
  const reads = new Reads();
  const survey = await surveyOf(openAccount(), reads, chosen, vpcOf(chosen));
  return { ...propose(survey, { ...GIVEN, ...given }, new Map()), unread: reads.unread.map(unreadLine) };
}

const why = ({ proposed }: Proposal, key: string): string =>
  proposed
    .filter((one) => one.key === key)
    .map((one) => one.why)
    .join('\n');

const group = ({ config }: Proposal, index = 0): ConfigInput['targetGroups'][number] => config.targetGroups[index] ?? {};

describe("the account's name", () => {
  it('is its alias, in the file with the reason', async () => {
    rig.world.iam.setAlias('shop-production');
    const found = await proposal();
    expect(found.config.accountName).toBe('shop-production');
    expect(why(found, 'accountName')).toBe("the account's alias: alerts name the account by it beside its id");
  });

  it('is left out without an alias, or where nobody may ask for it; all else is proposed', async () => {
    const without = await proposal();
    expect(without.config).not.toHaveProperty('accountName');
    expect(why(without, 'accountName')).toBe('the account has no alias: alerts name it by its id');
    rig.world.iam.setAlias('shop-production');
    rig.deny('iam:ListAccountAliases');
    const denied = await proposal();
    expect(denied.config).toEqual(without.config);
    expect(why(denied, 'accountName')).toContain('could not be read (not permitted)');
    expect(denied.unread).toEqual(['not permitted: iam:ListAccountAliases; lost: alerts name the account by its id alone (accountName)']);
  });

  it.each([
    [
      'IAM fails',
      () => rig.break('iam:ListAccountAliases', new AwsError('ServiceFailure', 'The request failed', 500)),
      /500 The request failed/,
    ],
    ['it is no alias', () => rig.world.iam.setAlias('Shop; drop'), /got "Shop; drop", which is no alias/],
  ])('is left out when %s, with what came instead', async (_case, happen, message) => {
    happen();
    const found = await proposal();
    expect(found.config).not.toHaveProperty('accountName');
    expect(why(found, 'accountName')).toMatch(message);
  });
});

describe('the page', () => {
  it('is never the health check’s by itself: without one there is no probe, and the reason says what that means', async () => {
    const found = await proposal({ groupOf: () => ({}) });
    expect(group(found)).not.toHaveProperty('probe');
    expect(why(found, 'probe.path')).toContain("Without it the health check's path /health is measured, and nothing is ever removed on it");
  });

  it('is one that a listener rule forwards exactly, with the host that the rule asks for', async () => {
    const listenerArn = (await openAccount().loadBalancing.listeners(rig.balancerArn))[0]?.arn ?? '';
    const conditions = [
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*', '/checkout'] } },
      { Field: 'host-header', HostHeaderConfig: { Values: ['*.example.com', 'shop.example.com'] } },
    ];
    rig.world.elb.addRule({ listenerArn, priority: 1, conditions, forwardTo: [rig.groupArn] });
    const found = await proposal({ groupOf: () => ({}) });
    expect(group(found).probe).toEqual({ path: '/checkout', host: 'shop.example.com' });
    expect(why(found, 'probe.path')).toContain('a listener rule forwards exactly this page here');
  });

  it('is not the health check’s own where a listener rule forwards just that one', async () => {
    const listenerArn = (await openAccount().loadBalancing.listeners(rig.balancerArn))[0]?.arn ?? '';
    const conditions = [{ Field: 'path-pattern', Values: ['/health'] }];
    rig.world.elb.addRule({ listenerArn, priority: 1, conditions, forwardTo: [rig.groupArn] });
    expect(group(await proposal({ groupOf: () => ({}) }))).not.toHaveProperty('probe');
  });

  it('that is given and is the health check’s own is taken, and said to be that', async () => {
    const found = await proposal({ groupOf: () => ({ path: '/health' }) });
    expect(group(found).probe).toEqual({ path: '/health' });
    expect(found.proposed.find(({ key }) => key === 'probe.path')).toMatchObject({ attention: true });
  });

  it('names the patterns that rules forward, where none of them is one page', async () => {
    const listenerArn = (await openAccount().loadBalancing.listeners(rig.balancerArn))[0]?.arn ?? '';
    const conditions = [{ Field: 'path-pattern', Values: ['/api/*'] }];
    rig.world.elb.addRule({ listenerArn, priority: 1, conditions, forwardTo: [rig.groupArn] });
    expect(why(await proposal({ groupOf: () => ({}) }), 'probe.path')).toContain('listener rules forward /api/* here');
  });
});

describe('the owner', () => {
  const ids = () => rig.targets.map(({ id }) => id);
  const sizes = { minSize: 1, maxSize: 9, desiredCapacity: 3 };

  it('is static where no target is in an Auto Scaling group', async () => {
    expect(group(await proposal()).owner).toBe('static');
  });

  it('is asg where all of them are, by the group’s name', async () => {
    rig.world.autoScaling.addGroup({ name: 'web', ...sizes, instanceIds: ids(), targetGroupArns: [] });
    const found = await proposal();
    expect(group(found).owner).toBe('asg');
    expect(why(found, 'owner')).toContain('Auto Scaling group web');
  });

  it('is left out where some are and some are not', async () => {
    rig.world.autoScaling.addGroup({ name: 'web', ...sizes, instanceIds: ids().slice(1), targetGroupArns: [] });
    const found = await proposal();
    expect(group(found)).not.toHaveProperty('owner');
    expect(why(found, 'owner')).toContain('some targets are in an Auto Scaling group and some in none');
  });

  it.each([
    ['Kubernetes', () => rig.world.elb.tag(rig.groupArn, { 'elbv2.k8s.aws/cluster': 'prod' }), 'a Kubernetes controller manages it'],
    [
      'ECS',
      () =>
        rig.world.autoScaling.addGroup({ name: 'ecs', ...sizes, instanceIds: ids(), targetGroupArns: [], tags: { AmazonECSManaged: '' } }),
      'ECS manages what runs on it',
    ],
  ])('is left out where %s owns the targets, and the reason names it', async (_, own, reason) => {
    own();
    const found = await proposal();
    expect(group(found)).not.toHaveProperty('owner');
    expect(why(found, 'owner')).toContain(reason);
  });
});

describe('the network', () => {
  it('has a subnet in each zone in which targets stand', async () => {
    rig.world.ec2.network.addSubnet({
      SubnetId: 'subnet-0cccccccccccccccc',
      AvailabilityZone: 'us-east-1c',
      AvailableIpAddressCount: 4000,
    });
    expect((await proposal()).config.network.subnetIds).toEqual([...SUBNETS]);
  });

  it('has no subnet that is nearly full, and then another one of that zone', async () => {
    const { network } = rig.world.ec2;
    network.subnets.splice(0, 1, { ...network.subnets[0], AvailableIpAddressCount: 3 });
    network.addSubnet({ SubnetId: 'subnet-0ddddddddddddddd1', AvailabilityZone: 'us-east-1a' });
    const found = await proposal();
    expect(found.config.network.subnetIds).toEqual([SUBNETS[1], 'subnet-0ddddddddddddddd1']);
    expect(why(found, 'network.subnetIds')).toContain('subnet-0ddddddddddddddd1: the zone of targets, 240 free addresses');
  });

  it('says which subnets there are where all are full, and where one that was given is not there', async () => {
    await expect(proposal({ subnetIds: ['subnet-1'] })).rejects.toThrow(
      `--subnet: got "subnet-1"; allowed, of vpc-0123456789abcdef0: ${SUBNETS[0]}`,
    );
    for (const subnet of rig.world.ec2.network.subnets) subnet.AvailableIpAddressCount = 2;
    await expect(proposal()).rejects.toThrow(`no subnet of vpc-0123456789abcdef0 has 8 free addresses for the prober: ${SUBNETS[0]} has 2`);
  });

  it('has the group that was made for the prober, and the rule by which the targets admit it', async () => {
    const found = await proposal();
    expect(found.config.network).toMatchObject({
      securityGroupIds: [PROBER_GROUP],
      admittedBy: [{ securityGroupId: TARGETS_GROUP, port: rig.port }],
    });
  });

  it('has no rule where the targets admit the prober already: the deployment would fail on a second one', async () => {
    const rule = {
      IpProtocol: 'tcp',
      FromPort: 1,
      ToPort: 65_535,
      IpRanges: SUBNETS.map((_, index) => ({ CidrIp: `10.0.${index}.0/24` })),
    };
    rig.world.ec2.network.securityGroups.find(({ GroupId }) => GroupId === TARGETS_GROUP)?.IpPermissions?.push(rule);
    const found = await proposal();
    expect(found.config.network).not.toHaveProperty('admittedBy');
    expect(why(found, 'network.admittedBy')).toBe('its targets admit the prober already');
  });

  it('has the load balancer’s group where there is none for the prober and the targets admit it', async () => {
    rig.world.ec2.network.securityGroups.pop();
    const found = await proposal();
    expect(found.config.network).toMatchObject({ securityGroupIds: [BALANCER_GROUP] });
    expect(found.config.network).not.toHaveProperty('admittedBy');
  });

  it('has not the load balancer’s group where that lets nothing out to the targets', async () => {
    rig.world.ec2.network.securityGroups.pop();
    const own = rig.world.ec2.network.securityGroups.find(({ GroupId }) => GroupId === BALANCER_GROUP);
    if (own !== undefined) own.IpPermissionsEgress = [];
    await expect(proposal()).rejects.toThrow('no security group for the prober');
  });

  it('is never opened to a group that other things use: without one for the prober the command that makes it is told', async () => {
    const { securityGroups } = rig.world.ec2.network;
    securityGroups.pop();
    for (const one of securityGroups) one.IpPermissions = [];
    await expect(proposal()).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('aws ec2 create-security-group --group-name sickbay-prober'),
    });
    await expect(proposal({ securityGroupId: 'sg-1' })).rejects.toThrow(`--security-group: got "sg-1"; allowed, of vpc-0123456789abcdef0`);
  });
});

describe('alarms', () => {
  it('on a high percentile of the load balancer are taken; an average is left out, with the reason', async () => {
    const metric = {
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'TargetResponseTime',
      Dimensions: [{ Name: 'LoadBalancer', Value: rig.balancerArn.split(':loadbalancer/')[1] ?? '' }],
    };
    for (let index = 0; index < 60; index++) rig.world.alarms.addAlarm({ AlarmName: `other-${index}` });
    rig.world.alarms.addAlarm({ AlarmName: 'shop-p99', ...metric, ExtendedStatistic: 'p99', Threshold: 1 });
    rig.world.alarms.addAlarm({ AlarmName: 'shop-average', ...metric, Statistic: 'Average' });
    const found = await proposal();
    expect(found.config.alarmNames).toEqual(['shop-p99']);
    expect(why(found, 'alarmNames')).toContain('shop-average is on Average');
  });
});

describe('target groups of other kinds', () => {
  it('Lambda functions, load balancers and GENEVE cannot be watched, and naming one is refused with the reason', async () => {
    rig.world.elb.addTargetGroup({ name: 'fn', port: 0, targetType: 'lambda' });
    rig.world.elb.addTargetGroup({ name: 'alb', port: 80, targetType: 'alb', protocol: 'TCP' });
    expect(byThemselves(await candidates()).map((one) => one.group.name)).toEqual(['shop']);
    await expect(proposal({}, ['fn'])).rejects.toThrow(
      '--target-group: got "fn": its target is a Lambda function, which has no address to probe',
    );
  });

  it('an unknown one is refused with the value and those that there are', async () => {
    await expect(proposal({}, ['shopp'])).rejects.toThrow('--target-group: got "shopp"; allowed: shop');
  });

  it('addresses of tasks have no owner here: their security groups are those of the interfaces that have the addresses', async () => {
    const arn = rig.world.elb.addTargetGroup({ name: 'pods', port: 8080, targetType: 'ip', healthCheck: { HealthCheckPath: '/health' } });
    rig.world.elb.addListener({ loadBalancerArn: rig.balancerArn, port: 81, forwardTo: [arn] });
    rig.world.elb.registerTargets({ TargetGroupArn: arn, Targets: ['10.0.0.9', '10.0.1.9'].map((Id) => ({ Id })) });
    for (const [index, PrivateIpAddress] of ['10.0.0.9', '10.0.1.9'].entries())
      rig.world.ec2.network.addInterface({
        PrivateIpAddress,
        SubnetId: SUBNETS[index],
        Groups: [{ GroupId: TARGETS_GROUP }],
        Description: 'arn:aws:ecs:us-east-1:123456789012:attachment/1',
      });
    const found = await proposal({}, ['pods']);
    expect(group(found)).not.toHaveProperty('owner');
    expect(why(found, 'owner')).toContain('its address is that of an ECS task');
    expect(found.config.network.admittedBy).toEqual([{ securityGroupId: TARGETS_GROUP, port: 8080 }]);
    expect(why(found, 'targets')).toContain('takes 3');
  });

  it('one that no load balancer forwards to is taken only by its name; one of a Network Load Balancer is observed', async () => {
    rig.world.elb.addTargetGroup({ name: 'idle', port: rig.port });
    const tcp = rig.world.elb.addTargetGroup({ name: 'tcp', port: rig.port, protocol: 'TCP' });
    const net = rig.world.elb.addLoadBalancer({ name: 'net', type: 'network', zones: ['us-east-1a'] });
    rig.world.elb.addListener({ loadBalancerArn: net, port: 80, protocol: 'TCP', forwardTo: [tcp] });
    expect(byThemselves(await candidates()).map((one) => one.group.name)).toEqual(['shop', 'tcp']);
    const found = await proposal({}, ['tcp', 'idle']);
    expect(why(found, 'arn')).toContain(`a Network Load Balancer's group (TCP): measured where "probe.protocol" says what is spoken`);
  });

  it('one with Target Optimizer is observed: the agents answer the probes', async () => {
    const arn = rig.world.elb.addTargetGroup({ name: 'agents', port: rig.port, targetControlPort: 3000 });
    rig.world.elb.addListener({ loadBalancerArn: rig.balancerArn, port: 81, forwardTo: [arn] });
    const found = await proposal({}, ['agents']);
    expect(why(found, 'arn')).toContain('Target Optimizer (control port 3000): measured and alerted on');
  });

  it('of two VPCs are not put into one configuration: the message says which are where', async () => {
    const arn = rig.world.elb.addTargetGroup({ name: 'elsewhere', port: 80, vpcId: 'vpc-0fedcba9876543210' });
    rig.world.elb.addListener({ loadBalancerArn: rig.balancerArn, port: 81, forwardTo: [arn] });
    await expect(proposal()).rejects.toThrow(
      /^the groups are in 2 VPCs[\s\S]+ {2}vpc-0fedcba9876543210: elsewhere\n {2}vpc-0123456789abcdef0: shop$/,
    );
    expect((await proposal({}, ['shop'])).config.targetGroups).toHaveLength(1);
  });
});

describe('the file', () => {
  it('is TypeScript that gives the same configuration, with the reasons as comments of at most 100 columns', async () => {
    const found = await proposal({ groupOf: () => ({ path: "/it's", metricsPort: 9090 }) });
    const all = await candidates();
    const survey = await surveyOf(openAccount(), new Reads(), byThemselves(all), vpcOf(byThemselves(all)));
    const text = configText(found, {
      typesFrom: './core/config',
      account: '123456789012',
      region: 'us-east-1',
      day: '2026-11-27',
      command: 'init',
      loadBalancers: metricNames(survey),
    });
    const body = text.replace(/^import type.*$/m, '').replace('export const config: ConfigInput =', 'config =');
    const read = runInNewContext(body, { config: undefined }) as ConfigInput;
    expect(parseConfig(read)).toEqual(parseConfig(found.config));
    expect(text).toContain('// None of its 3 targets is in an Auto Scaling group');
    expect(text.split('\n').filter((line) => line.trim().startsWith('//') && line.length > 100)).toEqual([]);
  });
});

describe('without a permission', () => {
  it.each([
    ['cloudwatch:DescribeAlarms', 'your latency alarms are not proposed'],
    ['elasticloadbalancing:DescribeListeners', 'the hosts and pages that listener rules name are not proposed'],
    ['elasticloadbalancing:DescribeTargetGroupAttributes', 'who registers the targets (owner) is not proposed'],
  ])('%s: one line names it and what is lost, and the rest is proposed', async (action, lost) => {
    rig.deny(action);
    const found = await proposal();
    expect(found.unread).toEqual([`not permitted: ${action}; lost: ${lost}`]);
    expect(found.config.targetGroups).toHaveLength(1);
  });

  it('an error that is no denial is not taken for an empty account', async () => {
    rig.break('cloudwatch:DescribeAlarms', new AwsError('InternalFailure', 'broken', 500));
    await expect(proposal()).rejects.toThrow('broken');
  }, 60_000);
});
