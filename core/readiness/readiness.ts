/**
 * Whether enough was seen, and whether what was seen was right, to let Sickbay remove targets. It
 * never says more than the record shows: too little data is a failure, and a time in which nothing
 * was slow proves nothing about what would have been done.
 */
import { currentEjection, groupName } from '../case';
import type { Case } from '../model';
import { percent, utc } from '../report/text';
import { lookBack, type LookBack } from './candidates';
import type { GroupObserved } from './observed';

/** What has to have been seen of each group. */
export interface Demand {
  readonly days: number;
}

/** Rounds that may be missing between the first and the last, as a fraction. */
const MISSING_ALLOWED = 0.1;
/** Rounds that may be blind, as a fraction: in the others a slow target is seen. */
const BLIND_ALLOWED = 0.05;
/** The sweep runs while this is not over since its last round. */
const RUNNING_MS = 900_000;
/** The judge compares: with fewer it convicts nobody (docs/safety.md, `too-few-peers`). */
const FEWEST_TARGETS = 3;
const DAY_MS = 86_400_000;
/** The span is that of rounds, whose first and last are inside it. */
const SLACK_MS = 3_600_000;

export type ReadinessVerdict = 'ready' | 'look-first' | 'too-little-data';

export interface Readiness extends LookBack {
  readonly v: 1;
  readonly sinceAt: number;
  readonly untilAt: number;
  readonly verdict: ReadinessVerdict;
  readonly groups: readonly GroupObserved[];
  /** What has to be seen yet, and how much of it is missing. Empty: enough was seen. */
  readonly missing: readonly string[];
  /** What a person has to know beside it, and what is no reason to wait. */
  readonly notes: readonly string[];
  /** Removals that were made in this time, where a group is enforced already. */
  readonly removals: number;
}

/**
 * @param groups what was seen of each group that is configured
 * @param cases those that were open in this time
 */
export function readiness(groups: readonly GroupObserved[], cases: readonly Case[], demand: Demand, now: number): Readiness {
  const sinceAt = now - demand.days * DAY_MS;
  const back = lookBack(cases, sinceAt, now);
  const missing = missingIn(groups, demand, now);
  const isClear = back.counts.doubtful === 0 && back.counts.blocked === 0;
  return {
    v: 1,
    sinceAt,
    untilAt: now,
    verdict: missing.length > 0 ? 'too-little-data' : isClear ? 'ready' : 'look-first',
    groups,
    missing,
    notes: notesOn(groups, back),
    removals: cases.filter((incident) => (currentEjection(incident)?.confirmedAt ?? 0) >= sinceAt).length,
    ...back,
  };
}

function missingIn(groups: readonly GroupObserved[], demand: Demand, now: number): string[] {
  if (groups.length === 0) return ['no round within the last hour: the sweep does not run, or measures no group'];
  return groups.flatMap((group) => lacks(group, demand, now).map((what) => `${groupName(group.groupArn)}: ${what}`));
}

function lacks(group: GroupObserved, { days }: Demand, now: number): string[] {
  const { rounds, expectedRounds, blindRounds, firstAt, lastAt } = group;
  const spanMs = lastAt - firstAt;
  const lackMs = days * DAY_MS - SLACK_MS - spanMs;
  const gaps = 1 - rounds / Math.max(1, expectedRounds);
  const blind = blindRounds / rounds;
  return [
    ...(group.unprobed === true ? ['no target was probed in its newest round: "sickbay doctor" says whether it can be measured'] : []),
    ...(now - lastAt > RUNNING_MS ? [`its last round was at ${utc(lastAt)}: the sweep does not run, or leaves it out`] : []),
    ...(lackMs > 0 ? [`${inDays(spanMs)} seen of ${days}; ${inDays(lackMs)} are missing: not before ${utc(now + lackMs)}`] : []),
    ...(gaps > MISSING_ALLOWED
      ? [`${expectedRounds - rounds} of ${expectedRounds} rounds are missing (${percent(gaps)}; allowed ${percent(MISSING_ALLOWED)})`]
      : []),
    ...(blind > BLIND_ALLOWED
      ? [`${blindRounds} of ${rounds} rounds were blind (${percent(blind)}; allowed ${percent(BLIND_ALLOWED)})`]
      : []),
  ];
}

/** With one decimal; what there is of it is never told as nothing. */
function inDays(ms: number): string {
  const days = ms / DAY_MS;
  return `${days > 0 && days < 0.1 ? '< 0.1' : days.toFixed(1)} days`;
}

function notesOn(groups: readonly GroupObserved[], { candidates }: LookBack): string[] {
  const small = groups.filter(({ targets }) => targets < FEWEST_TARGETS);
  return [
    ...small.map(
      ({ groupArn, targets }) => `${groupName(groupArn)} has ${targets} targets: of fewer than ${FEWEST_TARGETS} none is removed`,
    ),
    ...groups.flatMap(({ groupArn, mitigatedRounds }) =>
      mitigatedRounds === undefined
        ? []
        : [
            `${groupName(groupArn)}: in ${mitigatedRounds} rounds with a suspect Automatic Target Weights had moved traffic: then nothing is removed (frozen-atw)`,
          ],
    ),
    ...groups.flatMap(({ groupArn, targetControlPort }) =>
      targetControlPort === undefined
        ? []
        : [
            `${groupName(groupArn)} has Target Optimizer: a target is removed only where probe.port leads past its agents (target-unsupported)`,
          ],
    ),
    ...(candidates.length === 0 && groups.length > 0
      ? ['no target was slow enough for a removal: what Sickbay does then was not seen here, only on the drill']
      : []),
  ];
}
