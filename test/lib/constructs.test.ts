/** The construct in an app of its own: constructs and tokens in place of ids. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { App, CfnParameter, Fn, Lazy, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { parseConfig } from '../../core/config';
import { ExistingLoadBalancer } from '../../examples/existing-load-balancer';
import { ManyGroupsByTag } from '../../examples/many-groups-by-tag';
import { NewVpc } from '../../examples/new-vpc';
import { CONFIG_FILE, ENV } from '../../lambda/contract';
import { withDeployTimeValues } from '../../lambda/deploy-time';
import { Sickbay, type SickbayProps } from '../../lib/sickbay';
import { SickbayStack } from '../../lib/sickbay-stack';
import { CONFIG, GROUP_ARN, OTHER_GROUP_ARN, directory, handlersDir, removeDirectories } from './synthesised';

jest.setTimeout(60_000);
afterAll(removeDirectories);

const HERE = { account: '123456789012', region: 'us-east-1' };

type Properties = Readonly<Record<string, unknown>>;

/** A stack of somebody else's with Sickbay in it. */
function stackWith(props: (stack: Stack) => Omit<SickbayProps, 'handlersDir'>, env = {}): Stack {
  const stack = new Stack(new App({ outdir: directory() }), 'Shop', env);
  const sickbay = new Sickbay(stack, 'Sickbay', { handlersDir: handlersDir(), ...props(stack) });
  return Stack.of(sickbay);
}

function functionOf(template: Template, name: string): Properties {
  const functions = template.findResources('AWS::Lambda::Function');
  const [found] = Object.entries(functions).filter(([id]) => id.includes(name));
  return (found?.[1] as { Properties: Properties } | undefined)?.Properties ?? {};
}

const variables = (template: Template, name: string): Properties =>
  (functionOf(template, name)['Environment'] as { Variables: Properties } | undefined)?.Variables ?? {};

/** Every configuration that an asset of the app holds, as text. */
function writtenConfigs(stack: Stack): string[] {
  const { directory: out } = (stack.node.root as App).synth();
  return readdirSync(out)
    .map((name) => path.join(out, name, CONFIG_FILE))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
}

describe('the examples', () => {
  const made = (): App => new App({ outdir: directory() });

  test('a new VPC: nothing is known before it is deployed, and the handlers get all of it', () => {
    const stack = new NewVpc(made(), 'Shop', { handlersDir: handlersDir() });
    const template = Template.fromStack(stack);
    const [group] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    const values = { 'Fn::Join': ['', ['["', { Ref: group }, '"]']] };
    expect(variables(template, 'Sweeper')[ENV.deployTimeValues]).toEqual(values);
    expect(variables(template, 'Responder')[ENV.deployTimeValues]).toEqual(values);
    const written = writtenConfigs(stack);
    expect(new Set(written).size).toBe(1);
    // As the handlers read it.
    const config = parseConfig(withDeployTimeValues(written[0] ?? '', JSON.stringify([GROUP_ARN])));
    expect(config.targetGroups).toMatchObject([{ arn: GROUP_ARN, owner: 'asg', probe: { path: '/api/cart' } }]);
    expect(config.network.subnetIds).toHaveLength(2);
  });

  test('a new VPC: the prober is in its private subnets, in a security group that the targets admit', () => {
    const template = Template.fromStack(new NewVpc(made(), 'Shop', { handlersDir: handlersDir() }));
    const [own] = Object.keys(template.findResources('AWS::EC2::SecurityGroup')).filter((id) => id.includes('Prober'));
    const [shop] = Object.keys(template.findResources('AWS::EC2::SecurityGroup')).filter((id) => id.includes('Shop'));
    const ownId = { 'Fn::GetAtt': [own, 'GroupId'] };
    expect(functionOf(template, 'SickbayProber')['VpcConfig']).toEqual({
      SubnetIds: [{ Ref: expect.stringContaining('Private') }],
      SecurityGroupIds: [ownId],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::GetAtt': [shop, 'GroupId'] },
      SourceSecurityGroupId: ownId,
      FromPort: 8080,
    });
  });

  test('an existing load balancer: by names that are known, with an alarm and a topic of one’s own', () => {
    const stack = new ExistingLoadBalancer(made(), 'Checkout', { handlersDir: handlersDir() });
    const template = Template.fromStack(stack);
    expect(variables(template, 'Responder')).not.toHaveProperty(ENV.deployTimeValues);
    expect(variables(template, 'Responder')[ENV.pageTopicArn]).toBe('arn:aws:sns:us-east-1:123456789012:oncall');
    expect(parseConfig(JSON.parse(writtenConfigs(stack)[0] ?? ''))).toMatchObject({
      targetGroups: [{ arn: GROUP_ARN }],
      network: { subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'], securityGroupIds: ['sg-0123456789abcdef0'] },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ alarmName: ['checkout-latency'] }) }),
    });
  });

  test('many groups by a tag', () => {
    const stack = new ManyGroupsByTag(made(), 'Platform', { handlersDir: handlersDir() });
    expect(parseConfig(JSON.parse(writtenConfigs(stack)[0] ?? '')).targetGroups.map(({ tag }) => tag?.value)).toEqual([
      'checkout',
      'watch',
    ]);
  });
});

describe('an app with tokens, as a process', () => {
  const ROOT = path.join(__dirname, '..', '..');
  const LIB = JSON.stringify(path.join(ROOT, 'lib'));

  /** Runs an app of one stack, in which `config` may use `stack` and `token`. */
  const synth = (config: string) => {
    const app = `const { App, CfnParameter, Stack } = require('aws-cdk-lib'); const { Sickbay } = require(${LIB});
      const app = new App({ outdir: process.argv[1] }); const stack = new Stack(app, 'Shop');
      const token = new CfnParameter(stack, 'Group').valueAsString; const network = ${JSON.stringify(CONFIG.network)};
      new Sickbay(stack, 'Sickbay', { handlersDir: process.argv[2], config: ${config} }); app.synth();`;
    const out = directory();
    const args = ['--require', 'tsx/cjs', '-e', app, out, handlersDir()];
    return {
      out,
      ...spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env: { PATH: process.env['PATH'], CDK_VALIDATION: 'false' } }),
    };
  };

  test('synthesises', () => {
    const { out, status } = synth("{ targetGroups: [{ arn: token, probe: { path: '/cart' } }], network }");
    expect(status).toBe(0);
    expect(readFileSync(path.join(out, 'Shop.template.json'), 'utf8')).toContain(ENV.deployTimeValues);
  });

  test('says where a token cannot stand', () => {
    const { status, stderr } = synth('{ targetGroups: [{ arn: token, probe: { path: token } }], network }');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'ConfigError: targetGroups[0].probe.path: got a value that is known only when it is deployed; allowed: one that is known at synth',
    );
  });
});

