/**
 * Each check of `sickbay doctor` on an account that is well, and on one that lacks what it is
 * about.
 */
import { openAccount } from '../../../bin/account/account';
import { CHECKS } from '../../../bin/doctor/checks';
import { contextOf, type Context, type Deployed } from '../../../bin/doctor/context';
import { examine, line } from '../../../bin/doctor/run';
import { parseConfig, type ConfigInput } from '../../../core/config';
import type { FleetVerdict, Round } from '../../../core/model';
import { AwsError } from '../../../lab/world/aws-error';
import type { StackRecord } from '../../../lambda/stack-record';
import { BALANCER_GROUP, PROBER_GROUP, SUBNETS, TARGETS_GROUP, answers, openRig, type Rig } from '../account-rig';

let rig: Rig;
const before = { ...process.env };

beforeEach(async () => {
  rig = await openRig();
  Object.assign(process.env, rig.env);
  rig.world.parameters.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '25', Type: 'String' });
  admit(TARGETS_GROUP, rig.port);
});

afterEach(async () => {
  process.env = { ...before };
  await rig.close();
});

function admit(GroupId: string, port: number): void {
  const rule = { IpProtocol: 'tcp', FromPort: port, ToPort: port, UserIdGroupPairs: [{ GroupId: PROBER_GROUP }] };
  securityGroup(GroupId).IpPermissions?.push(rule);
}

