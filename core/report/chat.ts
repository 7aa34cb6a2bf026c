/**
 * An alert as a custom notification of Amazon Q Developer in chat applications (Slack, Microsoft
 * Teams): version "1.0", source "custom", text type "client-markdown", `nextSteps` as a list of
 * texts (administrator guide, "Custom notifications", Event schema). Anything else on a topic of
 * such a channel is dropped without a word.
 */
import { REVIEW, WHOLE_STACK, type CaseStateChange, type OutboxEntry } from '../model';
import { sickbayCommand } from './command';
import { ZERO_WIDTH, harmless } from './harmless';
import { headLines, type Head } from './head';
import type { Links } from './links';

/** What a chat shows of a message before it folds it. */
export const CHAT_HEAD_MAX = 500;
/** Slack's limit for a title is 150; ours has 100 already, for SNS. */
const TITLE_MAX = 150;
/** An alert of an older record, or a test: its own lines, preformatted. */
const PLAIN_MAX = 3000;

const FENCE = '```';

/** JSON for the topic. All messages of one case have one thread. */
export function chatMessage(
  entry: OutboxEntry,
  { caseId, groupArn = WHOLE_STACK }: { readonly caseId: string; readonly groupArn?: string },
): string {
  const { event } = entry;
  const title = harmless(entry.subject).slice(0, TITLE_MAX);
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id: entry.id,
    content: {
      textType: 'client-markdown',
      title,
      description: event === undefined ? plain(entry.body, wholeOf(caseId)) : headText(event.head),
      ...(event === undefined ? {} : { nextSteps: stepsOf(event) }),
      keywords: [entry.severity, ...(event === undefined ? [] : [event.status])],
    },
    metadata: {
      threadId: caseId,
      summary: title,
      eventType: 'sickbay-alert',
      relatedResources: [groupArn],
      additionalContext: { severity: entry.severity, alertId: entry.id, ...(event === undefined ? {} : contextOf(event)) },
    },
  });
}

/**
 * What a button of the channel's own may use (docs/runbook.md, "A stop waits for an approval"): of
 * a proposal alone the execution that waits.
 */
function contextOf({ status, action, stop }: CaseStateChange): Readonly<Record<string, string>> {
  const waits = action === 'stop-proposed' ? stop?.executionId : undefined;
  return { status, ...(waits === undefined ? {} : { approvalExecutionId: waits }) };
}

/**
 * The head without what to do, which is the first of the next steps; what a host printed in it is
 * only text. The marks that this takes are counted: the longest line is cut until all fit.
 */
function headText({ now: _now, ...head }: CaseStateChange['head']): string {
  for (let most = CHAT_HEAD_MAX; ; most -= 10) {
    const told = headLines(head as Partial<Head>, most)
      .map(marked)
      .join('\n');
    if (told.length <= CHAT_HEAD_MAX || most <= 100) return told.slice(0, CHAT_HEAD_MAX);
  }
}

/** Its label in bold; what would be bold or struck out in the rest is parted. */
function marked(text: string): string {
  return harmless(text)
    .replace(/[*~]|(?<!\w)_|_(?!\w)/g, `$&${ZERO_WIDTH}`)
    .replace(/^(\w+):/, '*$1:*');
}

const LINKS: readonly (readonly [keyof Links, string])[] = [
  ['report', 'Report'],
  ['session', 'Open a session'],
  ['task', 'Task'],
  ['logs', 'Logs'],
  ['targetGroup', 'Target group'],
  ['runbook', 'Runbook'],
  ['dashboard', 'Dashboard'],
];

/** Links are ours: none holds anything that a host or an operator wrote. */
function stepsOf({ links, nextSteps }: CaseStateChange): string[] {
  const pages = LINKS.flatMap(([key, label]) => (links[key] === undefined ? [] : [`[${label}](${links[key]})`]));
  return [...nextSteps.map(harmless), ...(pages.length === 0 ? [] : [pages.join(' | ')])];
}

/** The command that has all of a message: the weekly review is about no case. */
function wholeOf(caseId: string): string {
  return caseId === REVIEW ? 'audit' : `explain ${caseId}`;
}

function plain(body: string, whole: string): string {
  const room = PLAIN_MAX - 2 * (FENCE.length + 1);
  const text = harmless(body);
  const cut = `\n(cut; the whole of it: ${sickbayCommand(whole)})`;
  return [FENCE, text.length <= room ? text : `${text.slice(0, room - cut.length)}${cut}`, FENCE].join('\n');
}
