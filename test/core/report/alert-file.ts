/**
 * The file of an alert: its lengths, and then all that a person reads of it, as mail and as chat.
 */
import { alert, BODY_MAX, type AlertInput } from '../../../core/report/alert';
import { CHAT_HEAD_MAX, chatMessage } from '../../../core/report/chat';
import { HEAD_MAX, headLines, headOf } from '../../../core/report/head';
import { parsed } from '../../builders/parsed';

interface Chat {
  readonly content: { readonly title: string; readonly description: string; readonly nextSteps?: readonly string[] };
}

export const LENGTHS = ['subject', 'head', 'whole', 'chat'] as const;

export interface Rendered {
  readonly text: string;
  readonly lengths: Readonly<Record<(typeof LENGTHS)[number], number>>;
}

export const LIMITS = { subject: 100, head: HEAD_MAX, whole: BODY_MAX, chat: CHAT_HEAD_MAX } as const;

export function rendered(input: AlertInput): Rendered {
  const entry = alert(input);
  const { content } = parsed<Chat>(
    chatMessage(entry, {
      caseId: input.incident.id,
      ...(input.incident.groupArn === undefined ? {} : { groupArn: input.incident.groupArn }),
    }),
  );
  const lengths = {
    subject: entry.subject.length,
    head: headLines(headOf(input)).join('\n').length,
    whole: entry.body.length,
    chat: content.description.length,
  };
  const told = LENGTHS.map((part) => `${part} ${lengths[part]} of ${LIMITS[part]}`);
  const chat = [content.description, ...(content.nextSteps ?? []).map((step) => `- ${step}`)];
  const text = [`(characters: ${told.join(', ')})`, '', entry.subject, '', entry.body, '', '(in a chat)', content.title, ...chat, ''].join(
    '\n',
  );
  return { text, lengths };
}
