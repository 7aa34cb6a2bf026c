/** The bucket of the reports, and what writes into it, as CloudFormation gets them. */
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EVENT_SOURCE, EVENT_TYPE } from '../../core/model/case-event';
import { matchesPattern } from '../../lab/world/event-pattern';
import { Sickbay } from '../../lib/sickbay';
import { CONFIG, directory, handlersDir, removeDirectories, synthesise } from './synthesised';

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

describe('reports', () => {
  const { template, assembly } = synthesise();
  afterAll(removeDirectories);

  test('lie in a bucket that is closed to the public, encrypted, and answers by TLS alone', () => {
    expect(assembly.buckets).toHaveLength(1);
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      WebsiteConfiguration: Match.absent(),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            Resource: Match.anyValue(),
          },
        ],
      },
    });
  });

  test('expire, and outlive the stack until then', () => {
    const keepDays = (days?: number) =>
      Object.values(
        (days === undefined ? template : synthesise({ ...CONFIG, reports: { keepDays: days } }).template).findResources('AWS::S3::Bucket'),
      ).map(({ Properties, DeletionPolicy }) => [Properties.LifecycleConfiguration.Rules, DeletionPolicy]);
    const rules = (days: number) => [[[{ Id: 'ReportsExpire', Status: 'Enabled', ExpirationInDays: days }], 'RetainExceptOnCreate']];
    expect(keepDays()).toEqual(rules(365));
    expect(keepDays(30)).toEqual(rules(30));
  });

  test('are encrypted with a key of the account’s own where one is given, as everything else', () => {
    const stack = new Stack(new App({ outdir: directory() }), 'Own');
    const sickbay = new Sickbay(stack, 'Sickbay', {
      config: CONFIG,
      handlersDir: handlersDir(),
      protection: { encryptionKey: new Key(stack, 'Key') },
    });
    expect(sickbay.reporter).toBeDefined();
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
  });

  test('are written on events of this stack’s cases, and of no other’s', () => {
    const rule = assembly.rules.find(({ targetArn }) => targetArn.includes('Reporter'));
    const stack = assembly.functions.find(({ logicalId }) => logicalId.includes('Responder'))?.env['SICKBAY_STACK'];
    const event = (name: string | undefined) => ({ source: EVENT_SOURCE, 'detail-type': EVENT_TYPE, detail: { stack: name } });
    expect(stack).toBeDefined();
    expect(matchesPattern(rule?.pattern ?? null, event(stack))).toBe(true);
    expect(matchesPattern(rule?.pattern ?? null, event('another'))).toBe(false);
    expect(matchesPattern(rule?.pattern ?? null, event(undefined))).toBe(false);
  });

  test('are not there where the configuration turns them off: no bucket, no function, no rule, no link', () => {
    const without = synthesise({ ...CONFIG, reports: { keepDays: 0 } });
    without.template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(without.assembly.functions.filter(({ logicalId }) => logicalId.includes('Reporter'))).toEqual([]);
    expect(without.assembly.rules.filter(({ targetArn }) => targetArn.includes('Reporter'))).toEqual([]);
    expect(without.assembly.functions.flatMap(({ env }) => Object.keys(env)).filter((name) => name.includes('REPORTS'))).toEqual([]);
  });
});
