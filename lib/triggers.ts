import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { Config } from '../core/config';
import type { RespondEvent, SweepEvent } from '../lambda/contract';
import { RUNBOOK, describedBy } from './runbook';

export interface TriggersProps {
  readonly sweeper: IFunction;
  readonly responder: IFunction;
  readonly config: Config;
}

/** A run that could not be started now is dropped: the next one looks at the same world. */
const DROP_WHEN_LATE = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };

type LatencyAlarm = Config['latencyAlarms'][number];

/** A schedule, the function that it starts and the role by which it may start that function and no other. */
export interface Scheduled {
  readonly schedule: Schedule;
  readonly target: IFunction;
  readonly role: Role;
}

/** What starts a sweep: the clock, at the configured interval, and alarms as soon as one goes off. And what starts the hourly look at the topics. */
export class Triggers extends Construct {
  readonly schedules: readonly Scheduled[];
  /** On the load balancers of `latencyAlarms`. */
  readonly latencyAlarms: readonly Alarm[];
  /** Undefined where there is no alarm to listen to. */
  readonly onAlarm: Rule | undefined;

  constructor(scope: Construct, id: string, { sweeper, responder, config }: TriggersProps) {
    super(scope, id);
    const round: SweepEvent = { trigger: 'schedule' };
    const checkTopics: RespondEvent = { wokenBy: 'schedule', wish: { kind: 'check-topics' } };
    this.schedules = [
      this.every('Sweep', Duration.seconds(config.intervalS), 'sweeps at the configured interval', sweeper, round),
      this.every('EveryHour', Duration.hours(1), 'whether anybody hears the topics', responder, checkTopics),
    ];
    this.latencyAlarms = config.latencyAlarms.map((alarm) => this.latencyAlarm(alarm));
    const names = [...config.alarmNames, ...this.latencyAlarms.map(({ alarmName }) => alarmName)];
    this.onAlarm = names.length > 0 ? this.rule(sweeper, names) : undefined;
  }

  private every(id: string, interval: Duration, what: string, target: IFunction, event: SweepEvent | RespondEvent): Scheduled {
    const role = new Role(this, `${id}Role`, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    const schedule = new Schedule(this, id, {
      description: `Sickbay: ${what}`,
      schedule: ScheduleExpression.rate(interval),
      target: new LambdaInvoke(target, { ...DROP_WHEN_LATE, role, input: ScheduleTargetInput.fromObject(event) }),
    });
    return { schedule, target, role };
  }

  /** Tells nobody: its change of state is an event, and that starts a round. */
  private latencyAlarm({ loadBalancer, thresholdMs }: LatencyAlarm): Alarm {
    return new Alarm(this, `Latency-${loadBalancer.replaceAll('/', '-')}`, {
      alarmDescription: describedBy(RUNBOOK.slow, `The p99 of ${loadBalancer} is above ${thresholdMs} ms: a round is measured at once.`),
      metric: new Metric({
        namespace: 'AWS/ApplicationELB',
        metricName: 'TargetResponseTime',
        dimensionsMap: { LoadBalancer: loadBalancer },
        statistic: 'p99',
        period: Duration.minutes(1),
      }),
      // The metric is in seconds.
      threshold: thresholdMs / 1000,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // No requests, no data.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private rule(sweeper: IFunction, alarmName: string[]): Rule {
    return new Rule(this, 'OnAlarm', {
      description: 'Sickbay: a round as soon as one of these alarms goes off',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { alarmName, state: { value: ['ALARM'] } },
      },
      targets: [new LambdaFunction(sweeper, DROP_WHEN_LATE)],
    });
  }
}
