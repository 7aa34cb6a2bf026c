import { Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { anchor, runbookUrl } from '../core/report/links';

/**
 * Sections of docs/runbook.md that alarms point to. test/lib/alarms.test.ts holds the two together.
 */
export const RUNBOOK = {
  failing: 'A function fails',
  notRunning: 'No rounds',
  blind: 'Blind for minutes',
  blocked: 'Removals are blocked',
  breakerOpen: 'A breaker is open',
  unreadableRecords: 'Records of a later version',
  outTooLong: 'A target is out for too long',
  alertNotDelivered: 'An alert was not delivered',
  silentTopic: 'A topic has no confirmed subscriber',
  slow: 'A load balancer is slow',
  scheduledRestoreDead: 'Dead letters of the scheduled restore',
  responderDead: 'Dead letters of the responder',
  stopperFails: 'Stops are not watched',
  undoDead: 'Dead letters of an undo',
} as const;

export type RunbookSection = (typeof RUNBOOK)[keyof typeof RUNBOOK];

/** Where `SickbayProps.runbookBaseUrl` stands in the tree, for everything below the construct. */
const CONTEXT = 'sickbay:runbookBaseUrl';

/** To be called before anything below `scope` is made. */
export function setRunbookBaseUrl(scope: Construct, url: string | undefined): void {
  if (url === undefined) return;
  if (!/^https:\/\/[!-~]{1,400}$/.test(url))
    throw new Error(`runbookBaseUrl: got ${JSON.stringify(url)}, allowed: a URL that begins with https://, of at most 400 characters`);
  scope.node.setContext(CONTEXT, url);
}

export function runbookBaseUrlOf(scope: Construct): string | undefined {
  const url: unknown = scope.node.tryGetContext(CONTEXT);
  return typeof url === 'string' ? url : undefined;
}

/** The description of an alarm: what it means, and where it says what to do. */
export function describedBy(scope: Construct, section: RunbookSection, meaning: string): string {
  const url = runbookBaseUrlOf(scope);
  const page = url === undefined ? '' : ` ${runbookUrl(url)}#${anchor(section)}`;
  return `${meaning}${page} What to do: docs/runbook.md, section "${section}".`;
}

/** Names are for people's lists and rules: `Sickbay-ProberFails`. */
export function alarmName(scope: Construct, id: string): string {
  return Names.uniqueResourceName(scope, { maxLength: 255 - id.length - 1, separator: '-' }) + `-${id}`;
}
