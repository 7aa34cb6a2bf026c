/** What a conviction says that another view could see, and the second prober's word on it. */
import { slowInConnectAlone, waitsOf } from '../../../core/decide/second-view/phases';
import { secondProbersView } from '../../../core/decide/second-view/prober';
import { leastBad, suspicionOf, type Suspicion } from '../../../core/decide/second-view/suspicion';
import type { PackedPhases, Round, TargetVerdict } from '../../../core/model';
import { NOW } from '../../builders/now';
import { candidate, inRounds, type Change, type Keys } from './described';

const KEY = 'i-1:8080';
const suspected = (keys: Keys = {}, change?: Change): Suspicion => suspicionOf(candidate(keys, change));
const OVER_MINUTES = { targets: '8', 'evidence spans': '330' };

const judged = (round: Round, key: string, fields: Partial<TargetVerdict>): Round => ({
  ...round,
  verdicts: round.verdicts.map((one) => (one.key === key ? { ...one, ...fields } : one)),
});

/** Peers with so many samples in each of the two rounds. */
const peerSamples = (count: number): Change =>
  inRounds((round) => ({
    ...round,
    samples: Object.fromEntries(
      Object.entries(round.samples).map(([key, all]) => [key, key === KEY ? all : Array.from({ length: count }, () => 40)]),
    ),
  }));

