import type { FleetVerdict, TargetVerdict } from '../model';
import type { Measured, Evidence } from './measured';
import { fromY, type Position } from './compare';
import { levelEvidence, lnSlowOverHealthy } from './level-evidence';
import { lnOwnRate, lnSum, medianOfSorted } from './math';
import { noiseIn, type Scales } from './noise';
import {
  BUDGET_ROUNDS,
  HEALTH_NEEDED_NATS,
  LN_ALWAYS_SLOW_UNKNOWN,
  LN_MATERIAL,
  LN_NOTICEABLE,
  LOOKS_WELL,
  OWN_HISTORY_ROUNDS,
  SICK_NATS,
  SICK_SCALES,
  SUSPECT_NATS,
} from './parameters';
import { tailEvidence } from './rate-evidence';
import type { RoundSummary, TargetSummary } from './record';
import { hasShifted, hotZonesOf, isBadTogether, mostSick, type Veto, type Vetoed, vetoOn } from './vetoes';

export interface Ruling extends Vetoed {
  /** Evidence on the level alone: decides what is learned as normal. */
  readonly level: Evidence | undefined;
  readonly convicted: boolean;
}

/** What the round says about the fleet, and about each candidate, in their order. */
export interface Rulings {
  readonly fleet: FleetVerdict;
  /** Many had bad samples together, while the levels stayed. */
  readonly badTogether: boolean;
  /** Evidence a conviction needs, nats. */
  readonly neededNats: number;
  readonly rulings: readonly Ruling[];
  readonly hotZones: readonly number[];
}

/** ln of how many target-rounds there are in the time in which one false conviction is allowed. */
export function neededNats(targets: number): number {
  return Math.log(Math.max(targets, 2) * BUDGET_ROUNDS);
}

export function convict(candidates: readonly Measured[], scales: Scales, rounds: readonly RoundSummary[]): Rulings {
  const needed = neededNats(candidates.length);
  const eligible = candidates.filter(({ now }) => !now.cold && !now.out);
  const levels = candidates.map(levelEvidence);
  const evidences = candidates.map((candidate, i) => strongest(candidate, levels[i], tailEvidence(candidate), scales.spread));
  const inService = candidates.filter(({ now }) => !now.out);
  const sick = candidates.filter((candidate, i) => !candidate.now.out && looksSick(candidate, evidences[i], scales.usual));
  const shifted = hasShifted(eligible, scales.fleet);
  const badTogether = !shifted && isBadTogether(eligible);
  const tooMany = sick.length > mostSick(inService);
  const rulings = candidates.map((candidate, i): Ruling => {
    const level = levels[i];
    const evidence = evidences[i];
    const enough = evidence !== undefined && evidence.nats >= needed;
    const veto = enough
      ? vetoOn(candidate, evidence, { candidates, eligible, tooMany, shifted, badTogether, rounds, needed, usual: scales.usual })
      : undefined;
    return { candidate, evidence, level, convicted: enough && veto === undefined, veto };
  });
  return {
    fleet: fleetOf(rulings, shifted, badTogether),
    badTogether,
    neededNats: needed,
    rulings,
    hotZones: hotZonesOf(rulings, eligible, scales.usual),
  };
}

/**
 * Slow samples may be its usual level without a history of its own, and stand out from nothing
 * where the typical target is off by what would be material: then only errors and the level, which
 * is held against the spread, count.
 */
function strongest({ position }: Measured, level: Evidence | undefined, tail: Evidence | undefined, spread: number): Evidence | undefined {
  if (tail?.why === 'tail' && (position.usualRounds < OWN_HISTORY_ROUNDS || spread >= LN_MATERIAL)) return level;
  return (tail?.nats ?? 0) > (level?.nats ?? 0) ? tail : level;
}

/**
 * Against the usual scale, as far as that is one: when many are sick this round's is wide, and
 * where they stay so the usual one as well. Young targets count too: a release in batches shows in
 * them first.
 */
function looksSick({ position: { residual } }: Measured, evidence: Evidence | undefined, usualScale: number): boolean {
  if (evidence !== undefined && evidence.nats >= SUSPECT_NATS) return true;
  return residual !== undefined && residual >= Math.max(LN_MATERIAL, Math.min(LN_ALWAYS_SLOW_UNKNOWN, SICK_SCALES * usualScale));
}

