/** The replacement of a task, run by run, in a world that answers as ECS and ELB do. */
import { leftAlone } from '../../../core/replacement-transitions';
import { ReplaceWorld } from './replace-world';
import { matching } from '../../builders/text';

const INDEX = Array.from({ length: 9 }, (_, index) => index + 1);

/** Before the run that stops the task. */
async function upToItsStop(): Promise<ReplaceWorld> {
  const world = new ReplaceWorld();
  await world.run();
  await world.runs(4);
  await world.minute();
  return world;
}

/** The calls that change something, without the records. */
function deeds({ calls }: ReplaceWorld): string[] {
  return calls.filter((call) => !call.startsWith('put'));
}

test('intent, schedule, deregistration; after the drain intent, stop, and the schedule is cancelled', async () => {
  const world = new ReplaceWorld();
  await world.run();
  expect(world.calls).toEqual(['put out', 'schedule', 'deregister', 'put out']);
  await world.runs(4);
  expect(deeds(world)).toEqual(['schedule', 'deregister']);
  await world.runs(2);
  expect(deeds(world)).toEqual(['schedule', 'deregister', 'stop task-1', 'cancel']);
  const [at, stop] = [world.calls.indexOf('stop task-1'), world.incident.replacement];
  expect(world.calls[at - 1]).toBe('put out');
  expect(stop?.stopIntentAt).toBeDefined();
  expect(world.incident.state).toBe('watching');
});

test('a replacement that is healthy and fast ends the case', async () => {
  const world = new ReplaceWorld();
  await world.run();
  await world.runs(20);
  expect(world.incident).toMatchObject({
    state: 'closed',
    because: 'recovered',
    replacement: { replacedBy: matching(/new$/) },
  });
});

test('a replacement that is slow too stops further ones until a person has looked', async () => {
  const world = new ReplaceWorld();
  world.newIsSick = true;
  await world.run();
  await world.runs(20);
  expect(world.incident.state).toBe('watching');
  expect(world.incident.replacement?.failedAt).toBeDefined();
});

test('a replacement that does not come in time is told', async () => {
  const world = new ReplaceWorld();
  world.newNeverComes = true;
  await world.run();
  await world.runs(33);
  expect(world.incident.replacement?.failedAt).toBeDefined();
});

test('a task that is protected right before its stop is not stopped, and serves again', async () => {
  const world = new ReplaceWorld();
  await world.run();
  await world.runs(2);
  world.protection = { state: 'protected' };
  await world.runs(8);
  expect(deeds(world)).toEqual(['schedule', 'deregister', 'cancel', 'register']);
  expect([world.stopped, world.registered, world.incident.state]).toEqual([false, true, 'closed']);
});

test('what is read between the decision and the stop counts: nothing is stopped, and the schedule is cancelled', async () => {
  const world = await upToItsStop();
  const here = world.situation.bind(world);
  // Decided on an unprotected task; protected by the time of the last look.
  world.situation = () => {
    const decidedOn = here();
    world.protection = { state: 'protected' };
    return decidedOn;
  };
  await world.run();
  expect(deeds(world)).toEqual(['schedule', 'deregister', 'cancel']);
  expect(world.incident.replacement).toMatchObject({ calledOffFor: ['task-protected'] });
  expect(world.incident.replacement?.stopIntentAt).toBeDefined();
  expect(world.stopped).toBe(false);
});

test('a service that registers it again is answered three times, then left', async () => {
  const world = new ReplaceWorld();
  await world.run();
  for (let minute = 0; minute < 40; minute++) {
    if (!world.registered) world.registersAt.push(world.now + 30_000);
    await world.minute();
    await world.run();
  }
  expect(world.calls.filter((call) => call === 'deregister')).toHaveLength(3);
  expect([world.stopped, world.schedules.size, world.incident.state]).toEqual([false, 0, 'closed']);
  expect(world.incident.decision?.blocked).toEqual(['contested']);
});

test('without a controller the schedule stops the task', async () => {
  const world = new ReplaceWorld();
  await world.run();
  for (let minute = 0; minute < 11; minute++) await world.minute();
  expect(world.stopped).toBe(true);
  await world.run();
  expect(world.incident.state).toBe('watching');
  await world.runs(20);
  expect(world.incident.because).toBe('recovered');
});

test('a stop that was due when a person gave the task up is cancelled, and its later attempts are waited for', async () => {
  const world = new ReplaceWorld();
  await world.run();
  for (let minute = 0; minute < 9; minute++) await world.minute();
  await world.minute(58);
  world.incident = leftAlone(world.incident, world.now, 'Ann: kept for forensics');
  await world.run();
  expect(deeds(world)).toEqual(['schedule', 'deregister', 'cancel']);
  expect(world.incident.state).toBe('out');
  await world.runs(11);
  expect(world.incident.state).toBe('out');
  await world.run();
  await world.runs(1);
  expect(world.incident).toMatchObject({ state: 'closed', because: 'operator' });
});

test('the kill switch that is turned on before the last look stops the replacement before its first call', async () => {
  const world = new ReplaceWorld();
  const here = world.situation.bind(world);
  world.situation = () => {
    const decidedOn = here();
    world.killSwitch = 'on';
    return decidedOn;
  };
  await world.run();
  expect(deeds(world)).toEqual(['schedule', 'cancel']);
  expect(world.incident).toMatchObject({ state: 'suspected', replacement: { deregisteredAt: [] } });
});

describe.each([true, false])('a run that dies, its last call carried out: %s', (lastIsDone) => {
  test.each(INDEX)('at call %i of its first run', async (calls) => {
    const world = new ReplaceWorld();
    await world.run(calls, lastIsDone);
    await world.runs(30);
    expectSettled(world);
    expect(world.incident.replacement?.failedAt).toBeUndefined();
  });

  test.each(INDEX)('at call %i of the run that stops', async (calls) => {
    const world = await upToItsStop();
    await world.run(calls, lastIsDone);
    await world.runs(30);
    expectSettled(world);
    expect(world.stopped).toBe(true);
  });

  test.each(INDEX)('at call %i of the run that calls it off', async (calls) => {
    const world = new ReplaceWorld();
    await world.run();
    await world.runs(2);
    world.protection = { state: 'protected' };
    await world.minute();
    await world.run(calls, lastIsDone);
    await world.runs(30);
    expect([world.stopped, world.registered, world.schedules.size]).toEqual([false, true, 0]);
  });
});

/** One stop at most, nothing left scheduled, nothing left out: replaced, or in service. */
function expectSettled(world: ReplaceWorld): void {
  const stops = world.calls.filter((call) => call.startsWith('stop') || call.startsWith('scheduled'));
  expect(stops.length).toBeLessThanOrEqual(2);
  expect(world.schedules.size).toBe(0);
  expect(world.stopped || world.registered).toBe(true);
  // Nothing is deregistered before its stop is scheduled.
  const [schedule, deregister] = [world.calls.indexOf('schedule'), world.calls.indexOf('deregister')];
  expect(deregister === -1 || (schedule !== -1 && schedule < deregister)).toBe(true);
}
