/** Alarms that somebody made on a load balancer's latency. */
import { paginateDescribeAlarms, type CloudWatchClient, type Dimension, type MetricAlarm } from '@aws-sdk/client-cloudwatch';

export interface LatencyAlarm {
  readonly name: string;
  /** As CloudWatch names it: `app/checkout/0123456789abcdef`. */
  readonly loadBalancer: string;
  /** `p99`, `Average`. */
  readonly statistic: string;
  readonly thresholdS: number | undefined;
}

const NAMESPACE = 'AWS/ApplicationELB';
const METRIC = 'TargetResponseTime';

/** Every alarm on the response time of an Application Load Balancer's targets. */
export async function latencyAlarms(client: CloudWatchClient): Promise<LatencyAlarm[]> {
  const found: LatencyAlarm[] = [];
  for await (const page of paginateDescribeAlarms({ client }, { AlarmTypes: ['MetricAlarm'] }))
    found.push(...(page.MetricAlarms ?? []).flatMap(latencyAlarm));
  return found;
}

function latencyAlarm(alarm: MetricAlarm): LatencyAlarm[] {
  const [watched] = [
    { metric: alarm, statistic: alarm.ExtendedStatistic ?? alarm.Statistic },
    // An alarm on an expression names its metrics here (MetricAlarm, API reference).
    ...(alarm.Metrics ?? []).map(({ MetricStat }) => ({ metric: MetricStat?.Metric ?? {}, statistic: MetricStat?.Stat })),
  ].filter(({ metric }) => metric.Namespace === NAMESPACE && metric.MetricName === METRIC);
  const loadBalancer = valueOf(watched?.metric.Dimensions, 'LoadBalancer');
  if (alarm.AlarmName === undefined || watched === undefined || loadBalancer === undefined) return [];
  return [{ name: alarm.AlarmName, loadBalancer, statistic: watched.statistic ?? 'unknown', thresholdS: alarm.Threshold }];
}

function valueOf(dimensions: readonly Dimension[] | undefined, name: string): string | undefined {
  return dimensions?.find((dimension) => dimension.Name === name)?.Value;
}

/** The end of a load balancer's ARN, by which CloudWatch names it. */
export function metricNameOf(balancerArn: string): string {
  return balancerArn.slice(balancerArn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
}
