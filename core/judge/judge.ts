import type { FleetVerdict, JudgeInput, Judgement, TargetVerdict } from '../model';
import { convict, neededNats, type Conviction } from './conviction';
import { sayFleet, sayTarget } from './explain';
import { HEALTH_NEEDED_NATS, healthEvidence } from './health';
import { SUSPECT_NATS } from './parameters';
import { fromY, readTargets } from './reading';
import { packRecord, readRecord } from './record';
import type { Scales } from './scale';
import type { RoundSummary } from './summary';
import { type Evidence, lineUp, type Suspect } from './suspect';

const KEEP_ROUNDS = 20;

/**
 * Judges one group's round against up to 20 earlier ones. Pure: the verdict depends on the input alone.
 * Throws an Error when a record of the history cannot be read.
 */
export function judge(input: JudgeInput): Judgement {
  const rounds = earlierRounds(input);
  const readings = readTargets(input, rounds);
  if (input.prober?.ok === false) return blindRound(input, readings.length);
  const { suspects, scales } = lineUp(readings, rounds);
  const conviction = convict(suspects, scales, rounds);
  const targets = suspects.map((suspect, i) => verdictOn(suspect, conviction.evidence[i], conviction, rounds));
  const fleet = fleetVerdict(conviction, targets);
  return { fleet, says: sayFleet(fleet, targets), targets, record: remember(input, fleet, suspects, scales, conviction) };
}

/** Earlier rounds, newest first; of rounds that started closer together than `minRoundGapMs` the newest counts. */
function earlierRounds(input: JudgeInput): RoundSummary[] {
  const rounds: RoundSummary[] = [];
  let last = input.startedAt;
  for (const record of [...input.history].slice(-KEEP_ROUNDS).reverse()) {
    const round = readRecord(record);
    if (last - round.startedAt < input.settings.minRoundGapMs) continue;
    rounds.push(round);
    last = round.startedAt;
  }
  return rounds;
}

function blindRound(input: JudgeInput, count: number): Judgement {
  const targets = input.targets.slice(0, count).map((target) => ({ ...unjudged(target.key, target.samples.length, count), says: 'blind' }));
  return {
    fleet: 'blind',
    says: sayFleet('blind', targets),
    targets,
    record: packRecord({ startedAt: input.startedAt, fleet: 'blind', hotZones: [], targets: [] }),
  };
}

function unjudged(key: string, n: number, targets: number): Omit<TargetVerdict, 'says'> {
  return {
    key,
    verdict: 'unjudged',
    evidenceNats: 0,
    neededNats: neededNats(targets),
    bad: { k: 0, n },
    cold: false,
    everReached: false,
    healthNats: 0,
    healthNeededNats: HEALTH_NEEDED_NATS,
    cleanRounds: 0,
  };
}

function fleetVerdict(conviction: Conviction, targets: readonly TargetVerdict[]): FleetVerdict {
  if (conviction.fleet !== 'none') return conviction.fleet;
  return targets.some((target) => target.verdict === 'suspect') ? 'suspect' : 'none';
}

function verdictOn(
  suspect: Suspect,
  evidence: Evidence | undefined,
  conviction: Conviction,
  rounds: readonly RoundSummary[],
): TargetVerdict {
  const { reading, residual } = suspect.position;
  const health = healthEvidence(suspect);
  const since = evidence === undefined ? undefined : rounds[evidence.window - 2]?.startedAt;
  const verdict: Omit<TargetVerdict, 'says'> = {
    key: reading.key,
    verdict: verdictKind(suspect, evidence, conviction),
    evidenceNats: evidence?.nats ?? 0,
    neededNats: conviction.neededNats,
    ...(evidence === undefined ? {} : { why: evidence.why }),
    ...(residual === undefined ? {} : { ratio: Math.exp(residual) }),
    ...(reading.median === undefined ? {} : { medianMs: fromY(reading.median) }),
    bad: { k: suspect.now.bad, n: suspect.now.n },
    cold: reading.cold,
    everReached: suspect.now.reached,
    ...(since === undefined ? {} : { evidenceSince: since }),
    healthNats: health.nats,
    healthNeededNats: HEALTH_NEEDED_NATS,
    cleanRounds: health.rounds,
  };
  return { ...verdict, says: sayTarget(verdict, suspect.position) };
}

function verdictKind(suspect: Suspect, evidence: Evidence | undefined, conviction: Conviction): TargetVerdict['verdict'] {
  if (conviction.convicted.has(suspect)) return 'convicted';
  if (suspect.position.reading.cold) return 'unjudged';
  return (evidence?.nats ?? 0) >= SUSPECT_NATS || suspect.now.jumped ? 'suspect' : 'clean';
}

function remember(input: JudgeInput, fleet: FleetVerdict, suspects: readonly Suspect[], scales: Scales, conviction: Conviction): string {
  return packRecord({
    startedAt: input.startedAt,
    fleet,
    ...(scales.tailNow === undefined ? {} : { tail: scales.tailNow }),
    hotZones: conviction.hotZones,
    targets: suspects.map((suspect, i) => ({ ...suspect.now, suspect: (conviction.evidence[i]?.nats ?? 0) >= SUSPECT_NATS })),
  });
}
