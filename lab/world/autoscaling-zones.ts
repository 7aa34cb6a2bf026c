/**
 * How the members of an Auto Scaling group are spread over its zones, and where it launches and
 * terminates to even that out.
 */
import type { LifecycleState } from '@aws-sdk/client-auto-scaling';
import type { GroupState } from './autoscaling-groups';
import type { Instances } from './instances';

/**
 * Members that count: those on standby do not, which is why standby can unbalance the zones (EC2
 * Auto Scaling user guide, Standby).
 */
const COUNTED: readonly LifecycleState[] = ['InService', 'Pending', 'Pending:Wait', 'Pending:Proceed'];

export function countedMembers({ members }: Pick<GroupState, 'members'>): string[] {
  return [...members].filter(([, lifecycle]) => COUNTED.includes(lifecycle)).map(([id]) => id);
}

interface Zone {
  readonly name: string;
  readonly ids: readonly string[];
}

/**
 * The enabled zones, those with the fewest members first; one without any is a zone all the same.
 */
function zonesOf(state: GroupState, instances: Instances): Zone[] {
  const zoneOf = (id: string) => instances.find(id)?.zone;
  const all = state.zones.map((name) => ({ name, ids: countedMembers(state).filter((id) => zoneOf(id) === name) }));
  return all.sort((a, b) => a.ids.length - b.ids.length);
}

/**
 * Whether a launch in one zone and a termination in another would spread the members more evenly
 * (I: the guide gives no number).
 */
export function isUnbalanced(state: GroupState, instances: Instances): boolean {
  const zones = zonesOf(state, instances);
  return (zones.at(-1)?.ids.length ?? 0) - (zones[0]?.ids.length ?? 0) > 1;
}

/** The enabled zone with the fewest members, where the next launch goes. */
export function weakestZone(state: GroupState, instances: Instances): string | undefined {
  return zonesOf(state, instances)[0]?.name;
}

/**
 * The member in service that is terminated next: of the zone with the most of them, the oldest.
 * However well it is.
 */
export function nextToTerminate(state: GroupState, instances: Instances): string | undefined {
  return zonesOf(state, instances)
    .at(-1)
    ?.ids.find((id) => state.members.get(id) === 'InService');
}
