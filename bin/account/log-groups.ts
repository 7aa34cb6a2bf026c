import { paginateDescribeLogGroups, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

/** Names are listed by their beginning: another one may go on where this one ends. */
export async function hasLogGroup(client: CloudWatchLogsClient, name: string): Promise<boolean> {
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name }))
    if (logGroups.some(({ logGroupName }) => logGroupName === name)) return true;
  return false;
}
