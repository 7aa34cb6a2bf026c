/** Whom a hold is about, and how it reads. */
import { holdText, holdsOn, isHold, isInForce } from '../../../core/decide/hold';
import type { Case, Hold, HoldCase } from '../../../core/model';
import { holdCase, targetCase } from '../../builders/cases';
import { NOW } from '../../builders/now';
import { TARGET } from '../../builders/targets';

function held(hold: Partial<Hold> = {}, fields: Partial<HoldCase> = {}): HoldCase {
  return holdCase(hold, { groupArn: 'checkout', ...fields });
}

function isHeld(incident: Case, anyPort?: boolean): boolean {
  return holdsOn([incident], 'checkout', { target: TARGET, ...(anyPort === undefined ? {} : { anyPort }) }, NOW).length > 0;
}

describe('a hold', () => {
  it('of a target is about its port, unless every port of its instance would leave', () => {
    expect(isHeld(held({ target: TARGET }))).toBe(true);
    expect(isHeld(held({ target: { id: 'i-1', port: 9090 } }))).toBe(false);
    expect(isHeld(held({ target: { id: 'i-1', port: 9090 } }), true)).toBe(true);
    expect(isHeld(held({ target: { id: 'i-2', port: 8080 } }), true)).toBe(false);
  });

  it('of a group is about every target in it, and in no other', () => {
    expect(isHeld(held())).toBe(true);
    expect(isHeld(held({}, { groupArn: 'search' }))).toBe(false);
  });

  it('ends at its time, or when it is released', () => {
    expect(isInForce(held({ untilAt: NOW + 1 }), NOW)).toBe(true);
    expect(isInForce(held({ untilAt: NOW }), NOW)).toBe(false);
    expect(isInForce(held({}, { state: 'closed' }), NOW)).toBe(false);
  });

  it('is a case about a hold, and no other', () => {
    expect(isHold(held())).toBe(true);
    expect(isHold(targetCase())).toBe(false);
  });

  it('reads as who holds what, why and until when', () => {
    expect(holdText(held())).toBe('the group by Ann: load test, until released');
    expect(holdText(held({ target: TARGET, untilAt: NOW }))).toBe('the target by Ann: load test, until 2026-01-01 12:00:00 UTC');
  });
});
