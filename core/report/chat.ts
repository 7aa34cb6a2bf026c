/**
 * An alert as a custom notification of Amazon Q Developer in chat applications (Slack, Microsoft
 * Teams): version "1.0", source "custom", text type "client-markdown" (administrator guide, "Custom
 * notifications"). Anything else on a topic of such a channel is dropped without a word.
 */
import type { OutboxEntry } from '../model';

/**
 * Slack refuses a text of more than 3,000 characters in a message's block; the guide states no
 * limit of its own (M).
 */
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

/**
 * The alert's own lines, which are tables, as preformatted text: whole lines from the top, as many
 * as fit.
 */
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

/** Parts what a chat would read as more than text, and shows nothing. */
const ZERO_WIDTH = '\u200b';

/** Control characters but the line's end, and what turns text around or hides in it. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const INVISIBLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Where a chat begins to read something other than text: a mention (`@here`, `<!channel>`, `<at>`),
 * a link whose text may lie about where it leads (`<https://evil|Click>`, `[Click](https://evil)`),
 * a plain address, which it makes a link of its own, and an entity that stands for one of these.
 * Slack parses `<` in preformatted text too (Slack API, "Formatting text for app surfaces": `&`,
 * `<` and `>` are control characters).
 */
const SPECIAL = /[@<>&]|\](?=\()|:(?=\/\/)/g;

/**
 * What a host printed, or somebody wrote into a tag, must not end the preformatted text, call
 * anybody or lead anywhere. Entities (`&lt;`) are no help: nothing says whether Amazon Q Developer
 * writes them once more (I). People read the same text.
 */
function harmless(text: string): string {
  return text.replace(INVISIBLE, ' ').replaceAll('`', "'").replace(SPECIAL, `$&${ZERO_WIDTH}`);
}
