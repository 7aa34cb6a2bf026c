import { Duration, Stack, Token, type CfnElement } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Config } from '../core/config';
import type { RespondEvent, SweepEvent } from '../lambda/contract';
import type { StopEvent } from '../lambda/stop/contract';
import { partOfId } from './deploy-time';
import { RUNBOOK, describedBy } from './runbook';

export interface TriggersProps {
  readonly sweeper: IFunction;
  readonly responder: IFunction;
  /** None where the configuration turns the review off. */
  readonly reviewer?: IFunction;
  /** None where no group says `stop`. */
  readonly stopper?: IFunction;
  readonly config: Config;
}

/** A run that could not be started now is dropped: the next one looks at the same world. */
const DROP_WHEN_LATE = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };

const NEVER_LATE = {
  maximumRetryAttempts: DROP_WHEN_LATE.retryAttempts,
  maximumEventAgeInSeconds: DROP_WHEN_LATE.maxEventAge.toSeconds(),
};

type LatencyAlarm = Config['latencyAlarms'][number];

/**
 * A schedule, the function that it starts and the role by which it may start that function and no
 * other.
 */
export interface Scheduled {
  readonly schedule: Schedule;
  readonly target: IFunction;
  readonly role: Role;
}

/**
 * Characters that an event pattern may have (EventBridge quotas, "Event pattern size": 2,048), less
 * what stands around the names and a margin.
 */
const NAMES_IN_A_PATTERN = 1_850;
const LONGEST_STACK_NAME = 128;
/**
 * Up to 255 characters (API reference, PutMetricAlarm, AlarmName), with its quotes and the comma.
 */
const LONGEST_ALARM_NAME = 258;
const QUOTES = '"",'.length;

interface AlarmName {
  readonly name: string;
  /** Bytes in the pattern, with its quotes and the comma. */
  readonly length: number;
}

function responseTime(loadBalancer: string): Metric {
  return new Metric({
    namespace: 'AWS/ApplicationELB',
    metricName: 'TargetResponseTime',
    dimensionsMap: { LoadBalancer: loadBalancer },
    statistic: 'p99',
    period: Duration.minutes(1),
  });
}

function jsonBytes(name: string): number {
  return Buffer.byteLength(JSON.stringify(name)) + ','.length;
}

/** The names in their order, in as few lists as hold them. */
function packed(names: readonly AlarmName[]): string[][] {
  const lists: { names: string[]; length: number }[] = [];
  for (const { name, length } of names) {
    const last = lists.at(-1);
    if (last === undefined || last.length + length > NAMES_IN_A_PATTERN) lists.push({ names: [name], length });
    else {
      last.names.push(name);
      last.length += length;
    }
  }
  return lists.map((list) => list.names);
}

/**
 * What starts a sweep: the clock, at the configured interval, and alarms as soon as one goes off.
 * And what starts the hourly look at the topics.
 */
export class Triggers extends Construct {
  readonly schedules: readonly Scheduled[];
  /** On the load balancers of `latencyAlarms`. */
  readonly latencyAlarms: readonly Alarm[];
  /** None where there is no alarm to listen to; several where one pattern cannot hold all names. */
  readonly onAlarm: readonly Rule[];

  constructor(scope: Construct, id: string, { sweeper, responder, reviewer, stopper, config }: TriggersProps) {
    super(scope, id);
    const round: SweepEvent = { trigger: 'schedule' };
    const checkTopics: RespondEvent = { wokenBy: 'schedule', wish: { kind: 'check-topics' } };
    const stopping: StopEvent = { wokenBy: 'schedule' };
    this.schedules = [
      this.every('Sweep', Duration.seconds(config.intervalS), 'sweeps at the configured interval', sweeper, round),
      this.every('EveryHour', Duration.hours(1), 'whether anybody hears the topics', responder, checkTopics),
      ...(reviewer === undefined ? [] : [this.every('Review', Duration.days(config.audit.everyDays), 'the review', reviewer, {})]),
      ...(stopper === undefined ? [] : [this.every('Stops', Duration.minutes(1), 'the next step of each stop', stopper, stopping)]),
    ];
    this.latencyAlarms = config.latencyAlarms.map((alarm, index) => this.latencyAlarm(alarm, index));
    const given = config.alarmNames.map((name) => ({ name, length: Token.isUnresolved(name) ? LONGEST_ALARM_NAME : jsonBytes(name) }));
    const made = this.latencyAlarms.map((alarm) => ({ name: alarm.alarmName, length: this.lengthOfName(alarm) }));
    this.onAlarm = packed([...given, ...made]).map((names, index) => this.rule(sweeper, names, index));
  }

  private every(id: string, interval: Duration, what: string, target: IFunction, event: SweepEvent | RespondEvent | object): Scheduled {
    const role = new Role(this, `${id}Role`, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    // Not CDK's LambdaInvoke: that grants every alias too, and one of them is for operators.
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }));
    const schedule = new Schedule(this, id, {
      description: `Sickbay: ${what}`,
      schedule: ScheduleExpression.rate(interval),
      target: { bind: () => ({ arn: target.functionArn, role, retryPolicy: NEVER_LATE, input: ScheduleTargetInput.fromObject(event) }) },
    });
    return { schedule, target, role };
  }

  /** Tells nobody: its change of state is an event, and that starts a round. */
  private latencyAlarm({ loadBalancer, thresholdMs }: LatencyAlarm, index: number): Alarm {
    return new Alarm(this, `Latency-${partOfId(loadBalancer, index).replaceAll('/', '-')}`, {
      alarmDescription: describedBy(
        this,
        RUNBOOK.slow,
        `The p99 of ${loadBalancer} is above ${thresholdMs} ms: a round is measured at once.`,
      ),
      metric: responseTime(loadBalancer),
      // The metric is in seconds.
      threshold: thresholdMs / 1000,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // No requests, no data.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /**
   * How long the name may be that CloudFormation will give: the stack's, the logical id and 12 or
   * 13 characters at random, with hyphens between them (CloudFormation template reference, "Name
   * type"; the random part by observation).
   */
  private lengthOfName(alarm: Alarm): number {
    const stack = Stack.of(this);
    const { stackName } = stack;
    const own = Token.isUnresolved(stackName) ? LONGEST_STACK_NAME : stackName.length;
    return own + stack.getLogicalId(alarm.node.defaultChild as CfnElement).length + '--'.length + 16 + QUOTES;
  }

  private rule(sweeper: IFunction, alarmName: readonly string[], index: number): Rule {
    return new Rule(this, index === 0 ? 'OnAlarm' : `OnAlarm${index + 1}`, {
      description: 'Sickbay: a round as soon as one of these alarms goes off',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { alarmName: [...alarmName], state: { value: ['ALARM'] } },
      },
      targets: [new LambdaFunction(sweeper, DROP_WHEN_LATE)],
    });
  }
}
