/**
 * Where clients reach each target group: the listener whose rules send our request to this group
 * and to no other (core/routing.ts).
 */
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  paginateDescribeRules,
  type Action,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer as ElbLoadBalancer,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { reachesAlone, type ListenerRule, type RoutedRequest } from '../../core/routing';
import type { ListedGroup, LoadBalancer } from '../../core/model';
import { mapLimit } from '../map-limit';
import type { ClientRequest } from '../ports';
import { AT_ONCE, inChunks } from '../discover/chunks';
import { isBalancerNotFound, withoutGone } from '../discover/gone';

interface Listener {
  readonly arn: string;
  readonly port: number;
  readonly protocol: LoadBalancer['protocol'] | 'TCP' | 'TLS';
  /** Of a Network Load Balancer's listener: it has a default action and no rules. */
  readonly forwards?: ListenerRule['forwards'];
}

interface Balancer {
  readonly arn: string;
  readonly dnsName: string;
  readonly scheme: LoadBalancer['scheme'];
  readonly listeners: readonly Listener[];
}

type RulesOf = (listener: Listener) => Promise<readonly ListenerRule[]>;

/**
 * By the group's ARN. Two calls and more for each load balancer: one for its listeners, one for
 * each listener until one serves.
 */
export async function reachOf(
  client: ElasticLoadBalancingV2Client,
  groups: readonly ListedGroup[],
  requestOf: (group: ListedGroup) => ClientRequest,
): Promise<Map<string, LoadBalancer[]>> {
  const balancers = await balancersOf(client, [...new Set(groups.flatMap((group) => group.loadBalancerArns))]);
  const rulesOf = remembered(client);
  const reach = await mapLimit(AT_ONCE, groups, async (group) => {
    const mine = group.loadBalancerArns.flatMap((arn) => balancers.get(arn) ?? []);
    const found = await Promise.all(mine.map((balancer) => reachedBy(balancer, rulesOf, group.arn, requestOf(group))));
    return [group.arn, found.flat()] as const;
  });
  return new Map(reach.filter(([, found]) => found.length > 0));
}

async function balancersOf(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<Map<string, Balancer>> {
  const ask = (chunk: readonly string[]) => client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [...chunk] }));
  const answers = await mapLimit(AT_ONCE, inChunks(arns), (chunk) => withoutGone(chunk, ask, isBalancerNotFound));
  const entries = answers.flat().flatMap((answer) => answer.LoadBalancers ?? []);
  const balancers = await mapLimit(AT_ONCE, entries, (entry) => balancer(client, entry));
  return new Map(balancers.map((one) => [one.arn, one]));
}

async function balancer(client: ElasticLoadBalancingV2Client, entry: ElbLoadBalancer): Promise<Balancer> {
  const arn = entry.LoadBalancerArn ?? '';
  return {
    arn,
    dnsName: entry.DNSName ?? '',
    scheme: entry.Scheme === 'internal' ? 'internal' : 'internet-facing',
    listeners: await listenersOf(client, arn),
  };
}

/** HTTPS first: its neighbour on HTTP often only redirects to it. */
async function listenersOf(client: ElasticLoadBalancingV2Client, arn: string): Promise<Listener[]> {
  const ask = () => client.send(new DescribeListenersCommand({ LoadBalancerArn: arn }));
  const [answer] = await withoutGone([arn], ask, isBalancerNotFound);
  return (answer?.Listeners ?? [])
    .flatMap(({ ListenerArn: arn, Port: port = 0, Protocol: protocol, DefaultActions = [] }): Listener[] => {
      if (arn === undefined) return [];
      if (protocol === 'HTTP' || protocol === 'HTTPS') return [{ arn, port, protocol }];
      return protocol === 'TCP' || protocol === 'TLS' ? [{ arn, port, protocol, forwards: forwardsOf(DefaultActions) }] : [];
    })
    .sort((a, b) => b.protocol.localeCompare(a.protocol));
}

