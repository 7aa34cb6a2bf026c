/**
 * What has to hold, looked at by the world itself: it reads no record of the function's to learn
 * what is true, only to learn what the function believes.
 */
import type { Stop, StopBlocked, StopOutcome } from '../../core/model';
import type { Execution } from './execution';
import type { Host } from './host';
import type { Incident, World } from './world';

export const STOP_INVARIANTS = [
  'only-approved',
  'approved-by-somebody',
  'exact-identity',
  'undo-first',
  'once-only',
  'one-host',
  'budget',
  'nothing-after-expiry',
  'allowed-when-proposed',
  'withdrawn-when-not',
  'verified-is-true',
  'given-back-or-kept',
  'kept-stays-out',
  'told',
  'settles',
] as const;
export type StopInvariant = (typeof STOP_INVARIANTS)[number];

export interface StopViolation {
  readonly invariant: StopInvariant;
  readonly says: string;
  readonly at: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What changed within this time no run of the function may have seen yet. */
const SEEN_MS = 2 * MINUTE_MS;

/** A proposal of the last hour may still wait. */
const SETTLED_MS = 60 * MINUTE_MS;

/** Alerts of which one follows each stop that changed a host. */
const AFTER_A_STOP = /\/(verified|failed|undone|undo-changed)\//;

type Fact = readonly [check: StopBlocked, holds: boolean];

export class Checker {
  readonly violations: StopViolation[] = [];
  /** Stops that changed a host. */
  readonly made: { readonly stop: Stop; readonly at: number; readonly host: Host }[] = [];
  /** Alerts that were on record, of those that people are to read. */
  private readonly toTell = new Set<string>();
  /** Ids of the stops that a person approved. */
  private readonly approvals = new Set<string>();
  /** Since when a fact about an incident does not hold. */
  private readonly falseSince = new Map<string, number>();

  constructor(private readonly world: World) {}

  violated(invariant: StopInvariant, says: string): void {
    this.violations.push({ invariant, says, at: this.world.now });
  }

  // -------------------------------------------------------------- executions

  started(all: readonly Execution[], execution: Execution): void {
    const alive = all.filter((one) => one.isAlive && one !== execution);
    if (alive.length > 0)
      this.violated('one-host', `${execution.stop.id} was started beside ${alive.map(({ stop }) => stop.id).join(', ')}`);
    if (all.filter(({ stop }) => stop.id === execution.stop.id).length > 1)
      this.violated('once-only', `${execution.stop.id} was started twice`);
  }

  beforeStop(execution: Execution, host: Host): void {
    const { world } = this;
    const { stop } = execution;
    if (execution.approvedBy !== 'person') this.violated('only-approved', `${stop.id} runs without a person's approval`);
    if (!world.schedules.has(stop.undoSchedule)) this.violated('undo-first', `${stop.id} runs and no undo is scheduled`);
    const incident = this.incidentOf(stop.caseId);
    const isPlanOfCulprit = stop.plan.process.pid === incident.culprit.pid && stop.plan.startedAt === incident.culprit.startedAt;
    if (host.id !== incident.host.id || !isPlanOfCulprit)
      this.violated('exact-identity', `${stop.id} is not about the culprit of ${incident.id}`);
  }

  afterStop(execution: Execution, host: Host, outcome: StopOutcome): void {
    const { world } = this;
    const { stop } = execution;
    if (outcome.outcome === 'refused') return;
    if (world.now > stop.expiresAt + 1000) this.violated('nothing-after-expiry', `${stop.id} was made after its expiry`);
    const lately = this.made.filter(({ at }) => world.now - at < DAY_MS - 30 * MINUTE_MS);
    if (lately.some((one) => one.stop.groupArn === stop.groupArn))
      this.violated('budget', `a second stop in ${stop.groupArn} within a day`);
    if (lately.length >= 2) this.violated('budget', 'a third stop in the stack within a day');
    if (lately.some((one) => one.stop.plan.digest === stop.plan.digest))
      this.violated('once-only', `${stop.plan.digest} was stopped twice`);
    this.made.push({ stop, at: world.now, host });
  }

  /** The scheduled undo of what a person keeps must not be there any more. */
  fired(schedule: string): void {
    const kept = [...this.world.stops.values()].find((stop) => stop.undoSchedule === schedule && stop.state === 'kept');
    if (kept !== undefined) this.violated('kept-stays-out', `${kept.id} is kept, and its scheduled undo fired`);
  }

  approved({ id }: Stop): void {
    this.approvals.add(id);
  }

  // -------------------------------------------------------------- what the function believes

  put(before: Stop | undefined, stop: Stop): void {
    if (stop.approvedAt !== undefined && !this.approvals.has(stop.id))
      this.violated('approved-by-somebody', `${stop.id} is on record as approved, and nobody approved it`);
    for (const { id, quiet } of stop.outbox) if (quiet !== true) this.toTell.add(id);
    if (stop.toldAt !== undefined && before?.toldAt === undefined) this.proposed(stop);
    if (stop.state === 'holding' && before?.state !== 'holding') {
      const { process, outBy } = this.incidentOf(stop.caseId).host;
      const isAway = process?.kind !== 'report' && outBy === stop.caseId;
      if (!isAway)
        this.violated('verified-is-true', `${stop.id} is verified, and ${process === undefined ? 'the line is back' : 'the job runs'}`);
      if (
        stop.actedAt !== undefined &&
        this.world.now - stop.actedAt < Math.min(2 * this.incidentOf(stop.caseId).host.periodMs, 30 * MINUTE_MS) - MINUTE_MS
      )
        this.violated('verified-is-true', `${stop.id} is verified before two periods were over`);
    }
  }

