/** What a proposal asks of AWS beside the host: tags, calendars, target health. */
import { DescribeTagsCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { GetCalendarStateCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { lbTargetOf } from '../../core/case';
import { isInstanceId, STOP_TAG_KEY, type TargetState } from '../../core/model';
import type { LoadBalancing } from '../ports';
import type { StopPorts } from '../stop/ports';

/**
 * Fresh target health. A target that is not listed gets nothing, nor one that drains or is not in
 * use; in any other state it may. @throws on an empty list: it does not say that nobody serves.
 */
export function serves(balancing: Pick<LoadBalancing, 'health'>): StopPorts['serves'] {
  return async (groupArn, target) => {
    const view = await balancing.health(groupArn);
    if (view.length === 0) throw new Error('target health lists no target at all');
    const entry = lbTargetOf(view, target);
    return entry !== undefined && !WITHOUT_REQUESTS.includes(entry.state);
  };
}

/**
 * States in which the load balancer sends a target no new request (TargetHealth, API reference).
 */
const WITHOUT_REQUESTS: readonly TargetState[] = ['unused', 'draining', 'unhealthy.draining'];

/**
 * The tag on both, with this stack's name: another stack's is none.
 * @throws for an address, whoever has it: what is planned, started and undone goes to the host by
 * the id of the target.
 */
export function tagged(balancing: ElasticLoadBalancingV2Client, compute: EC2Client, stack: string): StopPorts['tagged'] {
  return async (groupArn, instanceId) => {
    if (!isInstanceId(instanceId)) throw new Error(`${instanceId} is no instance: nothing is stopped behind an address`);
    const [group, instance] = await Promise.all([
      balancing.send(new DescribeTagsCommand({ ResourceArns: [groupArn] })),
      compute.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })),
    ]);
    const ofGroup = (group.TagDescriptions ?? []).flatMap(({ Tags = [] }) => Tags);
    const ofInstance = (instance.Reservations ?? []).flatMap(({ Instances = [] }) => Instances).flatMap(({ Tags = [] }) => Tags);
    return [ofGroup, ofInstance].every((tags) => tags.some(({ Key, Value }) => Key === STOP_TAG_KEY && Value === stack));
  };
}

/**
 * "Returns OPEN only if all calendars in the request are open" (GetCalendarState, API reference).
 * Without a calendar nothing is asked.
 */
export function calendarOpen(client: SSMClient, calendars: readonly string[]): StopPorts['calendarOpen'] {
  return async () => {
    if (calendars.length === 0) return true;
    const { State } = await client.send(new GetCalendarStateCommand({ CalendarNames: [...calendars] }));
    return State === 'OPEN';
  };
}
