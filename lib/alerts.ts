import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Protection } from './protection';

export interface AlertsProps {
  /** Subscribed to both topics. */
  readonly emails: readonly string[];
  readonly protection: Protection;
}

/**
 * The topics on which Sickbay tells people what it saw and did, and on which its own alarms speak.
 */
export class Alerts extends Construct {
  /** A person is needed now. */
  readonly page: Topic;
  /** For the record. */
  readonly notify: Topic;

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    this.page = this.topic('Page', 'Sickbay: needs a person now', props);
    this.notify = this.topic('Notify', 'Sickbay: for the record', props);
  }

  private topic(id: string, displayName: string, { emails, protection }: AlertsProps): Topic {
    const { encryptionKey, enforceSsl } = protection;
    const topic = new Topic(this, id, {
      displayName,
      enforceSSL: enforceSsl,
      ...(encryptionKey === undefined ? {} : { masterKey: encryptionKey }),
    });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    // A topic policy takes the place of the default one that let the account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }
}
