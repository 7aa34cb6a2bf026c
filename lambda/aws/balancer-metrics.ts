/**
 * What an Application Load Balancer measured of a target group, from CloudWatch: namespace
 * AWS/ApplicationELB, dimensions TargetGroup and LoadBalancer ("CloudWatch metrics for your
 * Application Load Balancer", ELB user guide). A metric without data is not reported there, so that
 * an error count that is absent is a zero only where requests were counted.
 */
import { GetMetricDataCommand, type CloudWatchClient, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { MINUTE_MS, VIEW_MINUTES } from '../../core/balancer-view';
import type { BalancerMinute, TargetGroup } from '../../core/model';
import { BALANCER_METRICS } from '../contract';
import type { BalancerMetrics } from '../ports';

type MetricId = (typeof BALANCER_METRICS)[number]['id'];

export function balancerMetrics(client: CloudWatchClient): BalancerMetrics {
  return {
    minutes: async (group, now) => {
      const dimensions = dimensionsOf(group);
      const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
      const answer = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(minute - VIEW_MINUTES * MINUTE_MS),
          EndTime: new Date(minute + MINUTE_MS),
          MetricDataQueries: BALANCER_METRICS.map(({ id, name, stat }) => ({
            Id: id,
            MetricStat: {
              Metric: { Namespace: 'AWS/ApplicationELB', MetricName: name, Dimensions: dimensions },
              Period: MINUTE_MS / 1000,
              Stat: stat,
            },
          })),
        }),
      );
      return minutesOf(answer.MetricDataResults ?? []);
    },
  };
}

/**
 * The ends of the ARNs. A target group is used by one load balancer at most
 * (TargetGroupAssociationLimit, ELB API reference).
 */
function dimensionsOf({ arn, loadBalancerArns = [] }: Pick<TargetGroup, 'arn' | 'loadBalancerArns'>): { Name: string; Value: string }[] {
  const [balancer] = loadBalancerArns.flatMap((one) => /:loadbalancer\/(app\/.+)$/.exec(one)?.[1] ?? []);
  if (balancer === undefined)
    throw new Error(`no Application Load Balancer forwards to ${arn}; got ${loadBalancerArns.join(', ') || 'none'}`);
  return [
    { Name: 'TargetGroup', Value: arn.split(':').at(-1) ?? arn },
    { Name: 'LoadBalancer', Value: balancer },
  ];
}

/** @throws when an answer is not whole: half of the errors would speak for the wrong side. */
function minutesOf(results: readonly MetricDataResult[]): BalancerMinute[] {
  const values = new Map(BALANCER_METRICS.map(({ id }) => [id, byMinute(id, results)]));
  const at = (id: MetricId, startsAt: number) => values.get(id)?.get(startsAt);
  const requests = [...(values.get('requests') ?? [])].sort(([a], [b]) => a - b);
  return requests.map(([startsAt, count]) => {
    const p99S = at('p99', startsAt);
    return {
      startsAt,
      requests: count,
      serverErrors: at('serverErrors', startsAt) ?? 0,
      connectionErrors: at('connectionErrors', startsAt) ?? 0,
      ...(p99S === undefined ? {} : { p99Ms: p99S * 1000 }),
    };
  });
}

function byMinute(id: MetricId, results: readonly MetricDataResult[]): Map<number, number> {
  const result = results.find((one) => one.Id === id);
  if (result?.StatusCode !== 'Complete') throw new Error(`${id}: CloudWatch answered ${result?.StatusCode ?? 'nothing'}, not Complete`);
  const { Timestamps = [], Values = [] } = result;
  return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
}
