import { Stack } from 'aws-cdk-lib';
import { PermissionsBoundary, PolicyStatement, ServicePrincipal, type IGrantable, type IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** What a security reviewer may want otherwise. Every default is the careful choice. */
export interface ProtectionProps {
  /**
   * Encrypts the tables, topics, queues, logs and reports. Its key policy is extended where CDK can
   * do that; for an imported key see docs/runbook.md.
   * @default keys that AWS owns
   */
  readonly encryptionKey?: IKey;
  /**
   * Set on every role of Sickbay.
   * @default none
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * How long the functions' logs are kept.
   * @default three months
   */
  readonly logRetention?: RetentionDays;
  /**
   * Whether the record of decisions (the table Cases) can be restored to any second of the last 35
   * days.
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;
  /**
   * Whether topics, queues and the bucket of reports refuse requests without TLS.
   * @default true
   */
  readonly enforceSsl?: boolean;
  /**
   * Where every function runs but the prober, which has a place of its own (`network`), if your
   * organisation demands a VPC. They call AWS: the subnets then need NAT, or endpoints for
   * elasticloadbalancing, autoscaling, ec2, ssm, dynamodb, sns, scheduler, lambda, monitoring and
   * s3 (CloudFormation's answers); without NAT an internet-facing load balancer is not sampled as a
   * client does.
   * @default outside every VPC, which needs none of these
   */
  readonly functionNetwork?: FunctionNetwork;
}

export interface FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/**
 * The same with every default filled in: handed to each construct that makes something to protect.
 */
export interface Protection {
  readonly encryptionKey: IKey | undefined;
  readonly logRetention: RetentionDays;
  readonly pointInTimeRecovery: boolean;
  readonly enforceSsl: boolean;
  readonly functionNetwork: FunctionNetwork | undefined;
}

/** Applies what concerns all of `scope` at once and gives the rest back, with its defaults. */
export function protect(scope: Construct, props: ProtectionProps): Protection {
  const { encryptionKey, permissionsBoundary, logRetention, pointInTimeRecovery = true, enforceSsl = true, functionNetwork } = props;
  if (permissionsBoundary !== undefined) PermissionsBoundary.of(scope).apply(permissionsBoundary);
  if (encryptionKey !== undefined) admitServices(scope, encryptionKey);
  return { encryptionKey, logRetention: logRetention ?? RetentionDays.THREE_MONTHS, pointInTimeRecovery, enforceSsl, functionNetwork };
}

/** Lets a role use what is encrypted. */
export function grantKey({ encryptionKey }: Protection, grantee: IGrantable): void {
  encryptionKey?.grantEncryptDecrypt(grantee);
}

/**
 * CloudWatch Logs encrypts with the key; CloudWatch's alarms publish on encrypted topics. Both act
 * in their own name, for this account alone.
 */
function admitServices(scope: Construct, key: IKey): void {
  const stack = Stack.of(scope);
  key.addToResourcePolicy(logsEncrypt(stack));
  key.addToResourcePolicy(alarmsPublish(stack));
}

function logsEncrypt(stack: Stack): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: '*' }) } },
  });
}

function alarmsPublish({ account }: Stack): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  });
}
