/** Which stop a person means. */
import { shortCaseId } from '../case';
import type { Stop } from '../model';
import { hasEnded } from './candidate';

/**
 * By its own id, by its case (in full, or as `sickbay cases` writes it) or by its instance. Of
 * several one that has not ended, then one that blocks its group, then the newest.
 */
export function stopMeant(stops: readonly Stop[], subject: string): Stop | undefined {
  const meant = stops
    .filter(({ id, caseId, instanceId }) => [id, caseId, shortCaseId(caseId), instanceId].includes(subject))
    .sort((a, b) => b.proposedAt - a.proposedAt);
  return meant.find((stop) => !hasEnded(stop)) ?? meant.find(({ blocksGroup }) => blocksGroup === true) ?? meant[0];
}
