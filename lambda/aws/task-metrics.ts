/**
 * How busy each task on Fargate is, from Container Insights with enhanced observability. Of a task
 * only that has a metric of its own (ClusterSetting, ECS API reference: "additional task and
 * container metrics"); plain Container Insights averages over the service, and an average hides the
 * fullest task.
 */
import { GetMetricDataCommand, type CloudWatchClient, type MetricDataQuery, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { DescribeClustersCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { DeclaredService } from '../../core/model';
import { inChunks } from '../discover/chunks';
import type { TaskCpu, TaskMetrics } from '../ports';

/** GetMetricData takes 500 queries (API reference, MetricDataQueries). */
const AT_ONCE = 500;
const MINUTE_MS = 60_000;
/** How far back a reading is looked for; how old one may be, others decide. */
const BACK_MINUTES = 5;

export function taskMetrics(ecs: ECSClient, cloudWatch: CloudWatchClient): TaskMetrics {
  return {
    cpu: async (service, taskArns, now) => {
      const setting = await insightsOf(ecs, service.cluster);
      if (setting !== 'enhanced')
        return { why: `Container Insights of cluster ${service.cluster} is ${setting}: "enhanced" tells how busy each task is` };
      const chunks = inChunks([...taskArns], AT_ONCE);
      const answers = await Promise.all(chunks.map((arns) => read(cloudWatch, service, arns, now)));
      return answers.flat();
    },
  };
}

/** `enhanced`, `enabled` or `disabled` (ClusterSetting, API reference). */
async function insightsOf(client: ECSClient, cluster: string): Promise<string> {
  const { clusters = [], failures = [] } = await client.send(new DescribeClustersCommand({ clusters: [cluster], include: ['SETTINGS'] }));
  const [found] = clusters;
  if (found === undefined) throw new Error(`ECS could not describe cluster ${cluster}: ${failures[0]?.reason ?? 'no answer'}`);
  return found.settings?.find(({ name }) => name === 'containerInsights')?.value ?? 'not set';
}

async function read(
  client: CloudWatchClient,
  service: DeclaredService,
  taskArns: readonly string[],
  now: number,
): Promise<readonly TaskCpu[]> {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(minute - BACK_MINUTES * MINUTE_MS),
      // The minute that is under way has no maximum yet.
      EndTime: new Date(minute),
      MetricDataQueries: taskArns.map((arn, index) => queryOf(service, arn, index)),
    }),
  );
  return (answer.MetricDataResults ?? []).flatMap((result) => cpuOf(result, taskArns) ?? []);
}

/**
 * Percent of the CPU that the task definition gives the task, which on Fargate is all that it has.
 * The dimensions are as public tools ask for them (I): where they are others, there are no data,
 * and nothing rests on them. The maximum of the minute, for an average hides its busiest moment.
 */
function queryOf({ cluster, service }: DeclaredService, arn: string, index: number): MetricDataQuery {
  const dimensions = { ClusterName: cluster, ServiceName: service, TaskId: arn.split('/').at(-1) ?? arn };
  return {
    Id: `task${index}`,
    MetricStat: {
      Metric: {
        Namespace: 'ECS/ContainerInsights',
        MetricName: 'TaskCpuUtilization',
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: MINUTE_MS / 1000,
      Stat: 'Maximum',
    },
  };
}

/** The newest minute. A task without data is absent, as is one of which the answer is not whole. */
function cpuOf({ Id = '', StatusCode, Timestamps = [], Values = [] }: MetricDataResult, taskArns: readonly string[]): TaskCpu | undefined {
  const taskArn = taskArns[Number(Id.replace('task', ''))];
  const newest = Math.max(...Timestamps.map((at) => at.getTime()));
  const percent = Values[Timestamps.findIndex((at) => at.getTime() === newest)];
  if (taskArn === undefined || percent === undefined || StatusCode !== 'Complete' || !(percent >= 0)) return undefined;
  return { taskArn, busyFraction: percent / 100, endedAt: newest + MINUTE_MS };
}