describe('values that are known only when deployed', () => {
  const parameter = (stack: Stack, id: string): string => new CfnParameter(stack, id).valueAsString;

  test('may stand for ARNs and ids, in every place where the stack uses them', () => {
    const stack = stackWith((scope) => ({
      config: {
        ...CONFIG,
        targetGroups: [{ ...CONFIG.targetGroups[0], arn: parameter(scope, 'Group') }, { arn: OTHER_GROUP_ARN }],
        network: {
          subnetIds: [parameter(scope, 'FirstSubnet'), parameter(scope, 'SecondSubnet')],
          securityGroupIds: [parameter(scope, 'Prober')],
          admittedBy: [{ securityGroupId: parameter(scope, 'Targets'), port: 8080 }],
        },
        alarmNames: [parameter(scope, 'Alarm')],
        latencyAlarms: [{ loadBalancer: parameter(scope, 'Balancer'), thresholdMs: 500 }],
        operators: [parameter(scope, 'Operator')],
      },
    }));
    const template = Template.fromStack(stack);
    expect(variables(template, 'Responder')[ENV.deployTimeValues]).toEqual({ 'Fn::Join': ['', ['["', { Ref: 'Group' }, '"]']] });
    expect(functionOf(template, 'SickbayProber')['VpcConfig']).toMatchObject({ SubnetIds: [{ Ref: 'FirstSubnet' }] });
    expect(functionOf(template, 'SickbaySecondProber')['VpcConfig']).toMatchObject({ SubnetIds: [{ Ref: 'SecondSubnet' }] });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { Ref: 'Targets' },
      SourceSecurityGroupId: { Ref: 'Prober' },
    });
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: { Ref: 'Operator' } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'LoadBalancer', Value: { Ref: 'Balancer' } }] });
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      (policy) => (policy['Properties'] as { PolicyDocument: { Statement: Properties[] } }).PolicyDocument.Statement,
    );
    const removals = statements.filter(({ Action }) => Action === 'elasticloadbalancing:DeregisterTargets');
    expect(removals.map(({ Resource }) => Resource)).toEqual([[{ Ref: 'Group' }, OTHER_GROUP_ARN]]);
    // The place that is known goes before one that is not.
    template.hasResourceProperties('Custom::SickbayDeleteGuard', { Place: 'us-east-1:123456789012' });
  });

  test('the deployment compares the place of a group that only it knows', () => {
    const stack = stackWith((scope) => ({ config: { ...CONFIG, targetGroups: [{ arn: parameter(scope, 'Group') }] } }), { env: HERE });
    const part = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': [':', { Ref: 'Group' }] }] });
    const guards = Object.values(Template.fromStack(stack).findResources('Custom::SickbayDeleteGuard'));
    expect(guards).toMatchObject([{ Properties: { Place: { 'Fn::Join': [':', [part(3), part(4)]] } } }]);
  });

  test.each<[string, (stack: Stack) => object, string]>([
    ['the mode', (stack) => ({ mode: parameter(stack, 'P') }), 'mode'],
    ['the name', (stack) => ({ stack: parameter(stack, 'P') }), 'stack'],
    ['the path', (stack) => ({ targetGroups: [{ arn: GROUP_ARN, probe: { path: parameter(stack, 'P') } }] }), 'targetGroups[0].probe.path'],
    ['a tag', (stack) => ({ targetGroups: [{ tag: { key: 'team', value: parameter(stack, 'P') } }] }), 'targetGroups[0].tag.value'],
    ['a number', () => ({ intervalS: Lazy.number({ produce: () => 60 }) }), 'intervalS'],
    // Of how many subnets there are the second prober depends.
    ['a list', (stack) => ({ network: { ...CONFIG.network, subnetIds: Fn.split(',', parameter(stack, 'P')) } }), 'network.subnetIds'],
    ['an address', (stack) => ({ alertEmails: [parameter(stack, 'P')] }), 'alertEmails[0]'],
  ])('is refused for %s, which is used at synth', (_, change, where) => {
    expect(() => stackWith((stack) => ({ config: { ...CONFIG, ...change(stack) } }))).toThrow(
      `${where}: got a value that is known only when it is deployed; allowed: one that is known at synth`,
    );
  });

  test('a nested stack has no name at synth: the configuration has to give one', () => {
    const nested = (config: object) => () =>
      new Sickbay(new NestedStack(new Stack(new App({ outdir: directory() }), 'Shop'), 'Nested'), 'Sickbay', {
        config: { ...CONFIG, ...config },
        handlersDir: handlersDir(),
      });
    expect(nested({})).toThrow('stack: got a value that is known only when it is deployed');
    expect(nested({ stack: 'Shop' })).not.toThrow();
  });

  test('what is known is checked as ever, beside them', () => {
    const config = (stack: Stack) => ({ ...CONFIG, targetGroups: [{ arn: parameter(stack, 'Group'), owner: 'eks' as 'asg' }] });
    expect(() => stackWith((stack) => ({ config: config(stack) }))).toThrow(
      'targetGroups[0].owner: got "eks"; allowed: one of "static", "asg", "ecs"',
    );
  });

  test('more than the environment of a function holds are refused at synth', () => {
    const groups = (count: number) => (stack: Stack) => ({
      config: { ...CONFIG, targetGroups: Array.from({ length: count }, (_, index) => ({ arn: parameter(stack, `Group${index}`) })) },
    });
    expect(() => stackWith(groups(19))).not.toThrow();
    expect(() => stackWith(groups(20))).toThrow(
      'targetGroups: got 20 target groups whose ARNs are known only when they are deployed; allowed: 19 of those; select more by a tag',
    );
  });
});

