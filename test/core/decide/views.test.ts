/** What each second view says, where it turns. */
import { chanceOfAtMost, leastRate } from '../../../core/chance';
import { balancersView } from '../../../core/decide/second-view/balancer';
import { clientsView } from '../../../core/decide/second-view/client';
import { waitsOf } from '../../../core/decide/second-view/phases';
import { splitOf } from '../../../core/decide/second-view/split';
import { ALPHA, leastShare, suspicionOf, type Suspicion } from '../../../core/decide/second-view/suspicion';
import type { BalancerMinute } from '../../../core/model';
import { NOW } from '../../builders/now';
import { allOf, candidate, inCase, inGroup, inRounds, type Change, type Keys } from './described';

const suspected = (keys: Keys = {}, change?: Change): Suspicion => suspicionOf(candidate(keys, change));
const share = (keys: Keys = {}, change?: Change) => leastShare(suspected(keys, change));

const OVER_MINUTES = { targets: '8', 'evidence spans': '330' };

describe('the least share of the requests that a suspect gets', () => {
  it('is half of an even one where requests are spread evenly', () => {
    expect(share()).toBe(0.125);
    expect(share({ routing: 'weighted_random' })).toBe(0.125);
    const unsaid = inGroup((group) => ({ ...group, group: { ...group.group, attributes: {} } }));
    expect(share({}, unsaid)).toBe(0.125);
    expect(share({ targets: '8' })).toBe(0.0625);
    expect(share({ targets: '5', 'registered states': 'healthy healthy healthy healthy unhealthy' })).toBe(0.125);
  });

  it('is of its zone alone where cross-zone is off, and nothing is said where a zone is not known', () => {
    const off = { 'cross-zone': 'false' };
    expect(share({ ...off, zones: 'a a b b' })).toBe(0.125);
    expect(share({ ...off, zones: 'a b b b' })).toBe(0.25);
    expect(share({ ...off, zones: 'a a a b' })).toBeCloseTo(1 / 12, 9);
    expect(share({ ...off, 'instance zones': 'a b b b' })).toBe(0.25);
    expect(share(off)).toBe(0);
    expect(share({ ...off, 'instance zones': 'a a a' })).toBe(0);
    expect(share({ 'cross-zone': 'true', zones: 'a b b b' })).toBe(0.125);
  });

  it('is of its zone alone behind a Network Load Balancer, unless the group itself says otherwise', () => {
    const flows = { protocol: 'TCP', zones: 'a b b b' };
    expect(share(flows)).toBe(0.25);
    expect(share({ ...flows, 'cross-zone': 'false' })).toBe(0.25);
    expect(share({ ...flows, 'cross-zone': 'true' })).toBe(0.125);
    expect(share({ ...flows, protocol: 'HTTP' })).toBe(0.125);
    expect(share({ protocol: 'TCP' })).toBe(0);
  });

  it('is of the targets in its zone that get requests', () => {
    const ill = { 'registered states': 'healthy unhealthy healthy healthy' };
    expect(share({ 'cross-zone': 'false', zones: 'a a b b', ...ill })).toBe(0.25);
    const unplaced = inRounds((round) => ({ ...round, instances: { 'i-2': { zone: 'b' }, 'i-3': { zone: 'b' }, 'i-4': { zone: 'b' } } }));
    expect(share({ 'cross-zone': 'false', 'registered states': 'unhealthy' }, unplaced)).toBe(0);
  });

  it('is nothing in its slow start alone, not in that of another target, nor where nobody saw it begin', () => {
    const starts = { 'slow start': '500' };
    const began = (id: string | undefined) =>
      inRounds((round) => ({
        ...round,
        lbView: [...round.lbView]
          .reverse()
          .map(({ sinceAt: _sinceAt, ...entry }) => (entry.target.id === id ? { ...entry, sinceAt: NOW - 10_000 } : entry)),
      }));
    expect(share(starts, began('i-1'))).toBe(0);
    expect(share(starts, began('i-4'))).toBe(0.125);
    expect(share(starts, began(undefined))).toBe(0.125);
    expect(share({ ...starts, 'states in rounds': 'absent' })).toBeGreaterThan(0);
  });

  it('is nothing in its slow start, which ends to the second', () => {
    expect(share({ 'slow start': '401' })).toBe(0);
    expect(share({ 'slow start': '400' })).toBe(0.125);
    expect(share({ 'slow start': '30' })).toBe(0.125);
  });

  it('is nothing while Automatic Target Weights moved traffic away from it, or the agents of Target Optimizer say who is next', () => {
    const mitigated = (id: string) =>
      inRounds((round, index) => ({
        ...round,
        lbView: round.lbView.map((entry) => (index === 1 && entry.target.id === id ? { ...entry, mitigationInEffect: true } : entry)),
      }));
    expect(share({ routing: 'weighted_random' }, mitigated('i-1'))).toBe(0);
    expect(share({ routing: 'weighted_random' }, mitigated('i-2'))).toBe(0.125);
    expect(share({ 'control port': '3000' })).toBe(0);
  });

  it('is as much less as it takes longer, where the fewest requests under way decide', () => {
    const least = { routing: 'least_outstanding_requests' };
    const { split, peersMs } = suspected(least);
    const relative = (peersMs[Math.floor((peersMs.length - 1) / 2)] ?? 0) / (split.slowMs ?? 0);
    expect(relative).toBeGreaterThan(0);
    expect(share(least)).toBeCloseTo(relative / (3 + relative), 9);
    expect(share({ ...least, answers: 'no' })).toBe(0);
  });
});