describe('a suspicion', () => {
  it('is of the rounds since its evidence began, each once, and compares with those before it', () => {
    const { since, within, before, peersMs, serving, split } = suspected(OVER_MINUTES);
    expect(since).toBe(NOW - 340_000);
    expect(within.map(({ startedAt }) => (NOW - startedAt) / 1000)).toEqual([15, 75, 135, 195, 255, 315]);
    expect(before.map(({ startedAt }) => (NOW - startedAt) / 1000)).toEqual([375, 435, 495]);
    expect([serving, split.k, split.n, peersMs.length]).toEqual([8, 60, 60, 7 * 60]);
    expect(peersMs).toEqual([...peersMs].sort((a, b) => a - b));
  });

  it('has other suspects, those that get requests, and no peer among them', () => {
    const { others, peersMs, within } = suspected({ ...OVER_MINUTES, 'also suspected': '2 3' });
    expect(others).toEqual(['i-2:8080', 'i-3:8080']);
    expect(peersMs).toHaveLength(5 * 10 * within.length);
    const ill = 'healthy unhealthy healthy healthy healthy healthy healthy healthy';
    const two = suspected({ ...OVER_MINUTES, 'also suspected': '2 3', 'registered states': ill });
    expect([two.others, two.serving]).toEqual([['i-3:8080'], 7]);
  });

  it('counts failures where it is of errors: an answer that is slow is none', () => {
    const half = inRounds((round) => ({ ...round, samples: { ...round.samples, [KEY]: [2500, 2500, 2500, 'reset', 'timeout'] } }));
    expect(suspected({ why: 'errors' }, half).split).toEqual({ fromMs: Infinity, k: 4, n: 10 });
    expect(suspected({ why: 'errors' }).split).toEqual({ fromMs: Infinity, k: 20, n: 20 });
    expect(leastBad({ fromMs: 0, k: 20, n: 20 })).toBeGreaterThan(0.7);
    expect(leastBad({ fromMs: 0, k: 0, n: 20 })).toBe(0);
  });

  it('leaves out what a round did not measure', () => {
    const unmeasured = (key: string) =>
      inRounds(({ samples, ...round }, index) => ({
        ...round,
        samples: Object.fromEntries(Object.entries(samples).filter(([one]) => index !== 1 || one !== key)),
      }));
    expect(suspected({}, unmeasured(KEY)).split.n).toBe(10);
    expect(suspected({}, unmeasured('i-3:8080')).peersMs).toHaveLength(50);
  });

  it('compares with no round of its evidence, one without suspicion among them', () => {
    const clean = (...at: readonly number[]): Change =>
      inRounds((round, index) => (at.includes(index) ? judged(round, KEY, { verdict: 'clean' }) : round));
    const began =
      (change: Change): Change =>
      (here) =>
        change(inRounds((round) => judged(round, KEY, { evidenceSince: NOW - 315_000 }))(here));
    expect(suspected(OVER_MINUTES, began(clean(2))).before).toHaveLength(3);
    const suspectedBefore: Change = inRounds((round, index) => (index === 6 ? judged(round, KEY, { verdict: 'suspect' }) : round));
    const onItsEdge = suspected(
      OVER_MINUTES,
      began((here) => suspectedBefore(clean(5)(here))),
    );
    expect(onItsEdge.before.map(({ startedAt }) => (NOW - startedAt) / 1000)).toEqual([435, 495]);
  });

  describe('while another target gave users the same', () => {
    const SINCE_SECOND = NOW - 75_000;
    /** In the rounds from the third newest on. */
    const earlier = (change: (round: Round) => Round): Change =>
      inRounds((round, index) => (index < 2 || index > 5 ? round : change(round)));
    const other = (fields: Partial<TargetVerdict>) => (round: Round) => judged(round, 'i-2:8080', fields);
    const gone =
      (change: Change): Change =>
      (here) =>
        inRounds((round, index) => (index < 2 ? { ...round, lbView: round.lbView.filter(({ target }) => target.id !== 'i-2') } : round))(
          change(here),
        );
    const since = (change: Change) => suspected(OVER_MINUTES, change).since;

    it('begins when that one has left, suspected or convicted, or is well again after a conviction', () => {
      expect(since(gone(earlier(other({ verdict: 'suspect' }))))).toBe(SINCE_SECOND);
      expect(since(gone(earlier(other({ verdict: 'convicted' }))))).toBe(SINCE_SECOND);
      expect(since(earlier(other({ verdict: 'convicted' })))).toBe(SINCE_SECOND);
    });

    it('goes on where that one was only suspected and is well again, is suspected still, or got no requests', () => {
      const whole = NOW - 340_000;
      expect(since(earlier(other({ verdict: 'suspect' })))).toBe(whole);
      expect(since(inRounds((round, index) => (index > 5 ? round : other({ verdict: 'convicted' })(round))))).toBe(whole);
      const unserved = (round: Round): Round => ({
        ...other({ verdict: 'convicted' })(round),
        lbView: round.lbView.map((entry) => (entry.target.id === 'i-2' ? { ...entry, state: 'unhealthy' } : entry)),
      });
      expect(since(earlier(unserved))).toBe(whole);
      expect(since((here) => here)).toBe(whole);
    });

    it('goes on though the target itself got no requests for a round, or a target that was well has left', () => {
      const state = (id: string, to: 'unhealthy' | 'draining'): Change =>
        inRounds((round, index) =>
          index > 0 ? round : { ...round, lbView: round.lbView.map((entry) => (entry.target.id === id ? { ...entry, state: to } : entry)) },
        );
      expect(since(state('i-1', 'unhealthy'))).toBe(NOW - 340_000);
      expect(since(state('i-3', 'draining'))).toBe(NOW - 340_000);
    });

    it('begins with the newest round alone, or is all but the one in which it began', () => {
      const sharedAt = (...at: readonly number[]): Change =>
        inRounds((round, index) => ({
          ...judged(round, KEY, { evidenceSince: NOW - 315_000 }),
          ...(at.includes(index) ? { fleet: 'shared' as const } : {}),
        }));
      expect(since(sharedAt(1))).toBe(NOW - 15_000);
      expect(since(sharedAt(5))).toBe(NOW - 255_000);
      expect(since(sharedAt())).toBe(NOW - 315_000);
    });

    it('begins when many are no longer slow together', () => {
      expect(since(earlier((round) => ({ ...round, fleet: 'shared' })))).toBe(SINCE_SECOND);
      expect(since(earlier((round) => ({ ...round, fleet: 'blind' })))).toBe(SINCE_SECOND);
    });

    it('is all of the evidence where the newest round is not alone either', () => {
      expect(since(inRounds((round, index) => (index > 5 ? round : { ...round, fleet: 'shared' })))).toBe(NOW - 340_000);
    });
  });
});

