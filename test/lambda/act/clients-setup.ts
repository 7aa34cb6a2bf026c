/**
 * Clients of AWS that answer here, by the name of the command, and write down what they are asked;
 * an Auto Scaling group for them to tell of. No socket is opened.
 */
import { AutoScalingClient, type AutoScalingGroup, type AutoScalingInstanceDetails } from '@aws-sdk/client-auto-scaling';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { TargetGroup } from '../../../core/model';
import { viewAutoScaling } from '../../../lambda/aws/auto-scaling-view';
import { GROUP } from '../../builders/groups';
import { describedGroup } from '../../builders/scenario/group';
import { reader } from '../../builders/scenario/keys';

export interface Asked {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Answers by the name of the command; an Error is thrown. */
export function answering<Client extends { send: unknown }>(
  client: Client,
  answer: (asked: Asked) => unknown,
): Client & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Asked['input'] }) => {
    const call = { name: command.constructor.name.replace(/Command$/, ''), input: { ...command.input } };
    asked.push(call);
    const said = answer(call);
    if (said instanceof Error) throw said;
    return said;
  };
  return Object.assign(client, { send, asked });
}

export const REGION = { region: 'us-east-1' };
export const scaling = (answer: (asked: Asked) => unknown) => answering(new AutoScalingClient(REGION), answer);
export const balancing = (answer: (asked: Asked) => unknown = () => ({})) => answering(new ElasticLoadBalancingV2Client(REGION), answer);
export const ssm = (answer: (asked: Asked) => unknown) => answering(new SSMClient(REGION), answer);

export const group: TargetGroup = describedGroup(reader(new Map()));
export const MEMBER: AutoScalingInstanceDetails = {
  InstanceId: 'i-1',
  AutoScalingGroupName: 'web',
  AvailabilityZone: 'a',
  LifecycleState: 'InService',
  HealthStatus: 'Healthy',
  ProtectedFromScaleIn: false,
};
export const instance = (id: string, zone: string, state: string, weight?: string) => ({
  InstanceId: id,
  AvailabilityZone: zone,
  LifecycleState: state as 'InService',
  HealthStatus: 'Healthy',
  ProtectedFromScaleIn: false,
  ...(weight === undefined ? {} : { WeightedCapacity: weight }),
});

export function groupOf(fields: Partial<AutoScalingGroup>): AutoScalingGroup {
  return {
    AutoScalingGroupName: 'web',
    MinSize: 1,
    MaxSize: 6,
    DesiredCapacity: 3,
    DefaultCooldown: 300,
    AvailabilityZones: ['a', 'b'],
    HealthCheckType: 'EC2',
    CreatedTime: new Date(0),
    ...fields,
  };
}

export const forGroup =
  (found: AutoScalingGroup | undefined, more: Readonly<Record<string, unknown>> = {}) =>
  ({ name, input }: Asked): unknown => {
    if (more[name] !== undefined) return more[name];
    if (name !== 'DescribeAutoScalingGroups') return {};
    expect(input).toEqual({ AutoScalingGroupNames: ['web'] });
    return found === undefined ? {} : { AutoScalingGroups: [groupOf({ AutoScalingGroupName: 'another' }), found] };
  };

export const view = (
  found: AutoScalingGroup | undefined,
  more: Readonly<Record<string, unknown>> = {},
  member = MEMBER,
  elb = balancing(),
) => viewAutoScaling(scaling(forGroup(found, more)), elb, { arn: GROUP }, member);
