/** What each second view says, where it turns. */
import { balancersView } from '../../../core/decide/second-view/balancer';
import { clientsView } from '../../../core/decide/second-view/client';
import { leastShare, suspicionOf, type Suspicion } from '../../../core/decide/second-view/suspicion';
import type { BalancerMinute } from '../../../core/model';
import { NOW } from '../situation-builder';
import { allOf, candidate, inCase, inGroup, inRounds, type Change, type Keys } from './described';

const suspected = (keys: Keys = {}, change?: Change): Suspicion => suspicionOf(candidate(keys, change));
const share = (keys: Keys = {}, change?: Change) => leastShare(suspected(keys, change));

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

  it('is nothing in its slow start, which ends to the second', () => {
    expect(share({ 'slow start': '401' })).toBe(0);
    expect(share({ 'slow start': '400' })).toBe(0.125);
    expect(share({ 'slow start': '30' })).toBe(0.125);
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
  const OVER_MINUTES = { targets: '8', 'evidence spans': '330' };
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
    expect(view(gone)).toEqual({ stand: 'contradicts', summary: `${summary(HIGH, 3)}; not so in the newest 2` });
    const still = [minute(320, LOW), minute(260, HIGH), minute(200, LOW)];
    expect(view([minute(400, LOW), ...still]).stand).toBe('agrees');
  });

  it('is of all suspects together: which of them it shows is open', () => {
    const several = view([minute(400, LOW), minute(320, HIGH)], { 'also suspected': '2 3' });
    expect(several).toEqual({ stand: 'not-yet', summary: `${summary(HIGH, 1)}; 2 more under suspicion may give that` });
  });

  it('is old after two minutes, and what it excluded stays excluded', () => {
    expect(view([minute(400, LOW), minute(320, HIGH)], {}, 119).stand).toBe('agrees');
    expect(view([minute(400, LOW), minute(320, HIGH)], {}, 120)).toEqual({ stand: 'absent', summary: 'CloudWatch was asked 120 s ago' });
    expect(view([minute(320, LOW)], {}, 120)).toEqual({
      stand: 'contradicts',
      summary: `${summary(LOW, 1)}; CloudWatch was asked 120 s ago`,
    });
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

  it('says how many were slow or failed, then and before', () => {
    expect(view('10', { 'client before': '3' }).summary).toBe('20 of 40 client requests slow or failed, 9 of 240 before');
    expect(view('5', { why: 'errors', 'client errors': '5' }).summary).toMatch(/^\d+ of 40 client requests failed, 0 of 240 before$/);
  });
});
