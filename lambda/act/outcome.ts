/** What a decision is carried out with, and its outcome. */
import type { Config } from '../../core/config';
import type { GroupSituation, Situation } from '../../core/decide/situation';
import type { Case, Decision, Ejection, TargetCase } from '../../core/model';
import type { RespondPorts, StackLease } from '../ports';

export interface Authority {
  readonly ports: RespondPorts;
  readonly config: Config;
  readonly lease: StackLease;
  readonly situation: Situation;
}

/** A removal on record: the case and its ejection. */
export interface RecordedRemoval {
  readonly incident: TargetCase;
  readonly ejection: Ejection;
}

/**
 * The outcome of a decision: the case as stored, and the decision as it was carried out (a removal
 * may be blocked at the last moment).
 */
export interface Outcome {
  readonly incident: Case;
  readonly decision: Decision;
  readonly remarks: readonly string[];
}

/** The group of a case as it was read in this run. */
export function groupOf(situation: Situation, incident: Case): GroupSituation | undefined {
  return situation.groups.find((group) => group.group.arn === incident.groupArn);
}

export function plain(incident: Case, decision: Decision, remarks: readonly string[] = []): Outcome {
  return { incident, decision, remarks };
}

/** Two reads of target health differ: no conclusion is drawn, and the next round reads again. */
export function unsure(incident: Case, decided: Decision): Outcome {
  const { because: _because, ...decision } = { because: undefined, ...decided };
  const reason = `two reads of target health differ, no conclusion is drawn: ${decision.reason}`;
  return plain(incident, { ...decision, action: 'keep', reason, blocked: [] });
}
