/**
 * No incident: the weekly review looks at a fleet that is well, names the crontab line that would
 * starve one host's pool on the first of the month, and tells the next time that it is gone.
 */
import { FAULTS } from '../fleet/faults';
import { REVIEW } from '../../core/model';
import type { Digest, Script } from './play';
import type { Stage } from './stage';

export const reviewedTwice: Script = async (stage, fault) => {
  const { phases, cloud, fleet, sick } = stage;
  const startedAt = Date.now();
  // A schedule with a rate begins at once (EventBridge Scheduler user guide, "Rate-based
  // schedules").
  const first = await phases.until('the first review, which the schedule starts', 180, () => digest(stage, 1));
  showDigest(stage, 'The first review: all of it is new', first);
  await FAULTS[fault].stop(fleet, sick);
  phases.phase(`an engineer read it, and took the line out of the crontab of ${sick.name}; Sickbay is not told`);
  await runReview(stage);
  const second = await phases.until('the digest of the next week', 30, () => digest(stage, 2));
  showDigest(stage, 'The next week: what has changed', second);
  return { onsetAt: startedAt, digests: [first, second], rounds: await cloud.rounds() };
};

/** As the schedule does, and waits until it is over. @throws with what the function failed with */
export async function runReview({ cloud }: Stage): Promise<void> {
  const { functionError, payload } = await cloud.functions.invoke(cloud.reviewer, {}, 'RequestResponse');
  if (functionError !== undefined) throw new Error(`the review failed: ${JSON.stringify(payload)}`);
}

/** Every digest so far, the first one first. */
export function digests({ cloud }: Stage): Digest[] {
  return cloud.world.sns.published.filter(({ attributes }) => attributes['caseId']?.StringValue === REVIEW);
}

async function digest(stage: Stage, number: number) {
  const found = digests(stage);
  const wanted = found[number - 1];
  return wanted === undefined ? { seen: `${found.length} digests; ${lastWords(stage)}` } : { done: wanted };
}

/** Of the function, where it fails. */
function lastWords({ cloud }: Stage): string {
  return cloud.functions.logs(cloud.reviewer).at(-1)?.line.slice(0, 300) ?? 'it wrote nothing';
}

function showDigest({ phases }: Stage, heading: string, { subject = '', message }: Digest): void {
  phases.show(`${heading}: ${subject}`, message.trimEnd().split('\n'));
}
