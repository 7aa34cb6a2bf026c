/**
 * Records of stops that are kept, and a world around the function that stops, which a test moves.
 */
import { parseConfig } from '../../../core/config';
import type { Case, Culprit, OutboxEntry, Round, Stop, StopExecution, StopPlan, StopStatus, UndoOutcome } from '../../../core/model';
import type { StopPorts } from '../../../lambda/stop/ports';
import { stopCulprits } from '../../../lambda/stop/stop';
import { GROUP, groupOf } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { roundOf, verdict } from '../../builders/rounds';
import { PLAN, incidentOf } from '../../core/stop/candidate-builder';

export const MINUTE = 60_000;
const allowed = {
  executable: '/usr/bin/python3.11',
  user: 'reports',
  arguments: '^/opt/reports/monthly --all$',
  parent: 'cron',
  allowKill: false,
};
/** One target group, with one command that may be stopped. */
export const configOf = (more: Partial<typeof allowed> = {}) =>
  parseConfig({
    mode: 'enforce',
    targetGroups: [{ arn: GROUP, stop: { mode: 'propose', allow: [{ ...allowed, ...more }] } }],
    network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
    stop: { approvers: ['arn:aws:iam::123456789012:role/oncall'] },
  });

/** What a test may change between two runs. */
export class World {
  now = NOW;
  config = configOf();
  cases: Case[] = [incidentOf()];
  closed: Case[] = [];
  /** Of the latest round: undefined, there is none. */
  round: () => Partial<Round> | undefined = () => ({});
  plan: StopPlan | undefined = PLAN;
  execution: StopExecution = { state: 'waiting', reachedHost: false };
  status: StopStatus = { v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held' };
  undo: UndoOutcome = { v: 1, outcome: 'undone' };
  serves = false;
  tagged: StopPorts['tagged'] = async () => true;
  peers: (culprit: Culprit) => string[] = () => [];
  isBusy = false;
  leasedForMs = 0;
  /** The name of a call that fails. */
  fails = '';
  readonly calls: string[] = [];
  readonly records = new Map<string, Stop>();
  readonly published: OutboxEntry[] = [];
  /** Ids of events. */
  readonly emitted: string[] = [];

  get stop(): Stop {
    const [stop] = this.records.values();
    if (stop === undefined) throw new Error('no stop is on record');
    return stop;
  }

  ports(): StopPorts {
    const called = async <Answer>(name: string, answer: () => Answer): Promise<Answer> => {
      if (this.fails === name) throw new Error(`${name} failed`);
      this.calls.push(name);
      return answer();
    };
    return {
      clock: { now: () => this.now, sleep: async () => undefined },
      log: () => undefined,
      deployment: {},
      cases: { open: async () => this.cases, closedSince: async () => this.closed },
      rounds: { latest: async () => this.rounds() },
      hosts: {
        plan: () => called('plan', () => this.plan),
        status: () => called('status', () => this.status),
        undo: () => called('undo', () => this.undo),
      },
      peersRunning: (_incident, culprit) => called('peers', () => this.peers(culprit)),
      executions: {
        start: ({ clientToken }) => called('start', () => `execution of ${clientToken}`),
        read: () => called('read', () => this.execution),
        cancel: () =>
          called('cancel', () => {
            this.execution = { state: 'cancelled', reachedHost: false };
          }),
      },
      stops: {
        all: async () => ({ stops: [...this.records.values()], unreadable: [] }),
        put: (stop) => called('put', () => this.put(stop)),
      },
      lease: {
        acquire: async (holder, now, untilAt) => {
          this.leasedForMs = untilAt - now;
          return this.isBusy ? undefined : { holder, untilAt };
        },
        release: async () => undefined,
      },
      stopSwitch: { read: async () => ({ on: false, why: 'off' }) },
      serves: async () => this.serves,
      tagged: (...of) => this.tagged(...of),
      calendarOpen: async () => true,
      undoSchedules: { cancel: () => called('unschedule', () => undefined) },
      topic: { publish: (entry) => called('publish', () => void this.published.push(entry)) },
      caseEvents: { emit: ({ id }) => called('emit', () => void this.emitted.push(id)) },
    };
  }

  private rounds(): Round[] {
    const { id, port } = incidentOf().target;
    const fields = this.round();
    const round = { groupArn: GROUP, group: groupOf({ arn: GROUP }), startedAt: this.now - 10_000, verdicts: [verdict(`${id}:${port}`)] };
    return fields === undefined ? [] : [roundOf({ ...round, ...fields })];
  }

  private put(stop: Stop): Stop {
    if ((this.records.get(stop.id)?.rev ?? 0) !== stop.rev) throw new Error('overtaken');
    const next = { ...stop, rev: stop.rev + 1 };
    this.records.set(stop.id, next);
    return next;
  }

  /** Runs once, after so many minutes. */
  async after(minutes: number, request?: Parameters<typeof stopCulprits>[2]) {
    this.now += minutes * MINUTE;
    return stopCulprits(this.ports(), this.config, request);
  }
}

export const told = (world: World): string[] => world.published.map(({ id }) => id.split('/').at(-2) ?? '');
export const outcome = {
  v: 1 as const,
  digest: PLAN.digest,
  outcome: 'stopped' as const,
  signalled: [],
  starter: 'commented-out' as const,
};

export async function approvedWorld(): Promise<World> {
  const world = new World();
  await world.after(0);
  world.execution = { state: 'ended', reachedHost: true, approvedBy: 'Ann', outcome };
  await world.after(1);
  return world;
}
