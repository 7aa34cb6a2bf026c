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
  const { Resources } = readJson(path.join(cdkOutDir, templateFile)) as { Resources: Record<string, TemplateResource> };
  const resolver = new Resolver(Resources, { partition: 'aws', account: ACCOUNT, region: REGION, stackName });
  const assets = assetPaths(cdkOutDir, templateFile.replace(/\.template\.json$/, '.assets.json'));
  return new Stack(stackName, Resources, resolver, assets).describe();
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

interface StackArtifact {
  readonly type: string;
  readonly properties: { readonly templateFile: string; readonly stackName?: string };
}

function onlyStack(cdkOutDir: string): { stackName: string; templateFile: string } {
  const manifest = readJson(path.join(cdkOutDir, 'manifest.json')) as { artifacts: Record<string, StackArtifact> };
  const stacks = Object.entries(manifest.artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [only, ...others] = stacks;
  if (only === undefined || others.length > 0) throw new Error(`${cdkOutDir} holds ${stacks.length} stacks; the lab boots exactly one`);
  const [id, { properties }] = only;
  return { stackName: properties.stackName ?? id, templateFile: properties.templateFile };
}

interface AssetManifest {
  readonly files: Readonly<
    Record<string, { readonly source: { readonly path: string }; readonly destinations: Record<string, { objectKey: string }> }>
  >;
}

/**
 * Directories of the assets by their key in the bootstrap bucket, which is how a template names
 * them.
 */
function assetPaths(cdkOutDir: string, manifestFile: string): ReadonlyMap<string, string> {
  const { files } = readJson(path.join(cdkOutDir, manifestFile)) as AssetManifest;
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
      alarms: this.each('AWS::CloudWatch::Alarm', (id, { Namespace, MetricName, Dimensions }) => ({
        name: this.resolver.nameOf(id),
        namespace: text(Namespace),
        metricName: text(MetricName),
        dimensions: (Dimensions ?? []) as unknown as { Name: string; Value: string }[],
      })),
      documents: this.each('AWS::SSM::Document', (id, { DocumentType, Content }) => ({
        name: this.resolver.nameOf(id),
        type: text(DocumentType),
        content: typeof Content === 'string' ? (parseYaml(Content) as Json) : (Content ?? null),
      })),
      parameters: [
        ...this.each('Custom::SickbayKillSwitch', (id) => ({ name: this.resolver.nameOf(id), value: KILL_SWITCH.off })),
        ...this.each('AWS::SSM::Parameter', (id, { Value }) => ({ name: this.resolver.nameOf(id), value: text(Value) })),
      ],
      topics: this.each('AWS::SNS::Topic', (id) => this.named(id, 'TopicArn')),
      queues: this.each('AWS::SQS::Queue', (id) => ({ ...this.named(id), url: text(this.resolver.resolve({ Ref: id })) })),
      scheduleGroups: this.each('AWS::Scheduler::ScheduleGroup', (id) => this.named(id)),
    };
  }

  private each<Description>(type: string, describe: (id: string, properties: Properties) => Description): Description[] {
    return Object.entries(this.resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => describe(id, this.resolver.resolve(Properties ?? {}) as Properties));
  }

  private named(id: string, arnAttribute = 'Arn'): { name: string; arn: string } {
    return { name: this.resolver.nameOf(id), arn: this.resolver.attributeOf(id, arnAttribute) };
  }

  private function(id: string, properties: Properties): FunctionDescription {
    const { name, arn } = this.named(id);
    const vpc = properties['VpcConfig'] as { SubnetIds: string[]; SecurityGroupIds: string[] } | undefined;
    const asyncConfig = this.asyncConfig(name);
    const logging = properties['LoggingConfig'] as { LogGroup?: string } | undefined;
    return {
      logicalId: id,
      name,
      arn,
      handlerDir: this.handlerDir(id, properties['Code'] as { S3Key?: string }),
      handler: text(properties['Handler']),
      runtime: text(properties['Runtime']),
      env: (properties['Environment'] as { Variables?: Record<string, string> } | undefined)?.Variables ?? {},
      timeoutS: Number(properties['Timeout'] ?? 3),
      memoryMb: Number(properties['MemorySize'] ?? 128),
      roleArn: text(properties['Role']),
      aliases: this.aliasesOf(name),
      logGroup: logging?.LogGroup ?? `/aws/lambda/${name}`,
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

  private handlerDir(id: string, code: { S3Key?: string }): string {
    const directory = code.S3Key === undefined ? undefined : this.assets.get(code.S3Key);
    if (directory === undefined) throw new Error(`the code of ${id} is no asset of this assembly: ${JSON.stringify(code)}`);
    return directory;
  }

  private asyncConfig(functionName: string): AsyncConfig | undefined {
    const [properties] = this.each('AWS::Lambda::EventInvokeConfig', (_, config) => config).filter(
      ({ FunctionName, Qualifier }) => FunctionName === functionName && Qualifier === '$LATEST',
    );
    if (properties === undefined) return undefined;
    const destinations = properties['DestinationConfig'] as { OnFailure?: { Destination: string } } | undefined;
    return {
      ...retry(properties),
      ...(destinations?.OnFailure === undefined ? {} : { onFailureArn: destinations.OnFailure.Destination }),
    };
  }

  private role(id: string, properties: Properties): RoleDescription {
    const { name, arn } = this.named(id);
    const inline = (properties['Policies'] ?? []) as { PolicyName: string; PolicyDocument: Json }[];
    // CDK moves what is too long for a role's inline policies to managed ones, which the template
    // names by their logical ids alone.
    const managed = this.each('AWS::IAM::ManagedPolicy', (policyId, policy): Properties => ({ PolicyName: policyId, ...policy }));
    const attached = [...this.each('AWS::IAM::Policy', (_, policy) => policy), ...managed].filter((policy) =>
      (policy['Roles'] as string[]).includes(name),
    );
    return {
      logicalId: id,
      name,
      arn,
      trust: properties['AssumeRolePolicyDocument'] ?? null,
      managedPolicyArns: (properties['ManagedPolicyArns'] ?? []) as string[],
      policies: [...inline, ...attached].map((policy) => ({
        name: text(policy['PolicyName']),
        document: policy['PolicyDocument'] ?? null,
      })),
    };
  }

  private table(id: string, properties: Properties): TableDescription {
    const types = new Map(
      (properties['AttributeDefinitions'] as { AttributeName: string; AttributeType: string }[]).map((attribute) => [
        attribute.AttributeName,
        attribute.AttributeType,
      ]),
    );
    const keys = (properties['KeySchema'] as { AttributeName: string; KeyType: string }[]).map((key) => ({
      kind: key.KeyType,
      name: key.AttributeName,
      type: types.get(key.AttributeName) ?? 'S',
    }));
    const key = (kind: string): KeyDescription[] => keys.filter((entry) => entry.kind === kind).map(({ name, type }) => ({ name, type }));
    const [partitionKey] = key('HASH');
    const [sortKey] = key('RANGE');
    if (partitionKey === undefined) throw new Error(`table ${id} has no partition key`);
    const ttl = properties['TimeToLiveSpecification'] as { AttributeName: string; Enabled: boolean } | undefined;
    return {
      logicalId: id,
      ...this.named(id),
      partitionKey,
      ...(sortKey === undefined ? {} : { sortKey }),
      ...(ttl?.Enabled === true ? { ttlAttribute: ttl.AttributeName } : {}),
    };
  }

  private schedule(id: string, properties: Properties): ScheduleDescription {
    const target = properties['Target'] as Properties;
    const policy = target['RetryPolicy'] as Properties | undefined;
    return {
      name: this.resolver.nameOf(id),
      expression: text(properties['ScheduleExpression']),
      state: text(properties['State'] ?? 'ENABLED'),
      targetArn: text(target['Arn']),
      roleArn: text(target['RoleArn']),
      input: text(target['Input'] ?? '{}'),
      ...(policy === undefined ? {} : { retry: retry(policy) }),
    };
  }

  private rules(id: string, properties: Properties): RuleDescription[] {
    const targets = (properties['Targets'] ?? []) as Properties[];
    return targets.map((target) => ({
      name: this.resolver.nameOf(id),
      pattern: properties['EventPattern'] ?? null,
      state: text(properties['State'] ?? 'ENABLED'),
      targetArn: text(target['Arn']),
      ...(target['Input'] === undefined ? {} : { input: text(target['Input']) }),
      ...(target['RetryPolicy'] === undefined ? {} : { retry: retry(target['RetryPolicy'] as Properties) }),
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
