import type {
  CreateScheduleGroupInput,
  CreateScheduleGroupOutput,
  CreateScheduleInput,
  CreateScheduleOutput,
  DeleteScheduleInput,
  DeleteScheduleOutput,
  GetScheduleGroupInput,
  GetScheduleGroupOutput,
  GetScheduleInput,
  GetScheduleOutput,
  ListSchedulesInput,
  ListSchedulesOutput,
  UpdateScheduleInput,
  UpdateScheduleOutput,
} from '@aws-sdk/client-scheduler';
import { arn, type Account, type Ids } from './account';
import { AwsError } from './aws-error';
import type { Cancel, Clock } from './clock';
import { pageOf } from './paging';
import { deliver, type DeadLetter, type SchedulerPorts } from './schedule-delivery';
import { parseExpression, type Timing } from './schedule-expression';
import { parseTarget } from './schedule-target';

export interface SchedulerSettings {
  /**
   * Divides the interval of rate() schedules, and of nothing else: 6 makes a minute ten seconds.
   */
  readonly rateFactor: number;
  /** How late a schedule fires. The service promises 60 s precision; 0 by default. */
  readonly lateByMs: () => number;
  /**
   * How long each delivery is under way before its call is made, whatever becomes of the schedule
   * meanwhile; 0 by default.
   */
  readonly underWayMs: () => number;
  /**
   * Whether a failed delivery is retried although its schedule was deleted or replaced since. Not
   * documented (I); false by default.
   */
  readonly retriesDeleted: () => boolean;
}

interface Schedule {
  readonly input: CreateScheduleInput & { readonly Name: string };
  readonly groupName: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly timing: Timing;
  cancel: Cancel;
}

