/**
 * Since when too few others serve: over runs that see it, until one sees that it is over; a run
 * that cannot tell changes nothing.
 */
import { shortSince } from '../../core/case-transitions';
import { decide } from './decisions';
import type { Decision } from '../../core/model';
import { targetCase } from '../builders/cases';
import { NOW } from '../builders/now';
import { decisionTo } from '../builders/decisions';
import { situation } from '../builders/scenario/situation';

const incident = targetCase();
const decided = (short?: boolean): Decision => ({ ...BASE, ...(short === undefined ? {} : { short }) });
const BASE = decisionTo('keep');

it('the first run that sees it counts, not the last one', () => {
  const once = shortSince(incident, decided(true), NOW);
  expect(shortSince(once, decided(true), NOW + 60_000).shortSinceAt).toBe(NOW);
});

it('a run that sees that it is over forgets it', () => {
  const over = shortSince(shortSince(incident, decided(true), NOW), decided(false), NOW + 60_000);
  expect('shortSinceAt' in over).toBe(false);
});

it('a run that cannot tell changes nothing', () => {
  const once = shortSince(incident, decided(true), NOW);
  expect(shortSince(once, decided(), NOW + 60_000)).toBe(once);
  expect(shortSince(incident, decided(), NOW)).toBe(incident);
});

it('right after the removal nothing can be told', () => {
  const short = (confirmedSecondsAgo: string) => {
    const [decision] = decide(
      situation(
        new Map([
          ['case', 'out'],
          ['registered states', 'absent healthy unhealthy unhealthy'],
          ['confirmed seconds ago', confirmedSecondsAgo],
        ]),
      ),
    );
    return decision?.short;
  };
  expect([short('29'), short('30')]).toEqual([undefined, true]);
});
