/**
 * A configuration as large as may be, against the limits that CloudFormation meets in the middle of
 * a deployment. Sizes of policies count no white space (IAM user guide, "IAM and AWS STS quotas"),
 * and names as a deployment would give them: the lab's resolver makes them as long as
 * CloudFormation does or longer.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod/mini';
import type { ConfigInput } from '../../core/config';
import { ENV } from '../../lambda/contract';
import { SickbayStack } from '../../lib/sickbay-stack';
import { loadAssembly } from '../../lab/boot/assembly';
import { Resolver, type Json, type TemplateResource } from '../../lab/boot/intrinsics';
import { POLICY, PROPERTIES, readAs } from '../../lab/boot/template-schema';
import { CONFIG, directory, handlersDir, removeDirectories } from './synthesised';
import { parsed } from '../builders/parsed';

// A synthesis of this size takes a few seconds; this is only to end one that hangs.
jest.setTimeout(120_000);

/** The longest partition, Region and names that there are. */
const REGION = 'us-gov-west-1';
const ACCOUNT = '123456789012';
const NAME = 'n'.repeat(32);
const hex = (index: number) => index.toString(16).padStart(16, '0');
const groupArn = (index: number) => `arn:aws-us-gov:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${NAME}/${hex(index)}`;

function configOf(groups: number, alarms: number): ConfigInput {
  return {
    ...CONFIG,
    stack: `S${'x'.repeat(63)}`,
    targetGroups: Array.from({ length: groups }, (_, index) => ({
      arn: groupArn(index),
      probe: { path: '/api/cart' },
      owner: 'asg' as const,
    })),
    alarmNames: Array.from({ length: alarms / 2 }, (_, index) => `${hex(index)}${'a'.repeat(239)}`),
    latencyAlarms: Array.from({ length: alarms / 2 }, (_, index) => ({ loadBalancer: `app/${NAME}/${hex(index)}`, thresholdMs: 1500 })),
    alertEmails: Array.from({ length: 20 }, (_, index) => `oncall-${index}@example.com`),
    operators: Array.from({ length: 20 }, (_, index) => `arn:aws-us-gov:iam::${ACCOUNT}:role/${'r'.repeat(60)}${index}`),
    network: {
      ...CONFIG.network,
      admittedBy: Array.from({ length: 50 }, (_, index) => ({ securityGroupId: `sg-${hex(index).slice(0, 17)}`, port: 8080 + index })),
    },
  };
}

type Properties = Readonly<Record<string, Json>>;

function built(config: ConfigInput) {
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = directory();
  const app = new App({ outdir, context: { '@aws-cdk/aws-iam:minimizePolicies': true } });
  const stack = new SickbayStack(app, 'Sickbay', { config, handlersDir: handlersDir() });
  app.synth();
  const file = path.join(outdir, `${stack.artifactId}.template.json`);
  const template = parsed<{
    Resources: Record<string, TemplateResource>;
    Outputs: Record<string, { Value: Json }>;
    Parameters?: Record<string, unknown>;
    Mappings?: Record<string, unknown>;
  }>(readFileSync(file, 'utf8'));
  const place = { partition: 'aws-us-gov', account: ACCOUNT, region: REGION, stackName: stack.stackName };
  const resolver = new Resolver(template.Resources, place);
  const all = (type: string): [id: string, properties: Properties][] =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, { Properties }]) => [id, readAs(PROPERTIES, resolver.resolve(Properties ?? {}), id)]);
  return { template, bytes: statSync(file).size, resolver, all, assembly: loadAssembly(outdir) };
}

const PATTERN = z.looseObject({ detail: z.optional(z.looseObject({ alarmName: z.optional(z.array(z.string())) })) });

const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

afterAll(removeDirectories);

