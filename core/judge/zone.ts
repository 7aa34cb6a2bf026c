import { LN_MATERIAL, ZONE_FRACTION } from './parameters';
import { median } from './quantiles';
import type { Suspect } from './suspect';

/** Rounds over which a neighbour counts as warm. */
const ROUNDS = 3;

/** Whether the other targets of the suspect's zone are slow as well: then the zone is the cause. */
export function isZoneHot(suspect: Suspect, warm: readonly Suspect[], fleetSize: number): boolean {
  const neighbours = warm.filter((other) => other !== suspect && isNeighbour(other, suspect));
  if (neighbours.length === 0 || neighbours.length >= fleetSize - 1) return false;
  const hot = neighbours.filter((neighbour) => isWarm(neighbour)).length;
  return hot >= Math.max(1, ZONE_FRACTION * neighbours.length);
}

function isNeighbour(other: Suspect, suspect: Suspect): boolean {
  return other.position.reading.zone === suspect.position.reading.zone && other.position.residual !== undefined;
}

/** Its median residual over the newest rounds is above half of what is material and above its own noise. */
function isWarm({ position, scale }: Suspect): boolean {
  const earlier = position.reading.past
    .slice(0, ROUNDS - 1)
    .flatMap((summary) => (summary === undefined || summary.cold ? [] : (summary.residual ?? [])));
  const residuals = [position.residual ?? 0, ...earlier];
  return (median(residuals) ?? 0) >= Math.max(0.5 * LN_MATERIAL, (1.2 * scale) / Math.sqrt(residuals.length));
}
