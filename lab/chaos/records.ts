/**
 * Both tables in memory, with the same conditions on each write as the ones in DynamoDB
 * (lambda/records/).
 */
import { fitted } from '../../core/case-size';
import type { Case, Round } from '../../core/model';
import type { StackLease } from '../../lambda/ports';
import { CaseOvertaken } from '../../lambda/aws/case-records';

export class Records {
  /** The stack's lease, as stored. */
  lease: StackLease | undefined;
  /** Open cases of a later version, as they are read (lambda/aws/case-records.ts). */
  unreadable: readonly Case[] = [];
  private readonly rounds = new Map<string, Round[]>();
  private readonly beginnings = new Map<number, readonly string[]>();
  private readonly openItems = new Map<string, string>();
  private readonly closedItems = new Map<string, string>();

  latestRounds(groupArn: string, limit: number): Round[] {
    return (this.rounds.get(groupArn) ?? []).slice(0, limit);
  }

  appendRound(round: Round): void {
    const before = this.rounds.get(round.groupArn) ?? [];
    if (before.some((other) => other.startedAt === round.startedAt)) throw new Error(`a round of ${round.startedAt} is there already`);
    this.rounds.set(round.groupArn, [round, ...before]);
  }

  begin(groupArns: readonly string[], at: number): number {
    if (this.beginnings.has(at)) return this.begin(groupArns, at + 1);
    this.beginnings.set(at, groupArns);
    return at;
  }

  begun(after: number, before: number): ReadonlyMap<string, number> {
    const between = [...this.beginnings].filter(([at]) => at > after && at < before).sort(([a], [b]) => a - b);
    return new Map(between.flatMap(([at, arns]) => arns.map((arn) => [arn, at] as const)));
  }

  open(): Case[] {
    return [...[...this.openItems.values()].map(stored), ...this.unreadable];
  }

  closedSince(at: number): Case[] {
    return this.closed().filter((incident) => (incident.closedAt ?? 0) >= at);
  }

  closed(): Case[] {
    return [...this.closedItems.values()].map(stored);
  }

  put<Incident extends Case>(incident: Incident): Incident {
    this.notOvertaken(incident);
    const next = { ...fitted(incident), rev: incident.rev + 1 };
    this.openItems.set(incident.id, JSON.stringify(next));
    return next;
  }

  archive(incident: Case): void {
    if (incident.closedAt === undefined) throw new Error(`case ${incident.id} is ${incident.state}; only a closed case is archived`);
    this.closedItems.set(`${incident.closedAt}#${incident.id}`, JSON.stringify(incident));
  }

  drop(incident: Case): void {
    this.notOvertaken(incident);
    this.openItems.delete(incident.id);
  }

  acquire(holder: string, now: number, untilAt: number): StackLease | undefined {
    if (this.lease !== undefined && this.lease.untilAt >= now) return undefined;
    this.lease = { holder, untilAt };
    return this.lease;
  }

  release(lease: StackLease): void {
    if (this.lease?.holder !== lease.holder) throw new Error(`the lease is not held by ${lease.holder}`);
    this.lease = undefined;
  }

  private notOvertaken(incident: Case): void {
    const item = this.openItems.get(incident.id);
    const rev = item === undefined ? 0 : stored(item).rev;
    if (rev !== incident.rev) throw new CaseOvertaken(`case ${incident.id} was written by somebody else since revision ${incident.rev}`);
  }
}

/** A case as `put` and `archive` write it. */
function stored(item: string): Case {
  return JSON.parse(item);
}
