/**
 * The invariants, checked after every step. It knows the world as it is, and what each run of the
 * responder has read of it.
 */
import { isGivenUp, openIntent } from '../../core/case';
import { targetKey, type Case } from '../../core/model';
import { scheduledRestoreName } from '../../lambda/act/scheduled-restore-name';
import { AlertLog } from './alert-log';
import { membersOf } from './call-input';
import { EventLog } from './event-log';
import type { Call, Invocation } from './invocation';
import type { Invariant, Violation } from './invariants';
import { mayBeOut, type Out } from './out';
import { PORT, attachedGroups, groupArn } from './plan';
import { hostRead, judgeAddresses, judgeDirectRestore } from './addresses';
import { judgeRemoval } from './removal';
import { Replacements } from './replacements';
import { judgeRenewal } from './renewal';
import { Shortfalls } from './shortfalls';
import { ReadLog, SLACK_MS, standbyOf, targetsOf, type TargetOfCall } from './read-log';
import { hasRoom, isRefusedForGood, isToldStuck, settledAutoScaling, undoes } from './standby';
import type { Checker, Stage } from './roles';

/**
 * How long after its lease the responder may need for a target whose scheduled restore was lost:
 * rounds fail, and a dead run keeps the stack's lease.
 */
const LOST_MS = 900_000;

/** EventBridge Scheduler's precision. */
const PRECISION_MS = 60_000;

/**
 * The restore of an address that was accepted: three attempts, of which the responder waits for
 * none, and then a few of its rounds.
 */
const RESTORER_MS = 10 * 60_000;

/** A few rounds, some of which may fail. */
const STUCK_MS = 5 * 60_000;

/** Scheduler refuses a time in the past: what is made again is due a minute from now. */
const SOONEST_MS = 60_000;

export class InvariantChecker implements Checker {
  readonly violations: Violation[] = [];
  readonly out = new Map<string, Out>();
  readonly removals: { readonly groupArn: string; readonly caseId: string; readonly at: number }[] = [];
  readonly contested = new Set<string>();
  readonly inspections: { readonly sick: string; readonly peers: readonly string[]; readonly at: number }[] = [];
  readonly registeredAt = new Map<string, number>();
  readonly movedAt = new Map<string, number>();
  /**
   * Targets that a person gave up, as `groupArn#key`, from when that is on record until somebody
   * registers them.
   */
  private readonly givenUp = new Map<string, Out>();
  private readonly readLogs = new Map<Invocation, ReadLog>();
  /** Instances that could not come back for want of room, for long after they were due. */
  private readonly overdue = new Set<string>();
  readonly shortfalls = new Shortfalls(this);
  private readonly events = new EventLog(this);
  private readonly alerts = new AlertLog(this);
  readonly replacements = new Replacements(this);

  constructor(
    readonly stage: Stage,
    /** How long a scheduled restore that is refused may be retried. */
    private readonly retryMs: number,
  ) {}

  must(holds: boolean, invariant: Invariant, summary: string): void {
    if (!holds) this.violations.push({ invariant, step: this.stage.first.functions.steps, summary: `${this.clockTime()} ${summary}` });
  }

  readLogOf(invocation: Invocation): ReadLog {
    const readLog = this.readLogs.get(invocation) ?? new ReadLog(this.stage.stack);
    this.readLogs.set(invocation, readLog);
    return readLog;
  }

  before(call: Call): void {
    this.replacements.before(call);
    for (const target of this.removedBy(call)) judgeRemoval(this, call, target);
    if (call.name === 'CreateSchedule' || call.name === 'UpdateSchedule') this.judgeSchedule(call);
    if (call.name === 'RegisterTargets' || call.name === 'ExitStandby') this.judgeReturn(call);
    if (call.name === 'RegisterTargets') judgeAddresses(this, call);
    if (call.name === 'RegisterTargets' && call.by.kind === 'restore') this.beforeScheduledRestore('registerTargets', call.input);
  }

  /** Nothing of ours brings back what a person gave up. */
  private judgeReturn(call: Call): void {
    const ids = [...targetsOf(call).map(({ id }) => id), ...standbyOf(call)];
    for (const { id, key } of this.givenUp.values())
      this.must(!ids.includes(id), 'uninvited', `${key} is brought back, and a person gave it up`);
  }

