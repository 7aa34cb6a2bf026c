import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { ConfigError, parseConfig, type ConfigInput } from '../../core/config';
import { CASES_KEYS, CONFIG_FILE, ENV, RESPONDER_LEASE_S, RESPONDER_TIMEOUT_S, ROUNDS_KEYS } from '../../lambda/contract';
import { parseStackRecord, stackRecordName } from '../../lambda/stack-record';
import type { Assembly } from '../../lab/boot/descriptions';
import { Sickbay } from '../../lib/sickbay';
import { SickbayStack } from '../../lib/sickbay-stack';
import { CONFIG, GROUP_ARN, directory, handlersDir, removeDirectories, resourcesOf, synthesise } from './synthesised';

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

/** Those that start a sweep. */
function onAlarms({ rules }: Assembly): Assembly['rules'] {
  return rules.filter(({ targetArn }) => targetArn.includes('Sweeper'));
}

describe('the stack', () => {
  const { template, assembly } = synthesise();
  afterAll(removeDirectories);
  const functionNamed = (name: string) => assembly.functions.find(({ logicalId }) => logicalId.includes(name));
  const sweeper = functionNamed('Sweeper');
  const prober = functionNamed('Prober');
  const responder = functionNamed('Responder');

  test('the command line finds it by its name, with every name that it needs', () => {
    const [, record] = assembly.parameters;
    expect(record?.name).toBe(stackRecordName(assembly.stackName));
    expect(parseStackRecord(record?.value ?? '')).toMatchObject({
      stack: assembly.stackName,
      responder: responder?.name,
      sweeper: sweeper?.name,
      prober: prober?.name,
      rounds: responder?.env[ENV.roundsTable],
      cases: responder?.env[ENV.casesTable],
      killSwitch: responder?.env[ENV.killSwitchParameter],
      pageTopic: responder?.env[ENV.pageTopicArn],
      inspectionDocument: responder?.env[ENV.inspectionDocument],
    });
  });

  test('a sweep starts every minute and a late one is dropped', () => {
    expect(assembly.schedules.filter(({ targetArn }) => targetArn === sweeper?.arn)).toEqual([
      expect.objectContaining({
        expression: 'rate(1 minute)',
        state: 'ENABLED',
        targetArn: sweeper?.arn,
        input: '{"trigger":"schedule"}',
        retry: { maximumRetryAttempts: 0, maximumEventAgeS: 60 },
      }),
    ]);
  });

  test('once an hour somebody looks whether the topics are heard', () => {
    expect(assembly.schedules.filter(({ targetArn }) => targetArn === responder?.arn)).toEqual([
      expect.objectContaining({ expression: 'rate(1 hour)', input: '{"wokenBy":"schedule","wish":{"kind":"check-topics"}}' }),
    ]);
  });

  test('sweeps come at the configured interval', () => {
    expect(synthesise({ ...CONFIG, intervalS: 180 }).assembly.schedules[0]?.expression).toBe('rate(3 minutes)');
  });

  test('above 500 target groups the longer time between their rounds is said at synth', () => {
    const said = (count: number) => {
      const targetGroups = Array.from({ length: count }, (_, index) => ({
        arn: `${GROUP_ARN.slice(0, -4)}${String(index).padStart(4, '0')}`,
      }));
      const stack = new SickbayStack(new App({ outdir: directory() }), 'Sickbay', {
        config: { ...CONFIG, targetGroups },
        handlersDir: handlersDir(),
      });
      return Annotations.fromStack(stack)
        .findInfo('*', Match.stringLikeRegexp('has a round every'))
        .map(({ entry }) => entry.data);
    };
    expect(said(500)).toEqual([]);
    expect(said(501)).toEqual([
      expect.stringContaining(
        '501 target groups: a sweep every 60 s measures 400 of them, so each has a round every 120 s while nothing is wrong',
      ),
    ]);
  });

  test('no rule listens where no alarm is named', () => {
    expect(onAlarms(assembly)).toEqual([]);
  });

  test('each named alarm starts a sweep when it goes off, and only then', () => {
    const rules = onAlarms(synthesise({ ...CONFIG, alarmNames: ['checkout-latency', 'search-latency'] }).assembly);
    expect(rules).toEqual([
      expect.objectContaining({
        pattern: {
          source: ['aws.cloudwatch'],
          'detail-type': ['CloudWatch Alarm State Change'],
          detail: { alarmName: ['checkout-latency', 'search-latency'], state: { value: ['ALARM'] } },
        },
        targetArn: sweeper?.arn,
        retry: { maximumRetryAttempts: 0, maximumEventAgeS: 60 },
      }),
    ]);
    expect(rules[0]?.input).toBeUndefined();
  });

  test('a load balancer gets an alarm on its p99, in seconds, that starts a sweep', () => {
    const latencyAlarms = [{ loadBalancer: 'app/checkout/0123456789abcdef', thresholdMs: 1500 }];
    const { template: watching, assembly: made } = synthesise({ ...CONFIG, latencyAlarms, alarmNames: ['search-latency'] });
    const [alarm] = Object.entries(watching.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName: 'TargetResponseTime' } }));
    expect(alarm?.[1]['Properties']).toMatchObject({
      Namespace: 'AWS/ApplicationELB',
      Dimensions: [{ Name: 'LoadBalancer', Value: 'app/checkout/0123456789abcdef' }],
      ExtendedStatistic: 'p99',
      Period: 60,
      Threshold: 1.5,
    });
    expect(onAlarms(made)).toEqual([
      expect.objectContaining({
        pattern: expect.objectContaining({ detail: expect.objectContaining({ alarmName: ['search-latency', `Sickbay-${alarm?.[0]}`] }) }),
        targetArn: sweeper?.arn,
      }),
    ]);
  });

  test('no asynchronous run is retried or begun late, but those that write a report and restore an address', () => {
    for (const { asyncConfig } of assembly.functions.filter(({ logicalId }) => !/Reporter|Restorer/.test(logicalId)))
      expect(asyncConfig).toMatchObject({ maximumRetryAttempts: 0, maximumEventAgeS: 60 });
  });

  test('people ask by an alias of the responder, and whoever is configured may use that and nothing else', () => {
    expect(responder?.aliases).toEqual(['operator']);
    const operators = ['arn:aws:iam::123456789012:role/oncall', 'arn:aws:iam::123456789012:user/ann'];
    const { template: open } = synthesise({ ...CONFIG, operators });
    const permissions = (of: typeof template) =>
      Object.values(of.findResources('AWS::Lambda::Permission'))
        .map(({ Properties }) => Properties as { Principal: string; Action: string; FunctionName: { Ref?: string } })
        .filter(({ Principal }) => Principal.startsWith('arn:'));
    const [alias = ''] = Object.keys(open.findResources('AWS::Lambda::Alias'));
    expect(permissions(template)).toEqual([]);
    expect(permissions(open)).toEqual(
      operators.map((Principal) => expect.objectContaining({ Principal, Action: 'lambda:InvokeFunction', FunctionName: { Ref: alias } })),
    );
  });

  test('a failed run of the responder lies in a queue', () => {
    const destination = responder?.asyncConfig?.onFailureArn;
    expect(assembly.queues.map(({ arn }) => arn)).toContain(destination);
    expect(destination).toContain('ResponderFailures');
  });

  test('the account’s alarms may publish on each topic', () => {
    const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy')).map(({ Properties }) => Properties.PolicyDocument);
    expect(policies).toHaveLength(2);
    for (const policy of policies)
      expect(policy.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        }),
      );
  });

  test.each(['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'])('%s refuses everything without TLS', (type) => {
    const denial = expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    for (const { Properties } of Object.values(template.findResources(type))) {
      expect(Properties.PolicyDocument.Statement).toContainEqual(denial);
    }
  });

  test('the prober is admitted by a rule of the stack where the configuration says whose, and otherwise by a command that the stack prints', () => {
    const rules = (of: typeof template) =>
      Object.values(of.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties);
    const printed = (of: typeof template) => of.toJSON().Outputs.AdmitProber.Value as string;
    const [source = ''] = CONFIG.network.securityGroupIds;
    expect(rules(template)).toEqual([]);
    expect(printed(template)).toContain(
      `authorize-security-group-ingress --group-id TARGETS --protocol tcp --port PORT --source-group ${source}`,
    );
    const network = { ...CONFIG.network, admittedBy: [{ securityGroupId: 'sg-0123456789abcdef9', port: 8080 }] };
    const { template: admitting } = synthesise({ ...CONFIG, network });
    expect(rules(admitting)).toMatchObject([
      { GroupId: 'sg-0123456789abcdef9', IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: source },
    ]);
    expect(printed(admitting)).not.toContain('authorize');
  });

  test('every address of the configuration is subscribed to both topics', () => {
    const { template: mailing } = synthesise({ ...CONFIG, alertEmails: ['a@example.com', 'b@example.com'] });
    const endpoints = Object.values(mailing.findResources('AWS::SNS::Subscription')).map(({ Properties }) => Properties.Endpoint);
    expect(endpoints).toHaveLength(4);
    for (const email of ['a@example.com', 'b@example.com']) expect(endpoints.filter((endpoint) => endpoint === email)).toHaveLength(2);
  });

  test('rounds expire and cases can be restored to a point in time and outlive the stack', () => {
    const [rounds, cases] = ['Rounds', 'Cases'].map((name) => assembly.tables.find(({ logicalId }) => logicalId.includes(name)));
    expect(rounds).toMatchObject({
      partitionKey: { name: ROUNDS_KEYS.partition, type: 'S' },
      sortKey: { name: ROUNDS_KEYS.sort, type: 'N' },
      ttlAttribute: ROUNDS_KEYS.ttl,
    });
    expect(cases).toMatchObject({
      partitionKey: { name: CASES_KEYS.partition, type: 'S' },
      sortKey: { name: CASES_KEYS.sort, type: 'S' },
    });
    expect(template.toJSON().Resources[cases?.logicalId ?? '']).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    });
  });

  test('a scheduled restore outlives the stack: its group, role and policy are kept', () => {
    const kept = Object.entries(resourcesOf(template))
      .filter(([id, { DeletionPolicy }]) => id.includes('WayBack') && DeletionPolicy === 'RetainExceptOnCreate')
      .map(([, { Type }]) => Type);
    expect(new Set(kept)).toEqual(new Set(['AWS::Scheduler::ScheduleGroup', 'AWS::IAM::Role', 'AWS::IAM::Policy']));
  });

  test('a deletion asks the guard before anything else is deleted: it depends on every other resource', () => {
    const resources = resourcesOf(template);
    const [guard] = Object.entries(resources).filter(([, { Type }]) => Type === 'Custom::SickbayDeleteGuard');
    const others = Object.keys(resources).filter((id) => id !== guard?.[0]);
    expect(new Set(guard?.[1].DependsOn)).toEqual(new Set(others));
  });

  test('an upgrade keeps what a target that is out needs to come back: these are never replaced', () => {
    const kept = Object.keys(resourcesOf(template)).filter((id) => /(Cases|WayBackGroup|WayBackRole)/.test(id));
    expect(kept).toEqual(['SickbayRecordsCases4DA16109', 'SickbayWayBackGroupC4A21084', 'SickbayWayBackRole673C340A']);
  });

  test('the kill switch begins as off', () => {
    expect(assembly.parameters).toContainEqual({ name: '/sickbay/Sickbay/kill-switch', value: 'off' });
  });

  test("of several subnets the last is a second prober's, which shares none with the first and which the sweeper knows", () => {
    const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'];
    const admittedBy = [{ securityGroupId: 'sg-0123456789abcdef1', port: 8080 }];
    const { assembly: several, template: made } = synthesise({ ...CONFIG, network: { ...CONFIG.network, subnetIds, admittedBy } });
    const probers = several.functions.filter(({ logicalId }) => logicalId.includes('Prober'));
    expect(probers.map(({ vpc }) => vpc?.subnetIds)).toEqual([subnetIds.slice(0, 2), subnetIds.slice(2)]);
    expect(probers.map(({ vpc }) => vpc?.securityGroupIds)).toEqual([CONFIG.network.securityGroupIds, CONFIG.network.securityGroupIds]);
    const knows = several.functions.find(({ logicalId }) => logicalId.includes('Sweeper'))?.env;
    expect([knows?.[ENV.proberFunction], knows?.[ENV.secondProberFunction]]).toEqual(probers.map(({ name }) => name));
    made.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test('the prober alone is in the VPC, in the given subnets', () => {
    expect(prober?.vpc).toEqual({ subnetIds: CONFIG.network.subnetIds, securityGroupIds: CONFIG.network.securityGroupIds });
    expect(sweeper?.vpc).toBeUndefined();
    expect(responder?.vpc).toBeUndefined();
  });

  test('each function runs on its pinned runtime with its own time-out', () => {
    expect(assembly.functions.map(({ runtime }) => runtime)).toEqual(assembly.functions.map(() => 'nodejs24.x'));
    template.allResourcesProperties('AWS::Lambda::Function', { Architectures: ['arm64'] });
    expect([prober?.timeoutS, sweeper?.timeoutS, responder?.timeoutS]).toEqual([60, 120, RESPONDER_TIMEOUT_S]);
  });

  test('the lease of the responder outlives its time-out', () => {
    expect(RESPONDER_LEASE_S).toBeGreaterThan(responder?.timeoutS ?? Number.POSITIVE_INFINITY);
  });

  test('each function finds what it needs in its environment, by name', () => {
    const [rounds, cases] = ['Rounds', 'Cases'].map((name) => assembly.tables.find(({ logicalId }) => logicalId.includes(name))?.name);
    expect(prober?.env).toEqual({});
    expect(sweeper?.env).toEqual({
      [ENV.roundsTable]: rounds,
      [ENV.casesTable]: cases,
      [ENV.proberFunction]: prober?.name,
      [ENV.responderFunction]: responder?.name,
      [ENV.stack]: expect.stringMatching(/^Sickbay-/),
    });
    expect(responder?.env).toEqual({
      [ENV.roundsTable]: rounds,
      [ENV.casesTable]: cases,
      [ENV.inspectionDocument]: assembly.documents.find(({ name }) => !name.includes('Basic'))?.name,
      [ENV.basicInspectionDocument]: assembly.documents.find(({ name }) => name.includes('Basic'))?.name,
      [ENV.pageTopicArn]: assembly.topics.find(({ name }) => name.includes('Page'))?.arn,
      [ENV.notifyTopicArn]: assembly.topics.find(({ name }) => name.includes('Notify'))?.arn,
      [ENV.stack]: expect.stringMatching(/^Sickbay-/),
      [ENV.reportsBucket]: assembly.buckets[0]?.name,
      [ENV.scheduleGroup]: assembly.scheduleGroups[0]?.name,
      [ENV.scheduleRoleArn]: assembly.roles.find(({ logicalId }) => logicalId.includes('WayBack'))?.arn,
      [ENV.scheduleDlqArn]: assembly.queues.find(({ name }) => name.includes('WayBack'))?.arn,
      [ENV.restoreFunctionArn]: assembly.functions.find(({ logicalId }) => logicalId.includes('Restorer'))?.arn,
      [ENV.killSwitchParameter]: assembly.parameters[0]?.name,
    });
  });

  test('the scheduled restore of an address that is given up lies in the queue of the scheduled restores', () => {
    const restorer = assembly.functions.find(({ logicalId }) => logicalId.includes('Restorer'));
    expect(restorer?.env).toEqual({});
    expect(restorer?.asyncConfig).toMatchObject({
      maximumRetryAttempts: 2,
      onFailureArn: assembly.queues.find(({ name }) => name.includes('WayBack'))?.arn,
    });
  });

  test('sweeper and responder carry the validated configuration, the prober none', () => {
    const shipped = (directory = '') => JSON.parse(readFileSync(path.join(directory, CONFIG_FILE), 'utf8'));
    expect(shipped(sweeper?.handlerDir)).toEqual(parseConfig(CONFIG));
    expect(shipped(responder?.handlerDir)).toEqual(parseConfig(CONFIG));
    expect(() => shipped(prober?.handlerDir)).toThrow('ENOENT');
  });

  test('a changed configuration is a changed deployment package', () => {
    const code = (synthesised: ReturnType<typeof synthesise>) =>
      JSON.stringify(synthesised.template.findResources('AWS::Lambda::Function'));
    const handlers = handlersDir();
    const changed = { ...CONFIG, durations: { leaseS: 600 } };
    expect(code(synthesise(CONFIG, handlers))).toBe(code(synthesise(CONFIG, handlers)));
    expect(code(synthesise(changed, handlers))).not.toBe(code(synthesise(CONFIG, handlers)));
  });

  test('the document’s name changes with its content and with nothing else', () => {
    const name = (script: string, config = CONFIG) => synthesise(config, handlersDir(script)).assembly.documents[0]?.name;
    const before = name('echo one\n');
    expect(before).toMatch(/^[A-Za-z0-9_.-]{3,128}$/);
    expect(name('echo one\n', { ...CONFIG, mode: 'observe' })).toBe(before);
    expect(name('echo two\n')).not.toBe(before);
  });

  test('a document larger than Systems Manager takes is refused', () => {
    expect(() => synthesise(CONFIG, handlersDir(randomBytes(60_000).toString('base64')))).toThrow(
      /the document Sickbay\/Sickbay\/Inspection has \d+ bytes; Systems Manager allows 65536/,
    );
  });

  test('a bad configuration never becomes a template', () => {
    expect(() => synthesise({ ...CONFIG, mode: 'act' as 'enforce' })).toThrow(ConfigError);
  });

  test('a target group of another account or Region than the stack’s is refused, where that is known', () => {
    const inPlace = (account: string, region: string) => () =>
      new SickbayStack(new App({ outdir: directory() }), 'Sickbay', {
        env: { account, region },
        config: CONFIG,
        handlersDir: handlersDir(),
      });
    expect(inPlace('123456789012', 'us-east-1')).not.toThrow();
    expect(inPlace('123456789012', 'eu-central-1')).toThrow(
      /targetGroups\[0\]\.arn: got ".*checkout.*"; allowed: a target group of eu-central-1:123456789012/,
    );
    expect(inPlace('210987654321', 'us-east-1')).toThrow(ConfigError);
  });

  test('what is not known at synth the guard compares in the deployment: it is given the place of the target groups', () => {
    const placeIn = (of: typeof template) =>
      Object.values(of.findResources('Custom::SickbayDeleteGuard')).map(({ Properties }) => Properties.Place as unknown);
    expect(placeIn(template)).toEqual(['us-east-1:123456789012']);
    expect(placeIn(synthesise({ ...CONFIG, targetGroups: [{ tag: { key: 'team', value: 'shop' } }] }).template)).toEqual([undefined]);
  });

  test('two of one name in one account and Region are refused: both would obey the tag that names one', () => {
    const app = new App({ outdir: directory() });
    const built = (id: string, stack?: string) =>
      new SickbayStack(app, id, { config: { ...CONFIG, ...(stack === undefined ? {} : { stack }) }, handlersDir: handlersDir() });
    expect(built('First').stackName).toBe('First');
    expect(built('Second', 'Checkout').stackName).toBe('Checkout');
    expect(
      () =>
        new Sickbay(new Stack(app, 'Third', { env: { account: '123456789012', region: 'us-east-1' } }), 'Sickbay', {
          config: { ...CONFIG, stack: 'Checkout' },
          handlersDir: handlersDir(),
        }),
    ).toThrow('stack: got "Checkout"; allowed: a name that Second/Sickbay does not have');
  });

  test('a missing bundle is told with its remedy', () => {
    expect(() => synthesise(CONFIG, directory())).toThrow(/npm run build/);
  });

  describe('the library’s own validation, fatal', () => {
    /** Everything that a configuration can add to the template. */
    const config: ConfigInput = {
      ...CONFIG,
      alarmNames: ['checkout-latency'],
      latencyAlarms: [{ loadBalancer: 'app/checkout/0123456789abcdef', thresholdMs: 1500 }],
      alertEmails: ['oncall@example.com'],
    };

    function validated(spoil: (stack: SickbayStack) => void): () => unknown {
      process.env['CDK_VALIDATION'] = 'true';
      const app = new App({ outdir: directory(), context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
      spoil(new SickbayStack(app, 'Sickbay', { config, handlersDir: handlersDir() }));
      return () => app.synth();
    }

    test('finds nothing wrong', () => {
      expect(validated(() => undefined)).not.toThrow();
    });

    test('would find a mistake', () => {
      const spoilt = validated((stack) => {
        const fn = stack.node.findChild('Sickbay').node.findChild('Prober').node.findChild('Handler').node.findChild('Function');
        (fn.node.defaultChild as CfnFunction).addPropertyOverride('Timeout', 'a minute');
      });
      expect(spoilt).toThrow("Timeout: 'a minute' is not of type 'integer'");
    });
  });
});