  /** People are about to be told that they may approve it. */
  private proposed(stop: Stop): void {
    const incident = this.incidentOf(stop.caseId);
    const wrong = this.wrong(incident, stop).filter((check) => this.wrongFor(incident, check) >= SEEN_MS);
    if (wrong.length > 0) this.violated('allowed-when-proposed', `${stop.id} is proposed although ${wrong.join(', ')}`);
  }

  /** After a run of the function in which nothing failed. */
  afterCleanRun(executions: readonly Execution[]): void {
    for (const { stop, isAlive, approvedBy, cancelledIn } of executions) {
      if (!isAlive || approvedBy !== undefined || cancelledIn !== undefined) continue;
      const incident = this.incidentOf(stop.caseId);
      const wrong = this.wrong(incident, stop).filter((check) => this.wrongFor(incident, check) >= SEEN_MS);
      if (wrong.length > 0) this.violated('withdrawn-when-not', `${stop.id} still waits although ${wrong.join(', ')}`);
    }
  }

  // -------------------------------------------------------------- the truth

  sample(): void {
    for (const incident of this.world.incidents)
      for (const [check, holds] of this.facts(incident)) {
        const key = `${incident.id} ${check}`;
        if (holds) this.falseSince.delete(key);
        else if (!this.falseSince.has(key)) this.falseSince.set(key, this.world.now);
      }
  }

  private wrongFor(incident: Incident, check: StopBlocked): number {
    const since = this.falseSince.get(`${incident.id} ${check}`);
    return since === undefined ? Number.POSITIVE_INFINITY : this.world.now - since;
  }

  private wrong(incident: Incident, stop: Stop): StopBlocked[] {
    return [...this.facts(incident), ...this.records(incident, stop)].filter(([, holds]) => !holds).map(([check]) => check);
  }

  private facts({ groupArn, host, culprit, closedAt }: Incident): Fact[] {
    const { world } = this;
    const { traits, process } = host;
    return [
      ['stop-off', !world.offGroups.has(groupArn)],
      ['stop-switch', !world.isSwitchOn],
      ['unreadable-stop', world.unreadable.size === 0],
      ['no-culprit', !traits.twoCulprits],
      ['culprit-in-container', !traits.inContainer],
      ['target-serves', !world.serving.has(host.id) && closedAt === undefined],
      ['not-tagged', !world.untagged.has(host.id)],
      ['calendar-closed', world.isCalendarOpen],
      ['plan-failed', host.isReachable && process?.pid === culprit.pid],
      ['plan-differs', process === undefined || process.pid !== culprit.pid || process.startedAt === culprit.startedAt],
      ['host-unsupported', !traits.unsupported],
      ['denied-process', !traits.vital || process?.kind !== 'report'],
      ['listens', !traits.listens && !traits.sharesApplication],
      ['not-allowed', !traits.unlisted || process?.kind !== 'report'],
      ['executable-writable', !traits.writable],
      ['starter-unknown', !traits.starterUnknown],
      ['starter-managed', !traits.managed],
      ['culprit-on-peers', !world.onPeers.has(host.id)],
    ];
  }

  /** Of the function's own records: these never change under a proposal. */
  private records({ id, groupArn }: Incident, { id: own, plan, proposedAt }: Stop): Fact[] {
    const others = [...this.world.stops.values()].filter((stop) => stop.id !== own && stop.proposedAt <= proposedAt);
    const lately = others.filter((stop) => stop.caseId === id && proposedAt - stop.proposedAt < 3_600_000);
    const spent = this.made.filter(
      ({ at, stop }) => stop.id !== own && proposedAt - at < DAY_MS - 30 * MINUTE_MS && at < proposedAt - SEEN_MS,
    );
    return [
      ['stop-breaker', !others.some((stop) => stop.groupArn === groupArn && stop.blocksGroup === true)],
      ['budget-group-day', !spent.some(({ stop }) => stop.groupArn === groupArn)],
      ['budget-stack-day', spent.length < 2],
      ['proposed-lately', lately.length < 3 && !lately.some((stop) => stop.plan.digest === plan.digest && stop.state !== 'withdrawn')],
    ];
  }

  private incidentOf(caseId: string): Incident {
    const incident = this.world.incidents.find(({ id }) => id === caseId);
    if (incident === undefined) throw new Error(`no case ${caseId}`);
    return incident;
  }

  // -------------------------------------------------------------- the end

  /** After more than a day in which nothing failed. */
  atTheEnd(): void {
    const { world } = this;
    for (const stop of world.stops.values())
      if (stop.endedAt === undefined && world.now - stop.proposedAt > SETTLED_MS)
        this.violated('settles', `${stop.id} is still ${stop.state}`);
    for (const host of world.hosts) {
      const stop = [...world.stops.values()].find(({ caseId, state }) => caseId === host.outBy && state === 'kept');
      if (host.outBy !== undefined && !host.isEdited && stop?.keepAskedBy === undefined)
        this.violated('given-back-or-kept', `the line of ${host.id} is still out, and nobody kept it`);
    }
    const published = new Set(world.published.map(({ id }) => id));
    for (const id of this.toTell) if (!published.has(id)) this.violated('told', `${id} was never sent`);
    for (const { stop } of this.made)
      if (!world.published.some(({ id }) => id.startsWith(`${stop.id}/`) && AFTER_A_STOP.test(id)))
        this.violated('told', `${stop.id} changed ${stop.instanceId} and nobody was told`);
  }
}
