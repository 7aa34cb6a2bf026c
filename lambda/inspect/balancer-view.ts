/**
 * When CloudWatch is asked about a load balancer: beside the evidence against a target, and never
 * in every round of every group.
 */
import { isTargetCase, verdictOf } from '../../core/case';
import type { Config } from '../../core/config';
import type { GroupSituation } from '../../core/decide/situation';
import type { BalancerView, Blocked, Case } from '../../core/model';
import { errorFields } from '../aws/log';
import type { RespondPorts } from '../ports';

/**
 * A view that is only told is read again no sooner: a case may stay open for days, and each reading
 * is paid for.
 */
const TOLD_KEPT_MS = 600_000;

type Ports = Pick<RespondPorts, 'balancerMetrics' | 'clock' | 'log'>;
type Group = Pick<GroupSituation, 'group' | 'config' | 'rounds'>;

/**
 * The case with what CloudWatch says now, where that is due; what could not be read is said in it,
 * and speaks for nothing.
 */
export async function withBalancerView<Incident extends Case>(
  ports: Ports,
  config: Config,
  about: Group,
  incident: Incident,
): Promise<Incident> {
  return isDue(config, about, incident, ports.clock.now(), incident.balancer?.readAt)
    ? { ...incident, balancer: await viewNow(ports, about) }
    : incident;
}

/** @param readAt when it was read last, if ever. */
export function isDue(
  config: Config,
  { rounds, config: { capacity } }: Group,
  incident: Case,
  now: number,
  readAt: number | undefined,
): boolean {
  if (incident.about === 'shared') return readAt === undefined;
  if (!isTargetCase(incident) || incident.state === 'out') return false;
  const verdict = verdictOf(rounds[0], incident.target);
  if (verdict?.verdict !== 'convicted') return false;
  // What a removal rests on must not be too old by the time of the last look, which is in the same
  // run.
  const rests = verdict.why === 'errors' || capacity !== undefined || blockedByViewsAlone(incident);
  const keptMs = rests ? (config.durations.staleS * 1000) / 2 : TOLD_KEPT_MS;
  return now - (readAt ?? -Infinity) >= keptMs;
}

const BY_VIEWS: readonly Blocked[] = ['uncorroborated', 'contradicted', 'second-view-awaited'];

/**
 * Where something else forbids the removal anyway, what CloudWatch says is read now and then; the
 * round after that is gone it is read again.
 */
function blockedByViewsAlone({ decision }: Case): boolean {
  return decision === undefined || decision.blocked.every((reason) => BY_VIEWS.includes(reason));
}

/** Longest reason that is kept. */
const REASON_MAX = 300;

async function viewNow({ balancerMetrics, clock, log }: Ports, { group }: Group): Promise<BalancerView> {
  const readAt = clock.now();
  try {
    return { readAt, minutes: await balancerMetrics.minutes(group, readAt) };
  } catch (error) {
    log('balancer-unread', { groupArn: group.arn, ...errorFields(error) });
    return { readAt, minutes: [], unread: String(error).slice(0, REASON_MAX) };
  }
}
