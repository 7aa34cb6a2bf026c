/**
 * Checks on the settings of a target group. Attributes and their defaults: TargetGroupAttribute
 * (ELBv2 API reference); what excludes what: Application Load Balancers guide, "Routing
 * algorithms", "Automatic target weights", "Target group health".
 */
import { isRegistered } from '../case';
import { AFTER_DELAY_S } from '../decide/drain';
import { leastOutstandingExcludes, targetWeightsExclude } from '../report/advice';
import { routesByAgents } from '../target-optimizer';
import type { AuditDraft, Seen } from './model';

const ALGORITHM = 'load_balancing.algorithm.type';
const MITIGATION = 'load_balancing.algorithm.anomaly_mitigation';
const ROUTING = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets';
const DNS = 'target_group_health.dns_failover.minimum_healthy_targets';
const DELAY = 'deregistration_delay.timeout_seconds';

function modify({ group }: Seen, key: string, value: string | number): string {
  return `aws elbv2 modify-target-group-attributes --target-group-arn ${group.arn} --attributes Key=${key},Value=${value}`;
}

/** A Network Load Balancer routes by flows: there is no algorithm to choose. */
function isApplication({ group }: Seen): boolean {
  return group.protocol === 'HTTP' || group.protocol === 'HTTPS';
}

function registered({ health }: Seen): number {
  return health.filter(isRegistered).length;
}

/** S13. */
export function routingAlgorithm(seen: Seen): AuditDraft[] {
  const { attributes } = seen;
  const algorithm = attributes[ALGORITHM] ?? 'round_robin';
  // With Target Optimizer the agents say who gets the next request.
  if (!isApplication(seen) || algorithm === 'least_outstanding_requests' || routesByAgents(seen.group)) return [];
  const excluded = leastOutstandingExcludes(attributes);
  return [
    {
      subject: algorithm,
      summary: `it routes by ${algorithm}: a slow target goes on getting its full share of requests`,
      evidence: [`${ALGORITHM} is ${algorithm}`, ...excluded],
      advice: 'least_outstanding_requests gives a slow target fewer requests',
      danger: ['it gives more requests to a target that fails fast', ...excluded].join('; '),
      command: modify(seen, ALGORITHM, 'least_outstanding_requests'),
    },
  ];
}

/**
 * Automatic Target Weights needs the algorithm `weighted_random`, no slow start and no stickiness,
 * and three healthy targets; it sees errors and no latency (Application Load Balancers guide,
 * "Automatic target weights").
 */
export function targetWeights(seen: Seen): AuditDraft[] {
  const { attributes } = seen;
  if (!isApplication(seen) || attributes[MITIGATION] !== 'on') return [];
  const idle = idleBecause(seen);
  return [
    {
      subject: MITIGATION,
      summary:
        idle.length === 0
          ? 'Automatic Target Weights is on, and sees no latency: HTTP 5xx, TCP and TLS errors alone'
          : `Automatic Target Weights is on, and cannot act: ${idle.join('; ')}`,
      evidence: [`${MITIGATION} is on`, ...idle],
      advice:
        idle.length === 0
          ? 'keep it for errors; what is only slow needs another measurement'
          : 'choose one of the two: what excludes it, or it',
      danger: 'while it shifts traffic away from a target, Sickbay removes none of the group (frozen-atw)',
      command: `aws elbv2 describe-target-health --target-group-arn ${seen.group.arn} --include AnomalyDetection`,
    },
  ];
}

/** Why it is on and does nothing. */
function idleBecause(seen: Seen): string[] {
  const { attributes } = seen;
  const algorithm = attributes[ALGORITHM] ?? 'round_robin';
  const healthy = seen.health.filter(({ state }) => state === 'healthy').length;
  return [
    ...(algorithm === 'weighted_random' ? [] : [`it needs weighted_random, and the group routes by ${algorithm}`]),
    ...targetWeightsExclude({ ...attributes, [ALGORITHM]: '' }),
    ...(seen.health.length > 0 && healthy < 3 ? [`it needs three healthy targets, and ${healthy} ${healthy === 1 ? 'is' : 'are'}`] : []),
  ];
}

