/**
 * Everything that a decision may rest on, read in one run: `decide` is a function of this alone.
 */
import type { Config, GroupConfig } from '../config';
import type { Case, LbTarget, ObservedOwner, Round, ServiceReading, TargetGroup, TargetRef } from '../model';

/** `on` forbids removals; `why` is there when it is on because it could not be read. */
export type KillSwitch = { readonly state: 'off' } | { readonly state: 'on'; readonly why?: string };

export interface GroupSituation {
  readonly group: TargetGroup;
  readonly config: GroupConfig;
  /** Newest first. */
  readonly rounds: readonly Round[];
  /** Read in this run, not taken from a round. */
  readonly lbView: readonly LbTarget[];
  /**
   * Who is behind the targets of open cases, by target key. Absent for a group of instances, which
   * are their own identity.
   */
  readonly targetRefs?: ReadonlyMap<string, TargetRef>;
  /** By target id, for the targets of open cases. */
  readonly owners: ReadonlyMap<string, ObservedOwner>;
  /** The declared service of ECS, where one is declared. */
  readonly service?: ServiceReading;
}

export interface Situation {
  readonly now: number;
  readonly config: Config;
  readonly killSwitch: KillSwitch;
  readonly groups: readonly GroupSituation[];
  readonly openCases: readonly Case[];
  /** Groups that are configured and could not be read in this run. */
  readonly unread: readonly string[];
  /**
   * Groups that are configured, or that an open case is about, and that do not exist any more:
   * absent from the listing, and then asked for by themselves and not found (two reads of this
   * run). Nothing can be registered in them again; an instance on standby can still leave it.
   */
  readonly gone: readonly string[];
  /**
   * Target health of groups that are no longer configured and have a target out; one that could not
   * be read is absent.
   */
  readonly dropped?: ReadonlyMap<string, readonly LbTarget[]>;
  /**
   * Ids of the targets of every configured group that was read lately: groups with a host in common
   * share a budget.
   */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /**
   * States of the instances that are out, by id, as EC2 names them (InstanceState, EC2 API
   * reference). A missing entry means that the state is not known, and no decision rests on it.
   */
  readonly instanceStates?: ReadonlyMap<string, string>;
  /**
   * The newest round of every configured group, whether or not anything is due there: it says who
   * serves well in a group that Standby affects.
   */
  readonly latest: ReadonlyMap<string, Round>;
  /** Closed within the last six hours: their ejections still count against the budgets. */
  readonly closedCases: readonly Case[];
}
