/** The function that stops, run by run, on records that are kept and a world that a test moves. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { parseConfig } from '../../../core/config';
import type { Case, OutboxEntry, Stop, StopExecution, StopPlan, StopStatus, UndoOutcome } from '../../../core/model';
import type { StopPorts } from '../../../lambda/stop/ports';
import { stopCulprits } from '../../../lambda/stop/stop';
import { tagged } from '../../../lambda/aws/stop-world';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { groupOf } from '../../builders/groups';
import { roundOf, verdict } from '../../builders/rounds';
import { REGION, answering, balancing } from '../act/clients-setup';
import { PLAN, incidentOf } from '../../core/stop/candidate-builder';

const MINUTE = 60_000;
const allowed = { executable: '/usr/bin/python3.11', user: 'reports', arguments: '^/opt/reports/monthly --all$', parent: 'cron' };
const config = parseConfig({
  mode: 'enforce',
  targetGroups: [{ arn: GROUP, stop: { mode: 'propose', allow: [allowed] } }],
  network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
  stop: { approvers: ['arn:aws:iam::123456789012:role/oncall'] },
});

/** What a test may change between two runs. */
class World {
  now = NOW;
  cases: Case[] = [incidentOf()];
  plan: StopPlan | undefined = PLAN;
  execution: StopExecution = { state: 'waiting', reachedHost: false };
  status: StopStatus = { v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held' };
  undo: UndoOutcome = { v: 1, outcome: 'undone' };
  serves = false;
  tagged: StopPorts['tagged'] = async () => true;
  isBusy = false;
  /** The name of a call that fails. */
  fails = '';
  readonly calls: string[] = [];
  readonly records = new Map<string, Stop>();
  readonly published: OutboxEntry[] = [];

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
      cases: { open: async () => this.cases, closedSince: async () => [] },
      rounds: { latest: async () => [this.round()] },
      hosts: {
        plan: () => called('plan', () => this.plan),
        status: () => called('status', () => this.status),
        undo: () => called('undo', () => this.undo),
      },
      peersRunning: () => called('peers', () => []),
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
        acquire: async (holder, _now, untilAt) => (this.isBusy ? undefined : { holder, untilAt }),
        release: async () => undefined,
      },
      stopSwitch: { read: async () => ({ on: false, why: 'off' }) },
      serves: async () => this.serves,
      tagged: (...of) => this.tagged(...of),
      calendarOpen: async () => true,
      undoSchedules: { cancel: () => called('unschedule', () => undefined) },
      topic: { publish: (entry) => called('publish', () => void this.published.push(entry)) },
      caseEvents: { emit: () => called('emit', () => undefined) },
    };
  }

  private round() {
    const { id, port } = incidentOf().target;
    return roundOf({ groupArn: GROUP, group: groupOf({ arn: GROUP }), startedAt: this.now - 10_000, verdicts: [verdict(`${id}:${port}`)] });
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
    return stopCulprits(this.ports(), config, request);
  }
}

const told = (world: World): string[] => world.published.map(({ id }) => id.split('/').at(-2) ?? '');
const outcome = { v: 1 as const, digest: PLAN.digest, outcome: 'stopped' as const, signalled: [], starter: 'commented-out' as const };

async function approvedWorld(): Promise<World> {
  const world = new World();
  await world.after(0);
  world.execution = { state: 'ended', reachedHost: true, approvedBy: 'Ann', outcome };
  await world.after(1);
  return world;
}

test('a proposal is on record before its execution is started, and told once that has an id', async () => {
  const world = new World();
  await world.after(0);
  expect(world.calls.slice(0, 5)).toEqual(['plan', 'peers', 'put', 'start', 'put']);
  expect(world.stop).toMatchObject({
    state: 'proposed',
    executionId: `execution of ${world.stop.clientToken}`,
    expiresAt: NOW + 15 * MINUTE,
  });
  expect(told(world)).toEqual(['proposed']);
});

test('a start that was not answered is repeated with the same token by the next run', async () => {
  const world = new World();
  world.fails = 'start';
  await expect(world.after(0)).rejects.toThrow('start failed');
  const { clientToken } = world.stop;
  world.fails = '';
  await world.after(1);
  expect(world.stop).toMatchObject({ clientToken, executionId: `execution of ${clientToken}` });
  expect(world.records.size).toBe(1);
});

test('nothing is started or told for a host that does not answer', async () => {
  const world = new World();
  world.fails = 'plan';
  await world.after(0);
  expect([world.records.size, world.published.length]).toEqual([0, 0]);
});

test('nothing is proposed behind an address: the host is known by another id than the target', async () => {
  const world = new World();
  const target = { id: '10.0.0.3', port: 8080 };
  const [of] = incidentOf().ejections;
  world.cases = [incidentOf({ target, ejections: of === undefined ? [] : [{ ...of, target }] })];
  const Tags = [{ Key: 'sickbay:stop', Value: 'Sickbay' }];
  const instance = answering(new EC2Client(REGION), () => ({ Reservations: [{ Instances: [{ Tags }] }] }));
  const group = balancing(() => ({ TagDescriptions: [{ Tags }] }));
  world.tagged = tagged(group, instance, 'Sickbay');
  await world.after(0);
  expect(world.calls).toEqual([]);
  expect([world.records.size, world.published.length]).toEqual([0, 0]);
});

