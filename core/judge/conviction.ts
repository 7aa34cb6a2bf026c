import type { FleetVerdict } from '../model';
import { BUDGET_ROUNDS, MAX_CONVICTED_FRACTION } from './parameters';
import { levelEvidence } from './level';
import { countOthers } from './others';
import type { Scales } from './scale';
import { isSharedCause } from './shared';
import { keyHash, type RoundSummary } from './summary';
import type { Evidence, Suspect } from './suspect';
import { type OthersBad, tailEvidence } from './tail';
import { isZoneHot } from './zone';

/** Who is convicted, and what the round says about the fleet. */
export interface Conviction {
  readonly fleet: FleetVerdict;
  /** Evidence a conviction needs, nats. */
  readonly neededNats: number;
  /** In the order of the suspects. */
  readonly evidence: readonly (Evidence | undefined)[];
  readonly convicted: ReadonlySet<Suspect>;
  readonly hotZones: readonly number[];
}

const ZONE_MEMORY_ROUNDS = 3;
const OWN_HISTORY_ROUNDS = 4;

/** ln of how many target-rounds there are in the time in which one false conviction is allowed. */
export function neededNats(targets: number): number {
  return Math.log(Math.max(targets, 2) * BUDGET_ROUNDS);
}

export function convict(suspects: readonly Suspect[], scales: Scales, rounds: readonly RoundSummary[]): Conviction {
  const needed = neededNats(suspects.length);
  const warm = suspects.filter((suspect) => !suspect.position.reading.cold);
  const others = countOthers(suspects, rounds);
  const shared = isSharedCause(warm, scales.fleet);
  const evidence = suspects.map((suspect) =>
    shared || !isJudgeable(suspect, suspects.length) ? undefined : strongest(suspect, needed, others),
  );
  const candidates = suspects.filter((_, i) => (evidence[i]?.nats ?? 0) >= needed);
  const whys = new Map(suspects.map((suspect, i) => [suspect, evidence[i]?.why]));
  const inHotZone = candidates.filter((suspect) => whys.get(suspect) !== 'errors' && isZoneVetoed(suspect, warm, rounds, suspects.length));
  const convicted = candidates.filter((suspect) => !inHotZone.includes(suspect));
  const tooMany = convicted.length > Math.max(1, Math.floor(MAX_CONVICTED_FRACTION * suspects.length));
  const hotZones = [...new Set(inHotZone.map((suspect) => keyHash(suspect.position.reading.zone ?? '')))];
  const fleet = shared || tooMany ? 'shared' : convicted.length > 0 ? 'convicted' : hotZones.length > 0 ? 'shared-zone' : 'none';
  return { fleet, neededNats: needed, evidence, convicted: new Set(tooMany ? [] : convicted), hotZones };
}

function isJudgeable({ position: { reading, usualRounds } }: Suspect, targets: number): boolean {
  return !reading.cold && targets >= 2 && (targets > 2 || usualRounds >= OWN_HISTORY_ROUNDS);
}

function strongest(suspect: Suspect, needed: number, others: OthersBad): Evidence | undefined {
  const level = levelEvidence(suspect);
  const tail = tailEvidence(suspect, needed, others);
  return (tail?.nats ?? 0) > (level?.nats ?? 0) ? tail : level;
}

function isZoneVetoed(suspect: Suspect, warm: readonly Suspect[], rounds: readonly RoundSummary[], targets: number): boolean {
  const zone = keyHash(suspect.position.reading.zone ?? '');
  const remembered = rounds.slice(0, ZONE_MEMORY_ROUNDS).some((round) => round.hotZones.includes(zone));
  return isZoneHot(suspect, warm, targets) || remembered;
}
