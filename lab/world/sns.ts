import type {
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  MessageAttributeValue,
  PublishInput,
  PublishResponse,
  Subscription,
} from '@aws-sdk/client-sns';
import { arn, type Account, type Ids } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import { pageOf } from './paging';

export interface PublishedMessage {
  readonly at: number;
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

/** The largest message, in bytes (SNS API reference, Publish). */
const MESSAGE_BYTES = 262_144;

const PENDING = 'PendingConfirmation';

/** SNS: topics that remember what was published to them. */
export class Sns {
  readonly published: PublishedMessage[] = [];
  private readonly topics = new Map<string, Subscription[]>();

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  addTopic(name: string): string {
    const topicArn = arn(this.account, 'sns', name);
    if (!this.topics.has(topicArn)) this.topics.set(topicArn, []);
    return topicArn;
  }

  /** Confirmed, unless it still waits for a click on the link that was mailed. */
  subscribe(topicArn: string, protocol: string, endpoint: string, isConfirmed = true): void {
    // As ListSubscriptionsByTopic shows one that is not (SNS developer guide).
    const SubscriptionArn = isConfirmed ? `${topicArn}:${this.ids.uuid()}` : PENDING;
    this.topic(topicArn).push({
      SubscriptionArn,
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner: this.account.accountId,
    });
  }

  publish(input: PublishInput): PublishResponse {
    const topicArn = input.TopicArn ?? input.TargetArn ?? '';
    this.topic(topicArn);
    checkMessage(input);
    const messageId = this.ids.uuid();
    this.published.push({
      at: this.clock.now(),
      messageId,
      topicArn,
      subject: input.Subject,
      message: input.Message ?? '',
      attributes: input.MessageAttributes ?? {},
    });
    return { MessageId: messageId };
  }

  /** Counts are text, as SNS has them. */
  getTopicAttributes(input: GetTopicAttributesInput): GetTopicAttributesResponse {
    const TopicArn = input.TopicArn ?? '';
    const all = this.topic(TopicArn);
    const pending = all.filter(({ SubscriptionArn }) => SubscriptionArn === PENDING).length;
    return { Attributes: { TopicArn, SubscriptionsConfirmed: String(all.length - pending), SubscriptionsPending: String(pending) } };
  }

  listSubscriptionsByTopic(input: ListSubscriptionsByTopicInput): ListSubscriptionsByTopicResponse {
    const page = pageOf(this.topic(input.TopicArn ?? ''), input.NextToken, 100, 'InvalidParameter');
    return { Subscriptions: page.items, NextToken: page.next };
  }

  private topic(topicArn: string): Subscription[] {
    const topic = this.topics.get(topicArn);
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist');
    return topic;
  }
}

/**
 * Limits of Publish: a message, at most 256 KiB, and a subject of at most 100 characters on one
 * line.
 */
function checkMessage(input: PublishInput): void {
  const bytes = Buffer.byteLength(input.Message ?? '');
  if (bytes === 0) throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
  if (bytes > MESSAGE_BYTES)
    throw new AwsError('InvalidParameter', `Invalid parameter: Message too long: got ${bytes} bytes, allowed ${MESSAGE_BYTES}`);
  const subject = input.Subject;
  // Subjects are ASCII that starts with a letter, number or punctuation mark, without line breaks
  // or control characters.
  if (subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(subject)) {
    throw new AwsError('InvalidParameter', `Invalid parameter: Subject: got '${subject}', allowed 1 to 100 printable ASCII characters`);
  }
}
