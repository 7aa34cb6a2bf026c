import type { JudgeInput, Judgement, TargetVerdict } from '../model';
import { measureTargets } from './measure';
import { type Reading, readTargets } from './compare';
import { HEALTH_NEEDED_NATS, KEEP_MS, KEEP_ROUNDS } from './parameters';
import { packRecord, readRecord, type RoundSummary } from './record';
import { fleetVerdict, remember, verdictOn, convict, describeFleet, neededNats } from './verdict';

/**
 * Judges one group's round against up to 20 earlier ones. Pure: the verdict depends on the input
 * alone, and not on the order of targets or samples. Throws an Error when a record of the history
 * cannot be read.
 */
export function judge(input: JudgeInput): Judgement {
  return judgeAgainst(input, input.history.map(readRecord));
}

/**
 * The same for records that are read already, oldest first: for benchmarks, which judge millions of
 * rounds in a row.
 */
export function judgeAgainst(input: Omit<JudgeInput, 'history'>, history: readonly RoundSummary[]): Judgement {
  const rounds = earlierRounds(input, history);
  const readings = readTargets(input, rounds);
  const blind = whyBlind(input, readings);
  if (blind !== undefined) return blindRound(input, readings, blind);
  const { candidates, scales } = measureTargets(readings, rounds, input.startedAt);
  const conviction = convict(candidates, scales, rounds);
  const targets = conviction.rulings.map((ruling) => verdictOn(ruling, conviction, input.settings.cleanRounds));
  const fleet = fleetVerdict(conviction, targets);
  const record = packRecord({
    startedAt: input.startedAt,
    fleet,
    badTogether: fleet === 'shared' && conviction.badTogether,
    scale: scales.fleet,
    tail: scales.tailNow,
    hotZones: conviction.hotZones,
    targets: conviction.rulings.map((ruling) => remember(ruling, fleet)),
  });
  return { fleet, says: describeFleet(fleet, targets), targets, record };
}

/**
 * Earlier rounds, newest first; of rounds that started closer together than `minRoundGapMs` the
 * newest counts.
 */
function earlierRounds({ startedAt, settings }: Omit<JudgeInput, 'history'>, history: readonly RoundSummary[]): RoundSummary[] {
  const rounds: RoundSummary[] = [];
  let last = startedAt;
  for (const round of history.slice(-KEEP_ROUNDS).reverse()) {
    if (last - round.startedAt < settings.minRoundGapMs || startedAt - round.startedAt > KEEP_MS) continue;
    rounds.push(round);
    last = round.startedAt;
  }
  return rounds;
}

/** The prober doubts itself, or cannot reach most of the fleet: then the fault is likelier ours. */
function whyBlind(input: Omit<JudgeInput, 'history'>, readings: readonly Reading[]): string | undefined {
  if (input.prober?.ok === false) return input.prober.why ?? 'the control probe is off';
  const inService = readings.filter((reading) => !reading.out);
  const silent = inService.filter((reading) => !reading.answered).length;
  return silent >= 2 && 2 * silent > inService.length ? `${silent} of ${inService.length} targets cannot be reached` : undefined;
}

function blindRound(input: Omit<JudgeInput, 'history'>, readings: readonly Reading[], why: string): Judgement {
  const targets = readings.map((reading): TargetVerdict => ({ ...unjudged(reading, readings.length), says: `not judged: ${why}` }));
  const record = packRecord({
    startedAt: input.startedAt,
    fleet: 'blind',
    badTogether: false,
    scale: 0,
    tail: undefined,
    hotZones: [],
    targets: [],
  });
  return { fleet: 'blind', says: `${describeFleet('blind', targets)}: ${why}`, targets, record };
}

function unjudged(reading: Reading, targets: number): Omit<TargetVerdict, 'says'> {
  return {
    key: reading.key,
    verdict: 'unjudged',
    evidenceNats: 0,
    neededNats: neededNats(targets),
    bad: { k: reading.failed, n: reading.n },
    cold: reading.cold,
    everReached: reading.answered || reading.past.some((summary) => summary?.reached === true),
    healthNats: 0,
    healthNeededNats: HEALTH_NEEDED_NATS,
    cleanRounds: 0,
  };
}
