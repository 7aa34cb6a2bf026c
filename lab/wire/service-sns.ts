import * as snsClient from '@aws-sdk/client-sns';
import type { World } from '../world/world';
import { queryProtocol } from './protocol-query';
import { service, type Service } from './service';

interface OnTopic {
  readonly TopicArn?: string;
}

export function snsService({ sns }: World): Service {
  const resources = (input: OnTopic): string[] => (input.TopicArn === undefined ? [] : [input.TopicArn]);
  return service({
    signingName: 'sns',
    iamPrefix: 'sns',
    sdkName: 'sns',
    client: snsClient,
    protocol: queryProtocol('http://sns.amazonaws.com/doc/2010-03-31/'),
    operations: {
      Publish: { mutating: true, resources, run: (input) => sns.publish(input) },
      GetTopicAttributes: { mutating: false, resources, run: (input) => sns.getTopicAttributes(input) },
      ListSubscriptionsByTopic: { mutating: false, resources, run: (input) => sns.listSubscriptionsByTopic(input) },
    },
  });
}
