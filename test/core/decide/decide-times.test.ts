/**
 * The moments at which a decision turns, to the second, and records that no scenario can describe.
 */
import { decide } from '../decisions';
import { ejection } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { decided, described, inCase, inGroup, inRounds, told, without } from './described';

const NO_FRESH_ROUND = 'keep: no recent round';
const OUT = { case: 'out', 'registered states': 'absent' };
const CLEAN = { ...OUT, 'clean rounds': '5' };
const noRounds = inGroup((group) => ({ ...group, rounds: [] }));

describe('the order of the decisions', () => {
  const convicted = (...ids: readonly string[]) => {
    const here = described({ targets: '10', 'second sick': '2' });
    return { ...here, openCases: here.openCases.slice(0, ids.length).map((one, index) => ({ ...one, id: ids[index] ?? one.id })) };
  };

  it('is worst first, however the records are ordered', () => {
    const here = convicted('z', 'a');
    const orders = [here, { ...here, openCases: [...here.openCases].reverse() }];
    expect(orders.map((one) => decide(one).map(({ caseId }) => caseId))).toEqual([
      ['z', 'a'],
      ['z', 'a'],
    ]);
  });

  it('is by id among equals', () => {
    const equal = inRounds((round) => ({ ...round, verdicts: round.verdicts.map((one) => ({ ...one, evidenceNats: 17 })) }));
    expect(decide(equal(convicted('z', 'a'))).map(({ caseId }) => caseId)).toEqual(['a', 'z']);
  });

  it('puts cases that are about no target behind convictions', () => {
    const here = described({ breaker: 'elsewhere' });
    const renamed = here.openCases.map((value) => ({ ...value, id: value.about === 'breaker' ? 'a' : 'z' }));
    expect(decide({ ...here, openCases: [...renamed].reverse() }).map(({ caseId }) => caseId)).toEqual(['z', 'a']);
  });
});

describe('every decision', () => {
  it('says when to look again: a minute later', () => {
    expect(decided().lookAgainAt).toBe(NOW + 60_000);
  });

  it('names its target, and one about a group names none', () => {
    expect(decided().target).toEqual({ id: 'i-1', port: 8080 });
    expect(decided({ about: 'shared', fleet: 'shared' })).not.toHaveProperty('target');
  });

  it('to remove a target, or to leave it out for longer, has every guardrail on record that it passed', () => {
    for (const keys of [{}, { case: 'out', 'registered states': 'absent', 'lease left': '400' }]) {
      const { action, guardrails } = decided(keys);
      expect(action).toMatch(/eject|renew/);
      expect(guardrails.length).toBeGreaterThan(3);
      expect(guardrails.every(({ passed }) => passed)).toBe(true);
    }
  });

  it('of a removal that is forbidden names each guardrail once', () => {
    expect(decided({ 'kill switch': 'on' }).blocked).toEqual(['kill-switch']);
    expect(decided({ 'count threshold': '4', 'declared owner': 'none' }).blocked).toEqual([
      'owner-undeclared',
      'owner-unsupported',
      'capacity-floor',
    ]);
  });

  it('opens no breaker when something else than an hourly limit forbids the removal', () => {
    expect(decided({ 'kill switch': 'on' })).not.toHaveProperty('opensBreaker');
  });
});

describe('a target that is out', () => {
  it('is restored after its lease from when target health can be trusted to show its removal, and not before', () => {
    const overdue = { ...OUT, 'lease left': '-90', verdict: 'suspect' };
    expect(told({ ...overdue, 'confirmed seconds ago': '29' })).toMatch(/^keep: /);
    expect(told({ ...overdue, 'confirmed seconds ago': '30' })).toContain('restore: its lease has ended');
  });
});

