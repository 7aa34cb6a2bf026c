/** The load balancers and target groups of the account's Region, for commands. Reads alone. */
import {
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer as ElbLoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LbTarget, ListedGroup, TargetGroup } from '../../core/model';
import type { ListenerRule } from '../../core/routing';
import { isBalancerNotFound, withoutGone } from '../../lambda/discover/gone';
import { everyGroup, loadBalancing } from '../../lambda/aws/load-balancing';
import { readRules } from '../../lambda/aws/reach';

/** A target group, and the VPC of its targets: none for Lambda functions. */
export type AccountGroup = ListedGroup & { readonly vpcId?: string };

export interface AccountBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: 'application' | 'network' | 'gateway' | 'unknown';
  readonly scheme: 'internal' | 'internet-facing';
  readonly dnsName: string;
  readonly vpcId: string | undefined;
  readonly zones: readonly string[];
  /** Empty for a Network Load Balancer that was made without. */
  readonly securityGroupIds: readonly string[];
}

export interface AccountListener {
  readonly arn: string;
  readonly balancerArn: string;
  readonly port: number;
  readonly protocol: string;
  /** In the order of their priority, the default rule last. */
  readonly rules: readonly ListenerRule[];
}

export interface AccountLoadBalancing {
  /** Every target group of the Region, with its tags, whatever it has for targets. */
  groups(): Promise<AccountGroup[]>;
  /** The same groups with their attributes. */
  describe(groups: readonly AccountGroup[]): Promise<TargetGroup[]>;
  balancers(): Promise<AccountBalancer[]>;
  /** Of one load balancer, with their rules. */
  listeners(balancerArn: string): Promise<AccountListener[]>;
  /** Target health, without targets that are Lambda functions. */
  health(groupArn: string): Promise<LbTarget[]>;
}

export function accountLoadBalancing(client: ElasticLoadBalancingV2Client): AccountLoadBalancing {
  const read = loadBalancing(client);
  return {
    groups: () => everyGroup(client),
    describe: (groups) => read.describe(groups),
    health: (groupArn) => read.health(groupArn),
    balancers: () => everyBalancer(client),
    listeners: (balancerArn) => listenersOf(client, balancerArn),
  };
}

async function everyBalancer(client: ElasticLoadBalancingV2Client): Promise<AccountBalancer[]> {
  const found: AccountBalancer[] = [];
  for await (const page of paginateDescribeLoadBalancers({ client }, {})) found.push(...(page.LoadBalancers ?? []).map(balancer));
  return found;
}

const TYPES = ['application', 'network', 'gateway'] as const;

function balancer(entry: ElbLoadBalancer): AccountBalancer {
  const { LoadBalancerArn: arn = '', LoadBalancerName: name = arn } = entry;
  return {
    arn,
    name,
    type: TYPES.find((known) => known === entry.Type) ?? 'unknown',
    scheme: entry.Scheme === 'internal' ? 'internal' : 'internet-facing',
    dnsName: entry.DNSName ?? '',
    vpcId: entry.VpcId,
    zones: (entry.AvailabilityZones ?? []).flatMap(({ ZoneName }) => ZoneName ?? []),
    securityGroupIds: entry.SecurityGroups ?? [],
  };
}

/** Of a load balancer that was deleted meanwhile there are none. */
async function listenersOf(client: ElasticLoadBalancingV2Client, balancerArn: string): Promise<AccountListener[]> {
  const read = async (): Promise<AccountListener[]> => {
    const found: AccountListener[] = [];
    for await (const page of paginateDescribeListeners({ client }, { LoadBalancerArn: balancerArn }))
      for (const { ListenerArn: arn = '', Port: port = 0, Protocol: protocol = 'unknown' } of page.Listeners ?? [])
        found.push({ arn, balancerArn, port, protocol, rules: await readRules(client, arn) });
    return found;
  };
  return (await withoutGone([balancerArn], read, isBalancerNotFound)).flat();
}
