/**
 * Standby and the zones of an Auto Scaling group. Where standby leaves them out of balance
 * AZRebalance launches one instance and then terminates another, which may be a healthy one (EC2
 * Auto Scaling user guide, "Temporarily remove instances" and "Availability Zone rebalancing"). The
 * guide gives no number: that zones one instance apart are in balance is inferred, for nothing
 * evens out an odd count (I).
 */
import type { AutoScalingView } from '../model';
import { autoScalingOf, check, type Guardrail } from './candidate';

/**
 * The process that evens zones out. That it is suspended forbids nothing: it is what the user guide
 * advises for Standby.
 */
export const AZ_REBALANCE = 'AZRebalance';

/**
 * Members in service are what counts: one on standby does not, and with one between two states
 * nothing is removed at all.
 */
export const zonesStayBalanced: Guardrail = (candidate) => {
  const view = autoScalingOf(candidate);
  if (view === undefined) return check('zone-imbalance', true, 'in no Auto Scaling group', 'applies to members of one only');
  const limit = 'at most 1 instance apart, or AZRebalance suspended';
  if (view.suspendedProcesses.includes(AZ_REBALANCE)) return check('zone-imbalance', true, `${view.name}: AZRebalance suspended`, limit);
  const problem = imbalanceWithout(view, candidate.incident.target.id);
  return check('zone-imbalance', problem === undefined, `${view.name}: ${problem ?? 'in balance'}`, limit);
};

/** What is out of balance, or cannot be told, once this instance is on standby. */
function imbalanceWithout({ zones, inOtherZones }: AutoScalingView, id: string): string | undefined {
  if (zones.length === 0) return 'its zones are not known';
  if (inOtherZones.length > 0) return `in service outside the enabled zones: ${inOtherZones.join(', ')}`;
  if (!zones.some(({ units }) => units[id] !== undefined)) return `${id} is in service in no enabled zone`;
  const left = zones.map(({ zone, units }) => ({
    zone,
    units: Object.entries(units).flatMap(([other, one]) => (other === id ? [] : [one])),
  }));
  const counts = left.map(({ units }) => units.length);
  const sums = left.map(({ units }) => units.reduce((sum, one) => sum + one, 0));
  // With weights a difference of the heaviest instance may be the least that there can be.
  const heaviest = Math.max(1, ...zones.flatMap(({ units }) => Object.values(units)));
  if (apart(counts) <= 1 && apart(sums) <= heaviest) return undefined;
  return `${left.map(({ zone }, index) => `${zone} ${text(counts[index], sums[index])}`).join(', ')} after it`;
}

function apart(numbers: readonly number[]): number {
  return Math.max(...numbers) - Math.min(...numbers);
}

function text(count = 0, units = 0): string {
  return count === units ? String(count) : `${count} of ${units} units`;
}
