/** The adapter against the lab's CloudWatch over the wire. */
import { CloudWatchClient, type GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import { balancerMetrics } from '../../../lambda/aws/balancer-metrics';
import { open, type Opened } from '../../lab/wire-setup';
import { answered } from '../aws/answered';

const GROUP = {
  arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef',
  loadBalancerArns: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/50dc6c495c0c9188'],
};
const DIMENSIONS = { LoadBalancer: 'app/front/50dc6c495c0c9188', TargetGroup: 'targetgroup/web/0123456789abcdef' };
const MINUTE = 60_000;

describe('what an ALB tells CloudWatch', () => {
  let opened: Opened;
  let client: CloudWatchClient;
  beforeEach(async () => {
    opened = await open();
    client = new CloudWatchClient(opened.client);
    opened.clock.advance(10 * MINUTE + 20_000 - (opened.clock.now() % MINUTE));
  });
  afterEach(async () => {
    client.destroy();
    await opened.door.close();
  });
  const feed = (name: string, value: number, ago: number, dimensions: Record<string, string> = DIMENSIONS) =>
    opened.world.metrics.feed('AWS/ApplicationELB', name, dimensions, value, opened.clock.now() - ago);
  const read = () => balancerMetrics(client).minutes(GROUP, opened.clock.now());

  test('is read by the minute: sums, the p99 in milliseconds, and zero for errors that were not reported', async () => {
    const began = opened.clock.now() - 20_000;
    for (const [value, ago] of [
      [300, 70_000],
      [100, 75_000],
      [390, 10_000],
    ] as const)
      feed('RequestCount', value, ago);
    feed('HTTPCode_Target_5XX_Count', 7, 10_000);
    feed('TargetConnectionErrorCount', 2, 10_000);
    feed('TargetResponseTime', 2.4, 10_000);
    expect(await read()).toEqual([
      { startsAt: began - MINUTE, requests: 400, serverErrors: 0, connectionErrors: 0 },
      { startsAt: began, requests: 390, serverErrors: 7, connectionErrors: 2, p99Ms: 2400 },
    ]);
    expect(opened.calls.map(({ action, mutating }) => [action, mutating])).toEqual([['cloudwatch:GetMetricData', false]]);
  });

  test('of another group, or of longer ago than ten minutes, does not count', async () => {
    feed('RequestCount', 400, 30_000, { ...DIMENSIONS, TargetGroup: 'targetgroup/other/0123456789abcdef' });
    feed('RequestCount', 400, 11 * MINUTE);
    expect(await read()).toEqual([]);
  });
});

test('an answer that is not whole is an error, and no zeros', async () => {
  const minutesOf = (...MetricDataResults: NonNullable<GetMetricDataCommandOutput['MetricDataResults']>) => {
    const client = new CloudWatchClient({ region: 'us-east-1' });
    client.middlewareStack.use(answered(() => ({ MetricDataResults })));
    return balancerMetrics(client).minutes(GROUP, 0);
  };
  const complete = ['requests', 'serverErrors', 'p99'].map((Id) => ({ Id, StatusCode: 'Complete' as const }));
  await expect(minutesOf(...complete)).rejects.toThrow('connectionErrors: CloudWatch answered nothing, not Complete');
  await expect(minutesOf({ Id: 'requests', StatusCode: 'PartialData' })).rejects.toThrow(
    'requests: CloudWatch answered PartialData, not Complete',
  );
});

test('a group that no Application Load Balancer forwards to is not asked about', async () => {
  const network = GROUP.loadBalancerArns.map((arn) => arn.replace('/app/', '/net/'));
  const read = balancerMetrics(new CloudWatchClient({ region: 'us-east-1' })).minutes({ ...GROUP, loadBalancerArns: network }, 0);
  await expect(read).rejects.toThrow(/^no Application Load Balancer forwards to .*web.*; got .*\/net\/front\//);
});
