/**
 * A world in which one service of ECS has four tasks behind a target group, the first of which is
 * slow: what AWS does, as far as a replacement needs it. A run decides and acts once on what it
 * reads; a call may be said to be the last one that a run makes.
 */
import { decide } from '../../../core/decide/decide';
import type { GroupSituation, Situation } from '../../../core/decide/situation';
import type { Case, Decision, EcsTask, LbTarget, Round, ServiceView, TargetCase, TaskProtection } from '../../../core/model';
import { carryOut } from '../../../lambda/act/carry-out';
import type { RespondPorts, TaskStop } from '../../../lambda/ports';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { respondPorts } from '../../builders/ports';
import { situation } from '../../builders/scenario/situation';
import { taskArn } from '../../builders/scenario/service';

const DRAIN_MS = 300_000;

/** The run died at this call, after it was carried out or before. */
export class Died extends Error {}

export class ReplaceWorld {
  now = NOW;
  killSwitch: 'on' | 'off' = 'off';
  /** Times at which ECS registers the first target again, once each. */
  readonly registersAt: number[] = [];
  /** Every call that was made, in order. */
  readonly calls: string[] = [];
  readonly schedules = new Map<string, { at: number; task: TaskStop }>();
  protection: TaskProtection = { state: 'unprotected' };
  incident: TargetCase;
  /** Calls left to this run, and whether the last of them is carried out. */
  private left = Infinity;
  private lastIsDone = true;
  private readonly start: Situation;
  private drainedAt: number | undefined;
  private isRegistered = true;
  private stopAt: number | undefined;
  /** Whether the task that ECS starts is slow as well. */
  newIsSick = false;
  newNeverComes = false;

  constructor() {
    this.start = situation(new Map(Object.entries({ 'declared owner': 'ecs', 'target type': 'ip' })));
    const [incident] = this.start.openCases;
    if (incident?.about !== 'target') throw new Error('no case');
    this.incident = incident;
  }

  get stopped(): boolean {
    return this.stopAt !== undefined;
  }

  get registered(): boolean {
    return this.isRegistered;
  }

  /** One run of the responder, which may die at its `calls`-th call. Returns what was decided. */
  async run(calls = Infinity, lastIsDone = true): Promise<Decision | undefined> {
    this.left = calls;
    this.lastIsDone = lastIsDone;
    if (this.incident.state === 'closed') return undefined;
    const here = this.situation();
    const decided = decide(here).find(({ incident }) => incident.id === this.incident.id);
    if (decided === undefined) throw new Error('nothing was decided');
    const authority = { ports: this.ports(), config: here.config, lease: { holder: 'me', untilAt: this.now + 250_000 }, situation: here };
    try {
      const { incident, decision } = await carryOut(authority, decided);
      if (incident !== this.incident) await authority.ports.cases.put({ ...incident, decision });
      return decision;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      return undefined;
    } finally {
      this.left = Infinity;
    }
  }

  /** A minute later: schedules fire, and ECS does what it does. */
  async minute(seconds = 60): Promise<void> {
    this.now += seconds * 1000;
    for (const [name, { at, task }] of this.schedules)
      if (at <= this.now) {
        this.schedules.delete(name);
        this.calls.push(`scheduled stop of ${task.taskArn.split('/').at(-1)}`);
        this.stopAt ??= at;
      }
    const due = this.registersAt.findIndex((at) => at <= this.now);
    if (due !== -1 && !this.stopped) {
      this.registersAt.splice(due, 1);
      this.isRegistered = true;
      this.drainedAt = undefined;
    }
  }

  async runs(minutes: number): Promise<void> {
    for (let index = 0; index < minutes; index++) {
      await this.minute();
      await this.run();
    }
  }

  situation(): Situation {
    const [group] = this.start.groups;
    if (group === undefined) throw new Error('no group');
    const groups: GroupSituation[] = [{ ...group, lbView: this.health(), rounds: this.rounds(group.rounds), service: this.view() }];
    const inspected = { ...this.incident, inspectedAt: this.now - 1000 };
    this.incident = { ...inspected, loads: (inspected.loads ?? []).map((load) => ({ ...load, capturedAt: this.now - 1000 })) };
    const killSwitch = this.killSwitch === 'off' ? { state: 'off' as const } : { state: 'on' as const };
    return { ...this.start, now: this.now, killSwitch, groups, openCases: [this.incident, ...this.start.openCases.slice(1)] };
  }

