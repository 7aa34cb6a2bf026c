/**
 * What has to hold of replacements: a task is deregistered, drained, stopped and its successor
 * verified, or called off and registered again. Written without looking at core/decide.
 */
import type { Replacement, TargetCase } from '../../core/model';
import { targetKey } from '../../core/model';
import { isProtected, type TaskRecord } from '../world/ecs-records';
import { targetOf } from '../world/ecs-targets';
import { membersOf } from './call-input';
import type { Call } from './invocation';
import { DELIVERY_MS, groupArn } from './plan';
import { SERVICE } from './plan-service';
import { SLACK_MS, targetsOf, type TargetOfCall } from './read-log';
import { Deregistrations } from './replacement-limits';
import { judgeDeregistration, judgeRegistration, judgeStop, type Seen } from './replacement-rules';
import type { Checker } from './roles';
import { ServiceLogs, type Begun } from './service-log';

/** A scheduled stop that is refused is tried again for so long. */
const RETRIES_MS = 600_000;

/** A task of the service that ended by us: by our call, or by the schedule that we left. */
interface Stopped extends Begun {
  readonly bySchedule: boolean;
}

export class Replacements implements Seen {
  readonly logs = new ServiceLogs();
  /** First deregistration of each task. */
  readonly begun: Begun[] = [];
  readonly stopped: Stopped[] = [];
  /** Tasks that a person wants to go on, from when that is on record. */
  readonly wanted = new Set<string>();
  readonly deregistrations = new Deregistrations();
  /** Tasks that we gave back: who deregisters one of them again is somebody else. */
  private readonly back = new Set<string>();
  private aboutToStop: string | undefined;
  /** Completed runs that have read a task as protected and left its stop scheduled. */
  private readonly runsThatKnew = new Map<string, number>();

  constructor(private readonly checker: Checker) {}

  /** Whether the call is about the targets of a service. */
  isAbout({ input }: Pick<Call, 'input'>): boolean {
    return this.checker.stage.plan.service !== undefined && targetsOf({ input }).some((target) => target.groupArn === groupArn(SERVICE));
  }

  before(call: Call): void {
    if (this.checker.stage.plan.service === undefined) return;
    if (call.name === 'DeregisterTargets') for (const target of targetsOf(call)) judgeDeregistration(this, this.checker, call, target);
    if (call.name === 'RegisterTargets') for (const target of targetsOf(call)) judgeRegistration(this, this.checker, call, target);
    if (call.name === 'StopTask') {
      this.aboutToStop = this.running(taskIn(call.input));
      judgeStop(this, this.checker, call, taskIn(call.input));
    }
  }

  after(call: Call, answer: unknown): void {
    if (this.checker.stage.plan.service === undefined) return;
    this.logs.of(call.by).note(call, answer);
    const at = this.checker.stage.clock.now();
    if (call.name === 'DeregisterTargets') for (const target of targetsOf(call)) this.begin(this.replacementAt(target), at);
    if (call.name === 'StopTask' && this.aboutToStop !== undefined) this.stopped.push({ taskArn: this.aboutToStop, at, bySchedule: false });
    if (call.name === 'StopTask') this.aboutToStop = undefined;
    if (call.name === 'lease.release') this.runEnded(call);
    if (call.name === 'cases.put') this.recorded(answer as TargetCase);
  }

  /** A scheduled stop is about to stop a task: one that is out for it, by the records. */
  beforeScheduledStop(input: unknown): void {
    const taskArn = taskIn(input);
    const { checker } = this;
    const { clock } = checker.stage;
    const found = this.replacementOf(taskArn);
    const cancelledMs = clock.now() - (found?.scheduleCancelledAt ?? clock.now());
    checker.must(
      found !== undefined && cancelledMs <= DELIVERY_MS + RETRIES_MS,
      'uninvited',
      `${taskArn} is stopped, and nothing on record wants it`,
    );
    const knew = this.runsThatKnew.get(taskArn) ?? 0;
    checker.must(
      knew < 2,
      'task-protected',
      `${taskArn} is stopped by its schedule after ${knew} whole runs had read that it is protected`,
    );
    const isOver = this.caseOf(taskArn)?.state === 'closed' && this.running(taskArn) !== undefined;
    checker.must(!isOver, 'uninvited', `${taskArn} is stopped after its case has ended`);
    if (this.running(taskArn) !== undefined) this.stopped.push({ taskArn, at: clock.now(), bySchedule: true });
  }

