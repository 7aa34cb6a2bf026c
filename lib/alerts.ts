import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ConfigError } from '../core/config';
import type { Protection } from './protection';

export interface AlertsProps {
  /** Subscribed to both topics. */
  readonly emails: readonly string[];
  readonly protection: Protection;
  /** Topics of your own; one is made in place of each that is not given. */
  readonly page: ITopic | undefined;
  readonly notify: ITopic | undefined;
}

/**
 * The topics on which Sickbay tells people what it saw and did, and on which its own alarms speak.
 */
export class Alerts extends Construct {
  /** A person is needed now. */
  readonly page: ITopic;
  /** For the record. */
  readonly notify: ITopic;

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    this.page = props.page ?? this.topic('Page', 'Sickbay: needs a person now', props.protection);
    this.notify = props.notify ?? this.topic('Notify', 'Sickbay: for the record', props.protection);
    for (const topic of this.all) this.open(topic, props.emails);
  }

  /** Each topic once, also where one is for both. */
  get all(): ITopic[] {
    return [...new Set([this.page, this.notify])];
  }

  private topic(id: string, displayName: string, { encryptionKey, enforceSsl }: Protection): Topic {
    return new Topic(this, id, {
      displayName,
      enforceSSL: enforceSsl,
      ...(encryptionKey === undefined ? {} : { masterKey: encryptionKey }),
    });
  }

  /**
   * @throws ConfigError for a FIFO topic: nobody gives its messages a group.
   */
  private open(topic: ITopic, emails: readonly string[]): void {
    if (topic.fifo) throw new ConfigError([{ path: 'topic', got: `the FIFO topic ${topic.node.path}`, allowed: 'a standard topic' }]);
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    // A topic policy takes the place of the default one that let the account's alarms publish. That
    // of an imported topic is its owner's business (docs/configuration.md).
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