describe('a round', () => {
  it('is fresh for less than two minutes', () => {
    expect(decided({ 'round ended': '119', 'kill switch': 'on' }).guardrails).not.toEqual([]);
    expect(told({ 'round ended': '120' })).toBe(NO_FRESH_ROUND);
  });

  it('that is old opens no clean spell', () => {
    expect(told({ 'clean rounds': '5', 'round ended': '300' })).toBe(NO_FRESH_ROUND);
    expect(told({ ...CLEAN, 'round ended': '300' })).toBe('keep: out, 600 s of its lease left');
    expect(told({ about: 'shared', 'clean rounds': '5', 'round ended': '300' })).toBe(NO_FRESH_ROUND);
  });

  it('decides nothing where there is none', () => {
    expect(told({}, noRounds)).toBe(NO_FRESH_ROUND);
    expect(told({ about: 'shared' }, noRounds)).toBe(NO_FRESH_ROUND);
    expect(told({ case: 'watching' }, noRounds)).toBe('keep: watched after its return');
    expect(told(OUT, noRounds)).toBe('keep: out, 600 s of its lease left');
  });

  it('that began when the target was spared is from before', () => {
    const spared = 'keep: no round has begun since its last removal ended or was called off';
    expect(told({ 'spared seconds ago': '15' })).toBe(spared);
    expect(told({ 'spared seconds ago': '16' })).not.toBe(spared);
  });

  it.each([
    [29, '1 clean rounds'],
    [30, '3 clean rounds'],
  ])('less than half a minute after another is no round of its own (%s s)', (gapS) => {
    const closeBy = inRounds((round, index) => ({ ...round, startedAt: NOW - 15_000 - index * gapS * 1000 }));
    const isClosed = told({ 'clean rounds': '3' }, closeBy).startsWith('close: 3 clean rounds');
    expect(isClosed).toBe(gapS === 30);
  });
});

describe('a suspicion of a target that left', () => {
  const left = { verdict: 'unmeasured', 'registered states': 'absent' };
  const keeps = 'keep: not slow enough to act on, not yet clean for long enough';

  it('ends when the target is registered nowhere and not measured', () => {
    expect(told(left)).toBe('close: the target is not registered; Sickbay did not remove it');
    expect(told({ ...left, 'registered states': 'unused' })).toBe('close: the target is unused; Sickbay did not remove it');
  });

  it('waits while the target is measured, draining, or nothing is seen at all', () => {
    expect(told({ ...left, verdict: 'suspect' })).toBe(keeps);
    expect(told({ ...left, 'registered states': 'draining' })).toBe(keeps);
    expect(told({ ...left, 'registered states': 'absent absent absent absent' })).toBe(keeps);
    expect(told({ ...left, 'round ended': '300' })).toBe(NO_FRESH_ROUND);
  });

  it('is not laid to a case that has nothing out, or another instance', () => {
    const asElsewhere = (fields: object) => (here: ReturnType<typeof described>) => ({
      ...here,
      openCases: here.openCases.map((value, index) => (index === 0 ? value : { ...value, ...fields })),
    });
    const gone = { ...left, 'out elsewhere': 'yes' };
    expect(told(gone)).toBe('close: the target is out on behalf of case case-elsewhere');
    expect(told(gone, asElsewhere({ state: 'suspected', ejections: [] }))).toBe(
      'close: the target is not registered; Sickbay did not remove it',
    );
    expect(told(gone, asElsewhere({ target: { id: 'i-2', port: 9090 } }))).toBe(
      'close: the target is not registered; Sickbay did not remove it',
    );
  });
});

describe('an announced removal', () => {
  const announced = { case: 'out', confirmed: 'no' };

  it('is given up when target health has had 90 s to show it, and not before', () => {
    expect(told({ ...announced, 'announced seconds ago': '89' })).toContain('keep: a removal was announced seconds ago');
    expect(told({ ...announced, 'announced seconds ago': '90' })).toBe(
      'abandon: an announced removal did not happen: the target is healthy',
    );
  });

  it('counts as made when the target is registered nowhere', () => {
    expect(told({ ...announced, 'registered states': 'absent' })).toBe(
      'confirm: an announced removal happened: the target is not registered',
    );
  });

  it.each([
    ['6', 'abandon'],
    ['5', 'watch'],
    ['3', 'watch'],
  ])('whose lease has %s s left: %s', (left, action) => {
    expect(decided({ ...announced, 'announced seconds ago': '300', 'lease left': left }).action).toBe(action);
  });
});

