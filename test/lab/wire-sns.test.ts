import { ListSubscriptionsByTopicCommand, NotFoundException, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { open, type Opened } from './wire-setup';

let opened: Opened;

beforeEach(async () => {
  opened = await open();
});

afterEach(() => opened.door.close());

test('an alert arrives as it was published', async () => {
  const sns = new SNSClient(opened.client);
  const TopicArn = opened.world.sns.addTopic('alerts');
  opened.world.sns.subscribe(TopicArn, 'email', 'ops@example.com');
  const Message = '{"text":"größer als 10 s – <&> \\"quoted\\" +%20"}\nsecond line';
  const MessageAttributes = { severity: { DataType: 'String', StringValue: 'hi & <low>' } };
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Subject: 'ejected <i-1> & told', Message, MessageAttributes }));
  expect(opened.world.sns.published).toEqual([
    expect.objectContaining({
      messageId: MessageId,
      topicArn: TopicArn,
      subject: 'ejected <i-1> & told',
      message: Message,
      attributes: MessageAttributes,
    }),
  ]);
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions).toEqual([expect.objectContaining({ Protocol: 'email', Endpoint: 'ops@example.com' })]);
  const nowhere = sns.send(new PublishCommand({ TopicArn: `${TopicArn}-none`, Message: 'x' }));
  await expect(nowhere).rejects.toBeInstanceOf(NotFoundException);
  expect(opened.calls.at(-1)).toMatchObject({ action: 'sns:Publish', resource: `${TopicArn}-none`, error: 'NotFound' });
  sns.destroy();
});