export function slowStart(seen: Seen): AuditDraft[] {
  const durationS = Number(seen.attributes['slow_start.duration_seconds'] ?? 0);
  if (!(durationS > 0)) return [];
  return [
    {
      subject: 'slow_start',
      summary: `slow start of ${durationS} s excludes least_outstanding_requests and weighted_random`,
      evidence: [`slow_start.duration_seconds is ${durationS}`],
      advice: 'keep it where targets need to warm up; otherwise end it, and the other algorithms can be chosen',
      danger: 'without it a new target gets its full share at once, and a cold cache or a just-in-time compiler is felt',
      command: modify(seen, 'slow_start.duration_seconds', 0),
    },
  ];
}

export function stickySessions(seen: Seen): AuditDraft[] {
  if (seen.attributes['stickiness.enabled'] !== 'true') return [];
  const type = seen.attributes['stickiness.type'] ?? 'lb_cookie';
  return [
    {
      subject: 'stickiness',
      summary: `sessions stick (${type}): the users of a slow target stay with it until it is removed or fails its health check`,
      evidence: ['stickiness.enabled is true', `stickiness.type is ${type}`],
      advice: 'end it where the sessions are shared among the targets; otherwise shorten it',
      danger: 'what a target keeps in its memory for a session is lost to users who land on another',
      command: modify(seen, 'stickiness.enabled', 'false'),
    },
  ];
}

export function targetOptimizer({ group }: Seen): AuditDraft[] {
  const { targetControlPort } = group;
  if (targetControlPort === undefined) return [];
  return [
    {
      subject: 'target-optimizer',
      summary: 'Target Optimizer limits the requests in progress on each target: a slow one gets fewer, and a probe may wait for its turn',
      evidence: [`the target control port is ${targetControlPort}`],
      advice: 'probe a page at the port of the application itself (probe.port), past the agent',
      danger: 'the port must admit the prober; what is measured there is without the wait at the agent',
      command: `aws elbv2 describe-target-groups --target-group-arns ${group.arn} --query 'TargetGroups[].TargetControlPort'`,
    },
  ];
}

/**
 * A minimum as a number of targets of `size`: of count and percentage the one that asks for more.
 */
function minimum(attributes: Seen['attributes'], prefix: string, size: number): { readonly targets: number; readonly evidence: string[] } {
  const told = (['count', 'percentage'] as const).flatMap((unit) => {
    const value = attributes[`${prefix}.${unit}`];
    return value === undefined || value === 'off' ? [] : [{ unit, value: Number(value), line: `${prefix}.${unit} is ${value}` }];
  });
  const targets = told.map(({ unit, value }) => (unit === 'count' ? value : Math.ceil((value / 100) * size)));
  return { targets: Math.max(0, ...targets.filter(Number.isFinite)), evidence: told.map(({ line }) => line) };
}

/**
 * Where all targets, or all but none, have to be healthy, one that fails ends routing by health.
 */
export function minimumTooHigh(seen: Seen): AuditDraft[] {
  const size = registered(seen);
  if (size === 0) return [];
  return [
    { prefix: ROUTING, effect: 'the load balancer sends requests to every target, the failed one as well' },
    { prefix: DNS, effect: 'the zone leaves DNS, for every target group of the load balancer' },
  ].flatMap(({ prefix, effect }) => {
    const { targets, evidence } = minimum(seen.attributes, prefix, size);
    if (targets < size || targets <= 1) return [];
    const wanted = Math.max(1, Math.ceil(size / 2));
    return [
      {
        subject: prefix,
        summary: `${targets} of ${size} targets have to be healthy: as soon as one fails, ${effect}`,
        evidence: [...evidence, `${size} targets are registered`],
        advice: `ask for as many as can carry the load alone, such as ${wanted}`,
        danger: 'the fewer are asked for, the more load the healthy ones get before traffic goes elsewhere',
        command: modify(seen, `${prefix}.count`, wanted),
      },
    ];
  });
}

