/** What real requests, as the access logs have them, say of a conviction, where that turns. */
import { requestsView } from '../../../core/decide/second-view/requests';
import { suspicionOf } from '../../../core/decide/second-view/suspicion';
import { subjectOf } from '../../../core/decide/second-view/logged-subject';
import { endpointOf } from '../../../core/decide/second-view/logged-subject';
import { targetKey, type LoggedMinute, type RequestCount, type Round } from '../../../core/model';
import { NOW } from '../../builders/now';
import { allOf, candidate, decided, inCase, inRounds, type Change, type Keys } from './described';

/** Evidence since 330 s before the newest round, which ended 10 s ago: eight targets. */
const OVER_MINUTES = { targets: '8', 'evidence spans': '330' };
const BEGAN_S = 345;
const ENDPOINT = '10.0.0.1:8080';

const configured: Change = (here) => ({ ...here, config: { ...here.config, accessLogs: { logGroups: ['/alb'], maxScannedMiB: 100 } } });
const addressed = inRounds((round) => ({
  ...round,
  addresses: Object.fromEntries(round.lbView.map(({ target }, index) => [targetKey(target), `10.0.0.${index + 1}`])),
}));

const count = (requests: number, slow = 0, more: Partial<RequestCount> = {}): RequestCount => ({
  requests,
  slow,
  failed: 0,
  aborted: 0,
  ...more,
});

interface Logged {
  readonly agoS: number;
  readonly own: RequestCount;
  readonly peers?: RequestCount;
  readonly logged?: number;
  readonly counted?: number | 'not told';
}

const WELL = { agoS: 270, own: count(100) };
const SLOW = { agoS: 270, own: count(100, 90) };
/** From before the evidence. */
const BEFORE = { agoS: 450, own: count(100) };

function view(minutes: readonly Logged[], keys: Keys = {}, change: Change = (one) => one, readAgoS = 20) {
  const told: LoggedMinute[] = minutes.map(({ agoS, own, peers = count(700), logged = own.requests + peers.requests }) => ({
    startsAt: NOW - agoS * 1000,
    own,
    peers,
    logged,
  }));
  const counted = minutes.flatMap(({ agoS, own, peers = count(700), counted: is = own.requests + peers.requests }) =>
    is === 'not told' ? [] : [{ startsAt: NOW - agoS * 1000, requests: is, serverErrors: 0, connectionErrors: 0, p99Ms: 45 }],
  );
  const read = inCase((value) => ({
    ...value,
    balancer: { readAt: NOW - 20_000, minutes: counted },
    accessLog: { readAt: NOW - readAgoS * 1000, fromMs: 320, endpoint: ENDPOINT, minutes: told },
  }));
  return requestsView(suspicionOf(candidate({ ...OVER_MINUTES, ...keys }, allOf(configured, addressed, read, change))));
}

const stand = (...of: Parameters<typeof view>) => view(...of)?.stand;
const NOT_YET = { stand: 'not-yet', summary: 'the access logs have no whole minute since it began' };

describe('real requests', () => {
  test('are no view where no access logs are configured, and none where they were not asked or could not be read', () => {
    expect(requestsView(suspicionOf(candidate(OVER_MINUTES)))).toBeUndefined();
    expect(requestsView(suspicionOf(candidate(OVER_MINUTES, configured)))).toEqual({
      stand: 'absent',
      summary: 'the access logs were not asked',
    });
    const unread = inCase((value) => ({
      ...value,
      accessLog: { readAt: NOW, fromMs: 1, endpoint: ENDPOINT, minutes: [], unread: 'AccessDenied' },
    }));
    expect(view([WELL], {}, unread)).toEqual({ stand: 'absent', summary: 'the access logs could not be read: AccessDenied' });
  });

  test('that are fast speak against it, with what they were', () => {
    expect(view([BEFORE, WELL])).toEqual({
      stand: 'contradicts',
      summary: 'access logs: 100 requests to it, 0 slower than 320 ms or failed; peers 0 of 700; in 1 minute',
    });
  });

  test('that are slow, where its peers are not and it was not before, speak for it', () => {
    expect(stand([BEFORE, SLOW])).toBe('agrees');
    expect(stand([BEFORE, { ...SLOW, peers: count(700, 630) }])).toBe('not-yet');
    expect(stand([{ ...BEFORE, own: count(100, 90) }, SLOW])).toBe('not-yet');
    expect(stand([SLOW])).toBe('cannot-tell');
  });

  test('of which so few more are slow that nobody would call it slow speak for nothing', () => {
    const some = (slow: number) =>
      stand([
        { ...BEFORE, own: count(100_000, 10_000) },
        { agoS: 270, own: count(100_000, slow), peers: count(700_000, 70_000) },
      ]);
    expect(some(19_999)).toBe('contradicts');
    expect(some(20_000)).toBe('agrees');
  });

  test('of another page: what is slow there is slower than its peers’ and its own before', () => {
    expect(stand([BEFORE, { agoS: 270, own: count(100, 20), peers: count(700, 1) }])).toBe('agrees');
    expect(stand([BEFORE, { agoS: 270, own: count(100, 1), peers: count(700, 1) }])).toBe('contradicts');
  });

  test('speak for nothing while it gets none', () => {
    expect(stand([BEFORE, { agoS: 270, own: count(0) }])).toBe('cannot-tell');
  });

  test('that recovered lately speak against it', () => {
    const lately = [
      { ...SLOW, agoS: 330 },
      { ...SLOW, agoS: 270 },
      { ...WELL, agoS: 210 },
    ];
    expect(stand([BEFORE, ...lately])).not.toBe('contradicts');
    expect(stand([BEFORE, { ...SLOW, agoS: 330 }, { ...WELL, agoS: 270 }, { ...WELL, agoS: 210 }])).toBe('contradicts');
  });
});