function securityGroup(id: string) {
  const found = rig.world.ec2.network.securityGroups.find(({ GroupId }) => GroupId === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

type Group = ConfigInput['targetGroups'][number];

/** What the account of the rig fits. */
function config(more: Partial<ConfigInput> = {}, group: Partial<Group> = {}): ConfigInput {
  return {
    targetGroups: [{ arn: rig.groupArn, probe: { path: '/cart' }, owner: 'static', inspection: { metricsPort: rig.port }, ...group }],
    network: { subnetIds: [...SUBNETS], securityGroupIds: [PROBER_GROUP] },
    ...more,
  };
}

describe('a line of doctor', () => {
  const told = {
    level: 'fail' as const,
    check: 'targets',
    text: 'one two three four five six seven eight nine ten eleven',
    command: 'aws x --y',
  };

  it('keeps its text in its own column on a terminal, and its command in one line', () => {
    const indent = ' '.repeat(24);
    expect(line(told, 60)).toBe(
      `fail  targets           one two three four five six seven\n${indent}eight nine ten eleven\n${indent}aws x --y\n`,
    );
  });

  it('is not broken in a pipe, nor where there is no room for a column', () => {
    for (const columns of [undefined, 40]) expect(line(told, columns)).toContain('nine ten eleven\n');
    expect(line(told, undefined).split('\n')).toHaveLength(3);
  });
});

async function context(input: ConfigInput, deployed?: Deployed): Promise<Context> {
  const account = openAccount();
  return contextOf({
    config: parseConfig(input),
    configFrom: 'sickbay.config.ts',
    account,
    identity: await account.identity(),
    now: 1_000_000,
    deployed: async () => deployed,
  });
}

/** The lines of one check: level, text and command. */
async function lines(name: string, input: ConfigInput = config(), deployed?: Deployed): Promise<string[]> {
  const checks = CHECKS.filter((check) => check.name === name);
  expect(checks).toHaveLength(1);
  const { results } = await examine(await context(input, deployed), checks, () => undefined);
  return results.map(({ level, text, command }) => `${level} ${text}${command === undefined ? '' : `\n${command}`}`);
}

function deployedWith(fleet: FleetVerdict, endedAt = 990_000): Deployed {
  const pageTopic = rig.world.sns.addTopic('page');
  const notifyTopic = rig.world.sns.addTopic('notify');
  const record = { pageTopic, notifyTopic, killSwitch: '/sickbay/Sickbay/kill-switch' } as StackRecord;
  return { record, latestRound: async () => ({ fleet, endedAt, says: 'most targets were not reached' }) as Round };
}

test('an account that lacks nothing has no finding, and what needs a deployment is skipped', async () => {
  const { results } = await examine(await context(config()), CHECKS, () => undefined);
  expect(results.filter(({ level }) => level !== 'ok').map(({ check, text }) => `${check}: ${text}`)).toEqual([
    'subscribers: not deployed yet',
    'kill switch: not deployed yet',
    'rounds: not deployed yet',
    'enforce: mode observe: nothing is removed. Ready for enforce: 1 of 1 groups',
  ]);
});

test('log groups of access logs are looked up by their whole names', async () => {
  expect(await lines('access logs')).toEqual(['ok none are configured: real requests are no second view (accessLogs)']);
  rig.world.logs.add('/aws/alb/shop');
  rig.world.logs.add('/aws/alb/shop-2');
  const logging = (...logGroups: string[]) => lines('access logs', { ...config(), accessLogs: { logGroups } });
  expect(await logging('/aws/alb/shop')).toEqual(['ok /aws/alb/shop; asked only when a removal is due']);
  expect(await logging('/aws/alb/sho', '/aws/alb/shop')).toEqual([
    expect.stringMatching(/^fail there is no log group \/aws\/alb\/sho\naws logs create-log-group --log-group-name \/aws\/alb\/sho/),
  ]);
});

test('one check that cannot be made stops none of the others, and AWS’s failure is told apart from a denial', async () => {
  rig.deny('ssm:DescribeInstanceInformation');
  rig.break('lambda:GetAccountSettings', new AwsError('ServiceException', 'broken', 500));
  const { results, awsFailed } = await examine(await context(config()), CHECKS, () => undefined);
  expect(results.filter(({ level }) => level === 'warn').map(({ check, text }) => `${check}: ${text}`)).toEqual([
    'ssm: not permitted: ssm:DescribeInstanceInformation; lost: this check',
    expect.stringMatching(/^quotas: could not be checked: ServiceException: broken/),
  ]);
  expect(awsFailed).toBe(true);
  expect(new Set(results.map(({ check }) => check)).size).toBe(CHECKS.length);
});

describe('credentials', () => {
  it('of another account or Region than the target groups are a failure that names both', async () => {
    const arn = 'arn:aws:elasticloadbalancing:eu-west-1:210987654321:targetgroup/shop/0000000000000001';
    expect(await lines('credentials', config({}, { arn }))).toEqual([
      'fail these are credentials for 123456789012 in us-east-1, and the target groups are in 210987654321 in eu-west-1: use another --profile or --region',
    ]);
  });
});

describe('permissions', () => {
  it('that a simulation denies are named, with what a simulation does not see', async () => {
    rig.world.iam.deny('responder', 'ec2:DescribeSubnets');
    rig.world.iam.deny('responder', 'sts:AssumeRole', 'explicitDeny');
    const [reading, deploying] = await lines('permissions');
    expect(reading).toMatch(
      /^warn for reading the account no policy allows ec2:DescribeSubnets; a simulation sees policies of your identity/,
    );
    expect(deploying).toMatch(
      /^fail for deploying .* a policy denies sts:AssumeRole on arn:aws:iam::123456789012:role\/cdk-hnb659fds-deploy-role-/,
    );
  });

  it('that may not be simulated are not known, and that is no failure', async () => {
    rig.deny('iam:SimulatePrincipalPolicy');
    expect(await lines('permissions')).toEqual([
      'warn not permitted: iam:SimulatePrincipalPolicy; lost: what you may do is not known before it is tried',
    ]);
  });
});

describe('bootstrap', () => {
  it.each([
    [
      'never',
      () => rig.world.parameters.remove('/cdk-bootstrap/hnb659fds/version'),
      'CDK was never bootstrapped in 123456789012, us-east-1',
    ],
    [
      'too old',
      () => rig.world.parameters.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '5', Overwrite: true }),
      "version 5 of CDK's bootstrap stack: 6 or newer is needed",
    ],
  ])('%s: the command does it, for this account and Region', async (_, make, text) => {
    make();
    const [line] = await lines('bootstrap');
    expect(line).toContain(`fail ${text}`);
    expect(line).toContain('\nnpx --no-install cdk bootstrap aws://123456789012/us-east-1 --profile lab');
  });
});

describe('targets', () => {
  it('that are fewer than three cannot be compared; a group that is gone, or a tag that none has, is told', async () => {
    rig.world.elb.deregisterTargets({ TargetGroupArn: rig.groupArn, Targets: [{ Id: rig.targets[0]?.id }] });
    expect(await lines('targets')).toEqual(['fail shop: 2 targets in service; a slow one is told by comparison, which takes 3']);
    const gone = rig.groupArn.replace(/1$/, '9');
    const input = config({ targetGroups: [{ arn: gone }, { tag: { key: 'team', value: 'x' } }] });
    expect(await lines('target groups', input)).toEqual([`fail there is no ${gone}`, 'fail no target group has the tag team=x']);
  });

  it('with another owner than declared are never removed, nor are those without one', async () => {
    expect(await lines('owner', config({}, { owner: 'asg' }))).toEqual([
      'fail shop: declared asg, and seen: static: nothing is removed while the two differ',
    ]);
    expect(await lines('owner', config({ targetGroups: [{ arn: rig.groupArn }] }))).toEqual([
      'warn shop: not declared, so nothing is ever removed (seen: static)',
    ]);
  });
});