describe('constructs in place of ids', () => {
  test('subnets, security groups, a load balancer and alarms', () => {
    const stack = stackWith((scope) => {
      const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'] });
      const metric = new Metric({ namespace: 'Shop', metricName: 'Slow' });
      return {
        config: {
          ...CONFIG,
          network: {
            vpc,
            subnets: [Subnet.fromSubnetId(scope, 'Subnet', 'subnet-0123456789abcdef7')],
            securityGroups: [SecurityGroup.fromSecurityGroupId(scope, 'Prober', 'sg-0123456789abcdef7')],
            admittedBy: [{ securityGroupId: 'sg-0123456789abcdef8', port: 80 }],
          },
          latencyAlarms: [{ loadBalancer: balancerOf(scope), thresholdMs: 500 }],
          alarms: [new Alarm(scope, 'Slow', { metric, threshold: 1, evaluationPeriods: 1 })],
          alarmNames: ['by-name'],
        },
      };
    });
    const template = Template.fromStack(stack);
    expect(functionOf(template, 'SickbayProber')['VpcConfig']).toEqual({
      SubnetIds: ['subnet-0123456789abcdef7'],
      SecurityGroupIds: ['sg-0123456789abcdef7'],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [{ Name: 'LoadBalancer', Value: 'app/checkout/0123456789abcdef' }],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        detail: Match.objectLike({ alarmName: Match.arrayWith(['by-name', { Ref: Match.stringLikeRegexp('^Slow') }]) }),
      }),
    });
  });

  const balancerOf = (scope: Stack) =>
    ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(scope, 'Balancer', {
      loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/checkout/0123456789abcdef',
      securityGroupId: 'sg-0123456789abcdef0',
    });

  test('a group that is named by a construct and by a tag is a mistake', () => {
    expect(() =>
      stackWith((scope) => {
        const targetGroup = ApplicationTargetGroup.fromTargetGroupAttributes(scope, 'Group', { targetGroupArn: GROUP_ARN });
        return { config: { ...CONFIG, targetGroups: [{ targetGroup, tag: { key: 'team', value: 'shop' } }] } };
      }),
    ).toThrow('targetGroups[0].targetGroup: got an unknown key');
  });

  test('a VPC that is looked up has made-up ids until it was: they are no mistake', () => {
    expect(() =>
      stackWith((scope) => ({ config: { ...CONFIG, network: { vpc: Vpc.fromLookup(scope, 'Vpc', { isDefault: true }) } } }), { env: HERE }),
    ).not.toThrow();
  });

  test('in a stack of its own the groups of another stack may be named', () => {
    const app = new App({ outdir: directory() });
    const shop = new Stack(app, 'Shop', { env: HERE });
    const vpc = Vpc.fromVpcAttributes(shop, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'] });
    const targetGroup = new ApplicationTargetGroup(shop, 'Group', { vpc, port: 80 });
    const sickbay = new SickbayStack(app, 'Sickbay', {
      env: HERE,
      handlersDir: handlersDir(),
      config: { stack: 'Sickbay', targetGroups: [{ targetGroup }], network: CONFIG.network },
    });
    expect(JSON.stringify(variables(Template.fromStack(sickbay), 'Sweeper')[ENV.deployTimeValues])).toContain('Fn::ImportValue');
  });
});

