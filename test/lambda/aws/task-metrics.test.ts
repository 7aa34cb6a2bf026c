/** The adapter of Container Insights, on answers in the shape of the APIs. */
import { CloudWatchClient, type GetMetricDataInput, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { taskMetrics } from '../../../lambda/aws/task-metrics';
import { answered } from './answered';

const NOW = Date.UTC(2026, 0, 1, 12, 5, 40);
const MINUTE = Date.UTC(2026, 0, 1, 12, 5);
const SERVICE = { cluster: 'shop', service: 'checkout' };
const arn = (id: string) => `arn:aws:ecs:us-east-1:123456789012:task/shop/${id}`;
const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

function metrics(setting: string | undefined, results: readonly MetricDataResult[] = [], asked: GetMetricDataInput[] = []) {
  const settings = setting === undefined ? [] : [{ name: 'containerInsights', value: setting }];
  const ecs = new ECSClient(CREDENTIALS);
  ecs.middlewareStack.use(answered(() => ({ clusters: [{ clusterName: 'shop', settings }] })));
  const cloudWatch = new CloudWatchClient(CREDENTIALS);
  cloudWatch.middlewareStack.use(
    answered((input) => {
      if ('MetricDataQueries' in input) asked.push(input);
      return { MetricDataResults: results };
    }),
  );
  return taskMetrics(ecs, cloudWatch);
}

function result(index: number, ...values: readonly (readonly [minutesAgo: number, percent: number])[]): MetricDataResult {
  return {
    Id: `task${index}`,
    StatusCode: 'Complete',
    Timestamps: values.map(([ago]) => new Date(MINUTE - ago * 60_000)),
    Values: values.map(([, percent]) => percent),
  };
}

test('the newest whole minute of each task, whatever the order of the answer', async () => {
  const asked: GetMetricDataInput[] = [];
  const told = [result(0, [2, 30], [1, 42.5], [3, 90]), result(1, [2, 12])];
  expect(await metrics('enhanced', told, asked).cpu(SERVICE, [arn('a'), arn('b')], NOW)).toEqual([
    { taskArn: arn('a'), busyFraction: 0.425, endedAt: MINUTE },
    { taskArn: arn('b'), busyFraction: 0.12, endedAt: MINUTE - 60_000 },
  ]);
  expect(asked[0]).toMatchObject({ StartTime: new Date(MINUTE - 300_000), EndTime: new Date(MINUTE) });
  expect(asked[0]?.MetricDataQueries?.[1]).toEqual({
    Id: 'task1',
    MetricStat: {
      Metric: {
        Namespace: 'ECS/ContainerInsights',
        MetricName: 'TaskCpuUtilization',
        Dimensions: [
          { Name: 'ClusterName', Value: 'shop' },
          { Name: 'ServiceName', Value: 'checkout' },
          { Name: 'TaskId', Value: 'b' },
        ],
      },
      Period: 60,
      Stat: 'Maximum',
    },
  });
});

test('a task without data, or with a part of it, is absent', async () => {
  const told = [result(0), { ...result(1, [1, 5]), StatusCode: 'PartialData' as const }, result(2, [1, NaN]), result(9, [1, 5])];
  expect(await metrics('enhanced', told).cpu(SERVICE, [arn('a'), arn('b'), arn('c')], NOW)).toEqual([]);
});

test.each(['enabled', 'disabled', undefined])(
  'a cluster whose Container Insights is %s tells of no task, and CloudWatch is not asked',
  async (setting) => {
    const asked: GetMetricDataInput[] = [];
    expect(await metrics(setting, [], asked).cpu(SERVICE, [arn('a')], NOW)).toEqual({
      why: `Container Insights of cluster shop is ${setting ?? 'not set'}: "enhanced" tells how busy each task is`,
    });
    expect(asked).toEqual([]);
  },
);

test('more tasks than one call takes are asked about in several', async () => {
  const asked: GetMetricDataInput[] = [];
  await metrics('enhanced', [], asked).cpu(
    SERVICE,
    Array.from({ length: 501 }, (_, index) => arn(String(index))),
    NOW,
  );
  expect(asked.map(({ MetricDataQueries = [] }) => MetricDataQueries.length)).toEqual([500, 1]);
});

test('a cluster that ECS does not describe is an error', async () => {
  const ecs = new ECSClient(CREDENTIALS);
  ecs.middlewareStack.use(answered(() => ({ clusters: [], failures: [{ reason: 'MISSING' }] })));
  const metric = taskMetrics(ecs, new CloudWatchClient(CREDENTIALS));
  await expect(metric.cpu(SERVICE, [arn('a')], NOW)).rejects.toThrow('ECS could not describe cluster shop: MISSING');
});
