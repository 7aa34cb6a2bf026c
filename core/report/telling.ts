/** What there is to tell from: a decision, the case after it, and the world that it was made on. */
import { currentEjection, isReturnRefused } from '../case';
import type { Case, Decision, ReplaceStep, Round } from '../model';
import { replacementOf } from '../replacement';
import type { Deployment } from './links';
import { toldStep } from './told-step';

export interface AlertInput {
  readonly now: number;
  readonly incident: Case;
  readonly decision: Decision;
  readonly round: Round | undefined;
  /** The target group's, as they were read for the decision. */
  readonly attributes?: Readonly<Record<string, string>>;
  /**
   * What is known beyond the records: a removal that could not be confirmed, a kill switch that
   * could not be read.
   */
  readonly remarks: readonly string[];
  /** Where people find the stack. */
  readonly deployment?: Deployment;
}

/**
 * What happened, as people are told it. `refused` also stands for the removal that observe mode
 * would have made.
 */
export type News =
  | 'removed'
  | 'held-out'
  | 'return-refused'
  | 'asked'
  | 'renewed'
  | 'not-renewed'
  | 'refused'
  | 'given-up'
  | 'stopped'
  | 'back-early'
  | 'back'
  | 'contested'
  | 'closed'
  | 'replacement'
  | 'group';

export function newsOf({ incident, decision }: Pick<AlertInput, 'incident' | 'decision'>): News {
  if (incident.about !== 'target') return 'group';
  if (toldStep(incident, decision) !== undefined) return 'replacement';
  const { action, blocked, short } = decision;
  if (action === 'eject' || action === 'confirm') return 'removed';
  if (action === 'hold') return 'held-out';
  if (isReturnRefused(incident, decision)) return 'return-refused';
  if (action === 'page') return 'asked';
  if (action === 'renew') return 'renewed';
  if (action === 'keep' || action === 'abandon') return incident.state === 'out' ? 'not-renewed' : 'refused';
  if (action === 'give-up' || currentEjection(incident)?.givenUpAt !== undefined) return 'given-up';
  if (action === 'wait') return 'stopped';
  if (action === 'restore' && short === true) return 'back-early';
  if (action === 'restore' || action === 'watch') return 'back';
  return blocked.includes('contested') ? 'contested' : 'closed';
}

/** What was found is what is left of a task, and what a person starts from. */
const TOLD_IN_FULL: readonly ReplaceStep[] = ['begin', 'failed'];

/** Ends and returns: what was found is in the alerts before, and need not be read again. */
export function isBrief(decision: Decision): boolean {
  const { action, blocked } = decision;
  if (decision.action === 'replace') return !TOLD_IN_FULL.includes(decision.step);
  return ['restore', 'watch', 'close', 'give-up'].includes(action) && blocked.length === 0;
}

/** Removals that are on record as made, this one included. */
export function removalsOf(incident: Case): number {
  return incident.ejections.filter(({ abandonedAt }) => abandonedAt === undefined).length;
}

/** How many targets serve, of how many that the group had when it began. */
export interface Serving {
  readonly now: number;
  readonly of: number;
}

/**
 * As target health says it, without the target while it is out: the round was read before the
 * removal. Undefined without a round.
 */
export function servingOf({ incident, decision, round }: AlertInput): Serving | undefined {
  if (round === undefined) return undefined;
  const begins = decision.action === 'eject' || decision.action === 'hold' || (decision.action === 'replace' && decision.step === 'begin');
  const isOut = incident.state === 'out' || begins;
  const key = isOut ? keyOf(incident) : undefined;
  const healthy = round.lbView.filter(({ state, target }) => state === 'healthy' && `${target.id}:${target.port}` !== key).length;
  const before = currentEjection(incident)?.originalCount ?? replacementOf(incident)?.originalCount ?? 0;
  return { now: healthy, of: Math.max(before, round.lbView.length) };
}

function keyOf({ target }: Case): string | undefined {
  return target === undefined ? undefined : `${target.id}:${target.port}`;
}
