import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  InvalidParameterValueException,
  PutMetricDataCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AwsEvent } from '../../lab/world/cloudwatch-alarms';
import { open, type Opened } from './wire-setup';

let opened: Opened;
let events: AwsEvent[];

beforeEach(async () => {
  events = [];
  opened = await open({ onEvent: (event) => events.push(event) });
});

afterEach(() => opened.door.close());

test('metrics are put, also in requests large enough to be compressed', async () => {
  const cloudwatch = new CloudWatchClient(opened.client);
  const datum = (index: number): { MetricName: string; Value: number; Dimensions: { Name: string; Value: string }[]; Timestamp: Date } => ({
    MetricName: `metric-${index}`,
    Value: index / 2,
    Dimensions: [{ Name: 'Group', Value: 'web – ü' }],
    Timestamp: new Date(opened.clock.now()),
  });
  await cloudwatch.send(
    new PutMetricDataCommand({ Namespace: 'Sickbay', MetricData: Array.from({ length: 400 }, (_, index) => datum(index)) }),
  );
  expect(opened.world.metrics.put[0]?.data).toHaveLength(400);
  expect(opened.world.metrics.put[0]?.data[3]).toEqual(datum(3));
  const reserved = cloudwatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Fake', MetricData: [datum(1)] }));
  await expect(reserved).rejects.toBeInstanceOf(InvalidParameterValueException);
  cloudwatch.destroy();
});

test('the load balancer’s own metrics can be asked for', async () => {
  const cloudwatch = new CloudWatchClient(opened.client);
  const { metrics } = opened.world;
  const start = opened.clock.now();
  for (let second = 0; second < 120; second++)
    metrics.feed('AWS/ApplicationELB', 'TargetResponseTime', { LoadBalancer: 'app/web/1' }, second, start + second * 1000);
  const Metric = {
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'TargetResponseTime',
    Dimensions: [{ Name: 'LoadBalancer', Value: 'app/web/1' }],
  };
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(start),
      EndTime: new Date(start + 120_000),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        { Id: 'p99', MetricStat: { Metric, Period: 60, Stat: 'p99' } },
        { Id: 'none', MetricStat: { Metric: { ...Metric, MetricName: 'HTTPCode_Target_5XX_Count' }, Period: 60, Stat: 'Sum' } },
      ],
    }),
  );
  expect(MetricDataResults?.[0]).toMatchObject({ Id: 'p99', Values: [59, 119], Timestamps: [new Date(start), new Date(start + 60_000)] });
  expect(MetricDataResults?.[1]).toMatchObject({ Id: 'none', Values: [], StatusCode: 'Complete' });
  cloudwatch.destroy();
});

test('an alarm’s change of state is an event, the same state again is none', async () => {
  const cloudwatch = new CloudWatchClient(opened.client);
  opened.world.alarms.addAlarm({
    AlarmName: 'slow',
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'TargetResponseTime',
    ExtendedStatistic: 'p99',
    Period: 60,
  });
  const alarm = { AlarmName: 'slow', StateValue: 'ALARM' as const, StateReason: 'the drill says so' };
  await cloudwatch.send(new SetAlarmStateCommand(alarm));
  await cloudwatch.send(new SetAlarmStateCommand(alarm));
  expect(events).toEqual([
    expect.objectContaining({
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      detail: expect.objectContaining({ alarmName: 'slow', state: expect.objectContaining({ value: 'ALARM' }) }),
    }),
  ]);
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
  expect(MetricAlarms?.[0]).toMatchObject({ AlarmName: 'slow', StateUpdatedTimestamp: new Date(opened.clock.now()) });
  const unknown = cloudwatch.send(new SetAlarmStateCommand({ ...alarm, AlarmName: 'unknown' }));
  await expect(unknown).rejects.toBeInstanceOf(ResourceNotFound);
  cloudwatch.destroy();
});
