/**
 * Where a breaker stands, what it stops, and for how long a person's word counts after it was
 * closed.
 */
import { breakerGroup, openBreakers, wasClosedLately } from '../../../core/decide/breaker';
import type { Case, BreakerCase } from '../../../core/model';
import { breakerCase } from '../../builders/cases';
import { NOW } from '../../builders/now';

const HOUR_MS = 3_600_000;

const THE_STACK = undefined;

function breaker(groupArn: string | undefined, closedAgoMs?: number): BreakerCase {
  return breakerCase(groupArn, closedAgoMs === undefined ? {} : { state: 'closed', closedAt: NOW - closedAgoMs });
}

describe('a breaker', () => {
  it('of the stack stands at no group', () => {
    expect(breakerGroup('stack', 'checkout')).toBeUndefined();
    expect(breakerGroup('group', 'checkout')).toBe('checkout');
  });

  it('stops its own group, or every one, until it is closed', () => {
    const stopping = (...cases: Case[]) => openBreakers(cases, 'checkout').map((incident) => incident.groupArn);
    expect(stopping(breaker('checkout'), breaker(THE_STACK), breaker('search'))).toEqual(['checkout', undefined]);
    expect(stopping(breaker('checkout', 1), breaker(THE_STACK, 1))).toEqual([]);
    expect(stopping({ ...breaker('checkout'), groupArn: 'checkout', about: 'shared' })).toEqual([]);
  });
});

describe('a breaker that a person closed', () => {
  const lately = (place: string, ...cases: Case[]) => wasClosedLately(cases, place, NOW);

  it('does not open again there for an hour', () => {
    expect(lately('checkout', breaker('checkout', HOUR_MS - 1))).toBe(true);
    expect(lately('checkout', breaker('checkout', HOUR_MS))).toBe(false);
    expect(lately('checkout', breaker('search', 1), breaker('checkout', 1))).toBe(true);
  });

  it('says nothing of another place, nor does another kind of case', () => {
    expect(lately('checkout', breaker('search', 1))).toBe(false);
    expect(lately('checkout', breaker(THE_STACK, 1))).toBe(false);
    expect(lately('checkout', { ...breaker('checkout', 1), groupArn: 'checkout', about: 'shared' })).toBe(false);
    expect(lately('checkout')).toBe(false);
  });

  it('that has no time of its end on record was not closed lately', () => {
    expect(lately('checkout', { ...breaker('checkout'), state: 'closed' })).toBe(false);
  });
});
