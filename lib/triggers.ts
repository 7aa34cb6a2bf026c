import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { RespondEvent, SweepEvent } from '../lambda/contract';

export interface TriggersProps {
  readonly sweeper: IFunction;
  readonly responder: IFunction;
  readonly alarmNames: readonly string[];
}

/** A sweep that could not be started now is dropped: the next minute's looks at the same world. */
const DROP_WHEN_LATE = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };

/** What starts a sweep: the clock, every minute, and the operator's own alarms as soon as one goes off. */
export class Triggers extends Construct {
  readonly everyMinute: Schedule;
  /** Looks whether anybody hears the topics. */
  readonly everyHour: Schedule;
  /** Undefined where no alarm is named. */
  readonly onAlarm: Rule | undefined;

  constructor(scope: Construct, id: string, props: TriggersProps) {
    super(scope, id);
    const event: SweepEvent = { trigger: 'schedule' };
    this.everyMinute = new Schedule(this, 'EveryMinute', {
      description: 'Sickbay: a round every minute',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(props.sweeper, { ...DROP_WHEN_LATE, input: ScheduleTargetInput.fromObject(event) }),
    });
    const checkTopics: RespondEvent = { wokenBy: 'schedule', wish: { kind: 'check-topics' } };
    this.everyHour = new Schedule(this, 'EveryHour', {
      description: 'Sickbay: whether anybody hears the topics',
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      target: new LambdaInvoke(props.responder, { ...DROP_WHEN_LATE, input: ScheduleTargetInput.fromObject(checkTopics) }),
    });
    this.onAlarm = props.alarmNames.length > 0 ? this.rule(props) : undefined;
  }

  private rule(props: TriggersProps): Rule {
    return new Rule(this, 'OnAlarm', {
      description: 'Sickbay: a round as soon as one of these alarms goes off',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { alarmName: [...props.alarmNames], state: { value: ['ALARM'] } },
      },
      targets: [new LambdaFunction(props.sweeper, DROP_WHEN_LATE)],
    });
  }
}
