/** What one run does with a stop: how an undo ends, what is cancelled when, and who is told. */
import { incidentOf } from '../../core/stop/candidate-builder';
import { World, approvedWorld, told } from './world-of-stops';

async function failedWorld(): Promise<World> {
  const world = await approvedWorld();
  world.status = { ...world.status, alive: [4242] };
  world.calls.length = 0;
  return world;
}

test('an undo that finds what starts the job edited touches nothing, and says so', async () => {
  const world = await failedWorld();
  world.undo = { v: 1, outcome: 'changed' };
  await world.after(1);
  expect(world.stop).toMatchObject({
    state: 'undone',
    because: 'still running: pid 4242; somebody changed it meanwhile, and nothing was touched',
    blocksGroup: true,
  });
  expect(told(world).at(-1)).toBe('undo-changed');
  expect(world.calls).toContain('unschedule');
});

test('a host that does not answer the undo keeps it scheduled, and a person is paged once with the reason', async () => {
  const world = await failedWorld();
  world.fails = 'undo';
  await expect(world.after(1)).rejects.toThrow(`stop ${world.stop.id}: the undo failed on ${world.stop.instanceId}: undo failed`);
  await expect(world.after(1)).rejects.toThrow('undo failed');
  expect(told(world)).toEqual(['proposed', 'failed', 'undo-failed']);
  expect(world.calls).not.toContain('unschedule');
  expect(world.stop.state).toBe('undoing');
  expect(world.stop.events.filter(({ says }) => says === 'the undo failed: undo failed')).toHaveLength(1);
});

test('an undo that fails without a word is told all the same', async () => {
  const world = await failedWorld();
  world.undo = { v: 1, outcome: 'failed' };
  await expect(world.after(1)).rejects.toThrow('no reason was given');
  expect(world.stop.events.at(-1)?.says).toBe('the undo failed: ');
});

test('a host that works for half an hour is told of, once', async () => {
  const world = new World();
  await world.after(0);
  world.execution = { state: 'acting', reachedHost: true, approvedBy: 'Ann' };
  await world.after(1);
  await world.after(29);
  expect(told(world)).toEqual(['proposed']);
  await world.after(1);
  await world.after(1);
  expect(told(world)).toEqual(['proposed', 'overdue']);
  expect(world.stop.events.at(-1)?.says).toBe('overdue: the host has not ended');
});

test('before the end of its lease people are reminded, and what they keep says who asked', async () => {
  const world = await approvedWorld();
  world.cases = [incidentOf({ causeStatus: 'gone' })];
  await world.after(21);
  await world.after(20 * 60);
  expect(world.stop.events.at(-1)?.says).toBe('its lease ends soon');
  await world.after(1, { kind: 'keep', stop: 'case-1', by: 'Ann', reason: 'moved' });
  expect(world.stop).toMatchObject({ state: 'kept', because: 'asked by Ann: moved' });
  expect(told(world).at(-1)).toBe('kept');
});

test('an execution that ended has its scheduled undo cancelled before the proposal is closed', async () => {
  const world = new World();
  await world.after(0);
  world.execution = { state: 'denied', reachedHost: false, approvedBy: 'Ann' };
  world.fails = 'unschedule';
  await expect(world.after(1)).rejects.toThrow('unschedule failed');
  expect(world.stop.state).toBe('proposed');
  world.fails = '';
  world.calls.length = 0;
  await world.after(1);
  expect(world.stop).toMatchObject({ state: 'denied', because: 'by Ann' });
  expect(world.calls.slice(0, 3)).toEqual(['read', 'unschedule', 'put']);
});

test('a proposal that never had an execution has no scheduled undo either', async () => {
  const world = new World();
  world.fails = 'start';
  await expect(world.after(0)).rejects.toThrow('start failed');
  world.calls.length = 0;
  world.cases = [];
  await world.after(60);
  expect(world.stop).toMatchObject({ state: 'expired', because: 'it could not be started' });
  expect(world.calls).not.toContain('unschedule');
});

test('why it is cancelled is put on record once, and the cancellation asked for until it is seen', async () => {
  const world = new World();
  await world.after(0);
  world.serves = true;
  world.fails = 'cancel';
  await expect(world.after(1)).rejects.toThrow('cancel failed');
  const before = world.stop;
  expect(before.cancelling?.end).toBe('withdrawn');
  world.calls.length = 0;
  world.fails = '';
  await world.after(1);
  expect(world.calls).toEqual(['read', 'cancel']);
  expect(world.stop.events).toEqual(before.events);
});
