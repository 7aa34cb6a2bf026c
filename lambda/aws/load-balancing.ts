/**
 * What ELB says: target groups that the configuration selects, their attributes, tags, listeners,
 * and fresh target health.
 */
import {
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
  type TargetGroup as ElbTargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { configOf, type Config } from '../../core/config';
import { TARGET_STATES, isInstanceId, type LbTarget, type ListedGroup, type TargetGroup, type TargetState } from '../../core/model';
import { mapLimit } from '../map-limit';
import type { LoadBalancing } from '../ports';
import { AT_ONCE, inChunks } from '../discover/chunks';
import { isGroupNotFound, withoutGone } from '../discover/gone';
import { reachOf } from './reach';

/**
 * Groups that are named are asked for by name up to here; above, listing all of the Region (at most
 * 3,000, its quota) by the page takes fewer calls.
 */
const NAMED_PER_CALL = 20;
const PAGE = 400;

export function loadBalancing(client: ElasticLoadBalancingV2Client): LoadBalancing {
  return {
    groups: (config) => selectedGroups(client, config),
    missing: (arns) => missingOf(client, arns),
    reach: (groups, requestOf) => reachOf(client, groups, requestOf),
    describe: (groups) => describeGroups(client, groups),
    health: (groupArn) => targetHealth(client, groupArn),
  };
}

/**
 * Every target group of the Region with its tags, and the VPC of its targets: for commands. Of a
 * group of Lambda functions there is none.
 */
export async function everyGroup(client: ElasticLoadBalancingV2Client): Promise<(ListedGroup & { readonly vpcId?: string })[]> {
  const all = await listAll(client, {});
  const tags = await tagsOf(client, all.map(arnOf));
  return all.flatMap((group) => {
    const known = tags.get(arnOf(group));
    return known === undefined ? [] : [{ ...listed(group, known), ...(group.VpcId === undefined ? {} : { vpcId: group.VpcId }) }];
  });
}

/**
 * The groups of the configuration, for commands: where all are named no tag is read, which is one
 * permission less.
 */
export async function listedGroups(client: ElasticLoadBalancingV2Client, config: Config): Promise<ListedGroup[]> {
  if (config.targetGroups.some(({ tag }) => tag !== undefined)) return selectedGroups(client, config);
  return (await candidateGroups(client, config)).map((group) => listed(group, {}));
}

async function selectedGroups(client: ElasticLoadBalancingV2Client, config: Config): Promise<ListedGroup[]> {
  const candidates = await candidateGroups(client, config);
  const tags = await tagsOf(client, candidates.map(arnOf));
  return candidates
    .flatMap((group) => {
      const known = tags.get(arnOf(group));
      return known === undefined ? [] : [listed(group, known)];
    })
    .filter((group) => configOf(config, group) !== undefined);
}

/**
 * Only the ARNs that were named, unless a tag selects: then every group of the Region has to be
 * looked at. One that does not exist fails DescribeTargetGroups for all that are named
 * (`TargetGroupNotFound`): then the Region is listed too, which takes at most 8 calls.
 */
async function candidateGroups(client: ElasticLoadBalancingV2Client, config: Config): Promise<ElbTargetGroup[]> {
  const arns = config.targetGroups.flatMap((entry) => (entry.arn === undefined ? [] : [entry.arn]));
  if (config.targetGroups.some((entry) => entry.tag !== undefined)) return listAll(client, {});
  const [asked] = arns.length <= NAMED_PER_CALL ? await namedGroups(client, arns) : [];
  if (asked !== undefined) return asked;
  const named = new Set(arns);
  return (await listAll(client, {})).filter((group) => named.has(arnOf(group)));
}

/** The groups in a list of one; an empty list when one of them does not exist. */
async function namedGroups(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<ElbTargetGroup[][]> {
  try {
    return [await listAll(client, { TargetGroupArns: [...arns] })];
  } catch (error) {
    if (isGroupNotFound(error)) return [];
    throw error;
  }
}

/**
 * Each is asked for by itself: few ever are, and only ELB's own word about this one group counts.
 */
async function missingOf(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<string[]> {
  const found = await mapLimit(AT_ONCE, arns, (arn) => namedGroups(client, [arn]));
  return arns.filter((_, index) => found[index]?.length === 0);
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

/** By ARN. A group that was deleted since it was listed is absent. */
async function tagsOf(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<Map<string, Record<string, string>>> {
  const ask = (chunk: readonly string[]) => client.send(new DescribeTagsCommand({ ResourceArns: [...chunk] }));
  const answers = await mapLimit(AT_ONCE, inChunks(arns), (chunk) => withoutGone(chunk, ask, isGroupNotFound));
  const described = answers.flat().flatMap((answer) => answer.TagDescriptions ?? []);
  return new Map(
    described.map(({ ResourceArn = '', Tags = [] }) => [
      ResourceArn,
      Object.fromEntries(Tags.map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
    ]),
  );
}

/** A group that was deleted since it was listed is left out. */
async function describeGroups(client: ElasticLoadBalancingV2Client, groups: readonly ListedGroup[]): Promise<TargetGroup[]> {
  const described = await mapLimit(AT_ONCE, groups, async (group) => {
    const attributes = await withoutGone([group.arn], ([arn = '']) => attributesOf(client, arn), isGroupNotFound);
    return attributes.map((known) => ({ ...group, attributes: known, loadBalancers: [] }));
  });
  return described.flat();
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
    ...(group.VpcId === undefined ? {} : { vpcId: group.VpcId }),
    ...(group.TargetControlPort === undefined ? {} : { targetControlPort: group.TargetControlPort }),
    ...(group.IpAddressType === undefined ? {} : { ipAddressType: group.IpAddressType }),
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
    ...(group.Matcher?.GrpcCode === undefined ? {} : { grpcMatcher: group.Matcher.GrpcCode }),
  };
}

async function targetHealth(client: ElasticLoadBalancingV2Client, groupArn: string): Promise<LbTarget[]> {
  const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn, Include: ['AnomalyDetection'] }));
  return (answer.TargetHealthDescriptions ?? []).filter((entry) => !isFunction(entry)).map((entry) => lbTarget(groupArn, entry));
}

/**
 * A Lambda function as a target has no port and no host (RegisterTargets, API reference): there is
 * nothing to measure or to move.
 */
function isFunction({ Target: target }: TargetHealthDescription): boolean {
  return target?.Port === undefined && /^arn:[^:]+:lambda:/.test(target?.Id ?? '');
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
    ...(entry.AnomalyDetection?.MitigationInEffect === undefined ? { mitigationUntold: true } : {}),
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