/**
 * What a client speaks to the listener. A TCP listener passes on what the targets are spoken to in;
 * a TLS listener ends TLS, and which version it offers is not asked for. Undefined where a client
 * in this version is not served: HTTP/2 by an HTTPS listener alone (Application Load Balancers
 * guide, "Listener configuration"), and only requests in HTTP/2 reach targets in HTTP/2 or gRPC
 * (the console's words at "Protocol version").
 */
function spokenAt({ protocol }: Listener, request: ClientRequest): LoadBalancer['protocol'] | undefined {
  if (protocol === 'TCP') return request.protocol ?? 'HTTP';
  if (protocol === 'TLS') return request.version === undefined ? 'HTTPS' : undefined;
  return request.version === undefined || protocol === 'HTTPS' ? protocol : undefined;
}

/** The first listener that serves. */
async function reachedBy(
  { arn, dnsName, scheme, listeners }: Balancer,
  rulesOf: RulesOf,
  groupArn: string,
  asked: ClientRequest,
): Promise<LoadBalancer[]> {
  const { host = dnsName, path, version } = asked;
  const request: RoutedRequest = { host, path, method: version === 'GRPC' ? 'POST' : 'GET' };
  for (const listener of listeners) {
    const protocol = spokenAt(listener, asked);
    if (protocol === undefined) continue;
    const rules = 'forwards' in listener ? [{ conditions: [], forwards: listener.forwards }] : await rulesOf(listener);
    if (reachesAlone(rules, request, groupArn)) return [{ arn, dnsName, scheme, port: listener.port, protocol }];
  }
  return [];
}

/** Groups behind one load balancer share its listeners. */
function remembered(client: ElasticLoadBalancingV2Client): RulesOf {
  const known = new Map<string, Promise<readonly ListenerRule[]>>();
  return ({ arn }) => {
    const asked = known.get(arn) ?? readRules(client, arn);
    known.set(arn, asked);
    return asked;
  };
}

/**
 * In the order of their priority, the default rule last. A listener that was deleted since has
 * none.
 */
export async function readRules(client: ElasticLoadBalancingV2Client, listenerArn: string): Promise<readonly ListenerRule[]> {
  const read = async (): Promise<Rule[]> => {
    const rules: Rule[] = [];
    for await (const page of paginateDescribeRules({ client }, { ListenerArn: listenerArn })) rules.push(...(page.Rules ?? []));
    return rules;
  };
  const [rules = []] = await withoutGone([listenerArn], read, isBalancerNotFound);
  return [...rules].sort((a, b) => priorityOf(a) - priorityOf(b)).map(listenerRule);
}

function priorityOf({ Priority, IsDefault }: Rule): number {
  return IsDefault === true || Priority === 'default' ? Infinity : Number(Priority);
}

function listenerRule({ Conditions = [], Actions = [], Transforms = [] }: Rule): ListenerRule {
  return {
    conditions: Conditions.map((condition) => ({
      field: condition.Field ?? '',
      values:
        condition.HostHeaderConfig?.Values ??
        condition.PathPatternConfig?.Values ??
        condition.HttpRequestMethodConfig?.Values ??
        condition.Values ??
        [],
      pairs: (condition.QueryStringConfig?.Values ?? []).map(({ Key, Value = '' }) => ({
        ...(Key === undefined ? {} : { key: Key }),
        value: Value,
      })),
    })),
    // A rewritten URL is another page to the target than the one that is probed.
    forwards: Transforms.length === 0 ? forwardsOf(Actions) : undefined,
  };
}

/**
 * Undefined unless to forward is all that the rule does. A group without a weight has all of it (a
 * forward to one group).
 */
function forwardsOf(actions: readonly Action[]): ListenerRule['forwards'] {
  const [action, ...others] = actions;
  if (action === undefined || others.length > 0 || action.Type !== 'forward') return undefined;
  const groups = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn }];
  return groups.map(({ TargetGroupArn, Weight = 1 }) => ({ groupArn: TargetGroupArn ?? '', weight: Weight }));
}
