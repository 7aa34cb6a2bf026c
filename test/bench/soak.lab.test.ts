import { BenignFleet } from '../../bench/judge/benign-fleet';
import { Dice } from '../../bench/judge/dice';
import { noTally, soak, soakFleet, together } from '../../bench/judge/soak';

/**
 * Fleets of the soak in which somebody was once convicted wrongly, played to just after that round.
 */
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

test('between releases all targets run the newest version, those that joined since among them', () => {
  const fleet = new BenignFleet(new Dice('versions'));
  let releases = 0;
  let joined = 0;
  let furthest = 0;
  for (let round = 0; round < 30_000; round++) {
    const before = fleet.version;
    fleet.probe(round, () => 1);
    if (fleet.version !== before) releases += 1;
    if (fleet.disturbances.some((disturbance) => disturbance.name === 'release')) continue;
    joined += releases > 0 ? fleet.targets.filter((target) => target.registered === round).length : 0;
    furthest = Math.max(furthest, ...fleet.targets.map(({ release }) => Math.abs(release - fleet.version)));
  }
  expect(furthest).toBeCloseTo(0);
  expect(Math.min(releases, joined)).toBeGreaterThan(2);
});
