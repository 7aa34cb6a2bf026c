/** The invariants, checked after every step. It knows the world as it is, and what each run of the responder has read of it. */
import { targetKey, type Case } from '../../core/model';
import { wayBackName } from '../../lambda/act/way-back';
import type { Call, Invocation } from './invocation';
import { SCHEDULE_GROUP } from './plan';
import { judgeRemoval } from './removal';
import { Sight, SLACK_MS, targetsOf, type TargetOfCall } from './sight';
import type { Stage } from './stage';

export interface Violation {
  readonly invariant: Invariant;
  readonly step: number;
  readonly says: string;
}

/** What has to hold. Each is explained in docs/safety.md. */
export const INVARIANTS = [
  'mode',
  'kill-switch',
  'owner',
  'fresh-look',
  'intent-first',
  'way-back-first',
  'way-back-kept',
  'one-responder',
  'floor',
  'capacity',
  'budget',
  'breaker',
  'evidence',
  'shared-cause',
  'contested',
  'frozen',
  'back-in-time',
  'renewal-needs-evidence',
  'alert-told',
  'repeat-changes-nothing',
  'settles',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

/** A target that is out by our hand. */
export interface Out {
  readonly groupArn: string;
  readonly key: string;
  readonly id: string;
  readonly port: number;
  readonly sinceAt: number;
  /** The latest time its way back was set to. */
  backAt: number;
}

/** Alerts that say that a target was out: as it left, or as what is known later of a removal whose run died. */
const TELLS_OF_REMOVAL = /\/(eject|hold|watch)\//;
const TELLS_OF_END = /\/close\//;

/** EventBridge Scheduler's precision. */
const PRECISION_MS = 60_000;

export class Checker {
  readonly violations: Violation[] = [];
  readonly out = new Map<string, Out>();
  /** Every removal that took effect. */
  readonly removals: { readonly groupArn: string; readonly caseId: string; readonly at: number }[] = [];
  readonly contested = new Set<string>();
  /** When each target was registered, where that was after the start. */
  readonly registeredAt = new Map<string, number>();
  private readonly sights = new Map<Invocation, Sight>();
  private readonly told = new Map<string, number>();
  private readonly stored = new Set<string>();

  constructor(
    readonly stage: Stage,
    /** How long a way back that is refused may be retried. */
    private readonly retryMs: number,
  ) {}

  must(holds: boolean, invariant: Invariant, says: string): void {
    if (!holds) this.violations.push({ invariant, step: this.stage.steps, says: `${this.clockTime()} ${says}` });
  }

  sightOf(invocation: Invocation): Sight {
    const sight = this.sights.get(invocation) ?? new Sight();
    this.sights.set(invocation, sight);
    return sight;
  }

  before(call: Call): void {
    if (call.name === 'DeregisterTargets') for (const target of targetsOf(call)) judgeRemoval(this, call, target);
    if (call.name === 'CreateSchedule' || call.name === 'UpdateSchedule') this.judgeSchedule(call);
  }

  after(call: Call, answer: unknown): void {
    this.sightOf(call.by).note(call, answer);
    if (call.name === 'DeregisterTargets') for (const target of targetsOf(call)) this.leave(target);
    if (call.name === 'cases.put') for (const { id } of (answer as Case).outbox) this.stored.add(id);
    if (call.name === 'Publish') this.published(call);
    this.observe();
  }

  /** What has to hold at any time. */
  observe(): void {
    for (const [name, out] of this.out) {
      if (this.stage.registered(out.groupArn).includes(out.key)) this.comeBack(name);
      else this.awaited(out);
    }
  }

  /** An operator registered a target that we hold out: it is not ours any more. */
  contest(groupArn: string, key: string): void {
    if (this.out.has(`${groupArn}#${key}`)) this.contested.add(`${groupArn}#${key}`);
  }

  /** Epoch milliseconds of a target's armed way back, or undefined. */
  wayBackAt(groupArn: string, id: string, port: number): number | undefined {
    const name = wayBackName(groupArn, { id, port });
    const listed = this.stage.world.scheduler.listSchedules({ GroupName: SCHEDULE_GROUP, NamePrefix: name }).Schedules ?? [];
    if (listed.length === 0) return undefined;
    const { ScheduleExpression, Target } = this.stage.world.scheduler.getSchedule({ GroupName: SCHEDULE_GROUP, Name: name });
    const input = JSON.parse(Target?.Input ?? '{}') as { TargetGroupArn?: string; Targets?: { Id?: string; Port?: number }[] };
    const exact = input.TargetGroupArn === groupArn && input.Targets?.[0]?.Id === id && input.Targets[0].Port === port;
    return exact ? atOf(ScheduleExpression) : undefined;
  }

  /** Nothing is open, out or under way: no later round would change anything. */
  isQuiet(): boolean {
    const { records, world } = this.stage;
    const waiting = world.scheduler.listSchedules({ GroupName: SCHEDULE_GROUP }).Schedules ?? [];
    return records.open().length === 0 && this.out.size === 0 && waiting.length === 0;
  }

  /** What has to hold when nothing is left to happen. */
  settled(): void {
    const { records, world } = this.stage;
    for (const out of this.out.values()) if (this.exists(out)) this.must(false, 'settles', `${out.key} is still out`);
    for (const value of records.open()) this.must(false, 'settles', `case ${value.id} is still ${value.state}`);
    const left = world.scheduler.listSchedules({ GroupName: SCHEDULE_GROUP }).Schedules ?? [];
    for (const { Name } of left) this.must(false, 'settles', `schedule ${Name} is left over`);
    for (const id of this.stored) this.must(this.told.has(id), 'alert-told', `alert ${id} was stored and never published`);
    for (const { caseId, at } of this.removals)
      this.must(this.wasTold(caseId, at), 'alert-told', `the removal of case ${caseId} was never told`);
  }

  // ---------------------------------------------------------------- inside

  /** A case that ended because of somebody else tells of its removal by its end. */
  private wasTold(caseId: string, at: number): boolean {
    const { because } = this.stage.records.closed().find((value) => value.id === caseId) ?? {};
    const tells = (id: string) => TELLS_OF_REMOVAL.test(id) || (because !== 'recovered' && TELLS_OF_END.test(id));
    return [...this.told].some(([id, toldAt]) => id.startsWith(caseId) && tells(id) && toldAt >= at);
  }

  private leave({ groupArn, id, port }: TargetOfCall): void {
    const key = targetKey({ id, port });
    const { clock, records } = this.stage;
    const value = records.open().find((candidate) => candidate.groupArn === groupArn && candidate.target?.id === id);
    this.removals.push({ groupArn, caseId: value?.id ?? 'none', at: clock.now() });
    const backAt = this.wayBackAt(groupArn, id, port) ?? clock.now();
    const mostMs = this.stage.config.durations.leaseCapS * 1000 + SLACK_MS;
    this.must(backAt <= clock.now() + mostMs, 'back-in-time', `${key} is to come back only in ${backAt - clock.now()} ms`);
    this.out.set(`${groupArn}#${key}`, { groupArn, key, id, port, sinceAt: clock.now(), backAt });
  }

  private comeBack(name: string): void {
    this.out.delete(name);
    this.registeredAt.set(name, this.stage.clock.now());
  }

  private awaited(out: Out): void {
    if (!this.exists(out)) return;
    const at = this.wayBackAt(out.groupArn, out.id, out.port);
    this.must(at !== undefined, 'way-back-kept', `${out.key} is out and nothing brings it back`);
    out.backAt = at ?? out.backAt;
    const late = this.stage.clock.now() - out.backAt;
    this.must(late <= PRECISION_MS + this.retryMs, 'back-in-time', `${out.key} should have been back ${late} ms ago`);
  }

  /** Terminated instances are beyond anybody's help. */
  exists(out: Out): boolean {
    return this.stage.world.instances.running(out.id) !== undefined;
  }

  private judgeSchedule(call: Call): void {
    const { ScheduleExpression, Target } = call.input as { ScheduleExpression?: string; Target?: { Input?: string } };
    const input = JSON.parse(Target?.Input ?? '{}') as { TargetGroupArn?: string; Targets?: { Id?: string; Port?: number }[] };
    const { Id = '', Port = 0 } = input.Targets?.[0] ?? {};
    const out = this.out.get(`${input.TargetGroupArn}#${Id}:${Port}`);
    if (out === undefined) return;
    const { clock, fleet, config } = this.stage;
    const at = atOf(ScheduleExpression);
    const mostMs = config.durations.leaseCapS * 1000 + SLACK_MS;
    this.must(at <= clock.now() + mostMs, 'back-in-time', `${out.key}: the way back was put off by ${at - clock.now()} ms`);
    const sick = fleet.wasSick(Id, config.durations.staleS * 1000 + SLACK_MS);
    if (at > out.backAt) this.must(sick, 'renewal-needs-evidence', `the lease of ${out.key} was renewed although it is well`);
  }

  private published(call: Call): void {
    const { MessageAttributes } = call.input as { MessageAttributes?: Record<string, { StringValue?: string }> };
    this.told.set(MessageAttributes?.['alertId']?.StringValue ?? '', this.stage.clock.now());
  }

  private clockTime(): string {
    return new Date(this.stage.clock.now()).toISOString().slice(11, 19);
  }
}

function atOf(expression: string | undefined): number {
  return Date.parse(`${/^at\((.*)\)$/.exec(expression ?? '')?.[1]}Z`);
}
