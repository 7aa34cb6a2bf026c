/**
 * The judge's constants, each with its reason. They are priors and limits of what is material, not thresholds fitted to a benchmark;
 * the README of `bench/` says which data they were checked on.
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
/** Without a rise over its own past, only this much above peers of one type counts; without own past and type, the last. */
export const LN_ALWAYS_SLOW = Math.log(2.2);
export const LN_ALWAYS_SLOW_UNKNOWN = Math.log(3.5);
/** A rise over its own past, or over its own usual place among the peers. */
export const LN_OWN_RISE = Math.log(1.35);
/** Smallest scale of residuals with history; without any it is doubled. */
export const SCALE_FLOOR = 0.06;
/** One false conviction a group-year: rounds of one minute in a year. */
export const BUDGET_ROUNDS = 525_600;
/** Rounds of one target below this evidence may be learned as its normal, nats. */
export const SUSPECT_NATS = 3;
/** Fewest answered samples that make a median. */
export const MIN_ANSWERED = 2;
/** A slow sample is at least this far above what is expected, and this far is always slow. */
export const TAIL_MIN = Math.log(2.5);
export const TAIL_MAX = Math.log(12);
/** Prior of the healthy bad rate, worth so many samples. */
export const PRIOR_BAD_RATE = { rate: 0.005, weight: 200 } as const;
/** Priors of disturbances a target and round, worth so many target-rounds: bursts of slow samples, of errors, jumps of the level. */
export const PRIOR_DISTURBANCE = { burst: 0.001, hardBurst: 0.0005, jump: 0.0005, weight: 400 } as const;
/** A jump lands anywhere up to 50 times the usual, uniformly in the logarithm. */
export const LN_JUMP_RANGE = Math.log(50);
/** Bad rate below which nobody is ejected. */
export const MIN_BAD_RATE = 0.1;
/** How much likelier "this target" must be than "everybody alike", and than "its zone", nats. */
export const LN_NOT_EVERYBODY = 4;
export const LN_NOT_ZONE = 3;
/** Windows, in rounds. */
export const WINDOWS = [2, 3, 5, 8, 12] as const;
/** Consecutive rounds are correlated (lag-1 autocorrelation 0.23 to 0.43 on real peers): longer windows count for less. */
export const CORRELATION_DISCOUNT = 0.9;
/** Price of having looked at several windows, nats. */
export const WINDOW_PRICE = 1.5;
/** The fleet's lower-median target left its own past by this: the cause is shared. */
export const LN_SHARED_RISE = Math.log(1.4);
/** So large a part of the fleet is bad together: the cause is shared. */
export const SHARED_BAD_FRACTION = 0.4;
/** More candidates than this part of the fleet (at least one) are a shared cause. */
export const MAX_CONVICTED_FRACTION = 0.25;
/** So large a part of the zone's other targets is warm: the zone is the cause. */
export const ZONE_FRACTION = 0.5;
