/**
 * What a person should change so that it does not happen again, where what was found supports it.
 * Advice, never an action: each piece names what it costs, from the documentation of Elastic Load
 * Balancing (target groups, "Routing algorithms" and "Target group health").
 */
import { lbTargetOf } from '../case';
import { targetKey, type Case, type Round } from '../model';
import { routesByAgents } from '../target-optimizer';
import { utc } from './text';

type Attributes = Readonly<Record<string, string>>;

/**
 * Lines of advice for the alert about this case; none where nothing supports any.
 * @param attributes the target group's; undefined: they were not read, and nothing is said about
 * them.
 */
export function advice(incident: Case, round: Round | undefined, attributes?: Attributes): string[] {
  if (incident.about !== 'target' || incident.target === undefined) return [];
  return [
    ...removeJob(incident),
    ...(round === undefined ? [] : [...deeperCheck(incident, round), ...otherAlgorithm(incident, round, attributes)]),
  ];
}

/** S10: what the clock starts comes again. */
function removeJob({ diagnosis }: Case): string[] {
  const culprit = diagnosis?.findings[0]?.culprit;
  if (culprit === undefined) return [];
  const start = culprit.startedAt === undefined ? '' : `, once you have seen that it is still the one started at ${utc(culprit.startedAt)}`;
  const line = culprit.cron === undefined ? '' : 'Remove the crontab line, or the job comes back. ';
  return [`${line}Then stop pid ${culprit.pid}${start}.`.replace(/^Then stop/, 'Stop')];
}

/** S12: a health check that calls this target healthy does not test what users wait for. */
function deeperCheck(incident: Case, round: Round): string[] {
  if (incident.target === undefined || lbTargetOf(round.lbView, incident.target)?.state !== 'healthy') return [];
  const { path = 'the health check', timeoutS } = round.group.healthCheck;
  return [
    `${path} passes while the page is slow: a deeper check, such as /health/deep, tests what users wait for. It needs a database connection of its own ` +
      `(the pool's fail with the pool), an answer well within its time-out of ${timeoutS} s, and a dwell before it fails. Set the ` +
      `group's minimum of healthy targets first: when what they share is slow, all targets fail it at once.`,
  ];
}

const ALGORITHM = 'load_balancing.algorithm.type';
const MITIGATION = 'load_balancing.algorithm.anomaly_mitigation';

/**
 * S13: round robin goes on sending a slow target its full share. Read from the group's attributes,
 * and held against what it excludes.
 */
function otherAlgorithm(incident: Case, round: Round, attributes: Attributes | undefined): string[] {
  // With Target Optimizer the agents say who gets the next request.
  if (attributes === undefined || routesByAgents(round.group)) return [];
  const algorithm = attributes[ALGORITHM] ?? 'round_robin';
  if (failsFast(incident, round)) return targetWeights(attributes);
  if (algorithm === 'least_outstanding_requests') return [];
  return [
    `The group routes by ${algorithm}, which gives a slow target its full share. least_outstanding_requests would give it less${costs(attributes)}; ` +
      'it sends more to a target that fails fast, so it is no help against errors.',
  ];
}

/**
 * Whether it answered a probe with an error: a time-out holds its request open, which this
 * algorithm does count.
 */
function failsFast({ target }: Case, round: Round): boolean {
  const samples = target === undefined ? [] : (round.samples[targetKey(target)] ?? []);
  return samples.some((sample) => typeof sample === 'string' && sample !== 'timeout');
}

/**
 * Automatic Target Weights sees errors, and needs `weighted_random` ("Automatic Target Weights",
 * Application Load Balancers guide).
 */
function targetWeights(attributes: Attributes): string[] {
  if (attributes[MITIGATION] === 'on') return [];
  const lost = targetWeightsExclude(attributes);
  return [
    'Automatic Target Weights (weighted_random with anomaly mitigation) would give a target that fails requests less traffic within seconds' +
      `${lost.length === 0 ? '' : ` (${lost.join('; ')})`}; it sees no latency, needs three healthy targets, and while it acts Sickbay removes nothing.`,
  ];
}

/** What Automatic Target Weights excludes of what is set here; empty: nothing. */
export function targetWeightsExclude(attributes: Attributes): string[] {
  const slowStart = Number(attributes['slow_start.duration_seconds'] ?? 0);
  return [
    ...(attributes[ALGORITHM] === 'least_outstanding_requests' ? ['it excludes least_outstanding_requests, which is set'] : []),
    ...(slowStart > 0 ? [`it excludes the slow start of ${slowStart} s that is set`] : []),
    ...(attributes['stickiness.enabled'] === 'true' ? ['it excludes sticky sessions, which are on'] : []),
  ];
}

/** What choosing least outstanding requests takes away in this group. */
function costs(attributes: Attributes): string {
  const lost = leastOutstandingExcludes(attributes);
  return lost.length === 0 ? '' : ` (${lost.join('; ')})`;
}

/** What least outstanding requests excludes of what is set here; empty: nothing. */
export function leastOutstandingExcludes(attributes: Attributes): string[] {
  const slowStart = Number(attributes['slow_start.duration_seconds'] ?? 0);
  return [
    ...(slowStart > 0 ? [`it excludes the slow start of ${slowStart} s that is set`] : []),
    ...(attributes[MITIGATION] === 'on' ? ['it excludes Automatic Target Weights, which are on'] : []),
    ...(attributes['stickiness.enabled'] === 'true' ? ['sticky clients stay where they are all the same'] : []),
  ];
}
