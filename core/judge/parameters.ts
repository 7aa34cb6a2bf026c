/**
 * All constants of the judge, each with its reason or source: priors, and limits of what is
 * material. docs/judge.md explains the model, docs/accuracy.md says on which data they were
 * checked. "Measured on real peers" means the disk latencies of 211 host-days that docs/accuracy.md
 * names; "chosen" means that a neighbouring value would do as well.
 */

// What is remembered.

/**
 * Earlier rounds that a judgement reads: the window in which "usual" is learned. Chosen; 20 records
 * of 1,000 targets are 375 KB.
 */
export const KEEP_ROUNDS = 20;
/**
 * Older rounds say nothing about what is normal now, ms: a quarter of a day, so that the daily load
 * does not look like a fault.
 */
export const KEEP_MS = 6 * 3_600_000;

// Levels and peers.

/**
 * Added to every latency before the logarithm, ms: differences far below it are immaterial to a
 * user.
 */
export const FLOOR_MS = 10;
/**
 * Part of a target's sorted samples, from its fastest, whose mean is its level (ADR 0008): what
 * disturbs a healthy request only adds to its latency, so the faster samples waver less, and two of
 * five samples may be slow by any amount and barely move it.
 */
export const LEVEL_FROM = 0.1;
export const LEVEL_TO = 0.6;
/**
 * Targets of its own type from which a target is compared with those alone: of fewer, the median is
 * one target's noise. Chosen.
 */
export const OWN_TYPE_PEERS = 4;
/**
 * Targets from which peers are compared less their usual offsets (ADR 0009): of fewer, an offset is
 * as uncertain as what it corrects.
 */
export const CORRECTED_FROM = 4;
/**
 * A refused connection in at most so many of the last so many rounds is a restart, and the target
 * is cold for it. More often is a fault: the prototype never convicted a target that refuses and
 * serves in turn.
 */
export const RESTART_REFUSALS = 2;
export const RESTART_ROUNDS = 8;
/** Slower than its peers by less than this is not worth an ejection. */
export const LN_MATERIAL = Math.log(1.6);
/** A round looks slow at all from here. */
export const LN_NOTICEABLE = Math.log(1.3);
/**
 * How far a target's usual offset from its peers may be believed: same instance type, unknown type.
 */
export const LN_MAX_OFFSET_SAME = Math.log(1.3);
export const LN_MAX_OFFSET_UNKNOWN = Math.log(1.6);
/**
 * Without a rise over its own past only this much above peers of its own type counts; above peers
 * of unknown type, the second.
 */
export const LN_ALWAYS_SLOW = Math.log(2.2);
export const LN_ALWAYS_SLOW_UNKNOWN = Math.log(3.5);
/** A rise over its own past. */
export const LN_OWN_RISE = Math.log(1.35);
/** Rounds of its own past that make a history. */
export const OWN_HISTORY_ROUNDS = 4;
/** Smallest scale of residuals with history; without any it is doubled. */
export const SCALE_FLOOR = 0.06;
/**
 * Newest rounds that may hold the fault itself, and are left out when the fleet's usual scale is
 * learned; where the past is short, fewer.
 */
export const SCALE_AFTER = 4;
export const SCALE_AFTER_WHEN_FEW = 2;
/**
 * Rounds before those that the usual scale is learned from, and from which the usual tail is.
 * Chosen: all that 20 records leave, and half.
 */
export const SCALE_ROUNDS = 14;
export const USUAL_TAIL_ROUNDS = 10;
/** Fewest residuals that have a scale: of four, one target's noise is the median of two. */
export const MIN_RESIDUALS = 5;
/**
 * Peers that the usual scale is worth beside this round's: the spread of a handful in one round
 * wavers by half.
 */
export const USUAL_WORTH = 10;
/**
 * Rounds in which one false conviction is allowed by the formula: a third of a year of minutes. The
 * formula's bound is a safe one (evidence comes in whole rounds, and the last goes beyond what was
 * needed); docs/accuracy.md has what the soak shows of it.
 */
export const BUDGET_ROUNDS = 175_200;
/**
 * Rounds that the fleet's noise is worth beside what a target itself wavers by: a few
 * differences say little about noise. Chosen.
 */
export const FLEET_NOISE_WORTH = 10;
/**
 * Part of a healthy target's excess over its peers that the next round still shows: lag-1
 * autocorrelations of .23 to .43 were measured on real peers (here their middle), so two rounds in
 * a row are not two independent observations.
 */
export const CARRY_OVER = 1 / 3;
/**
 * Standard deviation of what is carried over, as a part of it: .23 to .43 were measured, about
 * twice this on either side.
 */
export const ECHO_SPREAD = 0.15;
/** Residuals beyond e^5 = 148x the peers' say nothing more. */
export const MAX_RESIDUAL = 5;
/**
 * Fewest and most degrees of freedom of the noise: t5 is what targets themselves show; more than 15
 * is not believed, for the samples of one round are not quite independent.
 */
