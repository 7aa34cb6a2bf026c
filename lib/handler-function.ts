import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, type CfnFunction, type FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENV } from '../lambda/contract';
import type { HandedConfig } from './deploy-time';
import { handlerCode, type HandlerName } from './handler-code';
import type { FunctionNetwork, Protection } from './protection';

/**
 * What Lambda itself needs to attach a function to a VPC, as in the managed policy
 * AWSLambdaVPCAccessExecutionRole.
 */
export const NETWORK_INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

const NOTHING_HANDED: HandedConfig = { written: undefined, values: [] };

/** Functions whose own code asks who has an address: the deny leaves them that. */
const ASKS_FOR_HOLDERS: readonly HandlerName[] = ['sweep', 'respond', 'restore', 'review'];

export interface HandlerFunctionProps extends Pick<
  FunctionProps,
  'environment' | 'memorySize' | 'onFailure' | 'description' | 'reservedConcurrentExecutions'
> {
  readonly handlersDir: string;
  readonly handler: HandlerName;
  readonly timeoutS: number;
  readonly protection: Protection;
  /** Written beside the bundle; left out for the prober, which is told everything by its event. */
  readonly config?: HandedConfig;
  /** How often, and for how long, an asynchronous invocation that failed is tried again. */
  readonly retry?: { readonly attempts: number; readonly maxAge: Duration };
}

/** Each sweep looks at the world afresh: a late or repeated run has nothing to add. */
const NEVER_AGAIN = { attempts: 0, maxAge: Duration.seconds(60) };

/**
 * One of Sickbay's functions with a role of its own that may, to begin with, only write to the
 * function's own log group. An asynchronous invocation is never retried and is dropped after a
 * minute, unless it is said otherwise.
 */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const { handlersDir, handler, timeoutS, config, protection, environment, retry = NEVER_AGAIN, ...rest } = props;
    const { encryptionKey, logRetention } = protection;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      ...rest,
      environment: { ...environment, ...this.deployTimeValues(config) },
      code: handlerCode(handlersDir, handler, config?.written),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(timeoutS),
      role: this.role,
      logGroup,
      retryAttempts: retry.attempts,
      maxEventAge: retry.maxAge,
    });
    if (protection.functionNetwork !== undefined && handler !== 'probe') this.attach(protection.functionNetwork, handler);
  }

  private deployTimeValues({ values }: HandedConfig = NOTHING_HANDED): Record<string, string> {
    return values.length === 0 ? {} : { [ENV.deployTimeValues]: Stack.of(this).toJsonString(values) };
  }

  /**
   * By ids and not through Vpc.fromLookup, which would need an account at synth. The interfaces are
   * Lambda's business and not the code's.
   */
  private attach({ subnetIds, securityGroupIds }: FunctionNetwork, handler: HandlerName): Policy {
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
    this.role.addToPolicy(new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }));
    const asked = ASKS_FOR_HOLDERS.includes(handler) ? ['ec2:DescribeNetworkInterfaces'] : [];
    const denied = new PolicyStatement({
      effect: Effect.DENY,
      actions: NETWORK_INTERFACE_ACTIONS.filter((action) => !asked.includes(action)),
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': this.function.functionArn } },
    });
    return new Policy(this, 'NoInterfacesForItsCode', { statements: [denied], roles: [this.role] });
  }
}
