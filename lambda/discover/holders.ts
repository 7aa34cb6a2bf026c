/**
 * Who is behind the addresses of a group in this round, and what that means for what is remembered:
 * an address that has changed its holder is another target.
 */
import { sameHolder, targetKey, targetRefId, type ListedGroup, type Round, type Target, type TargetRef } from '../../core/model';
import type { SweepPorts } from '../ports';

export interface Holders {
  /** As found in this round, by target key; empty for a group of instances. */
  readonly refs: Readonly<Record<string, TargetRef>>;
  /** By what name the judge remembers the target. */
  readonly judgedAs: (target: Target) => string;
  /** Whether somebody else has its address than when it was last known. */
  readonly hasChanged: (target: Target) => boolean;
}

/** An instance is its own identity: EC2 is not asked. */
const NO_ADDRESSES: Holders = { refs: {}, judgedAs: targetKey, hasChanged: () => false };

/**
 * Asked in each round. Where EC2 does not answer, the one that was last known counts for what is
 * remembered, and the round itself says that it is unknown: nothing is done on it.
 */
export async function holdersOf(
  ports: Pick<SweepPorts, 'targetRefs'>,
  group: ListedGroup,
  targets: readonly Target[],
  history: readonly Round[],
): Promise<Holders> {
  if (group.targetType !== 'ip' || targets.length === 0) return NO_ADDRESSES;
  const found = await ports.targetRefs.of(group, targets);
  const refs = Object.fromEntries(targets.flatMap((target) => entryOf(found, targetKey(target))));
  const known = new Map(targets.map((target) => [targetKey(target), lastKnown(history, targetKey(target))]));
  return {
    refs,
    judgedAs: (target) => {
      const key = targetKey(target);
      const [now, before] = [refs[key], known.get(key)];
      const id = idOf(now) ?? (sameHolder(now, before) === 'other' ? undefined : idOf(before));
      return id === undefined ? key : `${key} (${id})`;
    },
    hasChanged: (target) => sameHolder(refs[targetKey(target)], known.get(targetKey(target))) === 'other',
  };
}

function entryOf(found: ReadonlyMap<string, TargetRef>, key: string): [string, TargetRef][] {
  const ref = found.get(key);
  return ref === undefined ? [] : [[key, ref]];
}

function idOf(ref: TargetRef | undefined): string | undefined {
  return ref === undefined ? undefined : targetRefId(ref);
}

/** The newest finding that was none of `unknown`. */
function lastKnown(history: readonly Round[], key: string): TargetRef | undefined {
  return history.flatMap((round) => round.targetRefs?.[key] ?? []).find(({ kind }) => kind !== 'unknown');
}
