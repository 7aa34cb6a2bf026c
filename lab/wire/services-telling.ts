import * as cloudwatchClient from '@aws-sdk/client-cloudwatch';
import * as snsClient from '@aws-sdk/client-sns';
import { arn } from '../world/account';
import type { World } from '../world/world';
import { jsonProtocol } from './protocol-json';
import { queryProtocol } from './protocol-query';
import { read, service, type Service } from './service';

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
      ListSubscriptionsByTopic: { mutating: false, resources, run: (input) => sns.listSubscriptionsByTopic(input) },
    },
  });
}

export function cloudwatchService({ account, metrics, alarms }: World): Service {
  const alarmArn = (name: string): string => arn(account, 'cloudwatch', `alarm:${name}`);
  return service({
    signingName: 'monitoring',
    iamPrefix: 'cloudwatch',
    sdkName: 'cloudwatch',
    client: cloudwatchClient,
    protocol: jsonProtocol('1.0'),
    operations: {
      PutMetricData: { mutating: true, resources: () => [], run: (input) => metrics.putMetricData(input) },
      GetMetricData: read((input) => metrics.getMetricData(input)),
      DescribeAlarms: {
        mutating: false,
        resources: (input: { readonly AlarmNames?: readonly string[] }) => (input.AlarmNames ?? ['*']).map(alarmArn),
        run: (input) => alarms.describeAlarms(input),
      },
      SetAlarmState: {
        mutating: true,
        resources: (input: { readonly AlarmName: string }) => [alarmArn(input.AlarmName)],
        run: (input) => alarms.setAlarmState(input),
      },
    },
  });
}
