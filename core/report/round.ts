/** A round as a table: what the load balancer says about each target beside what was measured. */
import { targetKey, type ClientView, type Round, type TargetVerdict } from '../model';
import { describeClientView, slowFraction } from './client-view';
import { duration, named, table } from './text';

/** Targets shown in full; a large fleet's healthy ones are only counted. */
const SHOWN = 20;

/** One line a target, the most suspicious first. */
export function roundTable(round: Round): string[] {
  const verdicts = [...round.verdicts].sort((a, b) => b.evidenceNats - a.evidenceNats || a.key.localeCompare(b.key));
  const rows = verdicts.slice(0, SHOWN).map((verdict) => row(round, verdict));
  const rest = verdicts.length - rows.length;
  return [...table([['target', 'load balancer', 'measured', 'verdict', ''], ...rows]), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function row(round: Round, verdict: TargetVerdict): string[] {
  const state = round.lbView.find((entry) => targetKey(entry.target) === verdict.key)?.state ?? 'not registered';
  return [
    named(verdict.key, round.addresses[verdict.key]),
    state,
    measured(round, verdict),
    verdict.verdict,
    verdict.verdict === 'clean' ? '' : verdict.says,
  ];
}

function measured(round: Round, verdict: TargetVerdict): string {
  const errors = (round.samples[verdict.key] ?? []).filter((sample) => typeof sample === 'string');
  const failed = errors.length === 0 ? '' : `${errors.length} of ${verdict.bad.n} ${mostCommon(errors)}`;
  const median = verdict.medianMs === undefined ? '' : `median ${duration(verdict.medianMs)}`;
  return [median, failed].filter((part) => part !== '').join(', ') || 'nothing';
}

function mostCommon(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/**
 * A request is slow to a client when it takes at least this many times what the usual target takes.
 */
const SLOW_RATIO = 3;

/**
 * Latency above which a client's request counts as slow in this round: nearer to the slowest target
 * than to the usual one, on the logarithmic scale on which latencies compare (their geometric
 * mean), and at least three times the usual. Undefined while no target has a median.
 */
export function slowAboveMs(round: Round): number | undefined {
  const medians = round.verdicts.flatMap((verdict) => verdict.medianMs ?? []).sort((a, b) => a - b);
  const usual = medians[(medians.length - 1) >> 1];
  const slowest = medians.at(-1);
  return usual === undefined || slowest === undefined ? undefined : Math.max(SLOW_RATIO * usual, Math.sqrt(usual * slowest));
}

/**
 * Fraction of the client's requests that were slow or failed, 0 to 1; undefined when there is no
 * view to tell from.
 */
export function clientSlowFraction(round: Round): number | undefined {
  const limit = slowAboveMs(round);
  if (round.clientView === undefined || round.clientView.samples.length === 0 || limit === undefined) return undefined;
  return slowFraction(round.clientView, limit);
}

/**
 * What clients of the load balancer got, counted; undefined when there is no view to tell from.
 * "5 of 20 sampled requests slow or failed (above 530 ms)".
 */
export function sampledText(round: Round): string | undefined {
  const fraction = clientSlowFraction(round);
  const limit = slowAboveMs(round);
  if (fraction === undefined || limit === undefined) return undefined;
  const { length } = round.clientView?.samples ?? [];
  return `${Math.round(fraction * length)} of ${length} sampled requests slow or failed (above ${duration(limit)})`;
}

/** The same beside what one slow target would give, without statistics. */
export function sampledLine(round: Round): string | undefined {
  const text = sampledText(round);
  const targets = round.lbView.filter((entry) => entry.state === 'healthy').length;
  const expected = targets === 0 ? 0 : Math.round((round.clientView?.samples.length ?? 0) / targets);
  if (text === undefined || targets < 2 || expected === 0) return text;
  return `${text}; one slow target of ${targets} gives about ${expected}`;
}

/**
 * The client's view in one line, against what one bad target among those that get traffic would
 * give.
 */
export function clientLine(round: Round, view: ClientView): string {
  const targets = round.lbView.filter((entry) => entry.state === 'healthy').length;
  const limit = slowAboveMs(round);
  if (limit === undefined) return 'no target has a median to compare with';
  return `${describeClientView(view, { slowAboveMs: limit, targets }).summary}; slow is above ${duration(limit)}`;
}
