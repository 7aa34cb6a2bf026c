import * as cloudwatchClient from '@aws-sdk/client-cloudwatch';
import { arn, type Account } from '../world/account';
import type { World } from '../world/world';
import { jsonProtocol } from './protocol-json';
import { read, service, type Operation, type Service } from './service';

export function cloudwatchService(world: World): Service {
  return service({
    signingName: 'monitoring',
    iamPrefix: 'cloudwatch',
    sdkName: 'cloudwatch',
    client: cloudwatchClient,
    protocol: jsonProtocol('1.0'),
    operations: operations(world),
  });
}

const alarmArn = (account: Account, name: string): string => arn(account, 'cloudwatch', `alarm:${name}`);

function operations({ account, metrics, alarms }: World): Record<string, Operation> {
  return {
    PutMetricData: { mutating: true, resources: () => [], run: (input) => metrics.putMetricData(input) },
    GetMetricData: read((input) => metrics.getMetricData(input)),
    DescribeAlarms: {
      mutating: false,
      resources: ({ AlarmNames = ['*'] }: { readonly AlarmNames?: readonly string[] }) => AlarmNames.map((name) => alarmArn(account, name)),
      run: (input) => alarms.describeAlarms(input),
    },
    SetAlarmState: {
      mutating: true,
      resources: ({ AlarmName }: { readonly AlarmName: string }) => [alarmArn(account, AlarmName)],
      run: (input) => alarms.setAlarmState(input),
    },
  };
}
