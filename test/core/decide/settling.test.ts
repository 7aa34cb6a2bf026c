/** When target health is believed after a removal, and whose doing a return is. */
import { lateRemoval, LEASE_SLACK_MS, OVERDUE_MS, wasPutBack } from '../../../core/decide/settling';
import type { Ejection, LbTarget } from '../../../core/model';
import { ejection } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { asked } from './described';

const { group, incident, round } = asked();
const HERE = group.lbView;
const GONE = HERE.slice(1);

/** Announced ten minutes ago and confirmed a second later, with five minutes of its lease left. */
const LEFT: Ejection = { ...ejection(incident.target, NOW - 600_000, NOW + 300_000), confirmedAt: NOW - 599_000 };

/** Whether it was put back, as seen by rounds that began so many seconds ago, and now. */
function putBack(now: readonly LbTarget[], rounds: Readonly<Record<number, readonly LbTarget[]>>, left = LEFT, at = NOW): boolean {
  const newestFirst = Object.entries(rounds)
    .map(([agoS, lbView]) => ({ ...round, startedAt: NOW - Number(agoS) * 1000, lbView: [...lbView] }))
    .sort((a, b) => b.startedAt - a.startedAt);
  return wasPutBack(at, { ...group, lbView: now, rounds: newestFirst }, incident, left);
}

describe('a target was put back by somebody else', () => {
  it('when it was seen gone and then registered', () => {
    expect(putBack(HERE, { 300: GONE })).toBe(true);
    expect(putBack(GONE, { 300: GONE, 200: HERE })).toBe(true);
  });

  it('and not when it was seen registered and then gone, as a late answer shows it', () => {
    expect(putBack(GONE, { 300: HERE, 200: GONE })).toBe(false);
    expect(putBack(GONE, { 300: HERE })).toBe(false);
    expect(putBack(HERE, {})).toBe(false);
  });

  it('and not by a look at the moment of its announcement, or before', () => {
    expect(putBack(HERE, { 600: GONE })).toBe(false);
    expect(putBack(HERE, { 599: GONE })).toBe(true);
  });

  it('and not by a look at which its scheduled restore may have fired', () => {
    const endsIn = (ms: number) => ({ ...LEFT, leaseEndsAt: NOW + ms });
    expect(putBack(HERE, { 300: GONE }, endsIn(LEASE_SLACK_MS))).toBe(false);
    expect(putBack(HERE, { 300: GONE }, endsIn(LEASE_SLACK_MS - 1))).toBe(false);
    expect(putBack(HERE, { 300: GONE }, endsIn(LEASE_SLACK_MS + 1))).toBe(true);
    expect(putBack(HERE, { 300: GONE }, endsIn(-100_000))).toBe(false);
  });

  it('and not by an empty answer, which shows nothing as gone', () => {
    expect(putBack(HERE, { 300: [] })).toBe(false);
  });

  it('and not by a look of before its removal can be seen', () => {
    const confirmed = (agoMs: number) => ({ ...LEFT, confirmedAt: NOW - agoMs });
    expect(putBack(HERE, { 100: GONE }, confirmed(29_999))).toBe(false);
    expect(putBack(HERE, { 100: GONE }, confirmed(30_000))).toBe(true);
  });
});

describe('a removal that was given up and whose target has left', () => {
  const spared: Ejection = { ...LEFT, abandonedAt: NOW - 100_000 };
  const late = (left: Ejection, lbView: readonly LbTarget[] = GONE, now = NOW) =>
    lateRemoval(now, { lbView }, { ...incident, ejections: [left] });

  it('was carried out late, for as long as its scheduled restore may be under way', () => {
    expect(late(spared)).toEqual(spared);
    expect(late(spared, GONE, spared.leaseEndsAt + OVERDUE_MS - 1)).toEqual(spared);
    expect(late(spared, GONE, spared.leaseEndsAt + OVERDUE_MS)).toBeUndefined();
  });

  it('was not when the target is registered, or nothing is seen at all', () => {
    expect(late(spared, HERE)).toBeUndefined();
    expect(late(spared, [])).toBeUndefined();
  });
});