function fleetOf(rulings: readonly Ruling[], shifted: boolean, badTogether: boolean): FleetVerdict {
  if (shifted) return 'shared';
  if (rulings.some((ruling) => ruling.convicted)) return 'convicted';
  if (badTogether || rulings.some((ruling) => ruling.veto?.name === 'too-many')) return 'shared';
  return rulings.some((ruling) => ruling.veto?.name === 'zone') ? 'shared-zone' : 'none';
}

export function fleetVerdict(conviction: Rulings, targets: readonly TargetVerdict[]): FleetVerdict {
  if (conviction.fleet !== 'none') return conviction.fleet;
  return targets.some((target) => target.verdict === 'suspect') ? 'suspect' : 'none';
}

/**
 * The verdict on one target. `cleanRounds`: how many clean rounds in a row are asked for at most.
 */
export function verdictOn(ruling: Ruling, { neededNats }: Rulings, cleanRounds: number): TargetVerdict {
  const { candidate, evidence, veto } = ruling;
  const { reading } = candidate.position;
  const health = healthEvidence(candidate, cleanRounds);
  const median = reading.level === undefined ? undefined : medianOfSorted(reading.ys);
  const ratio = ratioOf(candidate);
  const verdict = {
    key: reading.key,
    verdict: verdictKind(ruling),
    ...(evidence === undefined ? {} : reasonOf(candidate, evidence)),
    evidenceNats: evidence?.nats ?? 0,
    neededNats,
    ...(veto === undefined ? {} : { veto: veto.name }),
    ...(median === undefined ? {} : { medianMs: fromY(median) }),
    ...(ratio === undefined ? {} : { ratio }),
    bad: { k: candidate.now.bad, n: candidate.now.n },
    cold: reading.cold,
    everReached: candidate.now.reached,
    healthNats: health.nats,
    healthNeededNats: HEALTH_NEEDED_NATS,
    cleanRounds: health.rounds,
  };
  return { ...verdict, says: describeTarget(verdict, candidate.position, veto) };
}

function reasonOf({ sequence }: Measured, { why, window }: Evidence): Pick<TargetVerdict, 'why' | 'evidenceSince'> {
  const since = sequence[window - 1]?.startedAt;
  return { why, ...(since === undefined ? {} : { evidenceSince: since }) };
}

/** In plain latencies, where the peers' is large enough to divide by. */
function ratioOf({ position: { reading, expected, residual } }: Measured): number | undefined {
  if (reading.level === undefined || expected === undefined || residual === undefined) return undefined;
  const expectedMs = fromY(expected);
  return expectedMs >= 1 ? fromY(reading.level) / expectedMs : Math.exp(residual);
}

function verdictKind({ candidate, evidence, convicted }: Ruling): TargetVerdict['verdict'] {
  if (convicted) return 'convicted';
  if (candidate.now.cold) return 'unjudged';
  return (evidence?.nats ?? 0) >= SUSPECT_NATS ? 'suspect' : 'clean';
}

/** What later rounds are told of this target. */
export function remember({ candidate, evidence, level }: Ruling, fleet: FleetVerdict): TargetSummary {
  const ordinary = fleet === 'none' || fleet === 'suspect' || fleet === 'convicted';
  const { cold, out } = candidate.now;
  return {
    ...candidate.now,
    usual: ordinary && !cold && !out && (level?.nats ?? 0) < SUSPECT_NATS,
    sick: (evidence?.nats ?? 0) >= SICK_NATS,
  };
}

/** Evidence for "this target is like its peers". */
export interface Health {
  /** Nats over the latest clean rounds. */
  readonly nats: number;
  /** How many clean rounds there are without a break, this one first, as far as was looked. */
  readonly rounds: number;
}

/**
 * Clean rounds from this one backwards and what they prove: the likelihood ratio of the conviction,
 * turned round. It looks back for `asked` clean rounds and for the nats that are needed; nobody
 * asks for more.
 */
export function healthEvidence(candidate: Measured, asked: number): Health {
  const { now, position, nuisance } = candidate;
  const noise = noiseIn(candidate, now);
  const oftenBad = rememberedOftenBad(nuisance.badRate);
  const notSlower = lnSlowOverHealthy(0, noise, nuisance.jump);
  let nats = 0;
  let rounds = 0;
  let round: TargetSummary | undefined = now;
  for (; (rounds < asked || nats < HEALTH_NEEDED_NATS) && isClean(round, nuisance.badRate); round = position.reading.past[rounds - 1]) {
    const slow = round.residual > 0 ? lnSlowOverHealthy(round.residual, noise, nuisance.jump) : notSlower;
    // Healthy against "slow or often bad, one as likely as the other".
    nats += Math.LN2 - lnSum(slow, oftenBad(round.bad, round.n));
    rounds += 1;
  }
  return { nats, rounds };
}

