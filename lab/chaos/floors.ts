/**
 * How many have to serve, counted without looking at core/decide: by the operator's word, by the
 * group's own thresholds, by our own limit.
 */
import { groupArn, attributesOf, type GroupPlan } from './plan';
import { hostOfKey } from './addresses';
import type { Stage } from './roles';

/** Target keys of one group, without those of a target that is to leave. */
export interface Served {
  /** Those that serve well. */
  readonly well: readonly string[];
  readonly registered: readonly string[];
  /** Registered, or out by our hand: what there would be without us. */
  readonly all: readonly string[];
}

export interface Floor {
  readonly where: string;
  readonly count: number;
  readonly floor: number;
}

/**
 * The floor of the whole group, and with cross-zone load balancing off that of each zone besides.
 */
export function floors(stage: Stage, arn: string, { well, registered, all }: Served): Floor[] {
  const group = stage.plan.groups.find(({ name }) => groupArn(name) === arn);
  const attributes = group === undefined ? {} : attributesOf(group);
  const whole = { where: 'the group', count: well.length, floor: Math.max(group?.minHealthy ?? 1, lowest(attributes, registered, all)) };
  if (!isPerZone(group)) return [whole];
  const zoneOf = (key: string) => stage.world.instances.find(hostOfKey(stage, key))?.zone ?? 'no zone';
  const zones = [...new Set(all.map(zoneOf))].map((zone) => {
    const here = (keys: readonly string[]) => keys.filter((key) => zoneOf(key) === zone);
    return { where: `zone ${zone}`, count: here(well).length, floor: lowest(attributes, here(registered), here(all)) };
  });
  return [whole, ...zones];
}

export function isPerZone(group: GroupPlan | undefined): boolean {
  return group?.attributes?.['load_balancing.cross_zone.enabled'] === 'false';
}

/**
 * Never nobody, never less than 60 % of all there are, and what `target_group_health` asks for of
 * those that are registered.
 */
function lowest(attributes: Readonly<Record<string, string>>, registered: readonly string[], all: readonly string[]): number {
  const asked = Object.entries(attributes).filter(([name]) => name.startsWith('target_group_health.'));
  const numbers = asked.map(([name, value]) =>
    value === 'off' ? 0 : name.endsWith('.percentage') ? Math.ceil((Number(value) * registered.length) / 100 - 1e-9) : Number(value),
  );
  return Math.max(1, Math.ceil(0.6 * all.length - 1e-9), ...numbers);
}