describe('topics of one’s own', () => {
  const topicsOf = (make: (stack: Stack) => Omit<SickbayProps, 'handlersDir' | 'config'>) =>
    stackWith((stack) => ({ config: CONFIG, ...make(stack) }));
  const actions = (template: Template): string[] =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
      JSON.stringify((Properties as Properties)['AlarmActions']),
    );

  test('take the place of those that are made, and CloudWatch’s alarms may publish on them', () => {
    const stack = topicsOf((scope) => ({ pageTopic: new Topic(scope, 'OnCall'), notifyTopic: new Topic(scope, 'Channel') }));
    const template = Template.fromStack(stack);
    const ids = Object.keys(template.findResources('AWS::SNS::Topic'));
    expect(ids).toHaveLength(2);
    expect(variables(template, 'Responder')).toMatchObject({
      [ENV.pageTopicArn]: { Ref: expect.stringMatching(/^OnCall/) },
      [ENV.notifyTopicArn]: { Ref: expect.stringMatching(/^Channel/) },
    });
    template.resourceCountIs('AWS::SNS::TopicPolicy', 2);
    expect(actions(template).filter((each) => each?.includes('OnCall')).length).toBeGreaterThan(3);
  });

  test('one may be for both: an alarm speaks on it once', () => {
    const template = Template.fromStack(
      topicsOf((scope) => {
        const topic = new Topic(scope, 'Both');
        return { pageTopic: topic, notifyTopic: topic };
      }),
    );
    expect(actions(template).filter((each) => each !== undefined && each.split('Both').length > 2)).toEqual([]);
  });

  test('with a key of its own the responder may use the key', () => {
    const template = Template.fromStack(
      topicsOf((scope) => ({ pageTopic: new Topic(scope, 'OnCall', { masterKey: new Key(scope, 'Key') }) })),
    );
    const responder = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('Responder'));
    expect(JSON.stringify(responder)).toMatch(/kms:GenerateDataKey\*/);
  });

  test('a FIFO topic is refused: its messages would need a group', () => {
    expect(() => topicsOf((scope) => ({ pageTopic: new Topic(scope, 'OnCall', { fifo: true }) }))).toThrow(
      'topic: got the FIFO topic Shop/OnCall; allowed: a standard topic',
    );
  });
});
