/** The function that stops, run by run, on records that are kept and a world that a test moves. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { tagged } from '../../../lambda/aws/stop-world';
import { STOP_LEASE_S } from '../../../lambda/stop/contract';
import { NOW } from '../../builders/now';
import { REGION, answering, balancing } from '../act/clients-setup';
import { PLAN, incidentOf } from '../../core/stop/candidate-builder';
import { MINUTE, World, approvedWorld, told } from './world-of-stops';

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

test('every alert is an event as well, once, and neither way holds up the other', async () => {
  const world = new World();
  world.fails = 'publish';
  await expect(world.after(0)).rejects.toThrow('publish failed');
  expect([world.published, world.emitted.length]).toEqual([[], 1]);
  world.fails = 'emit';
  await world.after(1);
  expect([told(world), world.emitted.length]).toEqual([['proposed'], 1]);
  world.serves = true;
  await world.after(1);
  await expect(world.after(1)).rejects.toThrow('emit failed');
  expect([told(world), world.emitted.length]).toEqual([['proposed', 'withdrawn'], 1]);
  world.fails = '';
  await world.after(1);
  await world.after(1);
  expect([told(world), world.emitted]).toEqual([['proposed', 'withdrawn'], world.published.map(({ id }) => id)]);
});

test('a run holds its lease for longer than the function may take', async () => {
  const world = new World();
  expect(await world.after(0)).toEqual({ outcome: 'done', says: [] });
  expect(world.leasedForMs).toBe(STOP_LEASE_S * 1000);
});

test('what has ended is not looked at again', async () => {
  const world = await approvedWorld();
  world.status = { ...world.status, alive: [4242] };
  await world.after(1);
  world.calls.length = 0;
  await world.after(1);
  expect(world.calls.filter((name) => name === 'status' || name === 'undo' || name === 'put')).toEqual([]);
});

test('while another run is under way nothing is done, and whoever asked is told so', async () => {
  const world = new World();
  world.isBusy = true;
  expect(await world.after(0, { kind: 'undo', stop: 'case-1', by: 'Ann', reason: 'r' })).toEqual({
    outcome: 'busy',
    says: ['Another run is under way: nothing was done.'],
  });
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
