/**
 * Shared contracts: judging. Everything is exported by core/model.ts, from which all others import.
 */
import type { ClientView, PackedPhases, ProberHealth, SampleError } from './probing';
import type { TargetRef } from './target-ref';
import type { LbTarget, TargetGroup } from './targets';

export type FleetVerdict = 'none' | 'suspect' | 'convicted' | 'shared' | 'shared-zone' | 'blind';
export type Why = 'level' | 'tail' | 'errors';

/** One target in one round, as the judge sees it. */
export interface JudgedTarget {
  readonly key: string;
  readonly zone?: string;
  /** Instance type; unknown types are compared with the whole fleet, with wider limits. */
  readonly type?: string;
  /** Time since registration or the last state change; undefined: long ago. */
  readonly ageMs?: number;
  readonly samples: readonly ({ readonly latencyMs: number } | { readonly error: SampleError })[];
}

export interface JudgeSettings {
  /** A sample that timed out enters as right-censored at this value. */
  readonly timeoutMs: number;
  /** Below this age a target is cold: measured, never convicted. */
  readonly graceMs: number;
  /** Rounds that start closer together than this count as one. */
  readonly minRoundGapMs: number;
  /** Clean rounds asked for before a target that is out counts as well. */
  readonly cleanRounds: number;
}

export interface JudgeInput {
  readonly startedAt: number;
  readonly targets: readonly JudgedTarget[];
  /** Up to 20 earlier records, oldest first, as `judge` returned them. */
  readonly history: readonly string[];
  readonly settings: JudgeSettings;
  /**
   * Keys of targets that are out of service by our own hand: judged, and left out of the peers'
   * reference.
   */
  readonly out?: readonly string[];
  /** The prober's own health; when it is not ok the round is `blind`. */
  readonly prober?: ProberHealth;
}

/**
 * Why enough evidence is still no conviction; `core/judge/vetoes.ts` has each one's rule and text.
 */
export type VetoName =
  'cold' | 'never-reached' | 'one-round' | 'no-peers' | 'no-history' | 'shared' | 'too-many' | 'everybody-alike' | 'zone';

export interface TargetVerdict {
  readonly key: string;
  readonly verdict: 'clean' | 'suspect' | 'convicted' | 'unjudged';
  /** Evidence for "this target is sick", in nats, and how much a conviction needs. */
  readonly evidenceNats: number;
  readonly neededNats: number;
  readonly why?: Why;
  /** Why it is not convicted although there is enough evidence. */
  readonly veto?: VetoName;
  /**
   * Its level over its peers' (where its faster samples lie: `levelOfSorted`), its usual offset
   * removed.
   */
  readonly ratio?: number;
  /** Plain median of the answered samples and timeouts, for people. */
  readonly medianMs?: number;
  readonly bad: { readonly k: number; readonly n: number };
  readonly cold: boolean;
  /** False when no probe, in this round or the history, ever got an answer. */
  readonly everReached: boolean;
  /** Start of the first round of the window that the evidence rests on. */
  readonly evidenceSince?: number;
  /**
   * Evidence for "this target is like its peers", in nats, over the latest clean rounds: as far
   * back as asked for, or as needed.
   */
  readonly healthNats: number;
  readonly healthNeededNats: number;
  readonly cleanRounds: number;
  /**
   * One line for people: "19.2 nats of evidence, 14.4 needed; 71x its peers; 20 of 20 samples bad".
   */
  readonly says: string;
}

export interface Judgement {
  readonly fleet: FleetVerdict;
  readonly says: string;
  readonly targets: readonly TargetVerdict[];
  /**
   * Packed record of this round for later judgements: base64, versioned, at most 20 KB for 1,000
   * targets.
   */
  readonly record: string;
}

/** What does not change while an instance runs. ELB gives no zone for targets of type instance. */
export interface InstanceFacts {
  /** Primary private IPv4 address. */
  readonly address?: string;
  /** Primary IPv6 address of the primary network interface. */
  readonly ipv6?: string;
  readonly zone?: string;
  /** The value of its tag `Name`. Absent in older rounds. */
  readonly name?: string;
  /** Instance type, such as `m7g.large`. */
  readonly type?: string;
}

export type Trigger = 'schedule' | 'alarm' | 'operator';

/** Targets under suspicion, and some of their peers to compare with, from another subnet. */
export interface SecondLook {
  /** As in `Round.samples`; empty when its prober could not be asked or was not well itself. */
  readonly samples: Readonly<Record<string, readonly (number | string)[]>>;
  readonly why?: string;
}

/** One group's round, the item of the table Rounds (written by the sweep alone). */
export interface Round {
  readonly v: 1;
  readonly groupArn: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly trigger: Trigger;
  /**
   * Without its attributes, which only the responder needs and reads itself; with those load
   * balancers at which a client was sampled.
   */
  readonly group: Omit<TargetGroup, 'attributes'>;
  readonly clientView?: ClientView;
  readonly lbView: readonly LbTarget[];
  /**
   * What EC2 says of the targets' instances, by instance id. Absent for other targets, and in
   * rounds from before EC2 was asked.
   */
  readonly instances?: Readonly<Record<string, InstanceFacts>>;
  /**
   * Who is behind each target, by target key, of groups whose targets are addresses or container
   * ports. Absent for others, and in older rounds.
   */
  readonly targetRefs?: Readonly<Record<string, TargetRef>>;
  /** Where each target was probed. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Per target key: latencies in ms, or an error as `kind` or `status@code`. */
  readonly samples: Readonly<Record<string, readonly (number | string)[]>>;
  /**
   * Of the targets under suspicion, for each entry of `samples` in turn. Absent in rounds from
   * before it was kept.
   */
  readonly phases?: Readonly<Record<string, readonly (PackedPhases | null)[]>>;
  /** What the prober in the second subnet measured; absent where it was not asked. */
  readonly secondLook?: SecondLook;
  readonly fleet: FleetVerdict;
  readonly says: string;
  readonly verdicts: readonly TargetVerdict[];
  readonly record: string;
  /**
   * Things a person should know that are not verdicts: the group cannot be probed, the health
   * check's path is shallow.
   */
  readonly notes: readonly string[];
}