describe('the p99 at the load balancer', () => {
  const BEGAN_S = 340;
  const LOW = 45;
  const HIGH = 2600;
  const minute = (agoS: number, p99Ms: number, requests = 800): BalancerMinute => ({
    startsAt: NOW - agoS * 1000,
    requests,
    serverErrors: 0,
    connectionErrors: 0,
    p99Ms,
  });
  const view = (minutes: readonly BalancerMinute[], keys: Keys = {}, readAgoS = 20, change: Change = (one) => one) => {
    const read = inCase((value) => ({ ...value, balancer: { readAt: NOW - readAgoS * 1000, minutes } }));
    return balancersView(suspected({ ...OVER_MINUTES, ...keys }, allOf(read, change)));
  };
  const NONE = { stand: 'absent', summary: 'CloudWatch tells of no whole minute since it began' };
  const summary = (p99Ms: number, minutes: number) => `p99 of ${p99Ms} ms at the load balancer in ${minutes} whole minutes, 324 ms is slow`;

  it('is nothing while CloudWatch was not asked, or could not be read', () => {
    expect(suspected(OVER_MINUTES).since).toBe(NOW - BEGAN_S * 1000);
    expect(balancersView(suspected())).toEqual({ stand: 'absent', summary: 'CloudWatch was not asked' });
    const { stand, summary: said } = balancersView(suspected({ balancer: 'unread' }));
    expect([stand, said]).toEqual(['absent', expect.stringMatching(/^CloudWatch .*AccessDenied/)]);
  });

  it('excludes a share of slow requests that it would have to show', () => {
    expect(view([minute(320, LOW, 200)])).toEqual({ stand: 'contradicts', summary: summary(LOW, 1) });
    expect(view([minute(320, LOW, 100)])).toEqual({ stand: 'not-yet', summary: summary(LOW, 1) });
    expect(view([minute(320, LOW, 100), minute(260, LOW, 100)])).toEqual({ stand: 'contradicts', summary: summary(LOW, 2) });
  });

  it('counts a minute two minutes after its end, and not before', () => {
    expect(view([minute(200, LOW)]).stand).toBe('contradicts');
    expect(view([minute(199, LOW)])).toEqual(NONE);
  });

  it('counts a minute that began with the evidence, and none from before it', () => {
    expect(view([minute(BEGAN_S, LOW)]).stand).toBe('contradicts');
    expect(view([minute(BEGAN_S + 1, LOW)])).toEqual(NONE);
    const { p99Ms: _none, ...unmeasured } = minute(BEGAN_S, LOW);
    expect(view([unmeasured])).toEqual(NONE);
  });

  it('agrees when it has become as high as the target is slow, and not when it was so before', () => {
    expect(view([minute(400, LOW), minute(320, HIGH)])).toEqual({ stand: 'agrees', summary: summary(HIGH, 1) });
    expect(view([minute(400, HIGH), minute(320, HIGH)])).toEqual({ stand: 'cannot-tell', summary: `${summary(HIGH, 1)}, as before` });
    expect(view([minute(399, HIGH), minute(320, HIGH)])).toEqual({ stand: 'cannot-tell', summary: summary(HIGH, 1) });
    expect(view([minute(320, HIGH)]).stand).toBe('cannot-tell');
    expect(view([minute(400, LOW), minute(320, LOW, 10), minute(260, HIGH)])).toEqual({ stand: 'agrees', summary: summary(HIGH, 2) });
  });

  it('excludes it when the newer half of the minutes shows nothing any more', () => {
    const gone = [minute(320, HIGH), minute(260, LOW), minute(200, LOW)];
    expect(view(gone)).toEqual({ stand: 'contradicts', summary: `${summary(HIGH, 3)}; lower in the newest 2` });
    const still = [minute(320, LOW), minute(260, HIGH), minute(200, LOW)];
    expect(view([minute(400, LOW), ...still]).stand).toBe('agrees');
  });

  it('is of all suspects together: which of them it shows is open', () => {
    const several = view([minute(400, LOW), minute(320, HIGH)], { 'also suspected': '2 3' });
    expect(several).toEqual({ stand: 'not-yet', summary: `${summary(HIGH, 1)}; 2 more under suspicion may give that` });
  });

  it('is old after two minutes, and what it excluded stays excluded', () => {
    expect(view([minute(400, LOW), minute(320, HIGH)], {}, 119).stand).toBe('agrees');
    expect(view([minute(400, LOW), minute(320, HIGH)], {}, 120)).toEqual({ stand: 'old', summary: 'CloudWatch was asked 120 s ago' });
    expect(view([minute(320, LOW)], {}, 120)).toEqual({
      stand: 'contradicts',
      summary: `${summary(LOW, 1)}; CloudWatch was asked 120 s ago`,
    });
  });

  it('counts what is exactly as slow as the limit as slow', () => {
    const about = suspected(OVER_MINUTES);
    const { fromMs } = splitOf(waitsOf(about), about.peersMs);
    expect(view([minute(400, LOW), minute(320, fromMs)]).stand).toBe('agrees');
    expect(view([minute(400, fromMs), minute(320, HIGH)]).summary).toContain('as before');
  });

  it('excludes no share that so few requests would not show, of those that are sure to be slow', () => {
    const about = suspected(OVER_MINUTES);
    const sure = leastShare(about) * leastRate(20, 20, ALPHA);
    const hidden = (requests: number, share: number) => chanceOfAtMost(Math.floor(requests / 100) + 1, requests, share);
    const requests = Array.from({ length: 200 }, (_, index) => index + 50).find(
      (count) => hidden(count, sure) > ALPHA && hidden(count, leastShare(about)) <= ALPHA,
    );
    expect(requests).toBeDefined();
    const twenty = inRounds((round, index) => (index < 2 ? round : { ...round, phases: {} }));
    expect(view([minute(320, LOW, requests)], {}, 20, twenty).stand).toBe('not-yet');
  });

  it('cannot tell of errors, of the time to connect, of sticky clients, or without waits to compare with', () => {
    const NEITHER = "CloudWatch's p99 holds neither errors nor the time to connect";
    expect(view([minute(320, LOW)], { why: 'errors' })).toEqual({ stand: 'cannot-tell', summary: NEITHER });
    expect(view([minute(320, LOW)], { phases: 'connect' })).toEqual({ stand: 'cannot-tell', summary: NEITHER });
    const sticky = 'CloudWatch cannot tell: sticky sessions give each target a share of their own';
    expect(view([minute(320, LOW)], { sticky: 'yes' })).toEqual({ stand: 'cannot-tell', summary: sticky });
    const unphased = { stand: 'cannot-tell', summary: 'no waits to compare with a p99' };
    expect(view([minute(320, LOW)], { phases: 'none' })).toEqual(unphased);
    const waits = (count: number) =>
      inRounds(({ phases = {}, ...round }, index) => ({
        ...round,
        phases: index === 0 ? Object.fromEntries(Object.entries(phases).map(([key, all]) => [key, all.slice(0, count)])) : {},
      }));
    expect(view([minute(320, LOW)], {}, 20, waits(9))).toEqual(unphased);
    expect(view([minute(320, LOW)], {}, 20, waits(10)).stand).toBe('contradicts');
  });

  it('cannot tell where it would take a share of more than one in eighty to be seen', () => {
    const few = { routing: 'least_outstanding_requests' };
    expect(view([minute(320, LOW)], few)).toEqual({ stand: 'cannot-tell', summary: summary(LOW, 1) });
  });

  it('is that of many in the minutes in which a round found many slow', () => {
    const ofMany = (endedAgoS: number): Change =>
      inRounds((round, index) =>
        index === 7 ? { ...round, fleet: 'shared', startedAt: NOW - (endedAgoS + 5) * 1000, endedAt: NOW - endedAgoS * 1000 } : round,
      );
    const told = (endedAgoS: number) => view([minute(400, LOW), minute(320, HIGH)], {}, 20, ofMany(endedAgoS)).stand;
    expect(told(461)).toBe('agrees');
    expect(told(460)).toBe('cannot-tell');
    const startedAgo = (agoMs: number): Change =>
      inRounds((round, index) =>
        index === 7 ? { ...round, fleet: 'shared', startedAt: NOW - agoMs, endedAt: NOW - agoMs + 5000 } : round,
      );
    const before = (agoMs: number) => view([minute(520, LOW), minute(320, HIGH)], {}, 20, startedAgo(agoMs)).stand;
    expect(before(399_999)).toBe('agrees');
    expect(before(400_000)).toBe('cannot-tell');
    expect(before(430_000)).toBe('cannot-tell');
  });
});