  /** At any time: what we deregistered and did not stop, somebody brings back or stops. */
  observe(): void {
    const { stage } = this.checker;
    // Nobody is out of a target group that is no more: no request reaches it by any task.
    if (stage.plan.service === undefined || !stage.hasGroup(groupArn(SERVICE))) return;
    for (const { taskArn } of this.begun) {
      const task = stage.tasks.find(taskArn);
      const found = this.caseOf(taskArn);
      if (task === undefined || task.desiredStatus === 'STOPPED') continue;
      if (this.isRegistered(task)) {
        if (found?.replacement?.returnedAt !== undefined) this.back.add(taskArn);
        continue;
      }
      if (this.back.has(taskArn)) continue;
      const open = found !== undefined && found.state !== 'closed' && !stage.gone;
      const ended = found?.replacement?.givenUpBy !== undefined || this.diedWhileCalledOff(found?.replacement);
      this.checker.must(
        open || ended || this.isScheduled(found?.replacement),
        'restore-kept',
        `${taskArn} is out and nothing stops it or brings it back`,
      );
    }
  }

  settled(): void {
    const { stage } = this.checker;
    if (stage.plan.service === undefined) return;
    for (const { taskArn, at } of this.stopped) this.mustBeReplaced(taskArn, at);
    for (const { taskArn, at } of this.begun) {
      const found = this.caseOf(taskArn);
      this.checker.must(found !== undefined && this.checker.wasToldSince(found.id, at), 'alert-told', `nobody was told of ${taskArn}`);
      const task = stage.tasks.find(taskArn);
      const isLeft = found?.replacement?.givenUpBy !== undefined;
      if (task?.desiredStatus === 'RUNNING' && !isLeft && !this.back.has(taskArn) && stage.hasGroup(groupArn(SERVICE)))
        this.checker.must(this.isRegistered(task), 'settles', `${taskArn} still runs, and is out`);
    }
  }

  // ---------------------------------------------------------------- what the rules ask

  /** What is on record for the task behind a target that a call is about. */
  replacementAt({ groupArn: arn, id, port }: TargetOfCall): Replacement | undefined {
    const mine = this.cases().filter((incident) => incident.groupArn === arn && incident.state !== 'closed');
    const replacements = mine.flatMap(({ replacement }) => replacement ?? []).filter(({ abandonedAt }) => abandonedAt === undefined);
    return replacements.find(({ target }) => target.id === id && target.port === port);
  }

  replacementOf(taskArn: string): Replacement | undefined {
    return this.caseOf(taskArn)?.replacement;
  }

  caseOf(taskArn: string): TargetCase | undefined {
    return this.cases().findLast(({ replacement }) => replacement?.taskArn === taskArn);
  }

  /** Whoever has the address, if it has had it for longer than anybody needs to notice. */
  holderOf({ id, port }: Pick<TargetOfCall, 'id' | 'port'>): TaskRecord | undefined {
    const holder = this.checker.stage.world.ecs.holderOf(id, port);
    return holder !== undefined && this.checker.stage.clock.now() - holder.createdAt > SLACK_MS ? holder : undefined;
  }

  // ---------------------------------------------------------------- inside

  private cases(): TargetCase[] {
    const { records } = this.checker.stage;
    return [...records.closed(), ...records.open()].filter((incident): incident is TargetCase => incident.about === 'target');
  }

  private begin(found: Replacement | undefined, at: number): void {
    if (found !== undefined) this.back.delete(found.taskArn);
    if (found !== undefined) this.deregistrations.count(found.taskArn);
    if (found === undefined || this.begun.some(({ taskArn }) => taskArn === found.taskArn)) return;
    this.begun.push({ taskArn: found.taskArn, at });
  }

