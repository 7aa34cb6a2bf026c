import { Fn, Token } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IApplicationLoadBalancer, ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ConfigInput } from '../core/config';
import { OfConstruct } from './deploy-time';

type GroupInput = ConfigInput['targetGroups'][number];
type NetworkInput = ConfigInput['network'];
type AdmissionInput = NonNullable<NetworkInput['admittedBy']>[number];
type LatencyAlarmInput = NonNullable<ConfigInput['latencyAlarms']>[number];

/** A target group of the app, or one that was imported. */
export interface GivenGroup extends Omit<GroupInput, 'arn' | 'tag'> {
  readonly targetGroup: ITargetGroup;
}

/** In place of `securityGroupId`. */
export interface GivenAdmission extends Omit<AdmissionInput, 'securityGroupId'> {
  readonly securityGroup: ISecurityGroup;
}

/** Where the prober runs, in place of ids. */
export interface GivenNetwork extends Omit<NetworkInput, 'subnetIds' | 'securityGroupIds' | 'admittedBy'> {
  readonly vpc: IVpc;
  /**
   * Of the VPC. Of several the last is a second prober's.
   * @default the private ones
   */
  readonly subnets?: readonly ISubnet[] | SubnetSelection;
  /** @default one is made, from which everything may be reached */
  readonly securityGroups?: readonly ISecurityGroup[];
  readonly admittedBy?: readonly (AdmissionInput | GivenAdmission)[];
}

/** In place of the end of its ARN. */
export interface GivenLatencyAlarm extends Omit<LatencyAlarmInput, 'loadBalancer'> {
  readonly loadBalancer: IApplicationLoadBalancer;
}

/**
 * The configuration as a CDK app writes it: what docs/configuration.md has, and constructs in place
 * of ids and ARNs. Those may be tokens too; what they are is checked when a function starts.
 */
export interface SickbayConfig extends Omit<ConfigInput, 'targetGroups' | 'network' | 'latencyAlarms'> {
  readonly targetGroups: readonly (GroupInput | GivenGroup)[];
  readonly network: NetworkInput | GivenNetwork;
  readonly latencyAlarms?: readonly (LatencyAlarmInput | GivenLatencyAlarm)[] | undefined;
  /** Alarms of your own that start a round, beside `alarmNames`. */
  readonly alarms?: readonly IAlarm[];
}

/**
 * The same with ids and ARNs in place of constructs. What is not as the types say is left as it is,
 * for the check of the configuration to tell.
 */
export function namesInPlaceOfConstructs(config: SickbayConfig, proberSecurityGroup: (vpc: IVpc) => string): unknown {
  const { targetGroups, network, latencyAlarms, alarms, alarmNames, ...rest } = config;
  return {
    ...rest,
    targetGroups: each(targetGroups, (group) => ('targetGroup' in group ? groupOf(group) : group)),
    network: isObject(network) && 'vpc' in network ? networkOf(network, proberSecurityGroup) : admitted(network),
    ...(latencyAlarms === undefined ? {} : { latencyAlarms: each(latencyAlarms, latencyAlarmOf) }),
    ...(alarms === undefined && alarmNames === undefined
      ? {}
      : {
          alarmNames:
            alarms === undefined ? alarmNames : [...(alarmNames ?? []), ...alarms.map(({ alarmName }) => new OfConstruct(alarmName))],
        }),
  };
}

function groupOf({ targetGroup, ...rest }: GivenGroup): unknown {
  return 'arn' in rest || 'tag' in rest
    ? { targetGroup: targetGroup.targetGroupArn, ...rest }
    : { arn: new OfConstruct(targetGroup.targetGroupArn), ...rest };
}

function networkOf({ vpc, subnets, securityGroups, ...rest }: GivenNetwork, proberSecurityGroup: (vpc: IVpc) => string): unknown {
  const chosen = isList(subnets) ? subnets.map(({ subnetId }) => subnetId) : vpc.selectSubnets(subnets).subnetIds;
  const groups = securityGroups?.map(({ securityGroupId }) => securityGroupId) ?? [proberSecurityGroup(vpc)];
  return {
    ...(admitted(rest) as object),
    subnetIds: chosen.map((id) => new OfConstruct(id)),
    securityGroupIds: groups.map((id) => new OfConstruct(id)),
  };
}

/** With ids in place of the security groups of the targets. */
function admitted(network: unknown): unknown {
  if (!isObject(network) || !('admittedBy' in network)) return network;
  const admissions = network.admittedBy as readonly (AdmissionInput | GivenAdmission)[];
  return { ...network, admittedBy: each(admissions, (one) => ('securityGroup' in one ? admissionOf(one) : one)) };
}

function admissionOf({ securityGroup, ...rest }: GivenAdmission): unknown {
  return { securityGroupId: new OfConstruct(securityGroup.securityGroupId), ...rest };
}

/** CloudWatch names a load balancer by the end of its ARN, `app/NAME/ID`. */
function latencyAlarmOf(alarm: LatencyAlarmInput | GivenLatencyAlarm): unknown {
  const { loadBalancer } = alarm;
  if (!isObject(loadBalancer) || !('loadBalancerArn' in loadBalancer)) return alarm;
  const arn = loadBalancer.loadBalancerArn;
  const [separator, after] = [':loadbalancer/', 1];
  const name = Token.isUnresolved(arn) ? Fn.select(after, Fn.split(separator, arn)) : (arn.split(separator)[after] ?? arn);
  return { ...alarm, loadBalancer: new OfConstruct(name) };
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

function isList(value: unknown): value is readonly ISubnet[] {
  return Array.isArray(value);
}

/** Each object of a list; anything else as it is. */
function each<Item>(list: readonly Item[], change: (item: Item & object) => unknown): unknown {
  return Array.isArray(list) ? list.map((item: Item) => (isObject(item) ? change(item) : item)) : list;
}