describe('a target that is out', () => {
  it('without an ejection on record is left alone', () => {
    expect(
      told(
        OUT,
        inCase((value) => ({ ...value, ejections: [] })),
      ),
    ).toBe('keep: out, with no removal on record: left alone');
  });

  it('is restored by us a minute and a half after its lease, and not before', () => {
    expect(told({ ...OUT, 'lease left': '-89' })).toContain('keep: out, ');
    expect(told({ ...OUT, 'lease left': '-90' })).toContain('restore: its lease has ended');
  });

  it('and is registered is contested once target health can be trusted to show its removal', () => {
    expect(told({ case: 'out', 'confirmed seconds ago': '29' })).toContain('keep: removed seconds ago');
    expect(told({ case: 'out', 'confirmed seconds ago': '30' })).toContain('close: re-registered by someone else');
  });

  it.each([
    ['6', 'close'],
    ['5', 'watch'],
    ['3', 'watch'],
  ])('and is registered with %s s of its lease left: %s', (left, action) => {
    const sinceThen = { 'states in rounds': 'healthy' };
    expect(decided({ case: 'out', 'lease left': left, ...sinceThen }).action).toBe(action);
  });

  it('and was put back long before its scheduled restore may fire is contested, though that is due by now', () => {
    const view = described({ targets: '4' }).groups[0]?.lbView ?? [];
    const putBack = inRounds((round, index) => ({ ...round, lbView: index === 0 ? view : view.slice(1) }));
    expect(told({ case: 'out', 'lease left': '3', 'clean rounds': '3' }, putBack)).toBe(
      'close: re-registered by someone else; Sickbay leaves it alone',
    );
  });

  it('says whether too few serve without it', () => {
    const below = { ...OUT, 'registered states': 'absent healthy unhealthy unhealthy' };
    expect(decided(OUT).short).toBe(false);
    expect(decided(below)).toMatchObject({ action: 'keep', short: true });
    expect(decided({ ...below, 'short seconds ago': '60' })).toMatchObject({ action: 'restore', short: true });
  });

  it('that comes back early says each floor that did not hold', () => {
    const below = { ...OUT, 'registered states': 'absent unhealthy unhealthy healthy', 'cross-zone': 'false', zones: 'a a a b' };
    expect(told({ ...below, 'short seconds ago': '60' })).toBe(
      'restore: back before its lease ends: too few others serve (1 serve without it; at least 3, 0 serve without it in a; at least 2)',
    );
  });
});

describe('a clean target comes back', () => {
  const restored = /^restore: \d clean rounds over \d+ s, cause (\w+)$/;

  it('after three rounds, however long two of them take', () => {
    const slow = inRounds((round, index) => ({ ...round, startedAt: round.startedAt - index * 300_000 }));
    expect(told({ ...OUT, 'clean rounds': '2' }, slow)).not.toMatch(restored);
    expect(told({ ...OUT, 'clean rounds': '3' }, slow)).toMatch(restored);
  });

  it('after three minutes, however many rounds there were', () => {
    const sinceAt = (agoMs: number) =>
      inRounds((round, index) => ({ ...round, startedAt: index === 4 ? NOW - agoMs : NOW - 15_000 - index * 40_000 }));
    expect(told(CLEAN, sinceAt(179_999))).not.toMatch(restored);
    expect(told(CLEAN, sinceAt(180_000))).toMatch(restored);
  });

  it('with just enough evidence for its health', () => {
    expect(told({ ...CLEAN, 'health nats': '4.99' })).not.toMatch(restored);
    expect(told({ ...CLEAN, 'health nats': '5' })).toMatch(restored);
  });

  it('when its cause was found present before it was clean, and not after', () => {
    const present = { ...CLEAN, cause: 'present' };
    const since = 15 + 4 * 60;
    expect(restored.exec(told({ ...present, 'cause checked': String(since + 1) }))?.[1]).toBe('unknown');
    expect(told({ ...present, 'cause checked': String(since) })).not.toMatch(restored);
    expect(told({ ...present, 'cause checked': '10' })).not.toMatch(restored);
  });

  it('with an unknown cause when a check told nothing', () => {
    const silent = inCase((value) => without(value, 'causeStatus'));
    expect(restored.exec(told({ ...CLEAN, cause: 'present', 'cause checked': '10' }, silent))?.[1]).toBe('unknown');
  });
});

