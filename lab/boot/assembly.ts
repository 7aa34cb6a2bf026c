/** Reads what `cdk synth` wrote and says, in concrete names, what a deployment would have made. */
import { parse as parseYaml } from 'yaml';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  Assembly,
  AsyncConfig,
  FunctionDescription,
  KeyDescription,
  Retry,
  RoleDescription,
  RuleDescription,
  ScheduleDescription,
  TableDescription,
} from './descriptions';
import { KILL_SWITCH } from '../../lambda/contract';
import { Resolver, type Json, type TemplateResource } from './intrinsics';
import { RESOURCE_TYPES } from './resource-types';
import {
  ALARM,
  ASSETS,
  ASYNC_CONFIG,
  FUNCTION,
  MANIFEST,
  POLICY,
  PROPERTIES,
  RETRY_POLICY,
  ROLE,
  RULE,
  SCHEDULE,
  TABLE,
  TEMPLATE,
  readAs,
} from './template-schema';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

type Properties = Readonly<Record<string, Json>>;

/**
 * The one stack in the directory `cdkOutDir`, resolved to the lab's account and Region.
 * @throws when there is not exactly one stack, or when the template holds anything that the lab
 * does not know.
 */
export function loadAssembly(cdkOutDir: string): Assembly {
  const { stackName, templateFile } = onlyStack(cdkOutDir);
  const { Resources } = readAs(TEMPLATE, readJson(path.join(cdkOutDir, templateFile)), templateFile);
  const resolver = new Resolver(Resources, { partition: 'aws', account: ACCOUNT, region: REGION, stackName });
  const assets = assetPaths(cdkOutDir, templateFile.replace(/\.template\.json$/, '.assets.json'));
  return new Stack(stackName, Resources, resolver, assets).describe();
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function onlyStack(cdkOutDir: string): { stackName: string; templateFile: string } {
  const { artifacts } = readAs(MANIFEST, readJson(path.join(cdkOutDir, 'manifest.json')), 'manifest.json');
  const stacks = Object.entries(artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [only, ...others] = stacks;
  if (only === undefined || others.length > 0) throw new Error(`${cdkOutDir} holds ${stacks.length} stacks; the lab boots exactly one`);
  const [id, { properties: { stackName = id, templateFile } = {} }] = only;
  if (templateFile === undefined) throw new Error(`stack ${id} names no template`);
  return { stackName, templateFile };
}

/**
 * Directories of the assets by their key in the bootstrap bucket, which is how a template names
 * them.
 */
function assetPaths(cdkOutDir: string, manifestFile: string): ReadonlyMap<string, string> {
  const { files } = readAs(ASSETS, readJson(path.join(cdkOutDir, manifestFile)), manifestFile);
  const entries = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, path.resolve(cdkOutDir, source.path)]),
  );
  return new Map(entries);
}

/** The resources of one template by type, each as its description. */
class Stack {
  constructor(
    private readonly stackName: string,
    private readonly resources: Readonly<Record<string, TemplateResource>>,
    private readonly resolver: Resolver,
    private readonly assets: ReadonlyMap<string, string>,
  ) {}

