/** The event about a stop: the one event of docs/events.md, with what a stop has beside it. */
import { groupName } from '../../case';
import type { CaseStateChange, OutboxEntry } from '../../model';
import { line, visible } from '../harmless';
import type { Head } from '../head';
import { placeOf, type Links } from '../links';
import { utc } from '../text';
import type { StopTold } from './telling';

const TEXT_MAX = 300;

export function stopEvent(
  { stop, news, deployment = {} }: StopTold,
  entry: Pick<OutboxEntry, 'id' | 'at' | 'severity' | 'subject'>,
  head: Head,
  links: Links,
  nextSteps: string[],
): CaseStateChange {
  const place = placeOf(stop.groupArn);
  const { process } = stop.plan;
  return {
    version: 1,
    id: entry.id,
    dedupKey: stop.caseId,
    status: 'updated',
    severity: entry.severity,
    time: iso(entry.at),
    ...(deployment.stack === undefined ? {} : { stack: deployment.stack }),
    ...(place === undefined ? {} : { account: place.account, region: place.region }),
    about: 'stop',
    state: stop.state,
    action: `stop-${news}`,
    blocked: [],
    openedAt: iso(stop.proposedAt),
    ...(stop.endedAt === undefined ? {} : { closedAt: iso(stop.endedAt) }),
    targetGroup: { arn: stop.groupArn, name: groupName(stop.groupArn) },
    target: { id: stop.target.id, port: stop.target.port },
    summary: entry.subject,
    head: { ...head },
    stop: {
      id: stop.id,
      digest: stop.plan.digest,
      expiresAt: iso(stop.expiresAt),
      undoAt: iso(stop.undoAt),
      process: { pid: process.pid, user: text(process.user), command: text(process.command), executable: text(process.executable) },
      ...(stop.executionId === undefined ? {} : { executionId: stop.executionId }),
      ...(stop.approvedBy === undefined ? {} : { approvedBy: text(stop.approvedBy) }),
      ...(stop.because === undefined ? {} : { because: text(stop.because) }),
    },
    nextSteps,
    links: { ...links },
  };
}

function text(value: string): string {
  return line(visible(value), TEXT_MAX);
}

/** To the second, as `2026-01-31T23:59:00Z`. */
function iso(at: number): string {
  return utc(at).replace(' ', 'T').replace(' UTC', 'Z');
}
