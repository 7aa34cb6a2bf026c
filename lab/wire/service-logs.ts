import * as logsClient from '@aws-sdk/client-cloudwatch-logs';
import { arn } from '../world/account';
import type { World } from '../world/world';
import { jsonProtocol } from './protocol-json';
import { read, service, type Service } from './service';

interface Started {
  readonly logGroupNames?: readonly string[];
}

interface OfQuery {
  readonly queryId?: string;
}

/**
 * StartQuery and GetQueryResults are judged on each log group, StopQuery on none (service
 * authorization reference).
 */
export function logsService({ account, logs }: World): Service {
  const groupArns = (names: readonly string[]) => names.map((name) => arn(account, 'logs', `log-group:${name}`));
  return service({
    signingName: 'logs',
    iamPrefix: 'logs',
    sdkName: 'cloudwatchlogs',
    client: logsClient,
    protocol: jsonProtocol('1.1'),
    operations: {
      DescribeLogGroups: read((input) => logs.describeLogGroups(input)),
      StartQuery: {
        mutating: false,
        resources: ({ logGroupNames = [] }: Started) => groupArns(logGroupNames),
        run: (input) => logs.startQuery(input),
      },
      GetQueryResults: {
        mutating: false,
        resources: ({ queryId = '' }: OfQuery) => groupArns(logs.groupsOf(queryId)),
        run: (input) => logs.getQueryResults(input),
      },
      StopQuery: read((input) => logs.stopQuery(input)),
    },
  });
}
