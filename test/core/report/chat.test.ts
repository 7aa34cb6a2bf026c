import * as fc from 'fast-check';
import { diagnose } from '../../../core/diagnose/diagnose';
import { diagnosed } from '../../../core/case-transitions';
import type { Decision, OutboxEntry } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { CHAT_HEAD_MAX, chatMessage } from '../../../core/report/chat';
import { stopAlert } from '../../../core/report/stop/alert';
import type { StopNews } from '../../../core/report/stop/telling';
import { sceneInput } from '../diagnose/captures';
import { targetCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { GROUP } from '../../builders/groups';
import { stopOf } from '../../builders/stops';
import { parsed } from '../../builders/parsed';

const CASE = '2026-01-01T00:26:10.000Z-76011602';
const target = { id: 'app-3', port: 8080 };

interface Notification {
  readonly version: string;
  readonly source: string;
  readonly content: {
    readonly textType: string;
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

const messageOf = (entry: OutboxEntry): Notification => parsed<Notification>(chatMessage(entry, { caseId: CASE, groupArn: GROUP }));

/** The alert about the story's incident, with the diagnosis of a captured inspection. */
function rendered(action: Decision['action'], now: number): OutboxEntry {
  const opened = targetCase({ openedAt: 0, id: CASE, target, address: '10.0.1.12' });
  const incident = diagnosed(opened, diagnose(sceneInput('pool-starvation', 'app-3')), 1);
  const guardrails = Array.from({ length: 60 }, (_, index) => ({
    guardrail: 'grace' as const,
    passed: true,
    value: String(index),
    limit: 'at least that',
  }));
  const decision = decisionTo(action, { caseId: CASE, target, reason: 'slow', guardrails });
  return alert({ now, incident, decision, round: undefined, remarks: [] });
}

const said = (body: string, subject = 'Sickbay: checkout') => messageOf({ id: 'a', at: 0, severity: 'page', subject, body });

describe('an alert for a chat', () => {
  test('is a custom notification with the cause and the culprit in it', () => {
    const { version, source, content, metadata } = messageOf(rendered('eject', 7));
    expect([version, source, content.textType]).toEqual(['1.0', 'custom', 'client-markdown']);
    expect(content.title).toBe('[checkout] Removed a target: cron job starving its DB pool (app-3)');
    expect(content.description).toContain('*Cause:* Cron job starving its DB pool');
    expect(content.description).toContain('generate_monthly_report');
    expect(metadata.relatedResources).toEqual([GROUP]);
  });

  test('is one thread with the others of its case', () => {
    const messages = [rendered('eject', 7), rendered('watch', 8), rendered('close', 9)].map((entry) => messageOf(entry));
    expect(messages.map(({ metadata }) => metadata.threadId)).toEqual([CASE, CASE, CASE]);
  });

  test('of a proposed stop has the execution that waits, for a button; no other has it', () => {
    const contextOf = (news: StopNews) => messageOf(stopAlert({ now: 7, stop: stopOf(), news })).metadata.additionalContext;
    expect(contextOf('proposed')).toMatchObject({ approvalExecutionId: stopOf().executionId });
    for (const news of ['withdrawn', 'expired', 'verified'] as const) expect(contextOf(news)).not.toHaveProperty('approvalExecutionId');
  });

  test('is the head within what a chat shows at once, and what to do as next steps', () => {
    const { description, nextSteps = [] } = messageOf(rendered('eject', 7)).content;
    expect(description.length).toBeLessThanOrEqual(CHAT_HEAD_MAX);
    expect(description.split('\n').map((line) => line.split(':')[0])).toEqual(['*Users', '*Done', '*Cause', '*Back']);
    expect(nextSteps[0]).toMatch(/^On app-3, remove the job from .*, then stop pid \d+/);
    expect(nextSteps[1]).toBe(`npx --no-install sickbay explain ${CASE}`);
  });

  test('that fits is whole, and a single endless line is cut too', () => {
    expect(said('one\ntwo').content.description).toBe('```\none\ntwo\n```');
    const room = 3000 - 8;
    expect(said('x'.repeat(room)).content.description).toBe(`\`\`\`\n${'x'.repeat(room)}\n\`\`\``);
    const cut = said('x'.repeat(room + 1)).content.description;
    expect([cut.length <= 3000, cut.includes('(cut;')]).toEqual([true, true]);
  });

  const HOSTILE = [
    '<https://evil.example|Click>',
    '[Click](https://evil.example)',
    'https://evil.example/?token=',
    '<!channel>',
    '<@U012AB3CD>',
    '<at>everyone</at>',
    '&lt;!here&gt;',
    '@here',
    '`',
    '```',
    '~~~',
    '\u202e',
    '\u200b',
    '\u001b[2J',
    ']',
    '(',
    ':',
    '//',
    '<',
    '!channel>',
    '@',
    '\n',
    ' ',
    'node',
  ];

  test('mentions nobody, leads nowhere and stays preformatted, whatever a host printed', () => {
    const text = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 600 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (body, subject) => {
        const { title, description } = said(body, subject).content;
        expect(description.startsWith('```\n') && description.endsWith('\n```')).toBe(true);
        const inside = description.slice(4, -4);
        for (const shown of [title, inside]) {
          expect(shown).not.toContain('`');
          expect(shown).not.toMatch(/[@<>&](?!\u200b|$|\n)/);
          expect(shown).not.toMatch(/\]\(|:\/\//);
          expect(shown).not.toMatch(/\u202e/);
          expect(shown).not.toContain('\u001b');
        }
        expect(description.length).toBeLessThanOrEqual(3000);
      }),
    );
  });

  test('has a head and next steps in which a host can do as little', () => {
    const entry = rendered('eject', 7);
    const { event } = entry;
    if (event === undefined) throw new Error('the alert has an event');
    const { head } = event;
    const text = fc.array(fc.constantFrom(...HOSTILE, '*', '~', '_'), { minLength: 1, maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (says, step) => {
        const hostile = Object.fromEntries(Object.entries(head).map(([key, value]) => [key, typeof value === 'string' ? says : value]));
        const links = { runbook: 'https://ours.example' };
        const { content } = messageOf({ ...entry, event: { ...event, head: { ...head, ...hostile }, nextSteps: [step], links } });
        const [shownStep = ''] = content.nextSteps ?? [];
        expect(content.nextSteps?.at(-1)).toBe('[Runbook](https://ours.example)');
        for (const shown of [content.description, shownStep]) {
          expect(shown).not.toContain('`');
          expect(shown).not.toMatch(/[@<>&](?!\u200b|$|\n)/);
          expect(shown).not.toMatch(/\]\(|:\/\//);
          expect(shown).not.toMatch(/\u202e/);
        }
        expect(content.description.replaceAll(/^\*\w+:\*/gm, '')).not.toMatch(/[*~](?!\u200b|$|\n)/);
        expect(content.description.length).toBeLessThanOrEqual(CHAT_HEAD_MAX);
      }),
    );
  });

  test('reads as it was written, but for backticks', () => {
    const { description } = said('node <https://evil.example|Click> `x` a@b').content;
    expect(description.replaceAll('\u200b', '')).toBe("```\nnode <https://evil.example|Click> 'x' a@b\n```");
  });
});

it('names the command that has the rest of what has no room: of a case explain, of the weekly review audit', () => {
  const long: OutboxEntry = { id: 'digest/1', at: 0, severity: 'notify', subject: 'Sickbay review', body: 'finding\n'.repeat(1000) };
  const restOf = (caseId: string) => /\(cut; the whole of it: ([^)]*)\)/.exec(chatMessage(long, { caseId }))?.[1];
  expect(restOf(CASE)).toMatch(new RegExp(`sickbay explain ${CASE}$`));
  expect(restOf('review')).toMatch(/sickbay audit$/);
});
