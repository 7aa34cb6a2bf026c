/**
 * How a group is probed: what the operator configured, and what the target group itself says for
 * the rest.
 */
import type { GroupConfig } from '../../core/config';
import { verdictOf } from '../../core/case';
import { targetKey, type ClientProbe, type ProbeGroup, type ListedGroup, type LoadBalancer, type Target } from '../../core/model';
import type { Spoken } from '../../core/spoken';
import type { ClientRequest } from '../ports';
import type { Survey } from './survey';

/**
 * A target under suspicion gets twice the samples: more evidence in the same round does not replace
 * time, but sharpens it.
 */
const SUSPECT_SAMPLES = 20;
const CLIENT_SAMPLES = 20;

/** For a group without a configured probe: what the configuration itself defaults to. */
export const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_SAMPLES = 10;

/** ALB's own default matchers, in HTTP and in gRPC (Matcher, API reference). */
const DEFAULT_MATCHER = '200';
const DEFAULT_GRPC_MATCHER = '12';

type ProbedGroup = Pick<ListedGroup, 'healthCheck' | 'protocolVersion'>;

/** A group that is spoken to. */
type Speech = Extract<Spoken, { ok: true }>;

/**
 * What a group without a configured path is measured on: the very signal that lies, so nothing is
 * ever ejected on it.
 */
function pathOf(group: ProbedGroup, config: GroupConfig): string {
  return config.probe?.path ?? defaultPath(group);
}

/**
 * The path of the health check; an ALB's own default (HealthCheckPath, CreateTargetGroup, API
 * reference).
 */
export function defaultPath({ healthCheck, protocolVersion }: ProbedGroup): string {
  return healthCheck.path ?? (protocolVersion === 'GRPC' ? '/AWS.ALB/healthcheck' : '/');
}

/**
 * In gRPC a configured call has to succeed: what the health check takes for an answer is, by
 * default, that there is no such method (12, UNIMPLEMENTED), which a target without its service
 * says fastest.
 */
function matcherOf({ healthCheck }: ProbedGroup, { probe }: GroupConfig, { version }: Speech): string {
  if (probe?.matcher !== undefined) return probe.matcher;
  if (version !== 'GRPC') return healthCheck.matcher ?? DEFAULT_MATCHER;
  return probe === undefined ? (healthCheck.grpcMatcher ?? DEFAULT_GRPC_MATCHER) : '0';
}

/** The version and the message, for the prober. */
function speechOf({ version }: Speech, { probe }: GroupConfig): Pick<ProbeGroup, 'version' | 'grpc'> {
  const { service, request } = probe?.grpc ?? {};
  const message = { ...(service === undefined ? {} : { service }), ...(request === undefined ? {} : { request }) };
  return { ...(version === undefined ? {} : { version }), ...(version === 'GRPC' ? { grpc: message } : {}) };
}

/** What every probe of the group has in common. */
export function shapeOf(group: ProbedGroup, config: GroupConfig, spoken: Speech): Omit<ProbeGroup, 'groupArn' | 'targets'> {
  const probe = config.probe;
  return {
    protocol: spoken.protocol,
    ...speechOf(spoken, config),
    method: probe?.method ?? 'GET',
    path: pathOf(group, config),
    matcher: matcherOf(group, config, spoken),
    timeoutMs: probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(probe?.host === undefined ? {} : { hostHeader: probe.host }),
    ...(probe?.serverName === undefined ? {} : { serverName: probe.serverName }),
    ...(probe?.port === undefined ? {} : { port: probe.port }),
    ...(probe?.ca === undefined ? {} : { ca: probe.ca }),
  };
}

export function probeGroupOf(survey: Survey, config: GroupConfig, spoken: Speech): ProbeGroup {
  const { group, addresses } = survey;
  return {
    groupArn: group.arn,
    ...shapeOf(group, config, spoken),
    targets: survey.targets.flatMap((target) => {
      const address = addresses[targetKey(target)];
      return address === undefined
        ? []
        : [{ target, address, samples: samplesFor(survey, target, config.probe?.samples ?? DEFAULT_SAMPLES) }];
    }),
  };
}

function samplesFor(survey: Survey, target: Target, configured: number): number {
  const before = verdictOf(survey.before, target)?.verdict;
  return before === 'suspect' || before === 'convicted' ? Math.max(configured, SUSPECT_SAMPLES) : configured;
}

/** The request that the client's view is sampled with. */
export function clientRequestOf(group: ListedGroup, config: GroupConfig, spoken: Spoken): ClientRequest {
  return {
    path: pathOf(group, config),
    ...(config.probe?.host === undefined ? {} : { host: config.probe.host }),
    ...(spoken.ok && spoken.version !== undefined ? { version: spoken.version } : {}),
    ...(spoken.ok ? { protocol: spoken.protocol } : {}),
  };
}

/** The client's view of a group: a load balancer that forwards to it, sampled on the probe path. */
export function clientProbeOf(
  survey: Survey,
  config: GroupConfig,
  { spoken, balancer }: { readonly spoken: Speech; readonly balancer: LoadBalancer },
): { readonly probe: ClientProbe; readonly internal: boolean } {
  const probe: ClientProbe = {
    groupArn: survey.group.arn,
    protocol: balancer.protocol,
    ...speechOf(spoken, config),
    host: balancer.dnsName,
    port: balancer.port,
    path: pathOf(survey.group, config),
    matcher: matcherOf(survey.group, config, spoken),
    timeoutMs: config.probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    samples: CLIENT_SAMPLES,
    ...(config.probe?.host === undefined ? {} : { hostHeader: config.probe.host }),
  };
  return { probe, internal: balancer.scheme === 'internal' };
}