  after(call: Call, answer: unknown): void {
    this.readLogOf(call.by).note(call, answer);
    this.replacements.after(call, answer);
    for (const target of this.removedBy(call)) this.leave(call, target);
    if (call.name === 'cases.put') this.recorded(answer as Case);
    if (call.name === 'Publish') this.alerts.published(call);
    if (call.name === 'PutEvents') this.events.put(call.input, answer);
    if (call.name === 'hosts.inspect') this.inspected(call);
    for (const { checker } of this.stage.all()) checker.observe();
    if (call.name === 'lease.release') this.shortfalls.ended();
  }

  observe(): void {
    for (const [name, out] of this.givenUp) if (this.isBack(out)) this.givenUp.delete(name);
    for (const [name, out] of this.out) {
      if (this.isBack(out)) this.comeBack(name);
      else this.awaited(out);
    }
    this.shortfalls.observe();
    this.replacements.observe();
  }

  outOf(groupArn: string): Out[] {
    return this.stage.all().flatMap(({ checker }) => [...checker.out.values()].filter((out) => out.places.includes(groupArn)));
  }

  /**
   * A scheduled restore is about to register a target: not one that somebody else has taken out,
   * when the records give it no reason to.
   */
  beforeScheduledRestore(action: string, input: unknown): void {
    if (action === 'exitStandby') return this.beforeExit(standbyOf({ input }));
    judgeDirectRestore(this, input);
    if (action === 'stopTask') return this.replacements.beforeScheduledStop(input);
    for (const target of targetsOf({ input })) {
      const key = targetKey(target);
      const here = this.stage.registered(target.groupArn).includes(key);
      const isKnown = ({ checker, records }: Stage) => checker.out.has(`${target.groupArn}#${key}`) || mayBeOut(records, target);
      this.must(here || this.stage.all().some(isKnown), 'uninvited', `${key} is registered against somebody who took it out`);
    }
  }

  /**
   * The same of Standby: the one of a target that was given up, before its scheduled restore could
   * be under way.
   */
  private beforeExit(ids: readonly string[]): void {
    for (const { groupArn, id, port, key } of this.givenUp.values())
      if (ids.includes(id))
        this.must(mayBeOut(this.stage.records, { groupArn, id, port }), 'uninvited', `${key} leaves standby, and a person gave it up`);
  }

  contest(groupArn: string, key: string, how: 'registered' | 'exited' = 'registered'): void {
    for (const { checker } of this.stage.all()) checker.contestHere(groupArn, key, how);
  }

  contestHere(groupArn: string, key: string, how: 'registered' | 'exited'): void {
    const name = `${groupArn}#${key}`;
    const out = this.out.get(name);
    if (out === undefined) return;
    this.contested.add(out.host);
    if (!out.onStandby || how === 'exited') return;
    // Registered by hand while it is on standby: what becomes of the standby is the operator's
    // business too.
    this.out.delete(name);
    this.stage.contestedStandby.add(out.id);
  }

  scheduledRestoreAt(groupArn: string, id: string, port: number): number | undefined {
    const name = scheduledRestoreName(groupArn, { id, port });
    const listed = this.stage.world.scheduler.listSchedules({ GroupName: this.stage.scheduleGroup, NamePrefix: name }).Schedules ?? [];
    if (listed.length === 0) return undefined;
    const { ScheduleExpression, Target } = this.stage.world.scheduler.getSchedule({ GroupName: this.stage.scheduleGroup, Name: name });
    return undoes(Target, this.isMember(id), { groupArn, id, port }) ? atOf(ScheduleExpression) : undefined;
  }

  /** Nothing is open, out or under way: no later round would change anything. */
  isQuiet(): boolean {
    const { records, world } = this.stage;
    const waiting = world.scheduler.listSchedules({ GroupName: this.stage.scheduleGroup }).Schedules ?? [];
    return records.open().length === 0 && this.out.size === 0 && waiting.length === 0 && this.stage.functions.waiting.size === 0;
  }

