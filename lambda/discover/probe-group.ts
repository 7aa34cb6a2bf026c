/**
 * How a group is probed: what the operator configured, and what the target group itself says for
 * the rest.
 */
import type { GroupConfig } from '../../core/config';
import { verdictOf } from '../../core/case';
import { targetKey, type ClientProbe, type ProbeGroup, type ListedGroup, type LoadBalancer, type Target } from '../../core/model';
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

/** ALB's own default matcher (CreateTargetGroup, API reference). */
const DEFAULT_MATCHER = '200';

/**
 * What a group without a configured path is measured on: the very signal that lies, so nothing is
 * ever ejected on it.
 */
function pathOf(group: ListedGroup, config: GroupConfig): string {
  return config.probe?.path ?? group.healthCheck.path ?? '/';
}

export function probeGroupOf(survey: Survey, config: GroupConfig): ProbeGroup {
  const { group, addresses } = survey;
  const probe = config.probe;
  return {
    groupArn: group.arn,
    protocol: probe?.protocol ?? (group.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP'),
    method: probe?.method ?? 'GET',
    path: pathOf(group, config),
    matcher: probe?.matcher ?? group.healthCheck.matcher ?? DEFAULT_MATCHER,
    timeoutMs: probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(probe?.host === undefined ? {} : { hostHeader: probe.host }),
    ...(probe?.serverName === undefined ? {} : { serverName: probe.serverName }),
    ...(probe?.port === undefined ? {} : { port: probe.port }),
    ...(probe?.ca === undefined ? {} : { ca: probe.ca }),
    targets: survey.targets.flatMap((target) => {
      const address = addresses[targetKey(target)];
      return address === undefined ? [] : [{ target, address, samples: samplesFor(survey, target, probe?.samples ?? DEFAULT_SAMPLES) }];
    }),
  };
}

function samplesFor(survey: Survey, target: Target, configured: number): number {
  const before = verdictOf(survey.before, target)?.verdict;
  return before === 'suspect' || before === 'convicted' ? Math.max(configured, SUSPECT_SAMPLES) : configured;
}

/** The request that the client's view is sampled with. */
export function clientRequestOf(group: ListedGroup, config: GroupConfig): ClientRequest {
  return { path: pathOf(group, config), ...(config.probe?.host === undefined ? {} : { host: config.probe.host }) };
}

/** The client's view of a group: a load balancer that forwards to it, sampled on the probe path. */
export function clientProbeOf(
  survey: Survey,
  config: GroupConfig,
  balancer: LoadBalancer | undefined,
): { readonly probe: ClientProbe; readonly internal: boolean } | undefined {
  if (balancer === undefined) return undefined;
  const probe: ClientProbe = {
    groupArn: survey.group.arn,
    protocol: balancer.protocol,
    host: balancer.dnsName,
    port: balancer.port,
    path: pathOf(survey.group, config),
    matcher: config.probe?.matcher ?? survey.group.healthCheck.matcher ?? DEFAULT_MATCHER,
    timeoutMs: config.probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    samples: CLIENT_SAMPLES,
    ...(config.probe?.host === undefined ? {} : { hostHeader: config.probe.host }),
  };
  return { probe, internal: balancer.scheme === 'internal' };
}
