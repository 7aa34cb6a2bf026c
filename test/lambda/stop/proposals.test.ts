/**
 * What a proposal rests on, what it says, and what counts as recovery: in a world that a test
 * moves.
 */
import type { TargetCase } from '../../../core/model';
import { decisionTo } from '../../builders/decisions';
import { diagnosisOf } from '../../builders/diagnoses';
import { NOW } from '../../builders/now';
import { verdict } from '../../builders/rounds';
import { PLAN, incidentOf, stopOf } from '../../core/stop/candidate-builder';
import { MINUTE, World, approvedWorld, configOf } from './world-of-stops';

const KEY = 'i-0123456789abcdef0:8080';
const digest = 'd'.repeat(64);

async function proposed(change: (world: World) => void = () => undefined): Promise<World> {
  const world = new World();
  change(world);
  await world.after(0);
  return world;
}

describe('SIGKILL', () => {
  const allowed = async (isAllowed: boolean, writing: readonly string[]) =>
    (
      await proposed((world) => {
        world.config = configOf({ allowKill: isAllowed });
        world.plan = { ...PLAN, writing };
      })
    ).stop.allowKill;

  test('is proposed only where the entry allows it and no file is open for writing', async () => {
    expect(await allowed(true, [])).toBe(true);
    expect(await allowed(true, ['/var/lib/reports/july.csv'])).toBe(false);
    expect(await allowed(false, [])).toBe(false);
  });
});

describe('a proposal', () => {
  test('counts on from the last one of its case, and has a scheduled undo of its own', async () => {
    const earlier = (id: string, caseId: string) =>
      stopOf({ id, caseId, state: 'withdrawn', endedAt: 1, proposedAt: NOW - 2 * 60 * MINUTE, plan: { ...PLAN, digest } });
    const world = new World();
    for (const stop of [earlier('case-1/stop/1', 'case-1'), earlier('case-1/stop/2', 'case-1'), earlier('case-0/stop/9', 'case-0')])
      world.records.set(stop.id, stop);
    await world.after(0);
    const made = world.records.get('case-1/stop/3');
    expect(made?.undoSchedule).toMatch(/^sickbay-stop-[0-9a-f]{40}$/);
    const first = (await proposed()).stop;
    expect([first.id, first.undoSchedule === made?.undoSchedule]).toEqual(['case-1/stop/1', false]);
  });

  test('is of the oldest case for which everything allows it, and of one alone', async () => {
    const [finding] = incidentOf().diagnosis?.findings ?? [];
    if (finding?.culprit === undefined) throw new Error('the case names a culprit');
    const other = { ...finding, culprit: { ...finding.culprit, command: '/opt/other/job' } };
    const of = (id: string, openedAt: number, host: string, found: typeof finding): TargetCase =>
      incidentOf({ id, openedAt, target: { id: host, port: 8080 }, diagnosis: diagnosisOf([found]) });
    const world = await proposed((one) => {
      one.cases = [of('newer', NOW - 1, 'i-9', other), of('older', NOW - 2, 'i-0123456789abcdef0', finding)];
    });
    expect([...world.records.values()].map(({ caseId }) => caseId)).toEqual(['older']);
  });

  test('says that its target serves only where capacity forbade the removal', async () => {
    expect((await proposed()).stop.inService).toBeUndefined();
    const world = await proposed((one) => {
      one.cases = [incidentOf({ state: 'suspected', ejections: [], decision: { ...decisionTo('keep'), blocked: ['capacity-floor'] } })];
      one.serves = true;
      one.round = () => ({ verdicts: [verdict(KEY, { verdict: 'convicted' })] });
    });
    expect(world.stop.inService).toBe(true);
  });

  test('is not made of a group that was not measured', async () => {
    const world = await proposed((one) => {
      one.round = () => undefined;
    });
    expect([world.records.size, world.calls]).toEqual([0, []]);
  });

  test('asks neither a host while its target serves, nor its peers while the plan speaks against it', async () => {
    const serving = await proposed((one) => {
      one.serves = true;
    });
    expect(serving.calls).toEqual([]);
    const listening = await proposed((one) => {
      one.plan = { ...PLAN, listens: true };
    });
    expect(listening.calls).toEqual(['plan']);
  });

  test('is not made when peers run the command, or cannot be asked', async () => {
    const running = await proposed((one) => {
      one.peers = () => ['i-2'];
    });
    const silent = await proposed((one) => {
      one.fails = 'peers';
    });
    expect([running.records.size, silent.records.size]).toEqual([0, 0]);
  });
});