  /** As told at the start, moved to now; the new task is measured like the fourth target. */
  private rounds(rounds: readonly Round[]): Round[] {
    const by = this.now - NOW;
    const isNew = this.newTask() !== undefined;
    return rounds.map((round) => {
      const [sick] = round.verdicts;
      const fourth = round.verdicts.find(({ key }) => key === 'i-4:8080');
      const ofNew =
        fourth === undefined || !isNew ? [] : [{ ...(this.newIsSick && sick !== undefined ? sick : fourth), key: '10.0.0.9:8080' }];
      const others = round.verdicts.slice(this.isRegistered ? 0 : 1).map((one) => ({
        ...one,
        ...(one.evidenceSince === undefined ? {} : { evidenceSince: one.evidenceSince + by }),
      }));
      return { ...round, startedAt: round.startedAt + by, endedAt: round.endedAt + by, verdicts: [...others, ...ofNew] };
    });
  }

  health(): LbTarget[] {
    const others = ['i-2', 'i-3', 'i-4'].map((id): LbTarget => ({ target: { id, port: 8080 }, state: 'healthy' }));
    const first = { target: { id: 'i-1', port: 8080 } };
    const newer: LbTarget[] = this.newTask() === undefined ? [] : [{ target: { id: '10.0.0.9', port: 8080 }, state: 'healthy' }];
    if (this.isRegistered) return [{ ...first, state: 'healthy' }, ...others, ...newer];
    if (this.drainedAt !== undefined && this.now < this.drainedAt) return [{ ...first, state: 'draining' }, ...others, ...newer];
    return [...others, ...newer];
  }

  view(): ServiceView {
    const service = this.start.groups[0]?.service;
    if (service === undefined || 'why' in service) throw new Error('no service');
    const newer = this.newTask();
    const tasks = service.tasks.map((task, index): EcsTask => {
      if (index > 0) return task;
      const stopping = this.stopped ? { lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' } : {};
      return { ...task, ...stopping, protection: this.protection };
    });
    const running = 3 + (this.stopped ? 0 : 1) + (newer === undefined ? 0 : 1);
    return { service: { ...service.service, running, pending: 4 - running }, tasks: [...tasks, ...(newer === undefined ? [] : [newer])] };
  }

  private newTask(): EcsTask | undefined {
    if (this.stopAt === undefined || this.newNeverComes || this.now < this.stopAt + 60_000) return undefined;
    return {
      arn: taskArn('new'),
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      launchType: 'FARGATE',
      createdAt: this.stopAt + 5_000,
      startedAt: this.stopAt + 30_000,
      targets: [{ groupArn: GROUP, id: '10.0.0.9', port: 8080 }],
      protection: { state: 'unprotected' },
      tags: {},
    };
  }

  /** Counts the call; the last one of a run that dies may not be carried out. */
  private async call<Result>(what: string, does: () => Result): Promise<Result> {
    this.left--;
    if (this.left < 0 || (this.left === 0 && !this.lastIsDone)) throw new Died(what);
    this.calls.push(what);
    const result = does();
    if (this.left === 0) throw new Died(what);
    return result;
  }

  private ports(): RespondPorts {
    const store = async <Incident extends Case>(incident: Incident): Promise<Incident> =>
      this.call(`put ${incident.state}`, () => {
        const next = { ...incident, rev: incident.rev + 1 };
        if (next.about === 'target') this.incident = next;
        return next;
      });
    return respondPorts({
      clock: { now: () => this.now, sleep: async (ms) => void (this.now += ms) },
      log: () => undefined,
      loadBalancing: { health: async () => this.health() },
      owners: { observe: async () => new Map() },
      targetRefs: { of: async () => new Map() },
      killSwitch: { read: async () => ({ state: this.killSwitch }) },
      rounds: { latest: async () => this.rounds(this.start.groups[0]?.rounds ?? []) },
      cases: { put: store },
      ecs: {
        read: async () => this.view(),
        stop: async ({ taskArn: arn }) => this.call(`stop ${arn.split('/').at(-1)}`, () => void (this.stopAt ??= this.now)),
        deregister: async () =>
          this.call('deregister', () => {
            this.isRegistered = false;
            this.drainedAt = this.now + DRAIN_MS;
          }),
        register: async () =>
          this.call('register', () => {
            if (this.drainedAt !== undefined && this.now < this.drainedAt) throw new Error('still draining');
            this.isRegistered = true;
          }),
      },
      scheduledStops: {
        exists: async (name) => this.schedules.has(name),
        create: async (name, at, task) => this.call('schedule', () => void this.schedules.set(name, { at, task })),
        move: async (name, at, task) => this.call('reschedule', () => void this.schedules.set(name, { at, task })),
        cancel: async (name) => this.call('cancel', () => void this.schedules.delete(name)),
      },
      scheduledRestores: { cancel: async () => undefined },
    });
  }
}