describe('where the time went', () => {
  const phased = (make: (ms: number) => PackedPhases | null): Change =>
    inRounds((round) => ({
      ...round,
      phases: { ...round.phases, [KEY]: (round.samples[KEY] ?? []).map((sample) => make(Number(sample))) },
    }));
  const connectAlone = (make: (ms: number) => PackedPhases | null, keys: Keys = {}) => slowInConnectAlone(suspected(keys, phased(make)));

  it('is the wait of each answer, and nothing of what failed or has no phases on record', () => {
    expect(waitsOf(suspected()).slice(0, 2)).toEqual([2438, 2448]);
    expect(
      waitsOf(
        suspected(
          {},
          phased((ms) => (ms < 2460 ? 'connect' : ms < 2480 ? null : [1, 0, ms - 2, 1])),
        ),
      ).slice(0, 3),
    ).toEqual([0, 0, 2478]);
    expect(waitsOf(suspected({ phases: 'none' }))).toEqual([]);
    const older = inRounds(({ phases, ...round }, index) => (index === 1 || phases === undefined ? round : { ...round, phases }));
    expect(waitsOf(suspected({}, older))).toHaveLength(10);
    const unmeasured = inRounds(({ samples, ...round }, index) => ({
      ...round,
      samples: Object.fromEntries(Object.entries(samples).filter(([key]) => index !== 1 || key !== KEY)),
    }));
    expect(waitsOf(suspected({}, unmeasured))).toHaveLength(10);
    expect(
      waitsOf(
        suspected(
          {},
          inRounds((round, index) => (index === 1 ? { ...round, samples: { ...round.samples, [KEY]: [2500] } } : round)),
        ),
      ),
    ).toHaveLength(11);
  });

  it('is the connect alone where without it no more answers are slow than of the peers', () => {
    expect(connectAlone((ms) => [ms - 40, 0, 39, 1])).toBe(true);
    expect(connectAlone(() => 'connect')).toBe(true);
    expect(connectAlone(() => 'wait')).toBe(false);
    expect(connectAlone((ms) => [1, 0, ms - 2, 1])).toBe(false);
    expect(connectAlone((ms) => (ms < 2460 ? [1, 0, ms - 2, 1] : [ms - 40, 0, 39, 1]))).toBe(false);
    expect(connectAlone((ms) => [ms - 40, 0, 39, 1], { why: 'errors' })).toBe(false);
  });

  it('is not the connect where nothing of what has its phases on record was slow', () => {
    const half = inRounds(({ phases = {}, samples, ...round }) => ({
      ...round,
      samples: { ...samples, [KEY]: [40, 40, 40, 40, 40, 2500, 2500, 2500, 2500, 2500] },
      phases: { ...phases, [KEY]: Array.from({ length: 10 }, (_, at): PackedPhases | null => (at < 5 ? [1, 0, 38, 1] : null)) },
    }));
    expect(slowInConnectAlone(suspected({}, half))).toBe(false);
  });

  it('is the connect though a few answers are slow without it: as many as chance gives that peers never showed', () => {
    const slow = (count: number, change: Change = (one) => one): boolean => {
      let left = count;
      const phases = phased((ms) => (left-- > 0 ? [1, 0, ms - 2, 1] : [ms - 40, 0, 39, 1]));
      return slowInConnectAlone(suspected({}, (here) => phases(change(here))));
    };
    expect([slow(1), slow(2), slow(3)]).toEqual([true, true, false]);
    expect(slow(2, peerSamples(11))).toBe(false);
  });

  it('is told where half of the samples have their phases on record, and not with fewer', () => {
    expect(connectAlone((ms) => (ms < 2490 ? null : [ms - 40, 0, 39, 1]))).toBe(true);
    expect(connectAlone((ms) => (ms < 2500 ? null : [ms - 40, 0, 39, 1]))).toBe(false);
  });
});

