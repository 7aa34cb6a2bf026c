/**
 * Whom an alarm is about. The event is EventBridge's "CloudWatch Alarm State Change" (CloudWatch
 * user guide, "Alarm events and EventBridge").
 */
import type { EventBridgeEvent } from 'aws-lambda';
import type { ListedGroup } from '../../core/model';

export type AlarmEvent = EventBridgeEvent<'CloudWatch Alarm State Change', AlarmDetail>;

export interface AlarmDetail {
  readonly configuration?: { readonly metrics?: readonly AlarmMetric[]; readonly alarmRule?: string };
}

interface AlarmMetric {
  readonly metricStat?: { readonly metric?: { readonly dimensions?: Readonly<Record<string, string>> } };
}

/**
 * Whether a target group stands behind what the alarm watches: a load balancer or the group itself,
 * as AWS/ApplicationELB names them in its dimensions. An alarm that names neither (a composite one,
 * a metric of the application's own) is about every group.
 */
export function isBehind({ detail }: Pick<AlarmEvent, 'detail'>): (group: ListedGroup) => boolean {
  const dimensions = (detail.configuration?.metrics ?? []).map(({ metricStat }) => metricStat?.metric?.dimensions ?? {});
  const named = dimensions.flatMap(({ LoadBalancer, TargetGroup: group }) => ends(LoadBalancer, group));
  if (named.length === 0) return () => true;
  return ({ arn, loadBalancerArns }) => [arn, ...loadBalancerArns].some((own) => named.some((end) => own.endsWith(end)));
}

/** The end of an ARN from each: the group alone, where the dimensions name both. */
function ends(loadBalancer: string | undefined, targetGroup: string | undefined): string[] {
  if (targetGroup !== undefined) return [`:${targetGroup}`];
  return loadBalancer === undefined ? [] : [`:loadbalancer/${loadBalancer}`];
}
