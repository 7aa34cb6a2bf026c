/**
 * 2,000 target groups take turns (core/batch.ts): the real sweeper and responder on the lab's world
 * must still take a sick target out and bring it back as promptly as in a small fleet, once the
 * group has had its turn.
 */
import { heal, sicken } from '../../lab/chaos/base-plans';
import type { Plan } from '../../lab/chaos/happenings';
import { groupArn, hostNames } from '../../lab/chaos/plan';
import { runChaos, type RunResult } from '../../lab/chaos/run';
import type { PlayedStage } from '../../lab/chaos/stage';
import { SettableClock } from '../../lab/world/clock';
import { roundIntervalS } from '../../core/batch';

jest.setTimeout(900_000);

const GROUPS = 2_000;
const HOSTS = 3;
const MINUTE_MS = 60_000;

/** Its turn is neither the first nor the last of a cycle. */
const SICK_GROUP = 1_234;
const hostsOf = (group: number) => hostNames(HOSTS, 1 + HOSTS * group);
const [sick = ''] = hostsOf(SICK_GROUP);
/** Minutes. By then each group has the four rounds that make a past of its own. */
const SICKENS = 21;
const HEALS = 33;

const plan: Plan = {
  name: 'many groups',
  groups: Array.from({ length: GROUPS }, (_, group) => ({ name: `g-${group}`, hosts: hostsOf(group) })),
  minutes: 41,
  calmMinutes: 1,
  happenings: [sicken(SICKENS, sick), heal(HEALS, sick)],
};

/** Minutes from the start of the run, of each round of the group. */
function roundsOf(stage: PlayedStage, group: number): number[] {
  const rounds = stage.records.latestRounds(groupArn(`g-${group}`), 1000);
  return rounds.map((round) => minuteOf(round.startedAt)).reverse();
}

const STARTS_AT = new SettableClock().now();
const minuteOf = (at: number | undefined): number => (at === undefined ? Infinity : Math.floor((at - STARTS_AT) / MINUTE_MS));

const gaps = (minutes: readonly number[]): number[] => minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0));

describe('one sick target in 2,000 target groups', () => {
  let result: RunResult;
  let stage: PlayedStage;
  beforeAll(async () => {
    result = await runChaos(plan, { faultAt: () => undefined }, { seed: 1 });
    stage = result.stage;
  });

  test('no promise is broken and no run fails', () => {
    expect([result.violations, result.failures]).toEqual([[], []]);
  });

  const interval = roundIntervalS(GROUPS, 60) / 60;

  test('a group that is well has its round every five minutes, exactly', () => {
    expect(interval).toBe(5);
    for (const group of [0, 399, 400, 1999]) expect([group, ...new Set(gaps(roundsOf(stage, group)))]).toEqual([group, interval]);
  });

  test('is taken out within four minutes of the first round that sees it, for CloudWatch comes late, and that round comes within five', () => {
    const [ejection] = stage.records.closed().flatMap((incident) => incident.ejections);
    const firstSeen = roundsOf(stage, SICK_GROUP).find((minute) => minute >= SICKENS) ?? Infinity;
    expect(firstSeen - SICKENS).toBeLessThan(interval);
    expect(minuteOf(ejection?.confirmedAt)).toBeLessThanOrEqual(firstSeen + 4);
  });

  test('has a round every minute from then on until its case is closed: its lease is renewed, and it is restored when it is well', () => {
    const [incident] = stage.records.closed();
    const closed = minuteOf(incident?.closedAt);
    const rounds = roundsOf(stage, SICK_GROUP);
    const during = rounds.filter((minute) => minute >= (rounds.find((first) => first >= SICKENS) ?? 0) && minute <= closed);
    expect(new Set(gaps(during))).toEqual(new Set([1]));
    expect([incident?.target?.id, incident?.because]).toEqual([sick, 'recovered']);
    expect(incident?.events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['lease-renewed']));
    expect(minuteOf(incident?.ejections[0]?.restoredAt) - HEALS).toBeLessThanOrEqual(5);
  });
});
