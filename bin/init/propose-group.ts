/** What is proposed for one target group: the page, the host, the owner, the metrics. Pure. */
import type { ConfigInput } from '../../core/config';
import type { RuleCondition } from '../../core/routing';
import { GRPC_METHOD } from '../../core/spoken';
import type { MetricsPage } from '../account/metrics-page';
import { counted, listed, type Proposed } from './proposal';
import { proposeService } from './propose-service';
import type { SurveyedGroup } from './survey';

type GroupInput = ConfigInput['targetGroups'][number];

/** What somebody gave for a group; each goes before what is proposed. */
export interface GroupGiven {
  readonly path?: string;
  readonly metricsPort?: number;
}

interface Part {
  readonly input: Omit<GroupInput, 'arn' | 'tag'>;
  readonly proposed: readonly Proposed[];
}

export function proposeGroup(
  surveyed: SurveyedGroup,
  given: GroupGiven,
  metrics: MetricsPage | undefined,
): { readonly input: GroupInput; readonly proposed: Proposed[] } {
  const { group, observedOnly } = surveyed.candidate;
  const parts = [probePart(surveyed, given), ownerPart(surveyed), metricsPart(given, metrics)];
  const attention: Proposed[] = [
    ...(observedOnly === undefined ? [] : [{ key: 'arn', value: group.arn, why: observedOnly, attention: true as const }]),
    ...targetsPart(surveyed),
  ];
  const input: GroupInput = Object.assign({ arn: group.arn }, ...parts.map((part) => part.input));
  return { input, proposed: [...attention, ...parts.flatMap((part) => part.proposed)].map((one) => ({ ...one, group: group.name })) };
}

/** Fewer than three cannot be compared (the guardrail `too-few-peers`). */
const COMPARABLE = 3;

function targetsPart({ targets }: SurveyedGroup): Proposed[] {
  const inService = targets.filter(({ state }) => state === 'healthy' || state === 'unhealthy').length;
  if (inService >= COMPARABLE) return [];
  const why = `${counted(inService, 'target')} in service: a slow one is told by comparison, which takes ${COMPARABLE}; fewer are measured, and nothing is removed`;
  return [{ key: 'targets', why, attention: true }];
}

// ---------------------------------------------------------------- the page

function probePart(surveyed: SurveyedGroup, { path: givenPath }: GroupGiven): Part {
  const { group } = surveyed.candidate;
  const health = group.healthCheck.path;
  const isCall = (value: string) => group.protocolVersion !== 'GRPC' || GRPC_METHOD.test(value);
  const fromRule = exactValue(surveyed, 'path-pattern', (value) => value !== health && value.startsWith('/') && isCall(value));
  const path = givenPath ?? fromRule?.value;
  if (path === undefined) return { input: {}, proposed: [withoutPath(surveyed)] };
  const why =
    givenPath === undefined
      ? `a listener rule forwards exactly this page here; check that it does what users wait for, or give another with --path`
      : 'given with --path';
  const bad = isCall(path) ? '' : '; its targets speak gRPC, and this is no method such as /package.Service/Method';
  const same = path === health ? `; it is the health check's own path, which stays fast while users wait` : '';
  const host = exactValue(surveyed, 'host-header', () => true);
  return {
    input: { probe: { path, ...(host === undefined ? {} : { host: host.value }) } },
    proposed: [
      { key: 'probe.path', value: path, why: `${why}${same}${bad}`, ...(`${same}${bad}` === '' ? {} : { attention: true as const }) },
      ...(host === undefined
        ? []
        : [{ key: 'probe.host', value: host.value, why: `the listener rule that forwards here asks for ${listed(host.all)}` }]),
    ],
  };
}

function withoutPath(surveyed: SurveyedGroup): Proposed {
  const { path = '/' } = surveyed.candidate.group.healthCheck;
  const patterns = valuesOf(surveyed, 'path-pattern').filter((value) => value !== path);
  const hint = patterns.length === 0 ? '' : `; listener rules forward ${listed(patterns)} here`;
  const what = surveyed.candidate.group.protocolVersion === 'GRPC' ? 'unary call' : 'page';
  const why = `no ${what} is known that does what users wait for${hint}: give one with --path. Without it the health check's path ${path} is measured, and nothing is ever removed on it`;
  return { key: 'probe.path', why, attention: true };
}

