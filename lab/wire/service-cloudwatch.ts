import * as cloudwatchClient from '@aws-sdk/client-cloudwatch';
import { arn } from '../world/account';
import type { World } from '../world/world';
import { jsonProtocol } from './protocol-json';
import { read, service, type Service } from './service';

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