describe('a second prober', () => {
  const view = (look: string, keys: Keys = {}, change?: Change) =>
    secondProbersView(suspected({ ...(look === '' ? {} : { 'second look': look }), ...keys }, change));

  it('is no view where there is none, or it has not measured the target', () => {
    expect(view('')).toEqual({ stand: 'absent', summary: 'there is one prober subnet' });
    expect(view('none')).toEqual({ stand: 'absent', summary: 'the prober in the second subnet has not measured it' });
    expect(view('failed')).toEqual({
      stand: 'absent',
      summary: 'the prober in the second subnet has not measured it: the prober could not be asked: timed out',
    });
  });

  it('excludes what it finds fast, and agrees with what it finds slow or failing', () => {
    expect(view('fast')).toEqual({ stand: 'contradicts', summary: '0 of 20 bad from the second subnet, 20 of 20 from the first' });
    expect(view('slow')).toEqual({ stand: 'agrees', summary: '20 of 20 bad from the second subnet, 20 of 20 from the first' });
    expect(view('failing').stand).toBe('agrees');
  });

  it('counts failures where it is of errors: slow answers are none', () => {
    expect(view('slow', { why: 'errors' }).stand).toBe('contradicts');
    expect(view('failing', { why: 'errors' }).stand).toBe('agrees');
  });

  it('that finds most of the samples of its peers bad as well has a slow path of its own', () => {
    const TOO = '20 of 20 bad from the second subnet, 20 of 20 from the first; it finds the peers bad too';
    expect(view('all slow')).toEqual({ stand: 'not-yet', summary: TOO });
    const slowPeers = (count: number): Change =>
      inRounds(({ secondLook, ...round }) =>
        secondLook === undefined
          ? round
          : {
              ...round,
              secondLook: {
                samples: Object.fromEntries(
                  Object.entries(secondLook.samples).map(([key, all]) => [
                    key,
                    key === KEY ? all : all.map((one, at) => (at < count ? 2500 : one)),
                  ]),
                ),
              },
            },
      );
    expect(view('slow', {}, slowPeers(5)).stand).toBe('agrees');
    expect(view('slow', {}, slowPeers(6)).stand).toBe('not-yet');
  });

  it('counts what takes exactly as long as the limit as bad, and tells of the first prober what it measured', () => {
    const { fromMs } = suspected().split;
    const exact = inRounds(({ secondLook, ...round }) =>
      secondLook === undefined ? round : { ...round, secondLook: { samples: { ...secondLook.samples, [KEY]: [fromMs, fromMs] } } },
    );
    expect(view('slow', {}, exact).summary).toBe('4 of 4 bad from the second subnet, 20 of 20 from the first');
    const unmeasured = inRounds(({ samples, ...round }, index) => ({
      ...round,
      samples: Object.fromEntries(Object.entries(samples).filter(([key]) => index !== 1 || key !== KEY)),
    }));
    expect(view('slow', {}, unmeasured).summary).toBe('20 of 20 bad from the second subnet, 10 of 10 from the first');
  });

  it('is asked of the rounds in which it measured, together with the first of the same rounds', () => {
    const once = inRounds(({ secondLook, ...round }, index) =>
      index === 0 && secondLook !== undefined ? { ...round, secondLook } : round,
    );
    expect(view('slow', {}, once).summary).toBe('10 of 10 bad from the second subnet, 10 of 10 from the first');
  });

  it('has not told enough while few of its samples are slow', () => {
    const few = (count: number, first = 5): Change =>
      inRounds(({ secondLook, ...round }) =>
        secondLook === undefined
          ? round
          : {
              ...round,
              samples: { ...round.samples, [KEY]: (round.samples[KEY] ?? []).map((one, at) => (at < first ? one : 40)) },
              secondLook: {
                samples: { ...secondLook.samples, [KEY]: (secondLook.samples[KEY] ?? []).map((one, at) => (at < count ? one : 40)) },
              },
            },
      );
    const TEN = '10 of 20 bad from the second subnet, 10 of 20 from the first';
    expect(view('slow', {}, few(5))).toEqual({ stand: 'agrees', summary: TEN });
    expect(view('slow', {}, few(0)).stand).toBe('contradicts');
    expect(view('slow', {}, few(0, 1)).stand).toBe('not-yet');
    expect(view('slow', {}, few(1, 1)).stand).toBe('not-yet');
    expect(view('slow', {}, (here) => few(1, 1)(peerSamples(10)(here))).stand).toBe('not-yet');
    expect(view('slow', {}, (here) => few(1, 1)(peerSamples(11)(here))).stand).toBe('agrees');
    const oneSlow = inRounds((round) => ({
      ...round,
      samples: Object.fromEntries(Object.entries(round.samples).map(([key, all]) => [key, key === KEY ? all : [...all.slice(1), 2500]])),
    }));
    expect(view('slow', {}, few(2)).stand).toBe('agrees');
    expect(view('slow', {}, (here) => few(2)(oneSlow(here))).stand).toBe('not-yet');
  });
});
