/**
 * What one run is about. Drawn once per run and not per call: a third stop of the stack, or two
 * runs that both propose, needs many rare draws of the same kind in a row, which runs that mix
 * everything evenly hardly ever have (swarm testing).
 */
import type { Random } from '../chaos/random';

export interface WeakCall {
  readonly name: string;
  /** Chances, half of each before the call was made. */
  readonly die: number;
  readonly fail: number;
}

export interface Conditions {
  /** Factor on the chance of each thing that speaks against a stop. */
  readonly against: number;
  /** That a person approves what waits, each minute. */
  readonly approves: number;
  /** That the function runs twice at once, each minute. */
  readonly sideBySide: number;
  /** Chances of a call to die or to fail, one of which is drawn. */
  readonly trouble: readonly number[];
  /** The call at which runs die or fail most, if there is one. */
  readonly weakest?: WeakCall;
  /** The groups of the four hosts. */
  readonly groups: readonly [string, string, string, string];
}

/** Two hosts share a group, so that the budget of the group is met. */
const SHARED = ['checkout', 'checkout', 'search', 'cart'] as const;
/** As many groups as hosts: the budget of the stack is the only one left. */
const APART = ['checkout', 'search', 'cart', 'orders'] as const;

const MIXED: Conditions = { against: 1, approves: 0.12, sideBySide: 0.15, trouble: [0, 0.01, 0.03, 0.08], groups: SHARED };
/** Stop follows stop: little speaks against one, and people approve at once. */
const WILLING: Conditions = { ...MIXED, against: 0.1, approves: 0.5 };
/**
 * Runs overlap, and a read fails in one of them and not in the other: they come to propose for two
 * cases. Where both read alike, the second one's record is refused, with or without the lease.
 */
const CROWDED: Conditions = {
  ...WILLING,
  sideBySide: 0.8,
  trouble: [0, 0.03],
  weakest: { name: 'tagged', die: 0, fail: 0.5 },
  groups: APART,
};

/** What changes something outside: whether it was made is not known after a death or a failure. */
const MUTATIONS = ['start', 'put', 'publish', 'undo', 'unschedule', 'cancel'];

export function drawConditions(random: Random): Conditions {
  return random.pick([
    MIXED,
    MIXED,
    WILLING,
    { ...WILLING, groups: APART },
    { ...WILLING, weakest: { name: random.pick(MUTATIONS), die: 0.3, fail: 0.3 } },
    CROWDED,
  ]);
}