  describe(): Assembly {
    for (const [id, { Type }] of Object.entries(this.resources)) {
      if (RESOURCE_TYPES[Type] === undefined) throw new Error(`resource type ${Type} (${id}) is unknown to the lab`);
    }
    return {
      stackName: this.stackName,
      account: ACCOUNT,
      region: REGION,
      functions: this.each('AWS::Lambda::Function', (id, properties) => this.function(id, properties)),
      roles: this.each('AWS::IAM::Role', (id, properties) => this.role(id, properties)),
      tables: this.each('AWS::DynamoDB::Table', (id, properties) => this.table(id, properties)),
      schedules: this.each('AWS::Scheduler::Schedule', (id, properties) => this.schedule(id, properties)),
      rules: this.each('AWS::Events::Rule', (id, properties) => this.rules(id, properties)).flat(),
      alarms: this.each('AWS::CloudWatch::Alarm', (id, properties) => ({
        name: this.resolver.nameOf(id),
        namespace: text(properties['Namespace']),
        metricName: text(properties['MetricName']),
        dimensions: readAs(ALARM, properties, id).Dimensions,
      })),
      documents: this.each('AWS::SSM::Document', (id, { DocumentType, Content }) => ({
        name: this.resolver.nameOf(id),
        type: text(DocumentType),
        content: typeof Content === 'string' ? readAs(PROPERTIES, parseYaml(Content), id) : (Content ?? null),
      })),
      parameters: [
        ...this.each('Custom::SickbayKillSwitch', (id) => ({ name: this.resolver.nameOf(id), value: KILL_SWITCH.off })),
        ...this.each('AWS::SSM::Parameter', (id, { Value }) => ({ name: this.resolver.nameOf(id), value: text(Value) })),
      ],
      topics: this.each('AWS::SNS::Topic', (id) => this.named(id, 'TopicArn')),
      buckets: this.each('AWS::S3::Bucket', (id) => this.named(id)),
      queues: this.each('AWS::SQS::Queue', (id) => ({ ...this.named(id), url: text(this.resolver.resolve({ Ref: id })) })),
      scheduleGroups: this.each('AWS::Scheduler::ScheduleGroup', (id) => this.named(id)),
    };
  }

  private each<Description>(type: string, describe: (id: string, properties: Properties) => Description): Description[] {
    return Object.entries(this.resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => describe(id, readAs(PROPERTIES, this.resolver.resolve(Properties ?? {}), id)));
  }

  private named(id: string, arnAttribute = 'Arn'): { name: string; arn: string } {
    return { name: this.resolver.nameOf(id), arn: this.resolver.attributeOf(id, arnAttribute) };
  }

  private function(id: string, properties: Properties): FunctionDescription {
    const { name, arn } = this.named(id);
    const {
      VpcConfig: vpc,
      Code,
      Environment,
      LoggingConfig,
      ReservedConcurrentExecutions: reservedConcurrency,
    } = readAs(FUNCTION, properties, id);
    const asyncConfig = this.asyncConfig(name);
    return {
      logicalId: id,
      name,
      arn,
      handlerDir: this.handlerDir(id, Code.S3Key),
      handler: text(properties['Handler']),
      runtime: text(properties['Runtime']),
      env: Environment?.Variables ?? {},
      timeoutS: Number(properties['Timeout'] ?? 3),
      memoryMb: Number(properties['MemorySize'] ?? 128),
      roleArn: text(properties['Role']),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      aliases: this.aliasesOf(name),
      logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      ...(vpc === undefined ? {} : { vpc: { subnetIds: vpc.SubnetIds, securityGroupIds: vpc.SecurityGroupIds } }),
      ...(asyncConfig === undefined ? {} : { asyncConfig }),
    };
  }

  /** @throws for an alias of a published version: the lab has none. */
  private aliasesOf(functionName: string): string[] {
    const aliases = this.each('AWS::Lambda::Alias', (_, alias) => alias).filter(({ FunctionName }) => FunctionName === functionName);
    return aliases.map(({ Name, FunctionVersion }) => {
      if (FunctionVersion !== '$LATEST') throw new Error(`alias ${text(Name)} of version ${text(FunctionVersion)}; the lab knows $LATEST`);
      return text(Name);
    });
  }

  private handlerDir(id: string, assetKey: string | undefined): string {
    const directory = assetKey === undefined ? undefined : this.assets.get(assetKey);
    if (directory === undefined) throw new Error(`the code of ${id} is no asset of this assembly: ${assetKey}`);
    return directory;
  }

