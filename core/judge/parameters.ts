/**
 * The judge's constants, each with its reason: priors and limits of what is material, not thresholds fitted to a benchmark.
 * docs/accuracy.md says on which data they were checked.
 */

/** Added to every latency before the logarithm, ms: differences far below it are immaterial to a user. */
export const FLOOR_MS = 10;
/** Slower than its peers by less than this is not worth an ejection. */
export const LN_MATERIAL = Math.log(1.6);
/** A round looks slow at all from here. */
export const LN_NOTICEABLE = Math.log(1.3);
/** How far a target's usual offset from its peers may be believed: same instance type, unknown type. */
export const LN_MAX_OFFSET_SAME = Math.log(1.3);
export const LN_MAX_OFFSET_UNKNOWN = Math.log(1.6);
/** Without a rise over its own past only this much above peers of its own type counts; above peers of unknown type, the second. */
export const LN_ALWAYS_SLOW = Math.log(2.2);
export const LN_ALWAYS_SLOW_UNKNOWN = Math.log(3.5);
/** A rise over its own past. */
export const LN_OWN_RISE = Math.log(1.35);
/** Rounds of its own past that make a history. */
export const OWN_HISTORY_ROUNDS = 4;
/** Smallest scale of residuals with history; without any it is doubled. */
export const SCALE_FLOOR = 0.06;
/**
 * Rounds in which one false conviction is allowed by the formula: a third of a year of minutes. The formula's bound is a safe one (evidence comes in
 * whole rounds, and the last goes beyond what was needed); docs/accuracy.md has what the soak shows of it.
 */
export const BUDGET_ROUNDS = 175_200;
/**
 * Part of a healthy target's excess over its peers that the next round still shows: lag-1 autocorrelations of .23 to .43 were measured
 * on real peers (here their middle), so two rounds in a row are not two independent observations.
 */
export const CARRY_OVER = 1 / 3;
/** From this evidence a round is not learned as normal and the target is a suspect, nats. */
export const SUSPECT_NATS = 3;
/** From this evidence a round is not learned as a disturbance of healthy targets either, nats. */
export const SICK_NATS = 12;
/** Fewest answered samples that make a median. */
export const MIN_ANSWERED = 2;
/** A slow sample is at least this far above what is expected, and this far is always slow. */
export const TAIL_MIN = Math.log(2.5);
export const TAIL_MAX = Math.log(12);
/** Priors of the healthy rates of bad samples (the limit is at the usual tail's 99th percentile) and of failures, worth so many samples; and their limits. */
export const PRIOR_BAD_RATE = { rate: 0.01, weight: 200, least: 0.002, most: 0.3 } as const;
/** Prior of how much bad samples of one round come together; small, and soon overruled by what the fleet shows. */
export const PRIOR_SPREAD = { spread: 0.03, weight: 10, most: 0.5 } as const;
export const PRIOR_HARD_RATE = { rate: 0.002, weight: 200, least: 0.0005, most: 0.3 } as const;
/**
 * Priors of disturbances a target and round, worth so many target-rounds: bursts of slow samples, bursts of errors, jumps of the
 * level beyond the material: one a target in one to two weeks, until the fleet shows more. 20 rounds cannot prove a rate under `least`. The soak is what
 * justifies them.
 */
export const PRIOR_DISTURBANCE = { burst: 4e-4, hardBurst: 1e-4, jump: 1e-4, weight: 1000, least: 3e-5 } as const;
/** A sick target looks well in this part of its rounds: faults come and go. */
export const LOOKS_WELL = 0.05;
/** Bad rate below which nobody is convicted. */
export const MIN_BAD_RATE = 0.1;
/** Part of all rounds in which everybody is bad together, and in which a zone is: what a sick target is told apart from. */
export const SHARED_PRIOR = 1e-3;
export const ZONE_PRIOR = 1e-4;
/** The fleet's lower-median target left its own past by this: the cause is shared. */
export const LN_SHARED_RISE = Math.log(1.4);
/** So large a part of the fleet is bad together: the cause is shared. */
export const SHARED_BAD_FRACTION = 0.4;
/** More targets than this part of the fleet (at least one) that look sick together are a shared cause. */
export const MAX_CONVICTED_FRACTION = 0.25;
/** So large a part of the zone's other targets is warm: the zone is the cause. */
export const ZONE_FRACTION = 0.5;
