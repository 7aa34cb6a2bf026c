/** What ELB says: target groups that the configuration selects, their attributes, tags, listeners, and fresh target health. */
import {
  DescribeListenersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
  type TargetGroup as ElbTargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { configOf, type Config } from '../../core/config';
import { TARGET_STATES, type LbTarget, type LoadBalancer, type TargetGroup, type TargetState } from '../../core/model';
import type { LoadBalancing } from '../ports';

/** DescribeTags takes at most 20 ARNs (API reference). */
const TAGS_PER_CALL = 20;

export function loadBalancing(client: ElasticLoadBalancingV2Client): LoadBalancing {
  return {
    groups: (config) => selectedGroups(client, config),
    health: (groupArn) => targetHealth(client, groupArn),
  };
}

async function selectedGroups(client: ElasticLoadBalancingV2Client, config: Config): Promise<TargetGroup[]> {
  const candidates = await candidateGroups(client, config);
  const tags = await tagsOf(client, candidates.map(arnOf));
  const selected = candidates.filter((group) => configOf(config, { arn: arnOf(group), tags: tags.get(arnOf(group)) ?? {} }) !== undefined);
  const balancers = await balancersOf(client, [...new Set(selected.flatMap((group) => group.LoadBalancerArns ?? []))]);
  return Promise.all(selected.map((group) => describe(client, group, tags.get(arnOf(group)) ?? {}, balancers)));
}

/** Only the ARNs that were named, unless a tag selects: then every group of the Region has to be looked at. */
async function candidateGroups(client: ElasticLoadBalancingV2Client, config: Config): Promise<ElbTargetGroup[]> {
  const byTag = config.targetGroups.some((entry) => entry.tag !== undefined);
  const arns = config.targetGroups.flatMap((entry) => (entry.arn === undefined ? [] : [entry.arn]));
  const groups: ElbTargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client }, byTag ? {} : { TargetGroupArns: arns }))
    groups.push(...(page.TargetGroups ?? []));
  return groups;
}

async function tagsOf(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<Map<string, Record<string, string>>> {
  const tags = new Map<string, Record<string, string>>();
  for (let start = 0; start < arns.length; start += TAGS_PER_CALL) {
    const answer = await client.send(new DescribeTagsCommand({ ResourceArns: arns.slice(start, start + TAGS_PER_CALL) }));
    for (const entry of answer.TagDescriptions ?? []) {
      tags.set(entry.ResourceArn ?? '', Object.fromEntries((entry.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])));
    }
  }
  return tags;
}

interface Balancer {
  readonly arn: string;
  readonly dnsName: string;
  readonly scheme: LoadBalancer['scheme'];
  readonly listeners: readonly { readonly port: number; readonly protocol: string; readonly groupArns: readonly string[] }[];
}

async function balancersOf(client: ElasticLoadBalancingV2Client, arns: string[]): Promise<Map<string, Balancer>> {
  const balancers = new Map<string, Balancer>();
  if (arns.length === 0) return balancers;
  for await (const page of paginateDescribeLoadBalancers({ client }, { LoadBalancerArns: arns })) {
    for (const entry of page.LoadBalancers ?? []) {
      const arn = entry.LoadBalancerArn ?? '';
      balancers.set(arn, {
        arn,
        dnsName: entry.DNSName ?? '',
        scheme: entry.Scheme === 'internal' ? 'internal' : 'internet-facing',
        listeners: await listenersOf(client, arn),
      });
    }
  }
  return balancers;
}

async function listenersOf(client: ElasticLoadBalancingV2Client, arn: string): Promise<Balancer['listeners']> {
  const answer = await client.send(new DescribeListenersCommand({ LoadBalancerArn: arn }));
  return (answer.Listeners ?? []).map((listener) => ({
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? '',
    groupArns: (listener.DefaultActions ?? [])
      .flatMap((action) => [action.TargetGroupArn, ...(action.ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn)])
      .filter((group) => group !== undefined),
  }));
}

