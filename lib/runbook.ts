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
  scheduledRestoreDead: 'Dead letters of the way back',
  responderDead: 'Dead letters of the responder',
} as const;

export type RunbookSection = (typeof RUNBOOK)[keyof typeof RUNBOOK];

/** The description of an alarm: what it means, and where it says what to do. */
export function describedBy(section: RunbookSection, meaning: string): string {
  return `${meaning} What to do: docs/runbook.md, section "${section}".`;
}