describe.each([
  ['500 target groups and 200 alarms', 500, 200],
  ['as many target groups as stand in a policy by name', 50, 200],
  ['one target group more than that', 51, 2],
])('%s', (_, groups, alarms) => {
  const { template, bytes, resolver, all, assembly } = built(configOf(groups, alarms));
  const managed = all('AWS::IAM::ManagedPolicy').map(([, properties]) => properties);
  const inline = all('AWS::IAM::Policy').map(([, properties]) => properties);
  const roles = Object.keys(template.Resources).filter((id) => template.Resources[id]?.Type === 'AWS::IAM::Role');
  const of = (policies: readonly Properties[], id: string) =>
    policies.filter(({ Roles }) => readAs(POLICY, { Roles }, id).Roles.includes(resolver.nameOf(id)));

  test('fits into the policies of each role: 6,144 characters a managed one, ten of those, 10,240 in all inline', () => {
    expect(managed.map(({ PolicyDocument }) => size(PolicyDocument)).filter((length) => length > 6_144)).toEqual([]);
    expect(roles.map((id) => of(managed, id).length).filter((count) => count > 10)).toEqual([]);
    const inlined = roles.map((id) => sum(of(inline, id).map(({ PolicyDocument }) => size(PolicyDocument))));
    expect(inlined.filter((length) => length > 10_240)).toEqual([]);
    // Trust policies: 2,048 by default (IAM user guide, same page).
    const trusts = all('AWS::IAM::Role').map(([, { AssumeRolePolicyDocument }]) => size(AssumeRolePolicyDocument));
    expect(trusts.filter((length) => length > 2_048)).toEqual([]);
  });

  test('fits into event patterns of 2,048 characters, and every alarm is in one of them', () => {
    const patterns = all('AWS::Events::Rule').map(([id, { EventPattern }]) => readAs(PATTERN, EventPattern ?? {}, id));
    expect(patterns.map(size).filter((length) => length > 2_048)).toEqual([]);
    const named = patterns.flatMap(({ detail }) => detail?.alarmName ?? []);
    expect(new Set(named).size).toBe(alarms);
    // EventBridge quotas: 300 rules a bus, which are not all ours.
    expect(patterns.length).toBeLessThan(60);
  });

  test('fits into one template: 1 MB, 500 resources, 200 outputs, parameters and mappings', () => {
    // CloudFormation user guide, "Understand CloudFormation quotas".
    expect(bytes).toBeLessThan(1_000_000);
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500);
    for (const section of [template.Outputs, template.Parameters ?? {}, template.Mappings ?? {}])
      expect(Object.keys(section).length).toBeLessThanOrEqual(200);
    // The same page: an output's value 1,024 bytes, a logical id 255 characters.
    for (const { Value } of Object.values(template.Outputs)) expect(size(resolver.resolve(Value))).toBeLessThanOrEqual(1_024);
    expect(Object.keys(template.Resources).filter((id) => id.length > 255)).toEqual([]);
  });

  test('fits into the environments of the functions: 4 KB, and the configuration beside the code', () => {
    // AWS Lambda developer guide, "Lambda quotas".
    const environments = assembly.functions.map(({ env }) => size(env));
    expect(environments.filter((length) => length > 4_096)).toEqual([]);
    const [sweeper] = assembly.functions.filter(({ env }) => env[ENV.proberFunction] !== undefined);
    const config = readFileSync(path.join(sweeper?.handlerDir ?? '', 'config.json'), 'utf8');
    expect(parsed<ConfigInput>(config).targetGroups).toHaveLength(groups);
    // Unzipped, 250 MB.
    expect(Buffer.byteLength(config)).toBeLessThan(5_000_000);
  });

  test('fits into the resource policies of functions and topics: 20 KB, 30 KB', () => {
    // AWS Lambda developer guide, "Lambda quotas": resource-based policy; 250 characters stand
    // around what a permission says.
    const permissions = new Map<string, number>();
    for (const [, permission] of all('AWS::Lambda::Permission')) {
      const key = JSON.stringify(permission['FunctionName']);
      permissions.set(key, (permissions.get(key) ?? 0) + size(permission) + 250);
    }
    expect([...permissions.values()].filter((length) => length > 20_480)).toEqual([]);
    // Amazon SNS API reference, SetTopicAttributes: 30 KB.
    expect(
      all('AWS::SNS::TopicPolicy')
        .map(([, { PolicyDocument }]) => size(PolicyDocument))
        .filter((length) => length > 30_720),
    ).toEqual([]);
  });

  test('fits into names and descriptions: alarms 255 and 1,024 characters, roles 64 and functions 64', () => {
    // CloudWatch API reference, PutMetricAlarm; IAM and Lambda API references.
    for (const [, { AlarmDescription }] of all('AWS::CloudWatch::Alarm')) expect(AlarmDescription).toMatch(/^[^]{1,1024}$/);
    for (const [, { DashboardName }] of all('AWS::CloudWatch::Dashboard')) expect(DashboardName).toMatch(/^[^]{1,255}$/);
    for (const { name } of assembly.documents) expect(name).toMatch(/^[A-Za-z0-9_.-]{3,128}$/);
  });
});
