/**
 * How many have to serve: the user's floor, the thresholds of the target group itself, and a
 * fraction of the set that was registered before the first removal. With cross-zone load balancing
 * off all but the user's floor applies in each zone, because every zone carries its own share
 * there, and one that falls below its threshold sends its share to the others (ELB user guide,
 * Target group health).
 */
import { zoneOf } from '../case';
import type { GuardrailCheck, Target } from '../model';
import { check, type Asked } from './candidate';
import { instancesOf, leftAt, originalAt, registeredAfterAt, type AffectedGroup } from './affected-groups';

const PREFIX = 'target_group_health';

/**
 * Below any of them the load balancer takes a zone out of DNS, or sends requests to unhealthy
 * targets too (same page).
 */
const ACTIONS = ['dns_failover', 'unhealthy_state_routing'] as const;

/** The strictest of a target group's own thresholds; a percentage of 0 asks for nothing. */
export interface Thresholds {
  readonly count: number;
  /** Of the registered targets, 0 to 100. */
  readonly percentage: number;
}

/**
 * What the group asks for. Without an attribute its default holds: a count of 1, and no percentage
 * (ELBv2 API reference, TargetGroupAttribute). The attributes that are none of the documented
 * values, as text, when there are any.
 */
export function thresholdsOf(attributes: Readonly<Record<string, string>>): Thresholds | { readonly unreadable: string } {
  const read = (kind: 'count' | 'percentage', most: number) =>
    ACTIONS.map((action) => {
      const name = `${PREFIX}.${action}.minimum_healthy_targets.${kind}`;
      const text = attributes[name] ?? (kind === 'count' ? '1' : 'off');
      return { name, text, value: valueOf(text, most) };
    });
  const counts = read('count', Infinity);
  const percentages = read('percentage', 100);
  const unreadable = [...counts, ...percentages].filter(({ value }) => value === undefined).map(({ name, text }) => `${name}=${text}`);
  if (unreadable.length > 0) return { unreadable: unreadable.join(', ') };
  const most = (all: typeof counts) => Math.max(...all.map(({ value = Infinity }) => value));
  return { count: most(counts), percentage: most(percentages) };
}

/** `off`, or an integer from 1; undefined for anything else. */
function valueOf(text: string, most: number): number | undefined {
  if (text === 'off') return 0;
  const value = /^[1-9][0-9]*$/.test(text) ? Number(text) : NaN;
  return value <= most ? value : undefined;
}

/**
 * A fraction of a count, rounded up; 0.6 x 5 is 3, though floating point makes it a little more.
 */
function atLeast(fraction: number, count: number): number {
  return Math.ceil(fraction * count - 1e-9);
}

/** How many serve in a group or zone without the candidate's target, and the limit there. */
interface Count {
  readonly left: number;
  readonly limit: number;
}

function countAt(affected: AffectedGroup, candidate: Asked, asked: Thresholds, least: number, counts: (target: Target) => boolean): Count {
  const registered = registeredAfterAt(affected, candidate).filter(({ target }) => counts(target)).length;
  const original = originalAt(affected, candidate, counts).size;
  const { healthyFraction } = candidate.situation.config.limits;
  return {
    left: leftAt(affected, candidate).filter(({ target }) => counts(target)).length,
    limit: Math.max(least, asked.count, atLeast(asked.percentage / 100, registered), atLeast(healthyFraction, original)),
  };
}

/** Whether enough serve in the whole group. A threshold that cannot be read does not pass. */
export function floorAt(affected: AffectedGroup, candidate: Asked): GuardrailCheck {
  const asked = thresholdsOf(affected.attributes);
  if ('unreadable' in asked) return check('capacity-floor', false, asked.unreadable, 'thresholds as ELB documents them');
  const { left, limit } = countAt(affected, candidate, asked, affected.minHealthy, () => true);
  return check('capacity-floor', left >= limit, `${left} serving well after it`, `at least ${limit}`);
}

/**
 * Whether enough serve in every zone, where each carries its own share. A target whose zone is not
 * known could be in any: it does not pass.
 */
export function zoneFloorAt(affected: AffectedGroup, candidate: Asked): GuardrailCheck {
  if (affected.crossZone) return check('zone-floor', true, 'cross-zone is on', 'only counted when it is off');
  const asked = thresholdsOf(affected.attributes);
  if ('unreadable' in asked) return check('zone-floor', false, asked.unreadable, 'thresholds as ELB documents them');
  const instances = instancesOf(candidate);
  const own = zoneOf(instances, candidate.incident.target);
  const zones = [own, ...registeredAfterAt(affected, candidate).map(({ target }) => zoneOf(instances, target))];
  if (zones.includes(undefined)) return check('zone-floor', false, 'zone unknown', 'a known zone');
  const inZone = (zone: string | undefined) => {
    const { left, limit } = countAt(affected, candidate, asked, 1, (target) => zoneOf(instances, target) === zone);
    return check('zone-floor', left >= limit, `${left} serving well in ${zone} after it`, `at least ${limit}`);
  };
  return [...new Set(zones)].map(inZone).find(({ passed }) => !passed) ?? inZone(own);
}

/**
 * The floors of a place that do not hold without the target, of those that its return helps: of the
 * whole group and, where zones carry their own share, of its own zone. Only what is known to be
 * short: no threshold and no zone that could not be read.
 */
export function shortfallsAt(affected: AffectedGroup, candidate: Asked): GuardrailCheck[] {
  const asked = thresholdsOf(affected.attributes);
  if ('unreadable' in asked) return [];
  const whole = countAt(affected, candidate, asked, affected.minHealthy, () => true);
  const instances = instancesOf(candidate);
  const own = zoneOf(instances, candidate.incident.target);
  const inZone = (target: Target) => zoneOf(instances, target) === own;
  const zone = affected.crossZone || own === undefined ? undefined : countAt(affected, candidate, asked, 1, inZone);
  return [
    ...shortfall('capacity-floor', whole, 'serve without it'),
    ...(zone === undefined ? [] : shortfall('zone-floor', zone, `serve without it in ${own}`)),
  ];
}

function shortfall(guardrail: GuardrailCheck['guardrail'], { left, limit }: Count, summary: string): GuardrailCheck[] {
  return left >= limit ? [] : [check(guardrail, false, `${left} ${summary}`, `at least ${limit}`)];
}
