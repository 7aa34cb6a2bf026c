/** Instance refreshes, which move instances themselves while they are under way. */
import type { DescribeInstanceRefreshesAnswer, DescribeInstanceRefreshesType } from '@aws-sdk/client-auto-scaling';
import type { GroupState } from './autoscaling-groups';
import type { Clock } from './clock';
import { pageOf } from './paging';

/**
 * An instance refresh waits so long for instances on standby, then it fails (RefreshPreferences
 * StandbyInstances, API reference).
 */
const REFRESH_WAITS_MS = 3_600_000;

export function startRefresh(state: GroupState, id: string, clock: Clock): void {
  state.refreshes.unshift({
    InstanceRefreshId: id,
    AutoScalingGroupName: state.spec.name,
    Status: 'InProgress',
    StartTime: new Date(clock.now()),
    PercentageComplete: 0,
  });
  clock.at(clock.now() + REFRESH_WAITS_MS, () => failRefresh(state, id, clock.now()));
}

export function endRefreshes({ refreshes }: GroupState, now: number): void {
  for (const refresh of refreshes)
    if (refresh.Status === 'InProgress') Object.assign(refresh, { Status: 'Successful', EndTime: new Date(now), PercentageComplete: 100 });
}

function failRefresh({ refreshes, members }: GroupState, id: string, now: number): void {
  const refresh = refreshes.find((one) => one.InstanceRefreshId === id && one.Status === 'InProgress');
  if (refresh === undefined || ![...members.values()].includes('Standby')) return;
  Object.assign(refresh, { Status: 'Failed', EndTime: new Date(now) });
}

export function describeRefreshes({ refreshes }: GroupState, input: DescribeInstanceRefreshesType): DescribeInstanceRefreshesAnswer {
  const found = refreshes.filter(
    ({ InstanceRefreshId = '' }) => !input.InstanceRefreshIds || input.InstanceRefreshIds.includes(InstanceRefreshId),
  );
  const page = pageOf(found, input.NextToken, input.MaxRecords ?? 50, 'InvalidNextToken');
  return { InstanceRefreshes: page.items, NextToken: page.next };
}