  private running(taskArn: string): string | undefined {
    return this.checker.stage.tasks.find(taskArn)?.desiredStatus === 'RUNNING' ? taskArn : undefined;
  }

  private isRegistered(task: TaskRecord): boolean {
    const { Id, Port } = targetOf(task);
    return this.checker.stage.registered(groupArn(SERVICE)).includes(targetKey({ id: Id, port: Port }));
  }

  private isScheduled(replacement: Replacement | undefined): boolean {
    if (replacement === undefined) return false;
    const { world, scheduleGroup } = this.checker.stage;
    const listed = world.scheduler.listSchedules({ GroupName: scheduleGroup, NamePrefix: replacement.scheduleName }).Schedules ?? [];
    return listed.length > 0;
  }

  /** What nothing but a controller can finish (docs/safety.md, "What is not proven"). */
  private diedWhileCalledOff(replacement: Replacement | undefined): boolean {
    const { gone, plan } = this.checker.stage;
    return gone && plan.goneFromMinute !== undefined && replacement?.calledOffAt !== undefined && replacement.returnedAt === undefined;
  }

  private runEnded({ by }: Call): void {
    const log = this.logs.of(by);
    for (const { taskArn } of this.begun) {
      if (log.service === undefined || this.running(taskArn) === undefined) continue;
      const task = this.checker.stage.tasks.find(taskArn);
      const isKnown = task !== undefined && isProtected(task, this.checker.stage.clock.now() - SLACK_MS) && !log.unprotected.has(taskArn);
      // Once the schedule is deleted, nothing can be done about attempts that Scheduler still
      // makes.
      if (isKnown && this.isScheduled(this.replacementOf(taskArn)))
        this.runsThatKnew.set(taskArn, (this.runsThatKnew.get(taskArn) ?? 0) + 1);
      if (!isKnown) this.runsThatKnew.set(taskArn, 0);
    }
  }

  /** What is put on record as verified has to be true. */
  private recorded({ replacement }: TargetCase): void {
    if (replacement?.restoreAskedBy !== undefined) this.wanted.add(replacement.taskArn);
    if (replacement?.verifiedAt === undefined) return;
    const { stage, must } = { stage: this.checker.stage, must: this.checker.must.bind(this.checker) };
    if (stage.clock.now() - replacement.verifiedAt > SLACK_MS) return;
    const task = stage.tasks.find(replacement.replacedBy ?? '');
    must(task !== undefined && task.arn !== replacement.taskArn, 'replacement-verified', `${replacement.replacedBy} is no other task`);
    if (task === undefined) return;
    // Sick since it came up, or for longer than the newest rounds are old.
    const since = Math.max(stage.clock.now() - 2 * SLACK_MS, (task.startedAt ?? 0) + 1);
    const wasWell = !stage.fleet.isSick(task.id) || !stage.fleet.wasSickBefore(task.id, since);
    must(wasWell, 'replacement-verified', `${task.arn} was verified, and it is slow`);
  }

  private mustBeReplaced(taskArn: string, at: number): void {
    const found = this.caseOf(taskArn);
    const { verifiedAt, failedAt } = found?.replacement ?? {};
    // In a target group that is no more none can be measured: that is told.
    const unmeasuredAt = this.checker.stage.hasGroup(groupArn(SERVICE)) ? undefined : found?.closedAt;
    const endedAt = verifiedAt ?? failedAt ?? unmeasuredAt;
    this.checker.must(endedAt !== undefined, 'replacement-verified', `${taskArn} was stopped, and nothing says what came of it`);
    if (found === undefined || endedAt === undefined) return;
    const told = this.checker.wasToldSince(found.id, Math.max(at, endedAt) - SLACK_MS);
    this.checker.must(told, 'alert-told', `nobody was told what came of stopping ${taskArn}`);
  }
}

function taskIn(input: unknown): string {
  const { task, Task } = membersOf(input);
  return task ?? Task ?? '';
}
