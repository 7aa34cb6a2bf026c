/**
 * Budgets over all groups: what is out, what was ejected lately, and what this run has granted
 * already.
 */
import { holderOf, isOut, isTargetCase } from '../case';
import { hostNameOf, targetKey, type Case, type Ejection } from '../model';
import { isReplacing } from '../replacement';
import type { Situation } from './situation';

const HOUR_MS = 3_600_000;

export interface Ledger {
  /**
   * Targets out by us in the groups that share hosts with this one, this run's grants included; but
   * for the target of one case, where one is given. A group whose hosts are not known may share
   * them.
   */
  outIn(groupArn: string, but?: Case): number;
  /**
   * Ejections within the last hour in the groups that share hosts with this one, this run's grants
   * included.
   */
  ejectionsLastHour(groupArn: string): number;
  ejectionsLastHourInStack(): number;
  /**
   * Tasks of one service that were deregistered within the last hour, this run's grants included.
   */
  replacementsLastHour(serviceArn: string): number;
  /** Charges one ejection, or the replacement of a task of that service. */
  grant(groupArn: string, serviceArn?: string): void;
}

/**
 * A ledger of all ejections known to the situation. Groups that have a target id in common are one
 * budget.
 */
export function openLedger(situation: Situation): Ledger {
  const sharing = sharedHostGroups(hostsOf(situation));
  const together = (groupArn: string) => sharing.get(groupArn) ?? new Set([groupArn]);
  const granted: string[] = [];
  const grantedServices: string[] = [];
  const out = situation.openCases.filter(isTargetCase).filter((incident) => isOut(incident) || isReplacing(incident));
  const known = [...situation.openCases, ...situation.closedCases];
  const recent = known.flatMap((incident) => recentEjections(incident, situation.now));
  const replaced = known.flatMap((incident) => recentReplacements(incident, situation.now));
  const among = (groupArn: string, arns: readonly string[]) => arns.filter((arn) => together(groupArn).has(arn)).length;
  // The hosts of a group that left the configuration are not read any more: what is out of it may
  // share hosts with any group.
  const isUnknown = (groupArn: string) => !situation.hosts.has(groupArn) && !situation.groups.some(({ group }) => group.arn === groupArn);
  const countsIn = (groupArn: string, arn: string) => together(groupArn).has(arn) || isUnknown(arn);
  return {
    outIn: (groupArn, but) =>
      out.filter((incident) => incident.id !== but?.id && countsIn(groupArn, incident.groupArn)).length + among(groupArn, granted),
    ejectionsLastHour: (groupArn) => among(groupArn, [...recent, ...granted]),
    ejectionsLastHourInStack: () => recent.length + granted.length,
    replacementsLastHour: (serviceArn) => [...replaced, ...grantedServices].filter((arn) => arn === serviceArn).length,
    grant: (groupArn, serviceArn) => {
      granted.push(groupArn);
      if (serviceArn !== undefined) grantedServices.push(serviceArn);
    },
  };
}

function recentEjections(incident: Case, now: number): string[] {
  const counts = (ejection: Ejection) => ejection.abandonedAt === undefined && now - ejection.intentAt < HOUR_MS;
  const replaced = recentReplacements(incident, now);
  return [...incident.ejections.filter(counts), ...replaced].flatMap(() => incident.groupArn ?? []);
}

/**
 * The service's ARN, where a deregistration was asked for: what was called off before that cost
 * nothing.
 */
function recentReplacements({ replacement }: Case, now: number): string[] {
  if (replacement === undefined || replacement.deregisteredAt.length === 0) return [];
  return now - replacement.intentAt < HOUR_MS ? [replacement.serviceArn] : [];
}

/**
 * Group and host: as registered now, as in the last round, and of every case: a target that is
 * out is registered nowhere.
 */
function hostsOf(situation: Situation): [string, string][] {
  const now = situation.groups.flatMap(({ group, lbView, rounds: [round] }) =>
    lbView.map(({ target }): [string, string] => [group.arn, hostNameOf(target, round?.targetRefs?.[targetKey(target)])]),
  );
  const lately = [...situation.hosts].flatMap(([arn, ids]) => ids.map((id): [string, string] => [arn, id]));
  const cases = [...situation.openCases, ...situation.closedCases].filter(isTargetCase);
  return [
    ...now,
    ...lately,
    ...cases.map((incident): [string, string] => [incident.groupArn, hostNameOf(incident.target, holderOf(incident))]),
  ];
}

/** For each group the set of groups reachable from it over common target ids. */
function sharedHostGroups(hosts: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const sets = new Map<string, Set<string>>();
  const firstGroupOf = new Map<string, string>();
  for (const [arn, id] of hosts) {
    sets.set(arn, sets.get(arn) ?? new Set([arn]));
    const other = firstGroupOf.get(id);
    if (other === undefined) firstGroupOf.set(id, arn);
    else union(sets, other, arn);
  }
  return sets;
}

function union(sets: Map<string, Set<string>>, a: string, b: string): void {
  const merged = new Set([...(sets.get(a) ?? [a]), ...(sets.get(b) ?? [b])]);
  for (const arn of merged) sets.set(arn, merged);
}