describe('a minute of the log counts', () => {
  test('only when CloudWatch has counted as many requests of the group: not late, in part or twice', () => {
    const of = (logged: number, counted: number | 'not told' = 800) => view([BEFORE, { ...WELL, logged, counted }]);
    expect(of(800, 'not told')).toEqual(NOT_YET);
    expect(of(719)).toEqual(NOT_YET);
    expect(of(720)).not.toEqual(NOT_YET);
    expect(of(880)?.stand).toBe('contradicts');
    expect(of(881)).toEqual(NOT_YET);
    expect(of(1600)).toEqual(NOT_YET);
  });

  test('of few requests within two of them', () => {
    const few = (logged: number) => view([BEFORE, { agoS: 270, own: count(3), peers: count(3), logged, counted: 6 }]);
    expect(few(4)?.stand).not.toBe('not-yet');
    expect(few(3)).toEqual(NOT_YET);
  });

  test('only when that is settled, and the minute was over when the logs were read', () => {
    expect(stand([BEFORE, { ...WELL, agoS: 200 }])).toBe('contradicts');
    expect(view([BEFORE, { ...WELL, agoS: 199 }])).toEqual(NOT_YET);
    expect(stand([BEFORE, { ...WELL, agoS: 200 }], {}, undefined, 140)).toBe('contradicts');
    expect(stand([BEFORE, { ...WELL, agoS: 200 }], {}, undefined, 141)).toBe('absent');
  });

  test('only inside the evidence, and after the time that its slow answers take: until then the fast ones are logged alone', () => {
    expect(stand([BEFORE, { ...WELL, agoS: BEGAN_S - 8 }])).toBe('contradicts');
    expect(view([BEFORE, { ...WELL, agoS: BEGAN_S - 2 }])).toEqual(NOT_YET);
    expect(view([BEFORE, { ...WELL, agoS: 270 }], { answers: 'no' })?.stand).not.toBe('not-yet');
    expect(view([BEFORE, { ...WELL, agoS: BEGAN_S - 55 }], { answers: 'no' })).toEqual(NOT_YET);
  });

  test('only while the address was this target’s and nobody else’s', () => {
    const at = (change: (round: Round) => Round) =>
      view(
        [BEFORE, WELL],
        {},
        inRounds((round, index) => (index === 5 ? change(round) : round)),
      );
    expect(at((round) => round)?.stand).toBe('contradicts');
    const moved = (round: Round) => ({ ...round, addresses: { ...round.addresses, 'i-1:8080': '10.0.0.99' } });
    expect(at(moved)).toEqual(NOT_YET);
    expect(at((round) => ({ ...round, addresses: { ...round.addresses, 'i-2:8080': '10.0.0.1' } }))).toEqual(NOT_YET);
    const ref = (id: string) => (round: Round) => ({ ...round, targetRefs: { 'i-1:8080': { kind: 'instance' as const, instanceId: id } } });
    const held = (id: string) =>
      view(
        [BEFORE, WELL],
        {},
        inRounds((round, index) => ref(index === 5 ? id : 'i-1')(round)),
      );
    expect(held('i-1')?.stand).toBe('contradicts');
    expect(held('i-9')).toEqual(NOT_YET);
  });

  test('only while not many targets were slow', () => {
    const shared = (at: number) => inRounds((round, index) => (index === at ? { ...round, fleet: 'shared' as const } : round));
    expect(stand([BEFORE, WELL], {}, shared(5))).toBe('not-yet');
    expect(stand([BEFORE, SLOW], {}, shared(7))).toBe('cannot-tell');
  });
});

