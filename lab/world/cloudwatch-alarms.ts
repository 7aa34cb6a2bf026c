import type { DescribeAlarmsInput, DescribeAlarmsOutput, MetricAlarm, SetAlarmStateInput, StateValue } from '@aws-sdk/client-cloudwatch';
import { arn, type Account, type Ids } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import { pageOf } from './paging';

/** An event as EventBridge delivers it. */
export interface AwsEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/**
 * CloudWatch's metric alarms. They evaluate nothing: their state is set, by the lab or through the
 * API.
 */
export class Alarms {
  private readonly alarms = new Map<string, MetricAlarm>();

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
    /** Takes the "CloudWatch Alarm State Change" event of every change of state. */
    private readonly onEvent: (event: AwsEvent) => void,
  ) {}

  /** Defines an alarm, in state OK. Returns its ARN. */
  addAlarm(alarm: MetricAlarm & { AlarmName: string }): string {
    const AlarmArn = arn(this.account, 'cloudwatch', `alarm:${alarm.AlarmName}`);
    const StateUpdatedTimestamp = new Date(this.clock.now());
    this.alarms.set(alarm.AlarmName, { StateValue: 'OK', StateReason: 'created', StateUpdatedTimestamp, ...alarm, AlarmArn });
    return AlarmArn;
  }

  describeAlarms(input: DescribeAlarmsInput): DescribeAlarmsOutput {
    const found = [...this.alarms.values()].filter(
      (alarm) =>
        (input.AlarmNames === undefined || input.AlarmNames.includes(alarm.AlarmName ?? '')) &&
        (input.AlarmNamePrefix === undefined || alarm.AlarmName?.startsWith(input.AlarmNamePrefix)) &&
        (input.StateValue === undefined || alarm.StateValue === input.StateValue),
    );
    const page = pageOf(found, input.NextToken, input.MaxRecords ?? 50, 'InvalidNextToken');
    return { MetricAlarms: page.items, CompositeAlarms: [], NextToken: page.next };
  }

  /** Only a change of state makes an event. */
  setAlarmState(input: SetAlarmStateInput): Record<string, never> {
    const before = this.alarms.get(input.AlarmName ?? '');
    if (!before) throw new AwsError('ResourceNotFound', `alarm ${input.AlarmName} does not exist`);
    const StateUpdatedTimestamp = new Date(this.clock.now());
    const after = { ...before, StateValue: input.StateValue, StateReason: input.StateReason, StateUpdatedTimestamp };
    this.alarms.set(input.AlarmName ?? '', after);
    if (before.StateValue !== after.StateValue) this.onEvent(this.event(before, after));
    return {};
  }

  private event(before: MetricAlarm, after: MetricAlarm): AwsEvent {
    return {
      version: '0',
      id: this.ids.uuid(),
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: this.account.accountId,
      time: new Date(this.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: this.account.region,
      resources: [after.AlarmArn ?? ''],
      detail: {
        alarmName: after.AlarmName,
        state: stateOf(after),
        previousState: stateOf(before),
        configuration: { metrics: after.MetricName === undefined ? [] : [metricOf(after)] },
      },
    };
  }
}

function stateOf(alarm: MetricAlarm): { value: StateValue | undefined; reason: string | undefined; timestamp: string | undefined } {
  const timestamp = alarm.StateUpdatedTimestamp?.toISOString().replace('Z', '+0000');
  return { value: alarm.StateValue, reason: alarm.StateReason, timestamp };
}

function metricOf(alarm: MetricAlarm): unknown {
  const dimensions = Object.fromEntries((alarm.Dimensions ?? []).map(({ Name = '', Value }) => [Name, Value]));
  const metric = { namespace: alarm.Namespace, name: alarm.MetricName, dimensions };
  return { id: 'm1', metricStat: { metric, period: alarm.Period, stat: alarm.ExtendedStatistic ?? alarm.Statistic }, returnData: true };
}