/** From this size on one target alone cannot be expected to carry the load of all. */
const LARGE = 3;

/** The default of `unhealthy_state_routing` is one target: all traffic goes to the last. */
export function minimumTooLow(seen: Seen): AuditDraft[] {
  const size = registered(seen);
  const { targets, evidence } = minimum(seen.attributes, ROUTING, size);
  if (size < LARGE || targets > 1) return [];
  const wanted = Math.max(2, Math.floor(size / 3));
  return [
    {
      subject: ROUTING,
      summary: `1 of ${size} healthy targets is enough: when a check fails on the others, all requests go to the last one`,
      evidence: [...(evidence.length === 0 ? [`${ROUTING} is not set (default: count 1)`] : evidence), `${size} targets are registered`],
      advice: `ask for as many as can carry the load alone, such as ${wanted}; below it the load balancer sends to every target`,
      danger: 'below the minimum, failed targets get requests again; set it before a health check is made deeper',
      command: modify(seen, `${ROUTING}.count`, wanted),
    },
  ];
}

const LONG_DELAY_S = 300;

/**
 * Lambda functions have none (TargetGroupAttribute, ELBv2 API reference). Where no lease of an
 * address lasts so long, `drain-outlasts-lease` refuses every removal.
 */
export function deregistrationDelay(seen: Seen): AuditDraft[] {
  if (seen.group.targetType === 'lambda') return [];
  const delayS = Number(seen.attributes[DELAY] ?? LONG_DELAY_S);
  const common = { subject: DELAY, evidence: [`${DELAY} is ${delayS}`] };
  const { leaseCapS = Infinity } = seen;
  const neededS = delayS + AFTER_DELAY_S;
  if (neededS > leaseCapS)
    return [
      {
        subject: DELAY,
        summary: `an address drains for ${delayS} s, and no lease lasts so long and ${AFTER_DELAY_S} s more: Sickbay removes none of the group`,
        evidence: [...common.evidence, `durations.leaseCapS is ${leaseCapS}`],
        advice: `at most ${Math.max(0, leaseCapS - AFTER_DELAY_S)}, or a durations.leaseCapS of ${neededS} or more`,
        danger: 'requests that take longer than the delay are cut; the longer a lease, the longer a target is out where nobody looks',
        command: modify(seen, DELAY, Math.max(0, leaseCapS - AFTER_DELAY_S)),
      },
    ];
  if (delayS === 0)
    return [
      {
        ...common,
        summary: 'no deregistration delay: requests in progress are cut when a target is removed',
        advice: 'as long as the longest request that users wait for, such as 30',
        danger: 'deployments wait for it, target by target',
        command: modify(seen, DELAY, 30),
      },
    ];
  if (delayS < LONG_DELAY_S) return [];
  return [
    {
      ...common,
      summary: `a target that is removed drains for ${delayS} s${seen.group.targetType === 'ip' ? ', and its address cannot be registered again before' : ''}`,
      advice: 'as long as the longest request that users wait for, such as 60',
      danger: 'requests that take longer, such as downloads and WebSockets, are cut',
      command: modify(seen, DELAY, 60),
    },
  ];
}

/** The judge compares, and convicts nobody of fewer (docs/safety.md, `too-few-peers`). */
const FEWEST = 3;

export function tooFewTargets(seen: Seen): AuditDraft[] {
  // It can have one target alone (Application Load Balancers guide, "Register the Lambda function";
  // Network Load Balancers guide, "Use an Application Load Balancer as a target").
  if (seen.group.targetType === 'lambda' || seen.group.targetType === 'alb') return [];
  const size = registered(seen);
  if (size >= FEWEST) return [];
  return [
    {
      subject: 'size',
      summary: `${size} ${size === 1 ? 'target is' : 'targets are'} registered: a slow one cannot be told by its peers, and Sickbay removes none`,
      evidence: [`${size} registered targets; ${FEWEST} are needed`],
      advice: `at least ${FEWEST} targets, for capacity as much`,
      danger: 'it costs what a target costs',
    },
  ];
}
