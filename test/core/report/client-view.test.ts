import * as fc from 'fast-check';
import type { ClientView } from '../../../core/model';
import { describeClientView, slowFraction, wilson95 } from '../../../core/report/client-view';

function view(slow: number, fast: number, errors = 0): ClientView {
  return {
    groupArn: 'g',
    samples: [
      ...Array.from({ length: slow }, () => ({ latencyMs: 10_300 })),
      ...Array.from({ length: fast }, () => ({ latencyMs: 150 })),
      ...Array.from({ length: errors }, () => ({ error: { kind: 'timeout', phase: 'wait' } }) as const),
    ],
  };
}

const of = (targets: number) => ({ slowAboveMs: 1000, targets });

describe('client view', () => {
  it("says that the story's 5 of 20 is what 1 bad target of 4 gives", () => {
    expect(describeClientView(view(5, 15), of(4))).toEqual({
      slowFraction: 0.25,
      summary: '5 of 20 requests slow (0.25), as 1 bad target of 4 would give (0.25)',
    });
  });

  it('counts an error as a slow request', () => {
    expect(slowFraction(view(2, 15, 3), 1000)).toBe(0.25);
  });

  it('counts a request exactly at the limit as fast', () => {
    expect(slowFraction(view(0, 4), 150)).toBe(0);
  });

  it('does not claim one bad target when half of the requests are slow', () => {
    expect(describeClientView(view(10, 10), of(4)).summary).toBe(
      '10 of 20 requests slow (0.5); 1 bad target of 4 would give 0.25, outside the 95 % interval 0.3 to 0.7; 2 of 4 would give 0.5',
    );
  });

  it('points at what all targets share when every request is slow', () => {
    expect(describeClientView(view(20, 0), of(4)).summary).toMatch(/all targets are slow, or what they share$/);
  });

  it('says when no number of bad targets fits', () => {
    expect(describeClientView(view(40, 160), of(2)).summary).toMatch(/0\.5, outside the 95 % interval .*and so is every other number/);
  });

  it('says that too few requests cannot exclude one bad target of many', () => {
    expect(describeClientView(view(0, 20), of(50)).summary).toMatch(/^0 of 20 requests slow \(0\); 1 bad target of 50 .* cannot exclude/);
  });

  it('excludes one bad target of two when no request was slow', () => {
    expect(describeClientView(view(0, 20), of(2)).summary).toMatch(/would give 0\.5, outside the 95 % interval 0 to 0\.16$/);
  });

  it('says that nothing was sampled instead of claiming health', () => {
    expect(describeClientView(view(0, 0), of(4))).toEqual({ slowFraction: 0, summary: 'no request through the load balancer was sampled' });
  });

  it('compares with nothing when the group has no targets', () => {
    expect(describeClientView(view(5, 15), of(0)).summary).toBe('5 of 20 requests slow (0.25)');
  });

  // Published values: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the published interval for %i of %i', (k, n, low, high) => {
    const interval = wilson95(k, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the fraction seen, and is the mirror image for the fast ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 200 }), (n, part) => {
        const k = Math.min(part, n);
        const { low, high } = wilson95(k, n);
        const mirror = wilson95(n - k, n);
        expect(low).toBeLessThanOrEqual(k / n + 1e-12);
        expect(high).toBeGreaterThanOrEqual(k / n - 1e-12);
        expect(mirror.high).toBeCloseTo(1 - low, 9);
      }),
    );
  });

  it('never claims one bad target outside the interval', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        (slow, fast, targets) => {
          const { low, high } = wilson95(slow, slow + fast);
          const claims = describeClientView(view(slow, fast), of(targets)).summary.includes(', as 1 bad target');
          expect(claims).toBe(1 / targets >= low && 1 / targets <= high);
        },
      ),
    );
  });
});