/** The values of this condition in the rules that forward to the group. */
function valuesOf({ candidate, listeners }: SurveyedGroup, field: RuleCondition['field']): string[] {
  const rules = listeners
    .flatMap((listener) => listener.rules)
    .filter(({ forwards = [] }) => forwards.some(({ groupArn }) => groupArn === candidate.group.arn));
  const values = rules.flatMap(({ conditions }) => conditions.filter((condition) => condition.field === field));
  return [...new Set(values.flatMap((condition) => condition.values))];
}

/** The first value without a wildcard, and every value there is. */
function exactValue(
  surveyed: SurveyedGroup,
  field: RuleCondition['field'],
  serves: (value: string) => boolean,
): { readonly value: string; readonly all: readonly string[] } | undefined {
  const all = valuesOf(surveyed, field);
  const value = all.find((candidate) => !/[*?]/.test(candidate) && serves(candidate));
  return value === undefined ? undefined : { value, all };
}

// ---------------------------------------------------------------- who registers the targets

function ownerPart(surveyed: SurveyedGroup): Part {
  const { owners, targets, services = [], candidate } = surveyed;
  const service = proposeService(candidate.group.arn, targets, services);
  if (service !== undefined) return service;

  const without = (why: string): Part => ({
    input: {},
    proposed: [{ key: 'owner', why: `${why}; without an owner nothing is ever removed` }],
  });
  if (owners === undefined) return without('who registers the targets could not be read');
  const seen = targets.map((target) => ({ ...target, seen: owners.get(target.id) }));
  const foreign = seen.find(({ seen: one }) => one !== undefined && 'why' in one);
  if (foreign?.seen !== undefined && 'why' in foreign.seen) return without(foreign.seen.why);
  const kinds = [...new Set(seen.flatMap(({ seen: one }) => one?.owner ?? []))];
  const [kind, ...others] = kinds;
  if (kind === undefined) return without('no target is registered');
  if (others.length > 0) return without(`some targets are in an Auto Scaling group and some in none (${listed(kinds)})`);
  if (kind === 'asg') {
    const names = [...new Set(seen.flatMap(({ seen: one }) => (one?.owner === 'asg' ? one.autoScaling.name : [])))];
    return {
      input: { owner: 'asg' },
      proposed: [{ key: 'owner', value: 'asg', why: `all of them are in the Auto Scaling group ${listed(names)}` }],
    };
  }
  if (kind !== 'static') return without(`the targets' owner is ${kind}`);
  const why = `none of its ${counted(targets.length, 'target')} is in an Auto Scaling group, and no tag names Kubernetes or ECS`;
  return { input: { owner: 'static' }, proposed: [{ key: 'owner', value: 'static', why }] };
}

// ---------------------------------------------------------------- metrics

function metricsPart({ metricsPort }: GroupGiven, page: MetricsPage | undefined): Part {
  if (metricsPort !== undefined)
    return {
      input: { inspection: { metricsPort } },
      proposed: [{ key: 'inspection.metricsPort', value: String(metricsPort), why: 'given with --metrics-port' }],
    };
  if (page === undefined) {
    const why = 'no target could be asked from here for a metrics page: give its port with --metrics-port, if the application has one';
    return { input: {}, proposed: [{ key: 'inspection.metricsPort', why }] };
  }
  if (page.port === undefined)
    return { input: {}, proposed: [{ key: 'inspection.metricsPort', why: `${page.why}: give another port with --metrics-port` }] };
  const pools = page.pools.length === 0 ? 'it names no connection pool that is recognised' : `with the pool ${listed(page.pools)}`;
  return {
    input: { inspection: { metricsPort: page.port } },
    proposed: [{ key: 'inspection.metricsPort', value: String(page.port), why: `${page.why}, ${pools}` }],
  };
}