describe('a watch window', () => {
  const watching = { case: 'watching', 'clean rounds': '3' };

  it('is over at its end', () => {
    expect(told({ ...watching, 'watch left': '1' })).toBe('keep: watched after its return');
    expect(told({ ...watching, 'watch left': '0' })).toBe('close: no relapse in its watch window');
  });

  it('without an end on record goes on', () => {
    const endless = inCase((value) => without(value, 'watchUntilAt'));
    expect(told(watching, endless)).toBe('keep: watched after its return');
  });
});

describe('a lease', () => {
  const near = { ...OUT, 'lease left': '300' };

  it('is not renewed in its last five seconds', () => {
    expect(told({ ...OUT, 'lease left': '6' })).toContain('renew: still unhealthy');
    expect(told({ ...OUT, 'lease left': '5' })).toBe('keep: out, 5 s of its lease left');
  });

  it('is renewed for a target that is only suspected', () => {
    expect(told({ ...near, verdict: 'suspect' })).toContain('renew: still unhealthy');
  });

  it('is renewed for a target that answers with errors, and not for one that answers nothing', () => {
    const answering = (...samples: readonly string[]) =>
      inRounds((round, index) => (index === 0 ? { ...round, samples: { ...round.samples, 'i-1:8080': [...samples] } } : round));
    const silent = inRounds((round) => ({ ...round, samples: {} }));
    expect(told(near, answering('timeout', 'status 503'))).toContain('renew: still unhealthy');
    expect(told(near, answering('timeout', 'reset'))).toBe('keep: out, 300 s of its lease left');
    expect(told(near, silent)).toBe('keep: out, 300 s of its lease left');
  });

  it('is not renewed when nothing measured the target, though its cause is there', () => {
    const present = { ...near, verdict: 'unmeasured', cause: 'present', 'cause checked': '10' };
    expect(decided(present)).toMatchObject({
      action: 'keep',
      blocked: ['stale-evidence'],
      reason: 'its lease is not renewed: the cause is still there',
    });
    expect(decided({ ...present, verdict: 'convicted', 'round ended': '300' }).blocked).toEqual(['stale-evidence']);
  });

  it('that is refused names each guardrail once', () => {
    expect(decided({ ...near, 'peer pools': '15/20 15/20 15/20', 'zonal shift': 'yes' }).blocked).toEqual([
      'capacity-projection',
      'frozen-zonal-shift',
    ]);
  });
});

describe('records that no scenario describes', () => {
  it('a second removal that was given up does not hide that the first one was late', () => {
    const target = { id: 'i-1', port: 8080 };
    const late = { ...ejection(target, NOW - 200_000, NOW + 700_000), abandonedAt: NOW - 100_000 };
    const two = inCase((value) => ({ ...value, ejections: [{ ...late, abandonedAt: NOW - 150_000 }, late] }));
    expect(told({ 'registered states': 'absent' }, two)).toContain('confirm: an announced removal was carried out late');
  });
});
