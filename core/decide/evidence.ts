/** Since when the measurements of a target are evidence of the present suspicion. */
import { isSuspected, verdictOf } from '../case';
import type { Candidate } from './candidate';
import { lastMoved } from './past';

/**
 * So many rounds in a row without suspicion end an episode, as they close a case in which nothing
 * was done.
 */
const ROUNDS_APART = 2;

/**
 * Epoch ms. The judge says since when it has evidence; not so far back as to before the target
 * moved, or was under no suspicion for rounds: one bad round and an older trouble together would
 * span a minute, and other views would speak of the older one.
 */
export function evidenceSince({ situation, group, incident, round, verdict }: Candidate): number {
  const rounds = [round, ...group.rounds.filter(({ startedAt }) => startedAt < round.startedAt)];
  const free = rounds.map((one) => !isSuspected(verdictOf(one, incident.target)));
  const apart = free.findIndex((_, at) => at + ROUNDS_APART <= free.length && free.slice(at, at + ROUNDS_APART).every(Boolean));
  const since = Math.max(verdict.evidenceSince ?? round.endedAt, lastMoved(situation, incident));
  return since > (rounds[apart]?.endedAt ?? 0) ? since : (rounds[apart - 1]?.startedAt ?? since);
}