test('from the approval over two periods to the end of the lease', async () => {
  const world = await approvedWorld();
  expect(world.stop).toMatchObject({ state: 'verifying', approvedBy: 'Ann', cleanLooks: 1 });
  world.cases = [incidentOf({ causeStatus: 'gone' })];
  await world.after(19);
  expect(world.stop.state).toBe('verifying');
  await world.after(2);
  expect(world.stop.state).toBe('holding');
  await world.after(19 * 60 + 40);
  expect(told(world)).toEqual(['proposed', 'verified', 'reminder']);
  await world.after(4 * 60);
  expect(world.stop).toMatchObject({ state: 'undone', because: 'its 24 hours are over' });
  expect(told(world).at(-1)).toBe('undone');
});

test('what serves again has its proposal cancelled, and withdrawn once that is seen', async () => {
  const world = new World();
  await world.after(0);
  world.serves = true;
  await world.after(1);
  expect(world.stop).toMatchObject({ state: 'proposed', cancelling: { end: 'withdrawn' } });
  await world.after(1);
  expect(world.stop.state).toBe('withdrawn');
  expect(told(world)).toEqual(['proposed', 'withdrawn']);
});

test('an approval that came before the cancellation is followed', async () => {
  const world = new World();
  await world.after(0);
  world.serves = true;
  await world.after(1);
  world.execution = { state: 'acting', reachedHost: true, approvedBy: 'Ann' };
  await world.after(1);
  expect(world.stop).toMatchObject({ state: 'acting', approvedBy: 'Ann' });
});

test('what came back is undone on the host before its schedule is cancelled, and paged', async () => {
  const world = await approvedWorld();
  world.status = { ...world.status, back: [{ ...PLAN.process, pid: 5001 }] };
  world.calls.length = 0;
  await world.after(1);
  expect(world.calls.filter((name) => name === 'undo' || name === 'unschedule')).toEqual(['undo', 'unschedule']);
  expect(world.stop).toMatchObject({ state: 'undone', blocksGroup: true });
  expect(world.published.map(({ severity }) => severity)).toEqual(['notify', 'page', 'notify']);
});

test('an undo that fails is paged once, tried again, and its schedule stays', async () => {
  const world = await approvedWorld();
  world.status = { ...world.status, alive: [4242] };
  world.undo = { v: 1, outcome: 'failed', why: 'read-only file system' };
  world.calls.length = 0;
  await expect(world.after(1)).rejects.toThrow('read-only file system');
  await expect(world.after(1)).rejects.toThrow('read-only file system');
  expect(world.calls).not.toContain('unschedule');
  expect(told(world)).toEqual(['proposed', 'failed', 'undo-failed']);
  world.undo = { v: 1, outcome: 'undone' };
  await world.after(1);
  expect(world.stop.state).toBe('undone');
});

test('what is kept has its schedule cancelled before it counts as kept', async () => {
  const world = await approvedWorld();
  world.cases = [incidentOf({ causeStatus: 'gone' })];
  await world.after(21);
  await world.after(1);
  world.calls.length = 0;
  world.fails = 'unschedule';
  const request = { kind: 'keep' as const, stop: 'case-1', by: 'Ann', reason: 'moved' };
  expect(await world.after(1, request)).toMatchObject({ outcome: 'done', failures: ['Error: unschedule failed'] });
  expect(world.stop.state).toBe('holding');
  world.fails = '';
  await world.after(1);
  expect(world.stop).toMatchObject({ state: 'kept', keepAskedBy: 'Ann: moved' });
});

test('an alert that no topic took is sent by the next run', async () => {
  const world = new World();
  world.fails = 'publish';
  await expect(world.after(0)).rejects.toThrow('publish failed');
  expect(world.stop.toldAt).toBeDefined();
  world.fails = '';
  await world.after(1);
  expect(told(world)).toEqual(['proposed']);
});

test('while another run is under way nothing is done, and whoever asked is told so', async () => {
  const world = new World();
  world.isBusy = true;
  expect(await world.after(0, { kind: 'undo', stop: 'case-1', by: 'Ann', reason: 'r' })).toMatchObject({ outcome: 'busy' });
  expect(world.records.size).toBe(0);
});

test('what cannot be done is answered, and nothing changes', async () => {
  const world = new World();
  await world.after(0);
  const before = world.stop;
  expect(await world.after(0, { kind: 'undo', stop: 'case-1', by: 'Ann', reason: 'r' })).toEqual({
    outcome: 'refused',
    says: [`Stop ${before.id} is proposed and cannot be undone. Deny it instead.`],
  });
  expect(await world.after(0, { kind: 'keep', stop: 'case-7', by: 'Ann', reason: 'r' })).toMatchObject({ outcome: 'refused' });
  expect(world.stop).toEqual(before);
});

test('after somebody has looked at a failed stop the group is free', async () => {
  const world = await approvedWorld();
  world.status = { ...world.status, alive: [4242] };
  await world.after(1);
  expect(world.stop.blocksGroup).toBe(true);
  await world.after(1, { kind: 'looked-at', stop: 'case-1', by: 'Ann', reason: 'fixed' });
  expect(world.stop.blocksGroup).toBeUndefined();
});
