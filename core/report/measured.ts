/** What was measured of one target, beside what its load balancer says of it. */
import { lbTargetOf, verdictOf } from '../case';
import type { Case, Round, TargetVerdict } from '../model';
import { isOfNetwork } from '../spoken';
import { duration } from './text';

/** "14x slower than its 3 peers (2.0 s vs 0.14 s); 4 of 4 probes slow or failed". */
export function measuredText(round: Round, verdict: TargetVerdict): string {
  const peers = round.verdicts.filter((other) => other.key !== verdict.key && other.medianMs !== undefined);
  const medians = peers.map(({ medianMs = 0 }) => medianMs).sort((a, b) => a - b);
  const usual = medians[(medians.length - 1) >> 1];
  const { ratio, medianMs, bad } = verdict;
  const levels = usual === undefined || medianMs === undefined ? '' : ` (${duration(medianMs)} vs ${duration(usual)})`;
  const times = ratio === undefined || usual === undefined ? '' : `${ratioText(ratio)} its ${peers.length} peers${levels}; `;
  return `${times}${bad.k} of ${bad.n} probes slow or failed`;
}

/** Below this nobody would call it slower. */
const AS_FAST = 1.3;

function ratioText(ratio: number): string {
  if (ratio < AS_FAST) return 'as fast as';
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}x slower than`;
}

/** What the load balancer's own check says of it. */
export function healthCheckText(incident: Case, round: Round | undefined): string | undefined {
  const entry = incident.target === undefined || round === undefined ? undefined : lbTargetOf(round.lbView, incident.target);
  if (entry === undefined) return undefined;
  return `${round !== undefined && isOfNetwork(round.group) ? 'NLB' : 'ALB'} health check: ${entry.state === 'healthy' ? 'passing' : entry.state}`;
}

export function measuredLine(incident: Case, round: Round | undefined): string | undefined {
  const verdict = incident.target === undefined ? undefined : verdictOf(round, incident.target);
  if (round === undefined || verdict === undefined) return undefined;
  return [measuredText(round, verdict), healthCheckText(incident, round)].filter((part) => part !== undefined).join('. ');
}
