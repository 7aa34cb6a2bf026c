import type { FleetVerdict, JudgeInput, Judgement, TargetVerdict } from '../model';
import { convict, neededNats, type Conviction, type Ruling } from './conviction';
import { sayFleet, sayTarget } from './explain';
import { HEALTH_NEEDED_NATS, healthEvidence } from './health';
import { LN_NOTICEABLE, SICK_NATS, SUSPECT_NATS } from './parameters';
import { fromY, readTargets, type Reading } from './reading';
import { medianOfSorted } from './quantiles';
import { packRecord, readRecord } from './record';
import type { RoundSummary, TargetSummary } from './summary';
import { type Evidence, measureTargets, type Measured } from './suspect';

const KEEP_ROUNDS = 20;
/** Older rounds say nothing about what is normal now. */
const KEEP_MS = 6 * 3_600_000;

/**
 * Judges one group's round against up to 20 earlier ones. Pure: the verdict depends on the input alone, and not on the order of
 * targets or samples. Throws an Error when a record of the history cannot be read.
 */
export function judge(input: JudgeInput): Judgement {
  return judgeAgainst(input, input.history.map(readRecord));
}

/** The same for records that are read already, oldest first: for benchmarks, which judge millions of rounds in a row. */
export function judgeAgainst(input: Omit<JudgeInput, 'history'>, history: readonly RoundSummary[]): Judgement {
  const rounds = earlierRounds(input, history);
  const readings = readTargets(input, rounds);
  const blind = whyBlind(input, readings);
  if (blind !== undefined) return blindRound(input, readings, blind);
  const { suspects, scales } = measureTargets(readings, rounds, input.startedAt);
  const conviction = convict(suspects, scales, rounds);
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
  return { fleet, says: sayFleet(fleet, targets), targets, record };
}

/** Earlier rounds, newest first; of rounds that started closer together than `minRoundGapMs` the newest counts. */
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
  return { fleet: 'blind', says: `${sayFleet('blind', targets)}: ${why}`, targets, record };
}

function unjudged(reading: Reading, targets: number): Omit<TargetVerdict, 'says'> {
  return {
    key: reading.key,
    verdict: 'unjudged',
    evidenceNats: 0,
    neededNats: neededNats(targets),
    bad: { k: reading.hard, n: reading.n },
    cold: reading.cold,
    everReached: reading.answered || reading.past.some((summary) => summary?.reached === true),
    healthNats: 0,
    healthNeededNats: HEALTH_NEEDED_NATS,
    cleanRounds: 0,
  };
}

function fleetVerdict(conviction: Conviction, targets: readonly TargetVerdict[]): FleetVerdict {
  if (conviction.fleet !== 'none') return conviction.fleet;
  return targets.some((target) => target.verdict === 'suspect') ? 'suspect' : 'none';
}

/** A verdict under construction: a thousand of them a round are filled in, not copied together. */
type Draft = { -readonly [K in keyof TargetVerdict]: TargetVerdict[K] };

function verdictOn(ruling: Ruling, { neededNats }: Conviction, cleanRounds: number): TargetVerdict {
  const { suspect, evidence } = ruling;
  const { reading } = suspect.position;
  const health = healthEvidence(suspect, cleanRounds);
  const verdict: Draft = {
    key: reading.key,
    verdict: verdictKind(ruling),
    evidenceNats: evidence?.nats ?? 0,
    neededNats,
    bad: { k: suspect.now.bad, n: suspect.now.n },
    cold: reading.cold,
    everReached: suspect.now.reached,
    healthNats: health.nats,
    healthNeededNats: HEALTH_NEEDED_NATS,
    cleanRounds: health.rounds,
    says: '',
  };
  if (evidence !== undefined) addReason(verdict, suspect, evidence);
  addMeasured(verdict, suspect);
  verdict.says = sayTarget(verdict, suspect.position, ruling.veto);
  return verdict;
}

function addReason(verdict: Draft, { sequence }: Measured, { why, window }: Evidence): void {
  const since = sequence[window - 1]?.startedAt;
  verdict.why = why;
  if (since !== undefined) verdict.evidenceSince = since;
}

function addMeasured(verdict: Draft, suspect: Measured): void {
  const { reading } = suspect.position;
  const median = reading.level === undefined ? undefined : medianOfSorted(reading.ys);
  const ratio = ratioOf(suspect);
  if (median !== undefined) verdict.medianMs = fromY(median);
  if (ratio !== undefined) verdict.ratio = ratio;
}

/** In plain latencies, where the peers' is large enough to divide by. */
function ratioOf({ position: { reading, expected, residual } }: Measured): number | undefined {
  if (reading.level === undefined || expected === undefined || residual === undefined) return undefined;
  const expectedMs = fromY(expected);
  return expectedMs >= 1 ? fromY(reading.level) / expectedMs : Math.exp(residual);
}

function verdictKind({ suspect, evidence, convicted }: Ruling): TargetVerdict['verdict'] {
  if (convicted) return 'convicted';
  if (suspect.now.cold) return 'unjudged';
  return (evidence?.nats ?? 0) >= SUSPECT_NATS ? 'suspect' : 'clean';
}

function remember({ suspect, evidence, level }: Ruling, fleet: FleetVerdict): TargetSummary {
  // Further below its peers than noise explains: they moved, or the one it is compared with is sick.
  const fast = (suspect.position.residual ?? 0) < -Math.max(LN_NOTICEABLE, 2 * suspect.scale);
  const ordinary = fleet === 'none' || fleet === 'suspect' || fleet === 'convicted';
  const { cold, out } = suspect.now;
  return {
    ...suspect.now,
    usual: ordinary && !cold && !out && !fast && (level?.nats ?? 0) < SUSPECT_NATS,
    sick: (evidence?.nats ?? 0) >= SICK_NATS,
  };
}
