import * as fc from 'fast-check';
import { corroboration, describeBalancerView, MINUTE_MS } from '../../core/balancer-view';
import type { BalancerMinute, BalancerView, Round, TargetVerdict } from '../../core/model';
import { NOW } from '../builders/now';
import { verdict } from '../builders/rounds';
import { situation } from '../builders/scenario/situation';
import { healthy } from '../builders/targets';

const KEPT_MS = 120_000;

function minute(startsAt: number, requests: number, serverErrors: number, connectionErrors = 0): BalancerMinute {
  return { startsAt, requests, serverErrors, connectionErrors };
}

/**
 * A round in which so many of the healthy targets fail every probe; the first one is asked about.
 */
function roundOf(targets: number, failing: number, endedAt = NOW): { readonly round: Round; readonly first: TargetVerdict } {
  const [template] = situation(new Map()).groups[0]?.rounds ?? [];
  if (template === undefined) throw new Error('the situation has a round');
  const ids = Array.from({ length: targets }, (_, index) => `i-${index}`);
  const lbView = healthy(ids, 80);
  const verdicts = lbView.map(({ target }, index) =>
    verdict(`${target.id}:80`, index < failing ? { why: 'errors', bad: { k: 10, n: 10 }, evidenceSince: endedAt - 90_000 } : {}),
  );
  const [first] = verdicts;
  if (first === undefined) throw new Error('at least one target');
  return { round: { ...template, lbView, verdicts, endedAt }, first };
}

function agrees(view: BalancerView | undefined, targets = 4, failing = 1): boolean {
  const { round, first } = roundOf(targets, failing);
  return corroboration({ view, keptMs: KEPT_MS, now: NOW, round, rounds: [], verdict: first }).agrees;
}

const seen = (...minutes: BalancerMinute[]): BalancerView => ({ readAt: NOW, minutes });

describe('the load balancer agrees', () => {
  test('when it sees what one failing target of four gives it, as 5xx or as connections that fail', () => {
    expect(agrees(seen(minute(NOW - MINUTE_MS, 400, 100)))).toBe(true);
    expect(agrees(seen(minute(NOW - MINUTE_MS, 400, 0, 100)))).toBe(true);
  });

  test('when half of the minute was before the fault, and not when nine tenths were', () => {
    expect(agrees(seen(minute(NOW - MINUTE_MS, 400, 50)))).toBe(true);
    expect(agrees(seen(minute(NOW - MINUTE_MS, 400, 10)))).toBe(false);
  });

  test('never without errors, however few requests there were', () => {
    expect(agrees(seen(minute(NOW - MINUTE_MS, 0, 0)))).toBe(false);
  });

  test('never by a minute that was over when the evidence began', () => {
    expect(agrees(seen(minute(NOW - 3 * MINUTE_MS, 400, 400)))).toBe(false);
  });

  test('never by the errors of a target whose probes fail and that the judge does not call failing', () => {
    const { round, first } = roundOf(4, 1);
    const view = seen(minute(NOW - MINUTE_MS, 400, 100));
    const told = (samples: Round['samples']) =>
      corroboration({ view, keptMs: KEPT_MS, now: NOW, round: { ...round, samples }, rounds: [], verdict: first }).agrees;
    expect(told({ 'i-1:80': [40, 41] })).toBe(true);
    expect(told({ 'i-1:80': ['status@500', 'status@500'] })).toBe(false);
    expect(told({ 'i-9:80': ['reset'] })).toBe(true);
  });

  test('never with one target more than its errors can come from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 50 }), fc.integer({ min: 2, max: 10 }), (targets, failing) => {
        fc.pre(failing <= targets);
        const fromOthers = (failing - 1) * 100;
        expect(agrees(seen(minute(NOW - MINUTE_MS, targets * 100, fromOthers)), targets, failing)).toBe(false);
      }),
    );
  });

  test('never by errors of a target that failed in that minute and is well or out by now', () => {
    const { round, first } = roundOf(4, 1);
    const earlier = { ...roundOf(4, 2).round, endedAt: NOW - MINUTE_MS };
    const view = seen(minute(NOW - 2 * MINUTE_MS, 400, 100));
    const asked = { view, keptMs: KEPT_MS, now: NOW, round, verdict: { ...first, evidenceSince: NOW - 2 * MINUTE_MS } };
    expect(corroboration({ ...asked, rounds: [earlier] }).agrees).toBe(false);
    expect(corroboration({ ...asked, rounds: [] }).agrees).toBe(true);
  });

  test('with all of them when all of their errors are there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 50 }), fc.integer({ min: 1, max: 10 }), (targets, failing) => {
        fc.pre(failing <= targets);
        expect(agrees(seen(minute(NOW - MINUTE_MS, targets * 100, failing * 100)), targets, failing)).toBe(true);
      }),
    );
  });
});

describe('in one line', () => {
  test('the worst p99, and what failed of all', () => {
    const view = seen({ ...minute(NOW - 2 * MINUTE_MS, 400, 3), p99Ms: 2449.6 }, { ...minute(NOW - MINUTE_MS, 410, 0, 1), p99Ms: 140 });
    expect(describeBalancerView(view)).toBe(
      'p99 up to 2450 ms in a minute, 3 of 810 requests answered 5xx, 1 connection error, in 2 minutes',
    );
  });

  test('what was not told and what could not be read are said', () => {
    expect(describeBalancerView(seen())).toBe('tells of no request in 10 minutes');
    expect(describeBalancerView({ readAt: NOW, minutes: [], unread: 'Throttling: slow down' })).toBe(
      'could not be read: Throttling: slow down',
    );
  });
});