describe('a proposal that waits', () => {
  const after = async (change: (world: World) => void) => {
    const world = await proposed();
    change(world);
    await world.after(1);
    return world.records.get('case-1/stop/1')?.cancelling;
  };

  test('does not stand in its own way', async () => {
    expect(await after(() => undefined)).toBeUndefined();
  });

  test.each<[says: string, change: (world: World) => void, why: string]>([
    [
      'its case is closed, whatever other case is open',
      (world) => {
        world.cases = [incidentOf({ id: 'case-2' })];
      },
      'no longer so: an open case (its case is closed)',
    ],
    [
      'the process is another one than was shown',
      (world) => {
        world.plan = { ...PLAN, digest };
      },
      'not what was proposed any more',
    ],
    [
      'the process is gone',
      (world) => {
        world.plan = undefined;
      },
      'no process has its pid',
    ],
    [
      'another stop is under way',
      (world) => {
        const other = stopOf({ id: 'case-0/stop/1', caseId: 'case-0', state: 'acting', groupArn: 'other', plan: { ...PLAN, digest } });
        world.records.set(other.id, other);
      },
      'no other stop is under way (case-0/stop/1 (acting))',
    ],
    [
      'the host does not answer',
      (world) => {
        world.fails = 'plan';
      },
      'unreadable: Error: plan failed',
    ],
  ])('is withdrawn when %s', async (_says, change, why) => {
    const cancelling = await after(change);
    expect(cancelling?.end).toBe('withdrawn');
    expect(cancelling?.why).toContain(why);
  });

  test('is left as it is while its execution cannot be read', async () => {
    const world = await proposed();
    world.fails = 'read';
    world.serves = true;
    await world.after(1);
    expect(world.stop.cancelling).toBeUndefined();
  });
});

describe('a stop is verified', () => {
  /** Twenty-one minutes after the host acted: two periods of the job are over. */
  const stateAfter = async (change: (world: World) => void) => {
    const world = await approvedWorld();
    world.cases = [incidentOf({ causeStatus: 'gone' })];
    change(world);
    await world.after(21);
    return world.stop.state;
  };

  test('when the target is clean in a round since', async () => {
    expect(await stateAfter(() => undefined)).toBe('holding');
  });

  test.each<[says: string, round: World['round']]>([
    ['in no round', () => undefined],
    ['in one from before the host acted', () => ({ startedAt: NOW + MINUTE })],
    ['while it is convicted', () => ({ verdicts: [verdict(KEY, { verdict: 'convicted' })] })],
    ['while it is suspected', () => ({ verdicts: [verdict(KEY, { verdict: 'suspect' })] })],
    ['when it was not measured', () => ({ verdicts: [] })],
  ])('but not %s', async (_says, round) => {
    expect(
      await stateAfter((world) => {
        world.round = round;
      }),
    ).toBe('verifying');
  });

  test('but not while its cause is there, in its case alone', async () => {
    const among = (causeStatus: 'present' | 'gone') => [
      incidentOf({ id: 'case-0', causeStatus: causeStatus === 'gone' ? 'present' : 'gone' }),
      incidentOf({ causeStatus }),
    ];
    expect(
      await stateAfter((world) => {
        world.cases = among('present');
      }),
    ).toBe('verifying');
    expect(
      await stateAfter((world) => {
        world.cases = among('gone');
      }),
    ).toBe('holding');
  });

  test('or in its case that was closed meanwhile', async () => {
    const closed = (causeStatus: 'present' | 'gone') => (world: World) => {
      world.cases = [];
      world.closed = [incidentOf({ id: 'case-0', causeStatus: 'gone' }), incidentOf({ causeStatus })];
    };
    expect(await stateAfter(closed('present'))).toBe('verifying');
    expect(await stateAfter(closed('gone'))).toBe('holding');
  });
});

test('what is held is looked at twice an hour, and not more often', async () => {
  const world = await approvedWorld();
  world.cases = [incidentOf({ causeStatus: 'gone' })];
  await world.after(21);
  expect(world.stop.state).toBe('holding');
  world.calls.length = 0;
  const looks = () => world.calls.filter((name) => name === 'status').length;
  await world.after(29);
  expect(looks()).toBe(0);
  await world.after(1);
  expect(looks()).toBe(1);
  await world.after(29);
  expect(looks()).toBe(1);
  await world.after(1);
  expect(looks()).toBe(2);
});