describe('groups of other kinds', () => {
  const unmeasured: [kind: string, group: Parameters<Rig['world']['elb']['addTargetGroup']>[0], why: string][] = [
    [
      'Lambda functions',
      { name: 'other', port: 0, targetType: 'lambda' },
      'its target is a Lambda function, which has no address to probe',
    ],
    [
      'a load balancer',
      { name: 'other', port: 80, targetType: 'alb', protocol: 'TCP' },
      'its target is a load balancer, whose own target groups can be probed',
    ],
    ['UDP', { name: 'other', port: 53, protocol: 'UDP' }, 'its protocol is UDP; the prober speaks HTTP and HTTPS'],
  ];

  it.each(unmeasured)('%s: that it is not measured is told, and no page of it, nor that more targets are needed', async (_, made, why) => {
    const arn = rig.world.elb.addTargetGroup(made);
    for (const probe of [undefined, { path: '/cart' }]) {
      const input = config({ targetGroups: [{ arn, ...(probe === undefined ? {} : { probe }) }] });
      expect(await lines('target groups', input)).toEqual([`fail other: ${why}`]);
      expect(await lines('probe path', input)).toEqual([`fail other is not measured: ${why}`]);
      expect(await lines('targets', input)).toEqual(['skip other: cannot be measured']);
      expect((await lines('enforce', { ...input, mode: 'enforce' }))[0]).toContain('its targets are not measured');
    }
  });

  it('a Network Load Balancer’s is only observed until "nlb" says otherwise, and then no longer', async () => {
    const arn = rig.world.elb.addTargetGroup({ name: 'net', port: rig.port, protocol: 'TCP', tags: { 'sickbay:enforce': 'Sickbay' } });
    const balancer = rig.world.elb.addLoadBalancer({ name: 'net', type: 'network', zones: ['us-east-1a'] });
    rig.world.elb.addListener({ loadBalancerArn: balancer, port: 80, protocol: 'TCP', forwardTo: [arn] });
    rig.world.elb.registerTargets({ TargetGroupArn: arn, Targets: rig.targets.map(({ id }) => ({ Id: id })) });
    const declared = { arn, owner: 'static' as const, probe: { path: '/cart', protocol: 'HTTP' as const } };
    const observed = config({ mode: 'enforce', targetGroups: [declared] });
    expect((await lines('target groups', observed))[0]).toContain('nothing is removed without "nlb": "act"');
    expect(await lines('enforce', observed)).toEqual(['fail nothing is ever removed from net (it is only observed)']);
    const unsaid = config({ mode: 'enforce', targetGroups: [{ ...declared, nlb: 'act', probe: { path: '/cart' } }] });
    expect(await lines('enforce', unsaid)).toEqual(['fail nothing is ever removed from net (its targets are not measured)']);
    const act = config({ mode: 'enforce', targetGroups: [{ ...declared, nlb: 'act' }] });
    expect(await lines('target groups', act)).toEqual(['ok net (3 targets)']);
    expect(await lines('enforce', act)).toEqual(['ok 1 group with a page, an owner and the tag sickbay:enforce=Sickbay']);
    expect(await lines('probe path', config({ targetGroups: [{ arn }] }))).toEqual([
      'fail net is not measured: its protocol is TCP; "probe.protocol" says whether HTTP or HTTPS is spoken there',
    ]);
  });

  it('a Network Load Balancer’s addresses are only observed, whatever "nlb" says', async () => {
    const arn = rig.world.elb.addTargetGroup({ name: 'net', port: rig.port, protocol: 'TLS', targetType: 'ip' });
    const balancer = rig.world.elb.addLoadBalancer({ name: 'net', type: 'network', zones: ['us-east-1a'] });
    rig.world.elb.addListener({ loadBalancerArn: balancer, port: 443, protocol: 'TLS', forwardTo: [arn] });
    const of = { arn, nlb: 'act' as const, probe: { path: '/cart', protocol: 'HTTP' as const } };
    expect((await lines('target groups', config({ targetGroups: [of] })))[0]).toContain('an address is never removed there');
  });

  it('one with Target Optimizer is only observed until the probes lead past its agents', async () => {
    const arn = rig.world.elb.addTargetGroup({ name: 'agents', port: rig.port, targetControlPort: 3000 });
    rig.world.elb.addListener({ loadBalancerArn: rig.balancerArn, port: 81, forwardTo: [arn] });
    const told = (port?: number) =>
      lines('target groups', config({ targetGroups: [{ arn, probe: { path: '/cart', ...(port === undefined ? {} : { port }) } }] }));
    expect((await told())[0]).toContain('unless probe.port leads past its agents');
    expect((await told(rig.port))[0]).toContain('unless probe.port leads past its agents');
    expect(await told(9000)).toEqual(['ok agents (0 targets)']);
  });
});

