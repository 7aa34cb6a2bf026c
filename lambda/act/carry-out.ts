/**
 * Carries a decision out and puts the outcome on record. A run that dies in between leaves an
 * intent, which the next run settles by what it reads of the world.
 */
import { isTargetCase } from '../../core/case';
import { shortSince } from '../../core/case-transitions';
import type { Decided } from '../../core/decide/decision';
import type { DecisionTo, RemovalAction } from '../../core/model';
import { restore, wait, watch } from './bring-back';
import { close, closeTarget, giveUp } from './end';
import { plain, unsure, type Authority, type Outcome, type RecordedRemoval } from './outcome';
import { abandon, confirm, eject, renew } from './remove';
import { replace } from './replace';
import { stillRegistered } from './target-health';

/**
 * Carries out one decision. @throws when AWS or the records fail; the case then holds an intent
 * that the next run settles.
 */
export async function carryOut(authority: Authority, decided: Decided): Promise<Outcome> {
  const { incident: stored } = decided;
  if (!isTargetCase(stored))
    return plain(decided.decision.action === 'close' ? close(authority, stored, decided.decision) : stored, decided.decision);
  const incident = shortSince(stored, decided.decision, authority.situation.now);
  if (decided.ejection !== undefined) return onRemoval(authority, { incident, ejection: decided.ejection }, decided.decision);
  const { decision } = decided;
  switch (decision.action) {
    case 'eject':
    case 'hold':
      return eject(authority, incident, decision);
    case 'replace':
      return replace(authority, incident, decision);
    case 'close':
      return closeTarget(authority, incident, decision);
    case 'keep':
    case 'page':
      return plain(incident, decision);
  }
}

async function onRemoval(authority: Authority, removal: RecordedRemoval, decision: DecisionTo<RemovalAction | 'hold'>): Promise<Outcome> {
  switch (decision.action) {
    case 'confirm':
      return confirm(authority, removal, decision);
    case 'abandon':
      return abandon(authority, removal, decision);
    case 'hold':
    case 'renew':
      return plain(await renew(authority, removal, decision), decision);
    case 'restore':
      return restore(authority, removal, decision);
    case 'watch':
      if (!(await stillRegistered(authority.ports, removal.incident))) return unsure(removal.incident, decision);
      return plain(await watch(authority, removal, decision.reason), decision);
    case 'wait':
      return wait(authority, removal, decision);
    case 'give-up':
      return giveUp(authority, removal, decision);
  }
}
