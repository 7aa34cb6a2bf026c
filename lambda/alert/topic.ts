/** Alerts to the SNS topic. The entry's id travels with the message: delivery is at least once. */
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { OutboxEntry } from '../../core/model';
import type { Topic } from '../ports';

/** SNS takes 256 KB a message (quotas); people read far less. */
const BODY_MAX_CHARACTERS = 60_000;

export function snsTopic(client: SNSClient, topicArn: string): Topic {
  return {
    publish: async (entry, { caseId, groupArn }) =>
      void (await client.send(new PublishCommand({ TopicArn: topicArn, ...message(entry, caseId, groupArn) }))),
  };
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
