import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { Effect, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../core/config';
import { partOfId } from './deploy-time';
import { HandlerFunction, NETWORK_INTERFACE_ACTIONS } from './handler-function';
import type { Protection } from './protection';

export interface ProberProps {
  readonly handlersDir: string;
  readonly network: Config['network'];
  readonly protection: Protection;
}

/**
 * The function that can reach targets. It runs in the operator's subnets, without NAT and
 * endpoints, and its code can use no AWS permission: what Lambda needs on its behalf is denied to
 * calls that come from inside the function.
 */
export class Prober extends Construct {
  readonly function: IFunction;
  /** The rules that admit it to the targets, of `network.admittedBy`. */
  readonly admissions: readonly CfnSecurityGroupIngress[];

  constructor(scope: Construct, id: string, props: ProberProps) {
    super(scope, id);
    const prober = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: measures targets at their own addresses',
      handlersDir: props.handlersDir,
      protection: props.protection,
      handler: 'probe',
      timeoutS: 60,
      // One whole vCPU (AWS Lambda developer guide, "Configure Lambda function memory"): a
      // throttled prober measures itself. Measured with shares of a core from 0.14 to 1:
      // docs/scale.md, "Memory and processor share".
      memorySize: 1769,
    });
    prober.role.addToPolicy(new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }));
    // By id and not through Vpc.fromLookup, which would need an account at synth.
    const resource = prober.function.node.defaultChild as CfnFunction;
    resource.vpcConfig = { subnetIds: [...props.network.subnetIds], securityGroupIds: [...props.network.securityGroupIds] };
    // Without it a function in a VPC has no way out over IPv6 (CreateFunction, API reference:
    // VpcConfig.Ipv6AllowedForDualStack).
    if (props.network.ipv6) resource.addPropertyOverride('VpcConfig.Ipv6AllowedForDualStack', true);
    this.function = prober.function;
    this.denyToOwnCode(prober);
    this.admissions = this.admit(props.network);
  }

  /** A rule in each security group of the targets that the configuration names. */
  private admit({ securityGroupIds, admittedBy }: Config['network']): CfnSecurityGroupIngress[] {
    return admittedBy.flatMap(({ securityGroupId, port }, place) =>
      securityGroupIds.map((sourceSecurityGroupId, source) => {
        const id = `Admission-${partOfId(securityGroupId, place)}-${port}-${partOfId(sourceSecurityGroupId, source)}`;
        const rule = { groupId: securityGroupId, ipProtocol: 'tcp', fromPort: port, toPort: port, sourceSecurityGroupId };
        return new CfnSecurityGroupIngress(this, id, { description: 'Sickbay measures the targets', ...rule });
      }),
    );
  }

  /**
   * Lambda puts lambda:SourceFunctionArn on requests from within the execution environment and on
   * those for logs, and not on those that make network interfaces (Lambda developer guide, "Using
   * source function ARN to control function access behavior"). A policy of its own, because the
   * role's must exist before the function and this one names the function.
   */
  private denyToOwnCode(prober: HandlerFunction): Policy {
    const statement = new PolicyStatement({
      effect: Effect.DENY,
      notActions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': prober.function.functionArn } },
    });
    return new Policy(this, 'NothingForItsCode', { statements: [statement], roles: [prober.role] });
  }
}

/**
 * The networks of the prober and of a second one, which have no subnet in common: Lambda chooses by
 * itself among the subnets of a function. Of one subnet there is no second. The rules that admit
 * both are the first one's.
 */
export function disjointNetworks(network: Config['network']): [Config['network'], Config['network']?] {
  const last = network.subnetIds.at(-1);
  if (network.subnetIds.length < 2 || last === undefined) return [network];
  return [
    { ...network, subnetIds: network.subnetIds.slice(0, -1) },
    { ...network, subnetIds: [last], admittedBy: [] },
  ];
}

/**
 * The commands by which the targets' security groups come to admit the prober, where the stack does
 * not make the rules (`network.admittedBy`).
 */
export function admissionCommands({ securityGroupIds, admittedBy }: Config['network']): string {
  if (admittedBy.length > 0) return 'The stack has made the rules of network.admittedBy.';
  return securityGroupIds
    .map((id) => `aws ec2 authorize-security-group-ingress --group-id TARGETS --protocol tcp --port PORT --source-group ${id}`)
    .join('; ');
}