/** EventBridge Scheduler: one-time and rate schedules, and what they do when they fire. */
export class Scheduler {
  /** What could not be delivered, with the queue that would have it. */
  readonly deadLetters: DeadLetter[] = [];
  private readonly groups = new Map<string, number>();
  private readonly schedules = new Map<string, Schedule>();
  private readonly settings: SchedulerSettings;

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly ports: SchedulerPorts,
    settings: Partial<SchedulerSettings> = {},
  ) {
    this.settings = { rateFactor: 1, lateByMs: () => 0, underWayMs: () => 0, retriesDeleted: () => false, ...settings };
    this.groups.set('default', clock.now());
  }

  // ------------------------------------------------------------ the API

  createScheduleGroup(input: CreateScheduleGroupInput): CreateScheduleGroupOutput {
    const name = checkName(input.Name);
    if (this.groups.has(name)) throw new AwsError('ConflictException', `Schedule group ${name} already exists.`);
    this.groups.set(name, this.clock.now());
    return { ScheduleGroupArn: this.groupArn(name) };
  }

  getScheduleGroup(input: GetScheduleGroupInput): GetScheduleGroupOutput {
    const createdAt = this.group(input.Name ?? '');
    const CreationDate = new Date(createdAt);
    return { Name: input.Name, Arn: this.groupArn(input.Name ?? ''), State: 'ACTIVE', CreationDate, LastModificationDate: CreationDate };
  }

  /**
   * A repeated request with the same client token is answered as the first one was; any other for a
   * name that exists is a conflict.
   */
  createSchedule(input: CreateScheduleInput): CreateScheduleOutput {
    const name = checkName(input.Name);
    const groupName = input.GroupName ?? 'default';
    this.group(groupName);
    const existing = this.schedules.get(keyOf(groupName, name));
    if (existing) {
      if (input.ClientToken !== undefined && existing.input.ClientToken === input.ClientToken) return { ScheduleArn: existing.arn };
      throw new AwsError('ConflictException', `Schedule ${name} already exists.`);
    }
    return { ScheduleArn: this.put(input, name, groupName, this.clock.now()).arn };
  }

  /** Replaces the whole schedule: what is not given goes back to its default. */
  updateSchedule(input: UpdateScheduleInput): UpdateScheduleOutput {
    const existing = this.schedule(input);
    const updated = this.put(input, existing.input.Name, existing.groupName, existing.createdAt);
    existing.cancel();
    return { ScheduleArn: updated.arn };
  }

  getSchedule(input: GetScheduleInput): GetScheduleOutput {
    const schedule = this.schedule(input);
    const { ClientToken: _, ...given } = schedule.input;
    return {
      ActionAfterCompletion: 'NONE',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      ...given,
      Arn: schedule.arn,
      GroupName: schedule.groupName,
      CreationDate: new Date(schedule.createdAt),
      LastModificationDate: new Date(schedule.changedAt),
    };
  }

  deleteSchedule(input: DeleteScheduleInput): DeleteScheduleOutput {
    this.remove(this.schedule(input));
    return {};
  }

  listSchedules(input: ListSchedulesInput): ListSchedulesOutput {
    if (input.GroupName !== undefined) this.group(input.GroupName);
    const found = [...this.schedules.values()].filter(
      (schedule) =>
        (input.GroupName === undefined || schedule.groupName === input.GroupName) &&
        schedule.input.Name.startsWith(input.NamePrefix ?? '') &&
        (input.State === undefined || input.State === (schedule.input.State ?? 'ENABLED')),
    );
    const page = pageOf(found, input.NextToken, input.MaxResults ?? 100, 'ValidationException');
    const Schedules = page.items.map((schedule) => ({
      Arn: schedule.arn,
      Name: schedule.input.Name,
      GroupName: schedule.groupName,
      State: schedule.input.State ?? ('ENABLED' as const),
      CreationDate: new Date(schedule.createdAt),
      LastModificationDate: new Date(schedule.changedAt),
      Target: { Arn: schedule.input.Target?.Arn },
    }));
    return { Schedules, NextToken: page.next };
  }

  // ------------------------------------------------------------ inside

  private put(input: CreateScheduleInput, name: string, groupName: string, createdAt: number): Schedule {
    const timing = this.timingOf(input);
    parseTarget(input.Target);
    const scheduleArn = arn(this.account, 'scheduler', `schedule/${groupName}/${name}`);
    const schedule: Schedule = {
      input: { ...input, Name: name },
      groupName,
      arn: scheduleArn,
      createdAt,
      changedAt: this.clock.now(),
      timing,
      cancel: () => undefined,
    };
    this.schedules.set(keyOf(groupName, name), schedule);
    if (input.State !== 'DISABLED') this.arm(schedule, timing.kind === 'at' ? timing.at : this.clock.now());
    return schedule;
  }

  /**
   * That an at() in the past is refused is from memory and public issue threads; the API reference
   * does not say.
   */
  private timingOf(input: CreateScheduleInput): Timing {
    if (input.FlexibleTimeWindow?.Mode !== 'OFF') {
      throw new AwsError('ValidationException', `FlexibleTimeWindow.Mode: got ${input.FlexibleTimeWindow?.Mode}, the lab knows OFF`);
    }
    const timing = parseExpression(input.ScheduleExpression ?? '', input.ScheduleExpressionTimezone);
    if (timing.kind === 'at' && timing.at <= this.clock.now()) {
      throw new AwsError('ValidationException', `Invalid Schedule Expression ${input.ScheduleExpression}: the time is in the past.`);
    }
    return timing;
  }

  private arm(schedule: Schedule, dueAt: number): void {
    schedule.cancel = this.clock.at(dueAt + this.settings.lateByMs(), () => this.fire(schedule, dueAt));
  }

  private fire(schedule: Schedule, dueAt: number): void {
    if (schedule.timing.kind === 'rate') this.arm(schedule, dueAt + schedule.timing.everyMs / this.settings.rateFactor);
    void this.deliver(schedule, dueAt);
  }

  private async deliver(schedule: Schedule, dueAt: number): Promise<void> {
    const { input, timing } = schedule;
    const { RetryPolicy, DeadLetterConfig } = input.Target ?? {};
    const lost = await deliver(
      {
        scheduleArn: schedule.arn,
        dueAt,
        executionId: this.ids.uuid(),
        target: input.Target ?? { Arn: undefined, RoleArn: undefined },
        retries: RetryPolicy?.MaximumRetryAttempts ?? 185,
        maximumAgeMs: 1000 * (RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400),
        deadLetterArn: DeadLetterConfig?.Arn,
      },
      {
        account: this.account,
        clock: this.clock,
        ports: this.ports,
        wanted: () => this.isCurrent(schedule) || this.settings.retriesDeleted(),
        underWayMs: this.settings.underWayMs,
      },
    );
    if (lost) this.deadLetters.push(lost);
    if (timing.kind === 'at' && input.ActionAfterCompletion === 'DELETE' && this.isCurrent(schedule)) this.remove(schedule);
  }

  private isCurrent(schedule: Schedule): boolean {
    return this.schedules.get(keyOf(schedule.groupName, schedule.input.Name)) === schedule;
  }

  private remove(schedule: Schedule): void {
    schedule.cancel();
    this.schedules.delete(keyOf(schedule.groupName, schedule.input.Name));
  }

  private schedule(input: { Name?: string | undefined; GroupName?: string | undefined }): Schedule {
    const found = this.schedules.get(keyOf(input.GroupName ?? 'default', input.Name ?? ''));
    if (!found) throw new AwsError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`);
    return found;
  }

  private group(name: string): number {
    const createdAt = this.groups.get(name);
    if (createdAt === undefined) throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`);
    return createdAt;
  }

  private groupArn(name: string): string {
    return arn(this.account, 'scheduler', `schedule-group/${name}`);
  }
}

function checkName(name: string | undefined): string {
  if (name !== undefined && /^[0-9a-zA-Z-_.]{1,64}$/.test(name)) return name;
  throw new AwsError('ValidationException', `Name: got '${name}', allowed 1 to 64 characters of 0-9 a-z A-Z - _ .`);
}

function keyOf(groupName: string, name: string): string {
  return `${groupName}/${name}`;
}