  /** What has to hold when nothing is left to happen. */
  settled(): void {
    const { records, world } = this.stage;
    for (const out of this.out.values()) if (this.exists(out)) this.must(false, 'settles', `${out.key} is still out`);
    for (const incident of records.open()) this.must(false, 'settles', `case ${incident.id} is still ${incident.state}`);
    const left = world.scheduler.listSchedules({ GroupName: this.stage.scheduleGroup }).Schedules ?? [];
    for (const { Name } of left) this.must(false, 'settles', `schedule ${Name} is left over`);
    settledAutoScaling(this);
    for (const id of this.overdue) this.must(isToldStuck(this, id), 'alert-told', `nobody was told that ${id} cannot come back`);
    this.alerts.settled();
    this.events.settled();
    this.replacements.settled();
    for (const request of this.stage.functions.waiting) this.must(false, 'request-kept', `never answered: ${JSON.stringify(request)}`);
  }

  // ---------------------------------------------------------------- inside

  wasToldSince(caseId: string, at: number): boolean {
    return this.alerts.hasToldSince(caseId, at);
  }

  /**
   * The targets that a call takes out. A standby names no target group: it is the one whose case
   * announced it.
   */
  private removedBy(call: Call): TargetOfCall[] {
    if (call.name === 'DeregisterTargets') return this.replacements.isAbout(call) ? [] : targetsOf(call);
    if (call.name !== 'EnterStandby') return [];
    const announced = (id: string) =>
      this.stage.records.open().find((incident) => incident.target?.id === id && openIntent(incident) !== undefined);
    const first = groupArn(attachedGroups(this.stage.plan)[0]?.name ?? '');
    return standbyOf(call).map((id) => ({ groupArn: announced(id)?.groupArn ?? first, id, port: PORT }));
  }

  /**
   * What is in an Auto Scaling group comes back by another call than what was registered by hand.
   */
  private isMember(id: string): boolean {
    return this.stage.autoScaling.lifecycle(id) !== undefined;
  }

  private isBack(out: Out): boolean {
    if (!out.onStandby) return this.stage.registered(out.groupArn).includes(out.key);
    const lifecycle = this.stage.autoScaling.lifecycle(out.id);
    return lifecycle !== 'EnteringStandby' && lifecycle !== 'Standby';
  }

  private leave(call: Call, { groupArn, id, port }: TargetOfCall): void {
    const key = targetKey({ id, port });
    const { clock, records } = this.stage;
    const incident = records.open().find((candidate) => candidate.groupArn === groupArn && candidate.target?.id === id);
    this.removals.push({ groupArn, caseId: incident?.id ?? 'none', at: clock.now() });
    const backAt = this.scheduledRestoreAt(groupArn, id, port) ?? clock.now();
    const mostMs = this.stage.config.durations.leaseCapS * 1000 + SLACK_MS;
    this.must(backAt <= clock.now() + mostMs, 'back-in-time', `${key} is to come back only in ${backAt - clock.now()} ms`);
    const onStandby = call.name === 'EnterStandby';
    const places = onStandby ? this.stage.autoScaling.attachedArns() : [groupArn];
    const host = hostRead(this, call, { id, port });
    this.out.set(`${groupArn}#${key}`, { groupArn, key, id, host, port, places, onStandby, sinceAt: clock.now(), backAt });
  }

  private comeBack(name: string): void {
    this.out.delete(name);
    this.registeredAt.set(name, this.stage.clock.now());
  }

