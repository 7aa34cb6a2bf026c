/**
 * An alert as a custom notification of Amazon Q Developer in chat applications (Slack, Microsoft Teams): version "1.0", source "custom", text type
 * "client-markdown" (administrator guide, "Custom notifications"). Anything else on a topic of such a channel is dropped without a word.
 */
import type { OutboxEntry } from '../model';

/** Slack refuses a text of more than 3,000 characters in a message's block; the guide states no limit of its own (M). */
const DESCRIPTION_MAX = 3000;
/** Slack's limit for a title is 150; ours has 100 already, for SNS. */
const TITLE_MAX = 150;

const FENCE = '```';

/** JSON for the topic. All messages of one case have one thread. */
export function chatMessage(entry: OutboxEntry, { caseId, groupArn }: { readonly caseId: string; readonly groupArn: string }): string {
  const title = harmless(entry.subject).slice(0, TITLE_MAX);
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: entry.id,
    content: { textType: 'client-markdown', title, description: description(entry.body, caseId), keywords: [entry.severity] },
    metadata: {
      threadId: caseId,
      summary: title,
      eventType: 'sickbay-alert',
      relatedResources: [groupArn],
      additionalContext: { severity: entry.severity, alertId: entry.id },
    },
  });
}

/** The alert's own lines, which are tables, as preformatted text: whole lines from the top, as many as fit. */
function description(body: string, caseId: string): string {
  const lines = harmless(body).split('\n');
  const cut = `(cut; the whole of it: npx sickbay explain ${caseId})`;
  const room = DESCRIPTION_MAX - 2 * (FENCE.length + 1) - cut.length - 1;
  const whole = fitting(lines, DESCRIPTION_MAX - 2 * (FENCE.length + 1));
  if (whole === lines.length) return fenced(lines);
  const kept = Math.max(1, fitting(lines, room));
  return fenced([...lines.slice(0, kept).map((line) => line.slice(0, room)), cut]);
}

function fenced(lines: readonly string[]): string {
  return [FENCE, ...lines, FENCE].join('\n');
}

/** How many of the lines fit. */
function fitting(lines: readonly string[], room: number): number {
  let used = -1;
  const over = lines.findIndex((line) => (used += line.length + 1) > room);
  return over < 0 ? lines.length : over;
}

/** What a host printed must not end the preformatted text, nor call anybody: a zero-width space parts what a chat would read as a mention. */
function harmless(text: string): string {
  return text.replaceAll(FENCE, "'''").replace(/@|<(?=[!@#])/g, '$&\u200b');
}