describe('the network', () => {
  it('subnets that are not there, are full or stand elsewhere are told', async () => {
    const { subnets } = rig.world.ec2.network;
    subnets.splice(0, 1, { ...subnets[0], AvailableIpAddressCount: 0 });
    subnets.splice(1, 1, { ...subnets[1], VpcId: 'vpc-0fedcba9876543210' });
    const network = { ...config().network, subnetIds: [...SUBNETS, 'subnet-0ffffffffffffffff'] };
    expect(await lines('subnets', config({ network }))).toEqual([
      'fail there is no subnet subnet-0ffffffffffffffff',
      `warn ${SUBNETS[1]} is in vpc-0fedcba9876543210, and the targets in vpc-0123456789abcdef0: only routes between the two reach them`,
      `fail ${SUBNETS[0]} has no free address: the prober cannot start there`,
    ]);
  });

  it('targets that do not admit the prober make every round blind: the command admits it', async () => {
    securityGroup(TARGETS_GROUP).IpPermissions = [];
    expect(await lines('prober, targets')).toEqual([
      `fail shop: ${TARGETS_GROUP} does not admit the prober on ${rig.port}: every round is blind; add it to network.admittedBy, or\n` +
        `aws ec2 authorize-security-group-ingress --group-id ${TARGETS_GROUP} --protocol tcp --port ${rig.port} --source-group ${PROBER_GROUP} --region us-east-1 --profile lab`,
    ]);
  });

  it('a rule that the stack makes is well before the deployment, a failure after it, and a duplicate one breaks the deployment', async () => {
    const network = { ...config().network, admittedBy: [{ securityGroupId: TARGETS_GROUP, port: rig.port }] };
    expect((await lines('prober, targets', config({ network })))[1]).toContain('and the deployment would fail on it');
    securityGroup(TARGETS_GROUP).IpPermissions = [];
    expect(await lines('prober, targets', config({ network }))).toEqual([
      `ok shop: the stack makes the rule on ${rig.port} (network.admittedBy)`,
    ]);
    expect((await lines('prober, targets', config({ network }), deployedWith('none')))[0]).toMatch(/^fail /);
  });

  it('a prober that lets nothing out reaches nothing', async () => {
    securityGroup(PROBER_GROUP).IpPermissionsEgress = [];
    expect((await lines('prober, targets'))[0]).toMatch(
      /^fail shop: the prober's security group lets nothing out to \d+\naws ec2 authorize-security-group-egress/,
    );
  });

  it('a prefix list may admit the prober, and that is said, not assumed', async () => {
    securityGroup(TARGETS_GROUP).IpPermissions = [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] }];
    expect((await lines('prober, targets'))[0]).toMatch(/^warn shop: whether a prefix list/);
  });

  it('an internal load balancer that does not admit the prober shows nothing of its clients', async () => {
    securityGroup(BALANCER_GROUP).IpPermissions = [];
    expect(await lines('prober, balancer')).toEqual([
      `fail shop-lb (internal) does not admit the prober on 80: what its clients see is not sampled\n` +
        `aws ec2 authorize-security-group-ingress --group-id ${BALANCER_GROUP} --protocol tcp --port 80 --source-group ${PROBER_GROUP} --region us-east-1 --profile lab`,
    ]);
  });
});

