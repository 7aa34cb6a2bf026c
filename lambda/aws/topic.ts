/**
 * Alerts to the SNS topic of their severity, in the topic's format. The entry's id travels with the
 * message: delivery is at least once.
 */
import { GetTopicAttributesCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { AlertFormat } from '../../core/config';
import { WHOLE_STACK, type OutboxEntry } from '../../core/model';
import { eventOf } from '../../core/report/case-event';
import { chatMessage } from '../../core/report/chat';
import type { Severity, Topic } from '../ports';

/** SNS takes 256 KB a message (quotas); people read far less. */
const BODY_MAX_CHARACTERS = 60_000;

export function snsTopics(
  client: SNSClient,
  topicArns: Readonly<Record<Severity, string>>,
  formats: Readonly<Record<Severity, AlertFormat>> = { page: 'text', notify: 'text' },
): Topic {
  return {
    publish: async (entry, context) =>
      void (await client.send(
        new PublishCommand({ TopicArn: topicArns[entry.severity], ...message(entry, context, formats[entry.severity]) }),
      )),
    audience: async (severity) => {
      const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArns[severity] }));
      return { confirmed: count(Attributes['SubscriptionsConfirmed']), pending: count(Attributes['SubscriptionsPending']) };
    },
  };
}

/**
 * SNS gives its counts as text (GetTopicAttributes, API reference). @throws on anything else: not
 * knowing is not "nobody".
 */
function count(value: string | undefined): number {
  if (value === undefined || !/^[0-9]+$/.test(value)) throw new Error(`a count of subscriptions: got ${value}, allowed: a number`);
  return Number(value);
}

type Context = Parameters<Topic['publish']>[1];

const MESSAGES: Readonly<Record<AlertFormat, (entry: OutboxEntry, context: Context) => string>> = {
  text: ({ body }) => cutText(body),
  'amazon-q': chatMessage,
  json: (entry, context) => JSON.stringify(entry.digest ?? eventOf(entry, context)),
};

function message(entry: OutboxEntry, context: Context, format: AlertFormat) {
  const { caseId, groupArn = WHOLE_STACK } = context;
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
  return {
    Subject: entry.subject,
    Message: MESSAGES[format](entry, context),
    MessageAttributes: {
      alertId: attribute(entry.id),
      caseId: attribute(caseId),
      groupArn: attribute(groupArn),
      severity: attribute(entry.severity),
      ...(entry.event === undefined ? {} : { status: attribute(entry.event.status) }),
    },
  };
}

function cutText(body: string): string {
  return body.length > BODY_MAX_CHARACTERS ? `${body.slice(0, BODY_MAX_CHARACTERS)}\n(cut at ${BODY_MAX_CHARACTERS} characters)` : body;
}