describe('our client of the load balancer', () => {
  const view = (slow: string, keys: Keys = {}, change?: Change) => clientsView(suspected({ 'client slow': slow, ...keys }, change));

  it('is nothing while it was not sampled, or never good before', () => {
    expect(view('none')).toEqual({ stand: 'absent', summary: 'no client was sampled' });
    expect(view('5', { 'client before': 'all' })).toMatchObject({
      stand: 'absent',
      summary: expect.stringContaining('that client does not count: 0 of 240 were answered before the evidence'),
    });
  });

  it('is nothing where a Network Load Balancer binds an address to a target: all of its samples see that one', () => {
    const sticky = (enabled: string, type: string) =>
      inGroup((group) => ({
        ...group,
        group: { ...group.group, attributes: { ...group.group.attributes, 'stickiness.enabled': enabled, 'stickiness.type': type } },
      }));
    const bound = { stand: 'absent', summary: 'one client sees one target: sticky by source address' };
    for (const slow of ['0', '5', '20']) expect(view(slow, {}, sticky('true', 'source_ip'))).toEqual(bound);
    for (const change of [sticky('false', 'source_ip'), sticky('true', 'lb_cookie')])
      expect(view('5', {}, change).summary).toContain('of 40 client requests');
  });

  /** One round of so many samples before the evidence. */
  const earlier = (count: number): Change =>
    inRounds(({ clientView, ...round }, index) =>
      clientView === undefined || index < 2
        ? { ...round, ...(clientView === undefined ? {} : { clientView }) }
        : { ...round, ...(index === 2 ? { clientView: { ...clientView, samples: clientView.samples.slice(0, count) } } : {}) },
    );

  it('is nothing unless it was known, by twenty samples, and good in more than half of them', () => {
    expect(view('5', {}, earlier(20)).summary).toContain('of 20 before');
    expect(view('5', {}, earlier(19)).stand).toBe('absent');
    expect(view('5', {}, earlier(19)).summary).toContain('19 of 19 were answered');
    expect(view('5', { 'client before': '40' }).summary).toContain('120 of 240 were answered before the evidence');
    expect(view('5', { 'client before': '39' }).summary).toContain(' before');
    expect(view('5', { 'client before': '39' }).summary).not.toContain('does not count');
  });

  const answering = (ms: number): Change =>
    inRounds((round, index) =>
      index > 1 || round.clientView === undefined
        ? round
        : { ...round, clientView: { ...round.clientView, samples: round.clientView.samples.map(() => ({ latencyMs: ms })) } },
    );

  it('calls slow what takes half as much longer as the target does, on top of what it usually waits', () => {
    expect(view('0', {}, answering(1320)).summary).toMatch(/^40 of 40 client requests slow or failed/);
    expect(view('0', {}, answering(1319)).summary).toMatch(/^0 of 40 client requests slow or failed/);
  });

  it('usually waits what is in the middle of its answers, in whatever order they came', () => {
    const uneven = inRounds((round, index) =>
      index < 2 || round.clientView === undefined
        ? round
        : {
            ...round,
            clientView: {
              ...round.clientView,
              samples: round.clientView.samples.slice(0, 20).map((_, at) => ({ latencyMs: at === 9 || at === 10 ? 5000 : 100 })),
            },
          },
    );
    expect(view('10', {}, uneven).summary).toMatch(/^20 of 40 client requests slow or failed, 6 of 60 before/);
  });

  it('counts failures alone where the target is no slower than its peers mostly are', () => {
    const bimodal = inRounds(({ samples, ...round }) => ({
      ...round,
      samples: Object.fromEntries(
        Object.keys(samples).map((key) => [key, key === 'i-1:8080' ? Array.from({ length: 10 }, () => 2000) : [10, 10, 3000, 3000, 3000]]),
      ),
    }));
    expect(view('10', {}, bimodal).summary).toMatch(/^0 of 40 client requests failed/);
  });

  it('agrees only when more are bad than before', () => {
    const eight = { targets: '8' };
    expect(view('6', { ...eight, 'client before': '48' }).stand).not.toBe('agrees');
    expect(view('4', eight).stand).toBe('agrees');
  });

  it('takes as many as all suspects give it for theirs, and half a bad one more than it met before', () => {
    expect(view('9', {}, earlier(20))).toMatchObject({
      stand: 'agrees',
      summary: '18 of 40 client requests slow or failed, 0 of 20 before',
    });
    const twelveThenEleven = { 'client before': '2', 'client slow lately': '11' };
    expect(view('12', twelveThenEleven, earlier(20))).toMatchObject({
      stand: 'absent',
      summary: '23 of 40 client requests slow or failed, 2 of 20 before',
    });
  });

  it('is no view where it meets more than all suspects would give it', () => {
    expect(view('5', OVER_MINUTES).stand).toBe('absent');
  });

  it('cannot tell where so few of its requests meet the target that six rounds would not show it', () => {
    expect(view('0', { targets: '16', 'evidence spans': '330' }).stand).toBe('cannot-tell');
    expect(view('1', OVER_MINUTES).stand).toBe('not-yet');
  });

  it('says how many were slow or failed, then and before', () => {
    expect(view('10', { 'client before': '3' }).summary).toBe('20 of 40 client requests slow or failed, 9 of 240 before');
    expect(view('5', { why: 'errors', 'client errors': '5' }).summary).toMatch(/^\d+ of 40 client requests failed, 0 of 240 before$/);
  });
});
