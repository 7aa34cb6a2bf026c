/**
 * The same job comes back as soon as its target does: out again for twice as long, and the third
 * time a person is asked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS } from '../fleet/faults';
import {
  ENGINEER_MS,
  caseIn,
  conviction,
  harm,
  healthy,
  published,
  removal,
  showDecision,
  showEvents,
  showRound,
  type Script,
} from './play';
import { baseline, caseOf, standingOf, type Stage } from './stage';

/** What the page of a third removal says that nothing but the hourly limit forbids. */
export const ASKED = 'stays in service: the hourly limit of the group is reached.';

export const comesBackTwice: Script = async (stage, fault) => {
  const { phases, cloud, fleet, sick } = stage;
  showRound(stage, 'Before: the ALB health checks, and what was measured', await baseline(stage));
  const onsetAt = await harm(stage, fault);
  const convictedRound = await conviction(stage, onsetAt);
  await removal(stage);
  await remedied(stage);
  phases.phase('it is back, and so is the job');
  await harm(stage, fault);
  const again = await phases.until('the relapse to be taken out again', 120, () => outFor(stage, 2));
  showDecision(stage, again);
  await remedied(stage);
  phases.phase('it is back, and so is the job, for the third time');
  await harm(stage, fault);
  const asked = await phases.until('a person to be asked', 120, () => pagedFor(stage));
  showDecision(stage, asked);
  await published(stage, asked);
  await FAULTS[fault].stop(fleet, sick);
  const endedAt = Date.now();
  const closed = await phases.until('the watch window to pass without a relapse', 180, () => caseIn(stage, ['closed']));
  await phases.until('the load balancer to call the target healthy', 30, () => healthy(stage));
  showEvents(stage, closed);
  return { onsetAt, convictedRound, endedAt, case: closed, toldCase: asked, rounds: await cloud.rounds() };
};

/**
 * The engineer ends the job, and leaves the line in the crontab that starts it. Once the target is
 * back it gets its users back: else its peers would carry them for good, and could not carry more.
 */
async function remedied(stage: Stage): Promise<void> {
  const { phases, fleet, sick } = stage;
  await sleep(ENGINEER_MS);
  await fleet.endJob(sick);
  phases.phase(`the engineer ended the job on ${sick.name}, and left its line in the crontab; Sickbay is not told`);
  await phases.until('Sickbay to notice and put the target back', 120, () => caseIn(stage, ['watching']));
  await phases.until('the load balancer to call the target healthy', 30, () => healthy(stage));
  fleet.users.endSessions();
}

async function outFor(stage: Stage, times: number) {
  const incident = await caseOf(stage);
  const out = incident?.state === 'out' && incident.ejections.filter((ejection) => ejection.confirmedAt !== undefined).length === times;
  return out ? { done: incident } : { seen: standingOf(incident) };
}

/**
 * Told that nothing but the hourly limit stands before a third removal, and that a breaker is open
 * for it.
 */
async function pagedFor(stage: Stage) {
  const incident = await caseOf(stage);
  const { published } = stage.cloud.world.sns;
  const limit = published.some((entry) => entry.message.includes(ASKED));
  const breaker = published.some((entry) => entry.subject?.includes('a breaker is open') === true);
  return incident !== undefined && limit && breaker ? { done: incident } : { seen: standingOf(incident) };
}
