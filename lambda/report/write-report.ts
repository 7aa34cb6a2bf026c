/**
 * The report of a case, as one HTML file in the stack's bucket: written anew after each of the
 * case's events, from the records as they are then. It is behind the alert and never in front of a
 * decision: nothing waits for it, and a report that is not written is told by the function's alarm.
 */
import type { Case, Round } from '../../core/model';
import { spanOf } from '../../core/report/html/model';
import { reportHtml } from '../../core/report/html/report';
import { reportKey, type Deployment } from '../../core/report/links';
import { isUnreadable } from '../../core/unreadable';
import type { CaseRecords, Clock, Log } from '../ports';

export interface ReportPorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly cases: Pick<CaseRecords, 'open' | 'closedSince'>;
  /** The rounds of a group in a span of time. */
  readonly rounds: (groupArn: string, span: { readonly fromAt: number; readonly untilAt: number }) => Promise<Round[]>;
  readonly bucket: ReportBucket;
  readonly deployment: Deployment;
}

export interface ReportBucket {
  /** Puts the page there, in place of the one before. @throws when it is not stored. */
  put(key: string, page: string): Promise<void>;
}

/**
 * `Sickbay Case State Change` as EventBridge hands it over. Of what it says only which case it is
 * about is used, and when that was open: the rest is read from the records, so that an event that
 * somebody else put on the bus changes nothing in a report.
 */
export interface CaseStateChangeEvent {
  readonly detail: { readonly dedupKey: string; readonly openedAt: string; readonly closedAt?: string };
}

export interface ReportSummary {
  readonly key: string;
  readonly bytes: number;
}

/** @throws when the case is not on record or cannot be read, and when the page is not stored. */
export async function writeReport(ports: ReportPorts, { detail }: CaseStateChangeEvent): Promise<ReportSummary> {
  const incident = await find(ports, detail);
  if (isUnreadable(incident)) throw new Error(`case ${incident.id} is of a version that is not known: no report of it`);
  const now = ports.clock.now();
  const { groupArn } = incident;
  const rounds = groupArn === undefined ? [] : await ports.rounds(groupArn, spanOf(incident, now));
  const page = reportHtml({ now, incident, rounds, deployment: ports.deployment });
  const key = reportKey(incident.id);
  await ports.bucket.put(key, page);
  const summary = { key, bytes: Buffer.byteLength(page) };
  ports.log('report-written', { caseId: incident.id, ...summary });
  return summary;
}

/**
 * Times in events are to the second, and what is stopped on a host may be told after its case has
 * closed: the archive is read from so long before.
 */
const BEFORE_MS = 86_400_000;

/** Open ones first: a case is archived before it is dropped from them. */
async function find({ cases }: ReportPorts, { dedupKey, openedAt, closedAt }: CaseStateChangeEvent['detail']): Promise<Case> {
  const mine = (all: readonly Case[]) => all.find(({ id }) => id === dedupKey);
  const incident = mine(await cases.open()) ?? mine(await cases.closedSince(Date.parse(closedAt ?? openedAt) - BEFORE_MS));
  if (incident === undefined) throw new Error(`case ${JSON.stringify(dedupKey)} is not on record: no report of it`);
  return incident;
}
