/** Budgets over everything at once: what is out, what was ejected lately, and what this run has granted already. */
import { currentEjection } from '../case';
import type { Case, Ejection } from '../model';
import type { GroupSituation, Situation } from './situation';

const HOUR_MS = 3_600_000;

export interface Ledger {
  /** Targets out by us in the groups that share hosts with this one, this run's grants included. */
  outIn(groupArn: string): number;
  /** Ejections within the last hour in the groups that share hosts with this one, this run's grants included. */
  ejectionsLastHour(groupArn: string): number;
  ejectionsLastHourInStack(): number;
  /** Spends one ejection. */
  grant(groupArn: string): void;
}

/** A ledger of all ejections known to the situation. Groups that have a target id in common are one budget. */
export function openLedger(situation: Situation): Ledger {
  const hosts = sharedHostGroups(situation.groups);
  const together = (groupArn: string) => hosts.get(groupArn) ?? new Set([groupArn]);
  const granted: string[] = [];
  const out = situation.openCases.filter((value) => isOut(value));
  const recent = [...situation.openCases, ...situation.closedCases].flatMap((value) => recentEjections(value, situation.now));
  const among = (groupArn: string, arns: readonly string[]) => arns.filter((arn) => together(groupArn).has(arn)).length;
  return {
    outIn: (groupArn) => among(groupArn, [...out.map((value) => value.groupArn), ...granted]),
    ejectionsLastHour: (groupArn) => among(groupArn, [...recent, ...granted]),
    ejectionsLastHourInStack: () => recent.length + granted.length,
    grant: (groupArn) => void granted.push(groupArn),
  };
}

/** Out, or announced to be: an unconfirmed intent counts as out until the world says otherwise. */
function isOut(value: Case): boolean {
  const ejection = currentEjection(value);
  return ejection !== undefined && ejection.restoredAt === undefined && value.state !== 'closed';
}

function recentEjections(value: Case, now: number): string[] {
  const counts = (ejection: Ejection) => ejection.abandonedAt === undefined && now - ejection.intentAt < HOUR_MS;
  return value.ejections.filter(counts).map(() => value.groupArn);
}

/** For each group the set of groups reachable from it over common target ids. */
function sharedHostGroups(groups: readonly GroupSituation[]): Map<string, Set<string>> {
  const sets = new Map<string, Set<string>>();
  const firstGroupOf = new Map<string, string>();
  for (const { group, lbView } of groups) {
    sets.set(group.arn, sets.get(group.arn) ?? new Set([group.arn]));
    for (const { target } of lbView) {
      const other = firstGroupOf.get(target.id);
      if (other === undefined) firstGroupOf.set(target.id, group.arn);
      else union(sets, other, group.arn);
    }
  }
  return sets;
}

function union(sets: Map<string, Set<string>>, a: string, b: string): void {
  const merged = new Set([...(sets.get(a) ?? [a]), ...(sets.get(b) ?? [b])]);
  for (const arn of merged) sets.set(arn, merged);
}
