/**
 * What an audit rests on, read group by group and without changing anything. What cannot be read
 * (a permission that is denied, a call that fails) costs the checks that need it, and is told.
 */
import { configOf, type Config } from '../../core/config';
import { isServing } from '../../core/case';
import type { AuditedGroup, HostsSeen, Part } from '../../core/audit/model';
import { parseInspection } from '../../core/diagnose/parse';
import {
  targetKey,
  type HostCapture,
  type LbTarget,
  type ListedGroup,
  type Target,
  type TargetGroup,
  type TargetRef,
} from '../../core/model';
import { documentParameters } from '../inspect/document';
import { mapLimit } from '../map-limit';
import type { LoadBalancing, TargetRefs } from '../ports';

/** Instances that one command may name (SendCommand, Systems Manager API reference). */
const MOST_HOSTS = 50;

export interface AuditPorts {
  readonly loadBalancing: Pick<LoadBalancing, 'describe' | 'health'>;
  readonly targetRefs: Pick<TargetRefs, 'of'>;
  /**
   * Runs the inspection on these hosts, at most 50. Undefined: hosts are not inspected, and the
   * reason is `withoutHosts`.
   */
  readonly inspect?: (ids: readonly string[], parameters: Readonly<Record<string, string[]>>) => Promise<readonly HostCapture[]>;
  readonly withoutHosts?: string;
  readonly tell?: (text: string) => void;
}

/** So many groups at once, of which each has all its hosts looked at in the same moment. */
const AT_ONCE = 3;

/** Groups that are not begun before `mayBegin` says no are there, with nothing read of them. */
export async function readGroups(
  ports: AuditPorts,
  config: Config,
  groups: readonly ListedGroup[],
  mayBegin: () => boolean = () => true,
): Promise<AuditedGroup[]> {
  const read = await mapLimit(AT_ONCE, groups, (group) => readGroup(ports, config, group), mayBegin);
  const late = { unread: 'the time did not suffice' };
  return groups.map((group, index) => read[index] ?? { group, attributes: late, health: late, hosts: late });
}

async function readGroup(ports: AuditPorts, config: Config, group: ListedGroup): Promise<AuditedGroup> {
  const [attributes, health] = await Promise.all([
    part('elasticloadbalancing:DescribeTargetGroupAttributes', async () => (await describe(ports, group)).attributes),
    part('elasticloadbalancing:DescribeTargetHealth', () => ports.loadBalancing.health(group.arn)),
  ]);
  const configured = configOf(config, group);
  const pool = configured?.inspection?.pool;
  return {
    group,
    attributes,
    health,
    hosts: 'unread' in health ? { unread: health.unread } : await hostsOf(ports, config, group, health.value),
    ...(pool === undefined
      ? {}
      : { pool: { active: pool.active, max: pool.max, ...(pool.waiting === undefined ? {} : { waiting: pool.waiting }) } }),
    ...(group.targetType === 'ip' && configured?.owner === 'static' ? { leaseCapS: config.durations.leaseCapS } : {}),
  };
}

async function describe({ loadBalancing }: AuditPorts, group: ListedGroup): Promise<TargetGroup> {
  const [described] = await loadBalancing.describe([group]);
  if (described === undefined) throw new Error('the target group was deleted meanwhile');
  return described;
}

async function hostsOf(ports: AuditPorts, config: Config, group: ListedGroup, health: readonly LbTarget[]): Promise<Part<HostsSeen>> {
  const { inspect } = ports;
  if (inspect === undefined) return { unread: ports.withoutHosts ?? 'hosts are not inspected' };
  if (group.targetType !== 'instance' && group.targetType !== 'ip')
    return { unread: `its targets are of type ${group.targetType}, which has no host to inspect` };
  const serving = health.filter(isServing).map(({ target }) => target);
  const refs = await ports.targetRefs.of(group, serving);
  const hosts = serving.map((target) => hostOf(target, refs.get(targetKey(target))));
  const [first] = hosts.flatMap((one) => ('id' in one ? [one.target] : []));
  const unseen = hosts.flatMap((one) => ('why' in one ? [{ host: `${one.target.id}:${one.target.port}`, why: one.why }] : []));
  if (first === undefined) return { unread: whyNone(unseen) };
  const ids = [...new Set(hosts.flatMap((one) => ('id' in one ? [one.id] : [])))].sort();
  ports.tell?.(`${group.name}: inspecting ${Math.min(ids.length, MOST_HOSTS)} hosts, read-only ...`);
  const parameters = documentParameters(
    { ...group, attributes: {}, loadBalancers: [] },
    configOf(config, group) ?? { minHealthy: 1 },
    first,
  );
  return part('ssm:SendCommand', async () => {
    const seen = seenIn(await inspect(ids.slice(0, MOST_HOSTS), parameters));
    return { ...seen, unseen: [...seen.unseen, ...unseen], leftOut: Math.max(0, ids.length - MOST_HOSTS) };
  });
}

function whyNone([first, ...others]: HostsSeen['unseen']): string {
  if (first === undefined) return 'no target is healthy: there is no host to inspect';
  return `${first.host}${others.length === 0 ? '' : ` and ${others.length} more`}: ${first.why}`;
}

type AuditedHost = { readonly target: Target } & ({ readonly id: string } | { readonly why: string });

/**
 * The instance whose own processes answer at the target. Nothing of a pod or a task is told by the
 * host that it shares with others.
 */
function hostOf(target: Target, ref: TargetRef | undefined): AuditedHost {
  switch (ref?.kind) {
    case 'instance':
      return { target, id: ref.instanceId };
    case 'pod':
      return { target, why: 'its address is that of a pod: hosts are inspected, and not pods' };
    case 'ecs-task':
      return { target, why: 'its address is that of an ECS task: hosts are inspected, and not tasks' };
    case 'unknown':
      return { target, why: ref.why };
    case undefined:
      return { target, why: 'who has its address is not known' };
  }
}

function seenIn(captures: readonly HostCapture[]): Omit<HostsSeen, 'leftOut'> {
  const looked = captures.map((capture) => ({ capture, inspection: parseInspection(capture) }));
  return {
    inspections: looked.flatMap(({ inspection }) => inspection ?? []),
    unseen: looked.flatMap(({ capture, inspection }) =>
      inspection === undefined
        ? [{ host: capture.host, why: 'notInspectable' in capture ? capture.notInspectable : 'it printed no inspection' }]
        : [],
    ),
  };
}

/** Codes by which services refuse for want of a permission (common errors; EC2 API reference). */
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError)$/;

/** A read that may fail by itself. */
async function part<T>(action: string, read: () => Promise<T>): Promise<Part<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    return { unread: DENIED.test(name) ? `not permitted: ${action}` : `${action} failed: ${name}: ${message}` };
  }
}
