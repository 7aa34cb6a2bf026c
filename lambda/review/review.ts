/**
 * The review, once a week: an audit of every configured group without an incident, what has changed
 * since the one before, and how ready the stack is for enforce, as one message on the notify topic.
 * It changes nothing that serves users, holds no lease and waits for nobody: an incident meanwhile
 * is the responder's, as ever.
 */
import { audit } from '../../core/audit/audit';
import { digest } from '../../core/audit/digest';
import type { AuditReport } from '../../core/audit/model';
import type { Config } from '../../core/config';
import { REVIEW } from '../../core/model';
import type { GroupObserved } from '../../core/readiness/observed';
import { readiness } from '../../core/readiness/readiness';
import { readGroups } from '../audit/read';
import type { CaseRecords, Clock, Hosts, LoadBalancing, Log, TargetRefs, Topic } from '../ports';

const DAY_MS = 86_400_000;
/** What readiness asks for by itself (bin/readiness.ts). */
const READINESS_DAYS = 7;
/** No further group is begun after this: the function ends after 15 minutes, its most. */
const READING_MS = 600_000;

export interface ReviewPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly loadBalancing: Pick<LoadBalancing, 'groups' | 'describe' | 'health'>;
  readonly hosts: Hosts;
  readonly targetRefs: Pick<TargetRefs, 'of'>;
  /** What was seen of each group since then. */
  readonly observed: (sinceAt: number, now: number) => Promise<GroupObserved[]>;
  readonly cases: Pick<CaseRecords, 'open' | 'closedSince'>;
  readonly reviews: ReviewRecords;
  readonly topic: Pick<Topic, 'publish'>;
}

export interface ReviewRecords {
  latest(): Promise<AuditReport | undefined>;
  put(report: AuditReport): Promise<void>;
}

export interface ReviewSummary {
  readonly groups: number;
  readonly findings: number;
  readonly verdict: string;
}

/**
 * Published before it is put on record: a run that dies between the two tells the same changes once
 * more. @param stack the name of the stack in its metrics @throws when ELB, the records or the
 * topic fail: the function's alarm must see it.
 */
export async function review(ports: ReviewPorts, config: Config, stack?: string): Promise<ReviewSummary> {
  const startedAt = ports.clock.now();
  const inspect = (ids: readonly string[], parameters: Readonly<Record<string, string[]>>) =>
    ports.hosts.inspect(ids, parameters, config.durations.inspectionWaitS * 1000);
  const groups = await ports.loadBalancing.groups(config);
  const read = await readGroups(
    { loadBalancing: ports.loadBalancing, targetRefs: ports.targetRefs, inspect },
    config,
    groups,
    () => ports.clock.now() < startedAt + READING_MS,
  );
  const now = ports.clock.now();
  const sinceAt = now - READINESS_DAYS * DAY_MS;
  const [observed, open, closed, before] = await Promise.all([
    ports.observed(sinceAt, now),
    ports.cases.open(),
    ports.cases.closedSince(sinceAt),
    ports.reviews.latest(),
  ]);
  const report = audit(read, now);
  const cases = [...open.filter(({ id }) => !closed.some((archived) => archived.id === id)), ...closed];
  const ready = readiness(observed, cases, { days: READINESS_DAYS }, now);
  await ports.topic.publish(digest(report, before, ready, stack), { caseId: REVIEW });
  await ports.reviews.put(report);
  const summary = { groups: groups.length, findings: report.findings.length, verdict: ready.verdict };
  ports.log('review', summary);
  return summary;
}