async function describe(
  client: ElasticLoadBalancingV2Client,
  group: ElbTargetGroup,
  tags: Record<string, string>,
  balancers: ReadonlyMap<string, Balancer>,
): Promise<TargetGroup> {
  const attributes = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arnOf(group) }));
  return {
    arn: arnOf(group),
    name: group.TargetGroupName ?? arnOf(group),
    protocol: group.Protocol ?? 'unknown',
    ...(group.ProtocolVersion === undefined ? {} : { protocolVersion: group.ProtocolVersion }),
    port: group.Port ?? 0,
    targetType: group.TargetType ?? 'unknown',
    healthCheck: healthCheckOf(group),
    attributes: Object.fromEntries((attributes.Attributes ?? []).map((attribute) => [attribute.Key ?? '', attribute.Value ?? ''])),
    tags,
    loadBalancers: (group.LoadBalancerArns ?? []).flatMap((arn) => reachedBy(balancers.get(arn), arnOf(group))),
  };
}

function healthCheckOf(group: ElbTargetGroup): TargetGroup['healthCheck'] {
  return {
    protocol: group.HealthCheckProtocol ?? 'unknown',
    port: group.HealthCheckPort ?? 'traffic-port',
    ...(group.HealthCheckPath === undefined ? {} : { path: group.HealthCheckPath }),
    intervalS: group.HealthCheckIntervalSeconds ?? 0,
    timeoutS: group.HealthCheckTimeoutSeconds ?? 0,
    ...(group.Matcher?.HttpCode === undefined ? {} : { matcher: group.Matcher.HttpCode }),
  };
}

/** The listener whose default action forwards to the group; a group behind rules alone is not sampled as a client. */
function reachedBy(balancer: Balancer | undefined, groupArn: string): LoadBalancer[] {
  const listener = balancer?.listeners.find(
    (entry) => entry.groupArns.includes(groupArn) && (entry.protocol === 'HTTP' || entry.protocol === 'HTTPS'),
  );
  if (balancer === undefined || listener === undefined) return [];
  return [
    {
      arn: balancer.arn,
      dnsName: balancer.dnsName,
      scheme: balancer.scheme,
      port: listener.port,
      protocol: listener.protocol as LoadBalancer['protocol'],
    },
  ];
}

async function targetHealth(client: ElasticLoadBalancingV2Client, groupArn: string): Promise<LbTarget[]> {
  const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn, Include: ['AnomalyDetection'] }));
  return (answer.TargetHealthDescriptions ?? []).map((entry) => lbTarget(groupArn, entry));
}

function lbTarget(groupArn: string, entry: TargetHealthDescription): LbTarget {
  const { Id: id, Port: port, AvailabilityZone: availabilityZone } = entry.Target ?? {};
  if (id === undefined || port === undefined)
    throw new Error(`target group ${groupArn}: a target without id or port: ${JSON.stringify(entry.Target)}`);
  const override = entry.AdministrativeOverride?.State;
  return {
    target: { id, port, ...(availabilityZone === undefined ? {} : { availabilityZone }) },
    state: stateOf(groupArn, entry.TargetHealth?.State),
    ...(entry.TargetHealth?.Reason === undefined ? {} : { reason: entry.TargetHealth.Reason }),
    ...(entry.AnomalyDetection?.MitigationInEffect === 'yes' ? { mitigationInEffect: true } : {}),
    ...(override !== undefined && override !== 'no_override' ? { zonalShift: true } : {}),
  };
}

/** @throws on a state we do not know: what we do not understand we do not act on. */
function stateOf(groupArn: string, state: string | undefined): TargetState {
  const known = TARGET_STATES.find((candidate) => candidate === state);
  if (known === undefined)
    throw new Error(`target group ${groupArn}: got target state ${JSON.stringify(state)}; allowed: ${TARGET_STATES.join(', ')}`);
  return known;
}

function arnOf(group: ElbTargetGroup): string {
  if (group.TargetGroupArn === undefined) throw new Error('a target group without an ARN');
  return group.TargetGroupArn;
}