describe('the doubt is the target’s', () => {
  test('what is missing, and what the client gave up, counts as slow against a contradiction', () => {
    expect(stand([BEFORE, { agoS: 270, own: count(20), logged: 720, counted: 720 }])).toBe('contradicts');
    expect(stand([BEFORE, { agoS: 270, own: count(20), logged: 720, counted: 780 }])).not.toBe('contradicts');
    expect(stand([BEFORE, { agoS: 270, own: count(20, 0, { aborted: 15 }) }])).not.toBe('contradicts');
  });

  test('where its connect alone is slow the logs cannot tell', () => {
    expect(stand([BEFORE, WELL], { phases: 'connect' })).toBe('cannot-tell');
  });

  test('what its waits do not tell from its peers is in no log', () => {
    const quickHead = inRounds((round) =>
      round.phases === undefined
        ? round
        : {
            ...round,
            phases: Object.fromEntries(Object.entries(round.phases).map(([key, list]) => [key, list.map(() => [1, 0, 38, 2400] as const)])),
          },
    );
    expect(stand([BEFORE, WELL], {}, quickHead)).toBe('cannot-tell');
  });

  test('a probe that was sent and not answered is slow', () => {
    const unanswered = inRounds((round) => ({ ...round, phases: round.phases === undefined ? {} : { 'i-1:8080': ['wait'] } }));
    expect(stand([BEFORE, WELL], { answers: 'no' }, unanswered)).toBe('contradicts');
    expect(stand([BEFORE, WELL], { answers: 'no', phases: 'none' })).toBe('cannot-tell');
  });

  test('an older word counts no more, but for what it excluded', () => {
    expect(view([BEFORE, SLOW], {}, undefined, 120)).toEqual({ stand: 'absent', summary: 'the access logs were asked 120 s ago' });
    expect(stand([BEFORE, SLOW], {}, undefined, 119)).toBe('agrees');
    expect(view([BEFORE, WELL], {}, undefined, 120)).toMatchObject({ stand: 'contradicts', summary: expect.stringContaining('120 s ago') });
  });

  test('of errors the failed ones are counted', () => {
    const failing = (failed: number, peersFailed = 0) =>
      stand([BEFORE, { agoS: 270, own: count(100, failed, { failed }), peers: count(700, peersFailed, { failed: peersFailed }) }], {
        why: 'errors',
      });
    expect(failing(0)).toBe('contradicts');
    expect(failing(95)).toBe('agrees');
    expect(failing(95, 650)).toBe('not-yet');
  });
});

describe('the guardrails', () => {
  const BLIND = { ...OVER_MINUTES, sticky: 'yes', 'client slow': 'none' };
  const blocked = (minutes: readonly Logged[], keys: Keys = {}) => {
    const told = minutes.map(({ agoS, own, peers = count(700) }) => ({
      startsAt: NOW - agoS * 1000,
      own,
      peers,
      logged: own.requests + peers.requests,
    }));
    const counted = told.map(({ startsAt, logged }) => ({ startsAt, requests: logged, serverErrors: 0, connectionErrors: 0, p99Ms: 45 }));
    const read = inCase((value) => ({
      ...value,
      balancer: { readAt: NOW - 20_000, minutes: counted },
      accessLog: { readAt: NOW - 20_000, fromMs: 320, endpoint: ENDPOINT, minutes: told },
    }));
    return decided({ ...BLIND, ...keys }, allOf(configured, addressed, read)).blocked;
  };

  test('contradict where CloudWatch cannot tell', () => {
    expect(blocked([BEFORE, WELL])).toEqual(['contradicted']);
  });

  test('let a removal through that real requests speak for, although a p99 does not show it', () => {
    expect(blocked([BEFORE, SLOW])).toEqual([]);
    expect(blocked([BEFORE, SLOW], { sticky: 'no' })).toEqual([]);
  });

  test('let our client outweigh logs of other pages, and stand against them', () => {
    expect(blocked([BEFORE, WELL], { 'client slow': '' })).toEqual([]);
    expect(blocked([BEFORE, SLOW], { 'client slow': '0', sticky: 'no' })).toEqual(['contradicted']);
  });

  test('wait for what is not delivered yet', () => {
    expect(blocked([BEFORE])).toEqual(['second-view-awaited']);
  });
});

describe('of whom the logs are asked', () => {
  const rounds = (keys: Keys = {}, change: Change = (one) => one) =>
    candidate({ ...OVER_MINUTES, ...keys }, allOf(addressed, change)).group.rounds;
  const target = { id: 'i-1', port: 8080 };

  test('the target, its peers that serve and are under no suspicion, and what is slow by its waits', () => {
    expect(subjectOf(rounds({ 'also suspected': '2', 'registered states': 'healthy healthy unhealthy' }), target, 5000)).toEqual({
      groupArn: expect.stringContaining('targetgroup/checkout'),
      endpoint: ENDPOINT,
      peers: ['10.0.0.4:8080', '10.0.0.5:8080', '10.0.0.6:8080', '10.0.0.7:8080', '10.0.0.8:8080'],
      fromMs: expect.closeTo(323.9, 0),
    });
  });

  test('a probe’s time-out is slow where nothing was answered', () => {
    expect(subjectOf(rounds({ answers: 'no', phases: 'none' }), target, 5000)?.fromMs).toBe(5000);
  });

  test('nobody without a round, or without an IPv4 address', () => {
    expect(subjectOf([], target, 5000)).toBeUndefined();
    expect(endpointOf({ addresses: { 'i-1:8080': '2001:db8::1' } }, target)).toBeUndefined();
    expect(endpointOf({ addresses: {} }, target)).toBeUndefined();
  });
});