describe('the pages', () => {
  const redirect = 'fail shop: /cart of i-0aaaaaaaaaaaaaaa1: got status 302 to /login; allowed: 200';

  it('a probe path that redirects, as one behind a login does, is a failure with where it goes', async () => {
    rig.targets[0]?.pages.set('/cart', (_, response) => void response.writeHead(302, { location: '/login' }).end());
    expect((await lines('probe path'))[0]).toContain(redirect);
  });

  it('the health check’s path as the probe path, and none at all, are told', async () => {
    expect((await lines('probe path', config({}, { probe: { path: '/health' } })))[0]).toContain("is the health check's own path");
    expect((await lines('probe path', config({ targetGroups: [{ arn: rig.groupArn }] })))[0]).toContain('none is configured');
  });

  it('another machine at the target’s private address is not taken for the target: it does not answer the health check', async () => {
    for (const page of ['/health', '/cart', '/metrics']) rig.targets[0]?.pages.delete(page);
    const why = 'the health check /health gets 404 from here, and the load balancer calls the target healthy';
    expect(await lines('probe path')).toEqual([
      `skip shop: /cart of i-0aaaaaaaaaaaaaaa1 is not what answers at its address from here (${why}): the first round shows it`,
    ]);
    expect((await lines('metrics page'))[0]).toMatch(/^skip shop: \/metrics on \d+ of i-0aaaaaaaaaaaaaaa1 is not what answers/);
  });

  it('a target that cannot be reached from here is no failure', async () => {
    const [first] = rig.targets;
    rig.world.elb.registerTargets({ TargetGroupArn: rig.groupArn, Targets: [] });
    expect((await lines('probe path', config({}, { probe: { path: '/cart', port: 1 } })))[0]).toBe(
      `skip shop: /cart of ${first?.id} cannot be reached from here (ECONNREFUSED): the first round shows it`,
    );
  });

  it('metrics in which no pool is recognised are told, and where to name one', async () => {
    rig.targets[0]?.pages.set('/metrics', answers('requests_total 7\n'));
    expect((await lines('metrics page'))[0]).toMatch(/^warn .*no connection pool is recognised; name its metrics in/);
  });
});

describe('a page over the network', () => {
  const declared = () => config({}, { inspection: { page: { port: rig.port } } });

  it('that answers, and in which a pool is recognised, is fine', async () => {
    rig.targets[0]?.pages.set('/metrics', answers('connection_pool_active 3\nconnection_pool_max 20\n'));
    expect((await lines('network page', declared()))[0]).toMatch(/^ok shop: \/metrics on \d+ of i-\w+: recognises connection_pool_active/);
  });

  it('that is no metrics page, or names no pool, is told', async () => {
    rig.targets[0]?.pages.set('/metrics', answers('<html>'));
    expect((await lines('network page', declared()))[0]).toMatch(/^warn .*no metrics in the Prometheus text format/);
    rig.targets[0]?.pages.set('/metrics', answers('requests_total 7\n'));
    expect((await lines('network page', declared()))[0]).toMatch(/^warn .*no connection pool is recognised/);
  });

  it('of another machine at that address is not taken for the target’s', async () => {
    for (const page of ['/health', '/metrics']) rig.targets[0]?.pages.delete(page);
    expect((await lines('network page', declared()))[0]).toMatch(/^skip shop: \/metrics on \d+ of i-\w+ is not what answers/);
  });

  it('that is not declared is said', async () => {
    expect(await lines('network page')).toEqual(['ok none is declared: a host that cannot be inspected is told as such']);
  });
});

