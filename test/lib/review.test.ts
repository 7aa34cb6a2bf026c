/**
 * What a security reviewer runs: cdk-nag's AwsSolutions, and every finding that stands has its
 * reason.
 */
import { App, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { ConfigInput } from '../../core/config';
import type { ProtectionProps } from '../../lib/protection';
import { Sickbay } from '../../lib/sickbay';
import { CONFIG, OTHER_GROUP_ARN, STOPPING, directory, handlersDir, removeDirectories, resourcesOf } from './synthesised';

const FULL: ConfigInput = {
  ...CONFIG,
  targetGroups: [
    ...STOPPING.targetGroups,
    { tag: { key: 'team', value: 'shop' }, owner: 'asg' },
    { arn: OTHER_GROUP_ARN, owner: 'ecs', ecs: { cluster: 'shop', service: 'search' } },
  ],
  stop: STOPPING.stop,
  alarmNames: ['checkout-latency'],
  latencyAlarms: [{ loadBalancer: 'app/checkout/0123456789abcdef', thresholdMs: 1500 }],
  alertEmails: ['oncall@example.com'],
  network: { ...CONFIG.network, admittedBy: [{ securityGroupId: 'sg-0123456789abcdef9', port: 8080 }] },
};

/** In a stack of the reviewer's own, as one imports it. */
function built(config = FULL, protection: (stack: Stack) => ProtectionProps = () => ({})): Stack {
  process.env['CDK_VALIDATION'] = 'false';
  const stack = new Stack(new App({ outdir: directory() }), 'Own');
  expect(new Sickbay(stack, 'Sickbay', { config, handlersDir: handlersDir(), protection: protection(stack) })).toBeDefined();
  return stack;
}

const withKey = (stack: Stack): ProtectionProps => ({ encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });

function findings(stack: Stack, pack = new AwsSolutionsChecks()): string[] {
  return pack.validateScope(stack).violations.map(({ ruleName }) => ruleName);
}

/** What stands acknowledged anywhere in the tree, with its reason. */
function acknowledged(scope: IConstruct): [id: string, reason: string][] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]): [string, string] => [id.replace(/^annotation::/i, ''), reason]),
  );
}

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

describe('the review', () => {
  afterAll(removeDirectories);

  test.each([
    ['in observe', { ...FULL, mode: 'observe' as const }, undefined],
    ['in enforce, by ARN and by tag', FULL, undefined],
    ['with a key of the account’s own', FULL, withKey],
  ])('cdk-nag finds nothing %s', (_, config, protection) => {
    expect(findings(built(config, protection))).toEqual([]);
  });

  test('every acknowledgement has a reason, and answers something that is still found', () => {
    const stack = built(FULL, withKey);
    const all = new AwsSolutionsChecks();
    Object.assign(all, { isAcknowledged: () => false });
    const found = new Set(findings(stack, all));
    const answered = acknowledged(stack);
    expect(answered.length).toBeGreaterThan(10);
    expect(answered.filter(([id]) => !found.has(id))).toEqual([]);
    expect(answered.filter(([, reason]) => reason.length < 30)).toEqual([]);
  });
});

describe('protection', () => {
  afterAll(removeDirectories);

  test('a key encrypts tables, topics, queues and logs, and whoever uses them may use it', () => {
    const template = Template.fromStack(built(FULL, withKey));
    const properties = (type: string) => Object.values(template.findResources(type)).map((resource) => resource['Properties']);
    for (const { SSESpecification } of properties('AWS::DynamoDB::Table')) expect(SSESpecification).toMatchObject({ SSEType: 'KMS' });
    for (const { KmsMasterKeyId } of [...properties('AWS::SNS::Topic'), ...properties('AWS::SQS::Queue')])
      expect(KmsMasterKeyId).toBeDefined();
    for (const { KmsKeyId } of properties('AWS::Logs::LogGroup')) expect(KmsKeyId).toBeDefined();
    const users = properties('AWS::IAM::Policy').filter(({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes('kms:Decrypt'));
    const roles = users.map(({ Roles }) => String(Roles[0].Ref));
    for (const name of ['Sweeper', 'Responder', 'WayBack']) expect(roles.filter((role) => role.includes(name))).not.toEqual([]);
    expect(roles.filter((role) => role.includes('Prober'))).toEqual([]);
  });

  test('a permissions boundary stands on every role', () => {
    const boundary = 'arn:aws:iam::123456789012:policy/boundary';
    const stack = built(FULL, (scope) => ({ permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', boundary) }));
    const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(roles).toHaveLength(18);
    expect(roles.filter(({ Properties }) => Properties.PermissionsBoundary !== boundary)).toEqual([]);
  });

  test('a VPC for the functions that call AWS: each is in it, and its code may not touch the interfaces; the prober has its own', () => {
    const functionNetwork = { subnetIds: ['subnet-0aaaaaaaaaaaaaaa1'], securityGroupIds: ['sg-0aaaaaaaaaaaaaaa1'] };
    const template = Template.fromStack(built(FULL, () => ({ functionNetwork })));
    const placed = Object.entries(template.findResources('AWS::Lambda::Function')).map(([id, { Properties }]) => [
      id.includes('Prober'),
      (Properties.VpcConfig as { SubnetIds?: string[] } | undefined)?.SubnetIds?.includes('subnet-0aaaaaaaaaaaaaaa1') === true,
    ]);
    expect(placed.length).toBeGreaterThan(3);
    expect(placed.filter(([isProber, isThere]) => isProber === isThere)).toEqual([]);
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('NoInterfacesForItsCode'));
    expect(policies).toHaveLength(placed.length - 1);
    expect(findings(built(FULL, () => ({ functionNetwork })))).toEqual([]);
  });

  test('no function but the prober is in a VPC unless that is asked for', () => {
    const functions = Object.entries(Template.fromStack(built()).findResources('AWS::Lambda::Function'));
    expect(functions.filter(([, { Properties }]) => Properties.VpcConfig !== undefined).map(([id]) => id.includes('Prober'))).toEqual([
      true,
    ]);
  });

  test('the prober reaches IPv6 addresses where the configuration says so', () => {
    const of = (config: typeof FULL) => JSON.stringify(Template.fromStack(built(config)).findResources('AWS::Lambda::Function'));
    expect(of({ ...FULL, network: { ...FULL.network, ipv6: true } })).toContain('"Ipv6AllowedForDualStack":true');
    expect(of(FULL)).not.toContain('Ipv6AllowedForDualStack');
  });

  test('what a deletion leaves is what the README says', () => {
    const kept = Object.values(resourcesOf(Template.fromStack(built(CONFIG))))
      .filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'))
      .map(({ Type }) => Type);
    expect(new Set(kept)).toEqual(
      new Set([
        'AWS::DynamoDB::Table',
        'AWS::S3::Bucket',
        'AWS::Scheduler::ScheduleGroup',
        'AWS::Lambda::Function',
        'AWS::IAM::Role',
        'AWS::IAM::Policy',
      ]),
    );
    expect(kept.filter((type) => type === 'AWS::DynamoDB::Table')).toHaveLength(1);
  });

  test('retention, recovery and TLS can be chosen', () => {
    const stack = built(FULL, () => ({ logRetention: RetentionDays.ONE_YEAR, pointInTimeRecovery: false, enforceSsl: false }));
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    expect(JSON.stringify(template.findResources('AWS::DynamoDB::Table'))).not.toContain('"PointInTimeRecoveryEnabled":true');
    expect(JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))).not.toContain('aws:SecureTransport');
  });
});
