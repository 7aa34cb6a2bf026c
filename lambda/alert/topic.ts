/** Alerts to the SNS topic of their severity. The entry's id travels with the message: delivery is at least once. */
import { GetTopicAttributesCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { OutboxEntry } from '../../core/model';
import type { Severity, Topic } from '../ports';

/** SNS takes 256 KB a message (quotas); people read far less. */
const BODY_MAX_CHARACTERS = 60_000;

export function snsTopics(client: SNSClient, topicArns: Readonly<Record<Severity, string>>): Topic {
  return {
    publish: async (entry, { caseId, groupArn }) =>
      void (await client.send(new PublishCommand({ TopicArn: topicArns[entry.severity], ...message(entry, caseId, groupArn) }))),
    audience: async (severity) => {
      const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArns[severity] }));
      return { confirmed: count(Attributes['SubscriptionsConfirmed']), pending: count(Attributes['SubscriptionsPending']) };
    },
  };
}

/** SNS gives its counts as text (GetTopicAttributes, API reference). @throws on anything else: not knowing is not "nobody". */
function count(value: string | undefined): number {
  if (value === undefined || !/^[0-9]+$/.test(value)) throw new Error(`a count of subscriptions: got ${value}, allowed: a number`);
  return Number(value);
}

function message(entry: OutboxEntry, caseId: string, groupArn: string) {
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
  return {
    Subject: entry.subject,
    Message:
      entry.body.length > BODY_MAX_CHARACTERS
        ? `${entry.body.slice(0, BODY_MAX_CHARACTERS)}\n(cut at ${BODY_MAX_CHARACTERS} characters)`
        : entry.body,
    MessageAttributes: {
      alertId: attribute(entry.id),
      caseId: attribute(caseId),
      groupArn: attribute(groupArn),
      severity: attribute(entry.severity),
    },
  };
}