describe('the hosts', () => {
  it('that Systems Manager does not know, whose agent is offline or old, or that run Windows are told apart', async () => {
    const [first, second, third] = rig.targets.map(({ id }) => id);
    rig.world.ssm.manage(first ?? '', { pingStatus: 'ConnectionLost' });
    rig.world.ssm.manage(second ?? '', { version: '3.2.0.0' });
    rig.world.ssm.manage(third ?? '', { platformType: 'Windows' });
    const found = await lines('ssm');
    expect(found.map((line) => line.split(/[:(\n]/)[0])).toEqual([
      `fail the agent is offline on ${first}`,
      `warn ${third}`,
      `warn an agent older than 3.3.2746.0 on ${second}`,
    ]);
    const id = 'i-0aaaaaaaaaaaaaaa9';
    rig.world.instances.add({ id, address: '127.0.1.9', zone: 'us-east-1a' });
    rig.world.elb.registerTargets({ TargetGroupArn: rig.groupArn, Targets: [{ Id: id }] });
    expect((await lines('ssm'))[0]).toContain(`fail 1 instance not known to Systems Manager (${id})`);
  });

  it('without the tag are not inspected, nor are their peers: the command tags them', async () => {
    rig.world.instances.setTags(rig.targets[1]?.id ?? '', {});
    const [line] = await lines('tags');
    expect(line).toMatch(/^fail 1 instance of 3 without sickbay:inspect=true/);
    expect(line).toContain(
      `aws ec2 create-tags --resources ${rig.targets[1]?.id} --tags Key=sickbay:inspect,Value=true --region us-east-1`,
    );
  });
});

describe('quotas', () => {
  it('more groups than stand in a policy by name, and a full security group, are told before the deployment', async () => {
    const more = Array.from({ length: 51 }, (_, index) => ({ arn: rig.groupArn.replace(/.{2}$/, String(index + 10)) }));
    securityGroup(TARGETS_GROUP).IpPermissions?.push({
      IpProtocol: 'tcp',
      FromPort: 1,
      ToPort: 2,
      IpRanges: Array.from({ length: 59 }, (_, index) => ({ CidrIp: `10.9.${index}.0/24` })),
    });
    const network = { ...config().network, admittedBy: [{ securityGroupId: TARGETS_GROUP, port: 81 }] };
    expect(await lines('quotas', config({ targetGroups: more, network }))).toEqual([
      expect.stringContaining('warn 51 target groups: more than 50 do not fit'),
      expect.stringContaining(`warn ${TARGETS_GROUP} has 61 inbound rules and would get 1 more`),
    ]);
  });
});

describe('a deployed stack', () => {
  it('whose topics nobody hears is a failure, with what waits for confirmation', async () => {
    const deployed = deployedWith('none');
    rig.world.sns.subscribe(deployed.record.pageTopic, 'email', 'ann@example.com', false);
    rig.world.sns.subscribe(deployed.record.notifyTopic, 'email', 'ann@example.com');
    const [page, notify] = await lines('subscribers', config(), deployed);
    expect(page).toMatch(/^fail page: nobody would hear an alert; not confirmed yet, by the link that was mailed: 1\naws sns subscribe/);
    expect(notify).toBe('ok notify: 1 confirmed subscriber');
  });

  it('whose kill switch is on, is something else or is gone removes nothing, and off is well', async () => {
    const Name = '/sickbay/Sickbay/kill-switch';
    expect((await lines('kill switch', config(), deployedWith('none')))[0]).toMatch(/^fail there is no parameter/);
    const told = async (Value: string) => {
      rig.world.parameters.putParameter({ Name, Value, Overwrite: true });
      return (await lines('kill switch', config(), deployedWith('none')))[0];
    };
    expect(await told('on')).toContain('warn on: every removal is stopped\naws ssm put-parameter');
    expect(await told('offf')).toContain('warn got "offf", which counts as on');
    expect(await told('off')).toMatch(/^ok /);
  });

  it('without a fresh round, or with a blind one, sees nothing', async () => {
    expect(await lines('rounds', config(), deployedWith('none'))).toEqual(['ok 1 group measured within 300 s, none blind']);
    expect(await lines('rounds', config(), deployedWith('none', 0))).toEqual([
      'fail shop: the last round ended 1000 s ago; one begins every 60 s',
    ]);
    expect(await lines('rounds', config(), deployedWith('blind'))).toEqual([
      'fail shop: the last round was blind: most targets were not reached',
    ]);
    const never = { ...deployedWith('none'), latestRound: async () => undefined };
    expect(await lines('rounds', config(), never)).toEqual(['fail shop: no round yet; one begins every 60 s']);
  });
});

describe('enforce', () => {
  it('needs the tag that names this stack, a page and an owner', async () => {
    const mode = { mode: 'enforce' as const };
    expect((await lines('enforce', config(mode)))[0]).toMatch(
      /^fail shop has no tag sickbay:enforce=Sickbay: IAM denies its removals\naws elbv2 add-tags --resource-arns \S+ --tags Key=sickbay:enforce,Value=Sickbay/,
    );
    rig.world.elb.tag(rig.groupArn, { 'sickbay:enforce': 'Other' });
    expect((await lines('enforce', config(mode)))[0]).toContain('warn shop obeys another stack: sickbay:enforce=Other');
    rig.world.elb.tag(rig.groupArn, { 'sickbay:enforce': 'Sickbay' });
    expect(await lines('enforce', config(mode))).toEqual(['ok 1 group with a page, an owner and the tag sickbay:enforce=Sickbay']);
    expect(await lines('enforce', config({ ...mode, targetGroups: [{ arn: rig.groupArn }] }))).toEqual([
      'fail nothing is ever removed from shop (no probe path and no owner)',
    ]);
  });
});