export const LEAST_FREEDOM = 5;
export const MOST_FREEDOM = 15;
/**
 * Part of the move among the peers that must be the target's own: where the peers moved more, it is
 * they who changed.
 */
export const OWN_RISE_PART = 0.5;
/**
 * Usual rounds right before the window that the rise is measured from, beside all of them: half an
 * offset's worth of noise less. Chosen.
 */
export const RISE_FROM_ROUNDS = 6;
/** Scales from a jump of the level that cannot be noise. */
export const JUMP_SCALES = 4;
/** From this evidence a round is not learned as normal and the target is a suspect, nats. */
export const SUSPECT_NATS = 3;
/** From this evidence a round is not learned as a disturbance of healthy targets either, nats. */
export const SICK_NATS = 12;
/** Fewest answered samples that make a median. */
export const MIN_ANSWERED = 2;
/** A slow sample is at least this far above what is expected, and this far is always slow. */
export const TAIL_MIN = Math.log(2.5);
export const TAIL_MAX = Math.log(12);
/**
 * From the 97th percentile of the usual tail, which is stored, to its 99th were it exponential:
 * ln(100) / ln(33).
 */
export const TAIL_MARGIN = 1.15;
/**
 * Priors of the healthy rates of bad samples (the limit is at the usual tail's 99th percentile) and
 * of failures, worth so many samples; and their limits.
 */
export const PRIOR_BAD_RATE = { rate: 0.01, weight: 200, least: 0.002, most: 0.3 } as const;
/**
 * Prior of how much bad samples of one round come together; small, and soon overruled by what the
 * fleet shows.
 */
export const PRIOR_SPREAD = { spread: 0.03, weight: 10, most: 0.5 } as const;
export const PRIOR_FAILURE_RATE = { rate: 0.002, weight: 200, least: 0.0005, most: 0.3 } as const;
/**
 * Samples that the fleet's usual rate is worth beside the target's own, and beside what the others
 * show now: ten rounds of ten.
 */
export const FLEET_RATE_SAMPLES = 100;
/**
 * Newest rounds of a target that may be its fault, and are left out of the rates it is held
 * against.
 */
export const OWN_ROUNDS_LEFT_OUT = 8;
/**
 * Part of a burst's samples that is bad on average: a burst is half of a round's samples or more.
 */
export const BAD_IN_A_BURST = 0.7;
/** Samples that the prior rate of slow requests is worth in one round. */
export const LIFT_PRIOR_SAMPLES = 50;
/** From this part of the samples on, slow ones make the level (it is a mean up to `LEVEL_TO`). */
export const LIFTING_PART = 0.5;
/**
 * Priors of disturbances a target and round, worth so many target-rounds: bursts of slow samples,
 * bursts of errors, jumps of the level beyond the material: one a target in one to two weeks, until
 * the fleet shows more. 20 rounds cannot prove a rate under `least`. The soak is what justifies
 * them.
 */
export const PRIOR_DISTURBANCE = { burst: 4e-4, failureBurst: 1e-4, jump: 1e-4, weight: 1000, least: 3e-5 } as const;
/** A sick target looks well in this part of its rounds: faults come and go. */
export const LOOKS_WELL = 0.05;
/** Bad rate below which nobody is convicted. */
export const MIN_BAD_RATE = 0.1;
/**
 * Part of all rounds in which everybody is bad together, and in which a zone is: what a sick target
 * is told apart from.
 */
export const SHARED_PRIOR = 1e-3;
export const ZONE_PRIOR = 1e-4;
/** The fleet's lower-median target left its own past by this: the cause is shared. */
export const LN_SHARED_RISE = Math.log(1.4);
/** So large a part of the fleet is bad together: the cause is shared. */
export const SHARED_BAD_FRACTION = 0.4;
/**
 * Nats against "the others' bad samples are the usual ones" that make them a shared cause: one
 * round in 1,100.
 */
export const LN_UNUSUAL = 7;
/**
 * More targets than this part of the fleet (at least one) that look sick together are a shared
 * cause.
 */
export const MAX_CONVICTED_FRACTION = 0.25;
/**
 * Scales above its peers from which a target looks sick beside another: one healthy target in 200
 * to 700.
 */
export const SICK_SCALES = 3;
/**
 * From this part of what a target stands above its peers, and so many scales, another one is like
 * it.
 */
export const ALIKE_PART = 0.5;
export const ALIKE_SCALES = 2;
/** So large a part of the zone's other targets is warm: the zone is the cause. */
export const ZONE_FRACTION = 0.5;
/** Rounds over which a neighbour's residuals are taken, and for which a hot zone is remembered. */
export const ZONE_ROUNDS = 3;
/**
 * A neighbour is slow from this part of the material, and so many of the fleet's scales: it acquits
 * more easily than it would be convicted.
 */
export const ZONE_RISE_PART = 0.5;
export const ZONE_RISE_SCALES = 1.2;

// Health.

/**
 * Evidence for a clean bill, nats: 1 in 100 may be premature, and the watch after a restore catches
 * those.
 */
export const HEALTH_NEEDED_NATS = Math.log(100);
