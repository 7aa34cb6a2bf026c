import { noTally, soak, soakFleet, together } from '../../bench/judge/soak';

/** Fleets of the soak in which somebody was once convicted wrongly, played to just after that round. */
test.each([
  ['a zone has been slow for long, and one of its targets shows it more than the other', 304, 3, 3090],
  ['a part of all requests is slow, and one of a pair shows more of them than the other', 306, 4, 3980],
  ['a part of all requests is slow for the other one of a pair', 305, 5, 3840],
])('nobody is convicted when %s', (_, seed, fleet, rounds) => {
  const tally = noTally();
  soakFleet(seed, fleet, rounds, tally);
  expect(tally.verdicts['none']).toBeGreaterThan(2000);
  expect(tally.events).toEqual([]);
});

test('several processes play what one would', () => {
  const play = (part: number, of: number) => soak(5020, 5, { part, of }, () => undefined);
  expect(together([play(1, 2), play(0, 2)])).toEqual(play(0, 1));
  expect(play(0, 1).rounds).toBe(5020);
});
