/** What ELB says: target groups that the configuration selects, their attributes, tags, listeners, and fresh target health. */
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
  type TargetGroup as ElbTargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { configOf, type Config } from '../../core/config';
import {
  TARGET_STATES,
  isInstanceId,
  type LbTarget,
  type ListedGroup,
  type LoadBalancer,
  type TargetGroup,
  type TargetState,
} from '../../core/model';
import { atOnce } from '../at-once';
import type { LoadBalancing } from '../ports';

/** DescribeTags takes at most 20 ARNs, DescribeLoadBalancers as well (API references). */
const ARNS_PER_CALL = 20;

/** Groups that are named are asked for by name up to here; above, listing all of the Region (at most 3,000, its quota) by the page takes fewer calls. */
const NAMED_PER_CALL = 20;
const PAGE = 400;

/** Describe calls in flight at once. */
const AT_ONCE = 20;

export function loadBalancing(client: ElasticLoadBalancingV2Client): LoadBalancing {
  return {
    groups: (config) => selectedGroups(client, config),
    reach: (groups) => reachOf(client, groups),
    describe: (groups) => describeGroups(client, groups),
    health: (groupArn) => targetHealth(client, groupArn),
  };
}

async function selectedGroups(client: ElasticLoadBalancingV2Client, config: Config): Promise<ListedGroup[]> {
  const candidates = await candidateGroups(client, config);
  const tags = await tagsOf(client, candidates.map(arnOf));
  return candidates.map((group) => listed(group, tags.get(arnOf(group)) ?? {})).filter((group) => configOf(config, group) !== undefined);
}

/** Only the ARNs that were named, unless a tag selects: then every group of the Region has to be looked at. */
async function candidateGroups(client: ElasticLoadBalancingV2Client, config: Config): Promise<ElbTargetGroup[]> {
  const arns = config.targetGroups.flatMap((entry) => (entry.arn === undefined ? [] : [entry.arn]));
  if (config.targetGroups.some((entry) => entry.tag !== undefined)) return listAll(client, {});
  if (arns.length <= NAMED_PER_CALL) return listAll(client, { TargetGroupArns: arns });
  const named = new Set(arns);
  const found = (await listAll(client, {})).filter((group) => named.has(arnOf(group)));
  const missing = arns.filter((arn) => !found.some((group) => arnOf(group) === arn));
  if (missing.length > 0) throw new Error(`target groups that are configured do not exist: ${missing.join(', ')}`);
  return found;
}

async function listAll(client: ElasticLoadBalancingV2Client, input: { readonly TargetGroupArns?: string[] }): Promise<ElbTargetGroup[]> {
  const groups: ElbTargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups(
    { client, ...(input.TargetGroupArns === undefined ? { pageSize: PAGE } : {}) },
    input,
  ))
    groups.push(...(page.TargetGroups ?? []));
  return groups;
}

async function tagsOf(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<Map<string, Record<string, string>>> {
  const answers = await atOnce(AT_ONCE, inChunks(arns), (chunk) => client.send(new DescribeTagsCommand({ ResourceArns: chunk })));
  const described = answers.flatMap((answer) => answer.TagDescriptions ?? []);
  return new Map(
    described.map(({ ResourceArn = '', Tags = [] }) => [
      ResourceArn,
      Object.fromEntries(Tags.map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
    ]),
  );
}

function inChunks(arns: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(arns.length / ARNS_PER_CALL) }, (_, index) =>
    arns.slice(index * ARNS_PER_CALL, (index + 1) * ARNS_PER_CALL),
  );
}

interface Balancer {
  readonly arn: string;
  readonly dnsName: string;
  readonly scheme: LoadBalancer['scheme'];
  readonly listeners: readonly { readonly port: number; readonly protocol: string; readonly groupArns: readonly string[] }[];
}

async function reachOf(client: ElasticLoadBalancingV2Client, groups: readonly ListedGroup[]): Promise<Map<string, LoadBalancer[]>> {
  const balancers = await balancersOf(client, [...new Set(groups.flatMap((group) => group.loadBalancerArns))]);
  const reach = groups.map(
    (group) => [group.arn, group.loadBalancerArns.flatMap((arn) => reachedBy(balancers.get(arn), group.arn))] as const,
  );
  return new Map(reach.filter(([, found]) => found.length > 0));
}

async function balancersOf(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<Map<string, Balancer>> {
  const answers = await atOnce(AT_ONCE, inChunks(arns), (chunk) =>
    client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: chunk })),
  );
  const entries = answers.flatMap((answer) => answer.LoadBalancers ?? []);
  const balancers = await atOnce(AT_ONCE, entries, async (entry): Promise<Balancer> => {
    const arn = entry.LoadBalancerArn ?? '';
    return {
      arn,
      dnsName: entry.DNSName ?? '',
      scheme: entry.Scheme === 'internal' ? 'internal' : 'internet-facing',
      listeners: await listenersOf(client, arn),
    };
  });
  return new Map(balancers.map((balancer) => [balancer.arn, balancer]));
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

async function describeGroups(client: ElasticLoadBalancingV2Client, groups: readonly ListedGroup[]): Promise<TargetGroup[]> {
  const reach = await reachOf(client, groups);
  return atOnce(AT_ONCE, groups, async (group) => ({
    ...group,
    attributes: await attributesOf(client, group.arn),
    loadBalancers: reach.get(group.arn) ?? [],
  }));
}

async function attributesOf(client: ElasticLoadBalancingV2Client, groupArn: string): Promise<Record<string, string>> {
  const answer = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: groupArn }));
  return Object.fromEntries((answer.Attributes ?? []).map((attribute) => [attribute.Key ?? '', attribute.Value ?? '']));
}

function listed(group: ElbTargetGroup, tags: Record<string, string>): ListedGroup {
  return {
    arn: arnOf(group),
    name: group.TargetGroupName ?? arnOf(group),
    protocol: group.Protocol ?? 'unknown',
    ...(group.ProtocolVersion === undefined ? {} : { protocolVersion: group.ProtocolVersion }),
    port: group.Port ?? 0,
    targetType: group.TargetType ?? 'unknown',
    healthCheck: healthCheckOf(group),
    tags,
    loadBalancerArns: group.LoadBalancerArns ?? [],
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
    target: { id, port, ...(availabilityZone === undefined || isInstanceId(id) ? {} : { availabilityZone }) },
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