  private awaited(out: Out): void {
    if (!this.exists(out)) return;
    const at = this.scheduledRestoreAt(out.groupArn, out.id, out.port);
    const name = scheduledRestoreName(out.groupArn, out);
    const lost = this.stage.lostScheduledRestores.has(name);
    const paged =
      this.stage.gone &&
      (out.onStandby ? isRefusedForGood(this.stage, name, out.sinceAt) : this.stage.first.functions.deadAddresses.has(out.id));
    // Its entry has fired, and the function that it woke is at it: once, and twice more.
    const underWay = out.host !== out.id && this.stage.clock.now() < out.backAt + RESTORER_MS;
    this.must(at !== undefined || lost || paged || underWay, 'restore-kept', `${out.key} is out and nothing brings it back`);
    if ((lost && this.stage.gone) || paged) return;
    out.backAt = at ?? out.backAt;
    // What does not run nobody can register; once it runs it has a whole lease.
    if (this.stage.world.instances.stateOf(out.host) === 'stopped') return;
    out.backAt = Math.max(out.backAt, (this.stage.changedPowerAt.get(out.host) ?? 0) + this.stage.config.durations.leaseCapS * 1000);
    if (out.onStandby && !hasRoom(this.stage)) this.stuck(out);
    const late = this.stage.clock.now() - Math.max(out.backAt, out.stuckUntilAt ?? 0);
    this.must(
      late <= PRECISION_MS + this.retryMs + (lost ? LOST_MS : 0) + (out.host === out.id ? 0 : RESTORER_MS),
      'back-in-time',
      `${out.key} should have been back ${late} ms ago`,
    );
  }

  /** Nothing of ours can bring it back then, and it must be told to somebody who can. */
  private stuck(out: Out): void {
    const now = this.stage.clock.now();
    out.stuckUntilAt = now + STUCK_MS;
    if (now - out.backAt > STUCK_MS && !this.stage.gone) this.overdue.add(out.id);
  }

  exists(out: Out): boolean {
    return this.stage.world.instances.stateOf(out.host) !== 'terminated' && (out.onStandby || this.stage.hasGroup(out.groupArn));
  }

  private judgeSchedule(call: Call): void {
    const { Name, ScheduleExpression } = membersOf(call.input);
    const out = [...this.out.values()].find((entry) => scheduledRestoreName(entry.groupArn, entry) === Name);
    if (out === undefined) return;
    const { clock, fleet, config } = this.stage;
    const at = atOf(ScheduleExpression);
    const mostMs = config.durations.leaseCapS * 1000 + SLACK_MS;
    this.must(at <= clock.now() + mostMs, 'back-in-time', `${out.key}: the scheduled restore was put off by ${at - clock.now()} ms`);
    if (at <= out.backAt || this.stage.wasStopped(out.host)) return;
    // A scheduled restore that was lost is made again for as soon as Scheduler takes it: that is no
    // renewal.
    if (at <= clock.now() + SOONEST_MS + SLACK_MS) return;
    // Of a target that is out there is one view: the probes'. What lies to them renews its lease
    // (docs/safety.md).
    const withinMs = config.durations.staleS * 1000 + SLACK_MS;
    const sick = fleet.hadCause(out.host, withinMs) || fleet.wasSlowToProbes(out.host, withinMs);
    this.must(sick, 'renewal-needs-evidence', `the lease of ${out.key} was renewed although it is well`);
    judgeRenewal(this, call, out);
  }

  private inspected(call: Call): void {
    const [sick = '', ...peers] = call.input as readonly string[];
    this.inspections.push({ sick, peers, at: this.stage.clock.now() });
  }

  private noteGivenUp(incident: Case): void {
    const out = [...this.out].find(([, { groupArn, id }]) => groupArn === incident.groupArn && id === incident.target?.id);
    if (out === undefined || !isGivenUp(incident)) return;
    this.out.delete(out[0]);
    this.givenUp.set(...out);
    if (out[1].onStandby) this.stage.contestedStandby.add(out[1].id);
  }

  private recorded(incident: Case): void {
    const { groupArn, target, ejections } = incident;
    this.noteGivenUp(incident);
    this.events.record(incident);
    this.alerts.record(incident);
    if (target === undefined) return;
    const name = `${groupArn}#${targetKey(target)}`;
    const moves = ejections.map(({ abandonedAt = 0, restoredAt = 0 }) => Math.max(abandonedAt, restoredAt));
    this.movedAt.set(name, Math.max(this.movedAt.get(name) ?? 0, ...moves));
  }

  private clockTime(): string {
    return new Date(this.stage.clock.now()).toISOString().slice(11, 19);
  }
}

function atOf(expression: string | undefined): number {
  return Date.parse(`${/^at\((.*)\)$/.exec(expression ?? '')?.[1]}Z`);
}
