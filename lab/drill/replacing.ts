/** The scenes in which a task of ECS is slow: it is deregistered, drained, stopped and replaced. */
import type { FaultName } from '../fleet/faults';
import { conviction, harm, published, showDecision, showEvents, showFindings, showRound, type Played, type Script } from './play';
import { baseline, caseOf, standingOf, type Stage } from './stage';
import { taskAt } from './tasks';

export const replacedTask: Script = async (stage: Stage, fault: FaultName): Promise<Played> => {
  const { phases, cloud, sick } = stage;
  showRound(stage, 'Before: the ALB health checks, and what was measured', await baseline(stage));
  const taskArn = taskAt(cloud.world, sick.instanceId);
  const onsetAt = await harm(stage, fault);
  const convictedRound = await conviction(stage, onsetAt);
  showRound(stage, 'The sweep that convicts', convictedRound);
  const out = await phases.until('inspection, decision and deregistration', 90, () => caseWith(stage, 'intentAt'));
  showFindings(stage, out);
  showDecision(stage, out);
  await phases.until('the drain, and the end of its task', 150, () => caseWith(stage, 'stoppedAt'));
  phases.phase(`task ${taskArn.split('/').at(-1)} was stopped; its service starts another one`);
  await phases.until('a replacement that is healthy and fast', 200, () => caseWith(stage, 'verifiedAt'));
  const closed = await phases.until('the case to close, and everybody to be told', 60, () => closedAndTold(stage));
  await published(stage, closed);
  showEvents(stage, closed);
  return { onsetAt, convictedRound, case: closed, toldCase: out, rounds: await cloud.rounds(), taskArn };
};

async function caseWith(stage: Stage, field: 'intentAt' | 'stoppedAt' | 'verifiedAt') {
  const incident = await caseOf(stage);
  return incident?.replacement?.[field] === undefined ? { seen: standingOf(incident) } : { done: incident };
}

async function closedAndTold(stage: Stage) {
  const incident = await caseOf(stage);
  const told = incident?.outbox.every((entry) => entry.sentAt !== undefined) === true;
  return incident?.state === 'closed' && told ? { done: incident } : { seen: standingOf(incident) };
}