/**
 * Answered, not noticeably slower than its peers, and no more bad samples than a healthy target
 * has.
 */
function isClean(round: TargetSummary | undefined, badRate: number): round is TargetSummary & { residual: number } {
  if (round?.residual === undefined || round.cold || round.residual >= LN_NOTICEABLE) return false;
  return round.bad <= Math.max(round.n >= 10 ? 1 : 0, 2 * badRate * round.n);
}

/**
 * ln of the likelihood ratio of "often bad, though sick targets look well at times"; most rounds
 * are alike, and computed once.
 */
function rememberedOftenBad(badRate: number): (bad: number, n: number) => number {
  let known: { readonly bad: number; readonly n: number; readonly ratio: number } | undefined;
  return (bad, n) => {
    if (known?.bad !== bad || known.n !== n) known = { bad, n, ratio: lnOftenBad(bad, n, badRate) };
    return known.ratio;
  };
}

function lnOftenBad(bad: number, n: number, badRate: number): number {
  const usual = bad * Math.log(badRate) + (n - bad) * Math.log1p(-badRate);
  return lnSum(Math.log(LOOKS_WELL), Math.log1p(-LOOKS_WELL) + lnOwnRate(bad, n) - usual);
}

/**
 * "71x its 3 peers (10.3 s against 0.14 s), 20 of 20 samples bad, 31.0 nats of evidence, 14.6
 * needed".
 */
export function describeTarget(verdict: Omit<TargetVerdict, 'says'>, position: Position, veto: Veto | undefined): string {
  const ratio = ratioText(verdict, position);
  const bad = `${verdict.bad.k} of ${verdict.bad.n} samples bad, ${evidenceText(verdict)}`;
  return `${ratio === undefined ? '' : `${ratio}, `}${bad}${veto === undefined ? '' : `, not convicted (${veto.name}): ${veto.text}`}`;
}

export function describeFleet(fleet: FleetVerdict, targets: readonly TargetVerdict[]): string {
  const named = (verdict: TargetVerdict['verdict']): string => namesText(targets.filter((target) => target.verdict === verdict));
  switch (fleet) {
    case 'convicted':
      return `${named('convicted')} of ${targets.length} targets convicted`;
    case 'suspect':
      return `${named('suspect')} of ${targets.length} targets under suspicion`;
    case 'shared':
      return `a cause shared by the ${targets.length} targets: nobody is singled out`;
    case 'shared-zone':
      return 'a whole zone is slow: nobody is singled out';
    case 'blind':
      return 'the prober cannot be trusted in this round: nobody is judged';
    case 'none':
      return `nothing stands out among ${targets.length} targets`;
  }
}

/** Up to three by name. */
function namesText(targets: readonly TargetVerdict[]): string {
  const names = targets.slice(0, 3).map((target) => target.key);
  return targets.length > 3 ? `${names.join(', ')} and ${targets.length - 3} more` : names.join(', ');
}

function evidenceText(verdict: Omit<TargetVerdict, 'says'>): string {
  return `${tenths(verdict.evidenceNats)} nats of evidence, ${tenths(verdict.neededNats)} needed`;
}

function ratioText(verdict: Omit<TargetVerdict, 'says'>, position: Position): string | undefined {
  const { reference, reading } = position;
  if (verdict.ratio === undefined || reading.level === undefined || reference === undefined) return undefined;
  const peers = position.peers === 1 ? 'its peer' : `its ${position.peers} peers`;
  return `${factorText(verdict.ratio)} ${peers} (${secondsText(fromY(reading.level))} against ${secondsText(fromY(reference))})`;
}

function factorText(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : tenths(ratio)}x`;
}

function secondsText(ms: number): string {
  if (ms >= 1000) return `${tenths(ms / 1000)} s`;
  return ms >= 100 ? `${(ms / 1000).toFixed(2)} s` : `${ms >= 10 ? Math.round(ms) : tenths(ms)} ms`;
}

/**
 * With one decimal, as `toFixed(1)` writes it, which takes several times as long: five numbers a
 * target are written in each round.
 */
function tenths(x: number): string {
  const n = Math.round(10 * x);
  return Number.isSafeInteger(n) && n >= 0 ? `${Math.floor(n / 10)}.${n % 10}` : x.toFixed(1);
}
