/**
 * What a sweep tells in numbers: each group's round, and the state of the whole stack as the
 * records have it, also while the responder fails.
 */
import { currentEjection, isOut } from '../../core/case';
import { unemitted, unsent } from '../../core/case-transitions';
import type { Case, OutboxEntry, Round } from '../../core/model';
import { isOutForReplacement } from '../../core/replacement';
import { isUnreadable } from '../../core/unreadable';
import { ALERT_OVERDUE_MS, GROUP_METRICS, STACK_METRICS } from '../contract';
import type { Measurement } from '../ports';

export interface SweepFacts {
  readonly now: number;
  /** When the sweep began. */
  readonly startedAt: number;
  readonly rounds: readonly Round[];
  readonly openCases: readonly Case[];
  /**
   * Whether a target of a group, by its key, is out by our own hand: users do not see its latency.
   */
  readonly isOut: (groupArn: string, key: string) => boolean;
}

/** One measurement a group, and one of the stack. */
export function sweepMetrics(facts: SweepFacts): Measurement[] {
  return [...facts.rounds.map((round) => ofGroup(facts, round)), ofStack(facts)];
}

function ofGroup({ now, isOut: out }: SweepFacts, round: Round): Measurement {
  return {
    at: now,
    of: { group: round.group.name },
    values: {
      ...slowestAndMedian(
        round.verdicts.flatMap(({ key, medianMs }) => (medianMs === undefined || out(round.groupArn, key) ? [] : [medianMs])),
      ),
      [GROUP_METRICS.convictedTargets]: round.verdicts.filter(({ verdict }) => verdict === 'convicted').length,
      [GROUP_METRICS.blind]: round.fleet === 'blind' ? 1 : 0,
    },
  };
}

/** The slowest target's median beside the middle one's; nothing where nothing was measured. */
function slowestAndMedian(medians: readonly number[]): Measurement['values'] {
  const sorted = [...medians].sort((a, b) => a - b);
  const slowest = sorted.at(-1);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (slowest === undefined || middle === undefined) return {};
  return { [GROUP_METRICS.slowestTargetMs]: slowest, [GROUP_METRICS.medianTargetMs]: middle };
}

function ofStack({ now, startedAt, rounds, openCases }: SweepFacts): Measurement {
  return {
    at: now,
    values: {
      [STACK_METRICS.groupsMeasured]: rounds.length,
      [STACK_METRICS.roundMs]: now - startedAt,
      [STACK_METRICS.blindGroups]: rounds.filter(({ fleet }) => fleet === 'blind').length,
      [STACK_METRICS.longestOutMs]: Math.max(0, ...openCases.map((incident) => outForMs(incident, now))),
      [STACK_METRICS.unsentAlerts]: openCases.flatMap(undelivered).filter(({ at }) => now - at > ALERT_OVERDUE_MS).length,
      [STACK_METRICS.unreadableRecords]: openCases.filter(isUnreadable).length,
      [STACK_METRICS.openBreakers]: openCases.filter(({ about, state }) => about === 'breaker' && state !== 'closed').length,
    },
  };
}

/**
 * Of a task that is replaced since it was last deregistered: its service may have registered it.
 */
function outForMs(incident: Case, now: number): number {
  if (isOutForReplacement(incident)) {
    const { givenUpBy, deregisteredAt, intentAt } = incident.replacement;
    return givenUpBy === undefined ? now - (deregisteredAt.at(-1) ?? intentAt) : 0;
  }
  if (!isOut(incident)) return 0;
  const ejection = currentEjection(incident);
  return ejection === undefined ? 0 : now - (ejection.confirmedAt ?? ejection.intentAt);
}

/** What a topic or EventBridge has not taken, each entry once. */
function undelivered(incident: Case): OutboxEntry[] {
  return [...new Set([...unsent(incident), ...unemitted(incident)])];
}
