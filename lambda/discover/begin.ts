/**
 * The beginning of rounds, on record before anything is measured, so that an alarm's sweep sees a
 * round that is under way and leaves its groups out. It is no lock: a sweep of the schedule heeds
 * none of it, and a sweep that dies after it keeps alarms from its groups for the least gap between
 * two rounds and nobody else.
 */
import type { Trigger } from '../../core/model';
import type { SweepPorts } from '../ports';

type Begin = Pick<SweepPorts, 'rounds' | 'clock'>;

/**
 * An alarm right after the beginning of a round adds nothing: time apart is what makes evidence
 * independent.
 */
export async function worthMeasuring<Group extends { readonly arn: string }>(
  ports: Begin,
  trigger: Trigger,
  gapMs: number,
  groups: readonly Group[],
  now = ports.clock.now(),
): Promise<Group[]> {
  if (trigger !== 'alarm' || groups.length === 0) return [...groups];
  const begun = await ports.rounds.begun(now - gapMs, now);
  return groups.filter(({ arn }) => !begun.has(arn));
}

export interface Begun {
  readonly startedAt: number;
  readonly arns: ReadonlySet<string>;
}

/**
 * Begins a round of those groups that are worth it. What is left out is not put on record as begun,
 * or one alarm after the other would keep the next away. Of two alarms that look at the same time
 * before either is on record the earlier one measures.
 */
export async function beginRounds(
  ports: Begin,
  trigger: Trigger,
  gapMs: number,
  groups: readonly { readonly arn: string }[],
): Promise<Begun> {
  const now = ports.clock.now();
  const free = await worthMeasuring(ports, trigger, gapMs, groups, now);
  if (free.length === 0) return { startedAt: now, arns: new Set() };
  const startedAt = await ports.rounds.begin(
    free.map(({ arn }) => arn),
    now,
  );
  const mine = await worthMeasuring(ports, trigger, gapMs, free, startedAt);
  return { startedAt, arns: new Set(mine.map(({ arn }) => arn)) };
}