  private asyncConfig(functionName: string): AsyncConfig | undefined {
    const [properties] = this.each('AWS::Lambda::EventInvokeConfig', (_, config) => config).filter(
      ({ FunctionName, Qualifier }) => FunctionName === functionName && Qualifier === '$LATEST',
    );
    if (properties === undefined) return undefined;
    const onFailure = readAs(ASYNC_CONFIG, properties, functionName).DestinationConfig?.OnFailure;
    return { ...retry(properties), ...(onFailure === undefined ? {} : { onFailureArn: onFailure.Destination }) };
  }

  private attachedTo(role: string, id: string): Properties[] {
    // CDK moves what is too long for a role's inline policies to managed ones, which the template
    // names by their logical ids alone.
    const managed = this.each('AWS::IAM::ManagedPolicy', (policyId, policy): Properties => ({ PolicyName: policyId, ...policy }));
    return [...this.each('AWS::IAM::Policy', (_, policy) => policy), ...managed].filter((policy) =>
      readAs(POLICY, policy, id).Roles.includes(role),
    );
  }

  private role(id: string, properties: Properties): RoleDescription {
    const { name, arn } = this.named(id);
    const { Policies: inline, ManagedPolicyArns: managedPolicyArns } = readAs(ROLE, properties, id);
    return {
      logicalId: id,
      name,
      arn,
      trust: properties['AssumeRolePolicyDocument'] ?? null,
      managedPolicyArns,
      policies: [...inline, ...this.attachedTo(name, id)].map((policy) => ({
        name: text(policy['PolicyName']),
        document: policy['PolicyDocument'] ?? null,
      })),
    };
  }

  private table(id: string, properties: Properties): TableDescription {
    const { AttributeDefinitions, KeySchema, TimeToLiveSpecification: ttl } = readAs(TABLE, properties, id);
    const types = new Map(AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
    const keys = KeySchema.map((key) => ({
      kind: key.KeyType,
      name: key.AttributeName,
      type: types.get(key.AttributeName) ?? 'S',
    }));
    const key = (kind: string): KeyDescription[] => keys.filter((entry) => entry.kind === kind).map(({ name, type }) => ({ name, type }));
    const [partitionKey] = key('HASH');
    const [sortKey] = key('RANGE');
    if (partitionKey === undefined) throw new Error(`table ${id} has no partition key`);
    return {
      logicalId: id,
      ...this.named(id),
      partitionKey,
      ...(sortKey === undefined ? {} : { sortKey }),
      ...(ttl?.Enabled === true ? { ttlAttribute: ttl.AttributeName } : {}),
    };
  }

  private schedule(id: string, properties: Properties): ScheduleDescription {
    const target = readAs(SCHEDULE, properties, id).Target;
    const policy = target['RetryPolicy'];
    return {
      name: this.resolver.nameOf(id),
      expression: text(properties['ScheduleExpression']),
      state: text(properties['State'] ?? 'ENABLED'),
      targetArn: text(target['Arn']),
      roleArn: text(target['RoleArn']),
      input: text(target['Input'] ?? '{}'),
      ...(policy === undefined ? {} : { retry: retry(readAs(RETRY_POLICY, policy, id)) }),
    };
  }

  private rules(id: string, properties: Properties): RuleDescription[] {
    return readAs(RULE, properties, id).Targets.map((target) => ({
      name: this.resolver.nameOf(id),
      pattern: properties['EventPattern'] ?? null,
      state: text(properties['State'] ?? 'ENABLED'),
      targetArn: text(target['Arn']),
      ...(target['Input'] === undefined ? {} : { input: text(target['Input']) }),
      ...(target['RetryPolicy'] === undefined ? {} : { retry: retry(readAs(RETRY_POLICY, target['RetryPolicy'], id)) }),
    }));
  }
}

function retry(properties: Properties): Retry {
  return {
    maximumRetryAttempts: Number(properties['MaximumRetryAttempts']),
    maximumEventAgeS: Number(properties['MaximumEventAgeInSeconds']),
  };
}

function text(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`the lab needs a text here, the template has ${JSON.stringify(value)}`);
}
