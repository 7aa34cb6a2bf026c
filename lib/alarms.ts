import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  Metric,
  TreatMissingData,
  type IAlarm,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { STACK_METRICS } from '../lambda/contract';
import type { Alerts } from './alerts';
import type { OwnMetrics } from './own-metrics';
import { RUNBOOK, describedBy, type RunbookSection } from './runbook';

export interface AlarmsProps {
  readonly metrics: OwnMetrics;
  readonly functions: Readonly<Record<'Sweeper' | 'Prober' | 'Responder' | 'Restorer', IFunction>> & {
    readonly SecondProber?: IFunction;
    readonly Reviewer?: IFunction;
    readonly Stopper?: IFunction;
    readonly Reporter?: IFunction;
  };
  readonly alerts: Alerts;
  /**
   * The longest lease that the configuration allows: a target that is out for longer was renewed
   * past it.
   */
  readonly leaseCapS: number;
  /** Minutes between two scheduled rounds. */
  readonly intervalMinutes: number;
}

/**
 * How often in how many periods a metric must be at its threshold. What each sweep publishes has
 * the sweeps' interval as its period.
 */
interface Spec {
  readonly section: RunbookSection;
  readonly meaning: string;
  readonly metric: IMetric;
  readonly tell: readonly ITopic[];
  readonly of?: number;
  readonly outOf?: number;
  readonly threshold?: number;
  /**
   * Default: as long as nothing is published nothing is wrong. A state that a sweep publishes stays
   * until the next one says otherwise.
   */
  readonly missing?: TreatMissingData;
  readonly below?: true;
}

/** Rounds that may be missed before "not running" is told. */
const MISSED_ROUNDS = 5;

/**
 * Alarms on Sickbay itself: whoever relies on it must learn when it does not work. Pages go out
 * when nobody would be taken out or put back; an alarm about a topic speaks on both.
 */
export class Alarms extends Construct {
  /** Every one that tells somebody by itself, for the dashboard. */
  readonly all: IAlarm[] = [];
  /** Begins each alarm's name. */
  private readonly stack: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.stack = props.metrics.stack;
    for (const [name, spec] of Object.entries({ ...failing(props), ...looking(props), ...acting(props), ...telling(props) }))
      this.alarm(name, spec);
    this.silence(props);
  }

  /**
   * Silence pages only after something was heard. An alarm for which missing data is breaching is
   * in ALARM as soon as it is made, before the first sweep can have run. The second one says
   * nothing until the first round, for a new alarm has INSUFFICIENT_DATA and missing data is
   * ignored, and is OK for ever after (CloudWatch user guide, "Configuring how CloudWatch alarms
   * treat missing data").
   */
  private silence(props: AlarmsProps): void {
    const { metrics, alerts, intervalMinutes } = props;
    const minutes = MISSED_ROUNDS * intervalMinutes;
    const metric = metrics.ofStack(STACK_METRICS.groupsMeasured, 'Maximum', Duration.minutes(intervalMinutes));
    const common = { section: RUNBOOK.notRunning, metric, below: true as const, tell: [] };
    const silent = this.alarm('NotRunning', {
      ...common,
      meaning: `No target group was measured for ${minutes} minutes. It is in ALARM before the first round too, and has no action of its own.`,
      of: MISSED_ROUNDS,
      missing: TreatMissingData.BREACHING,
    });
    const heard = this.alarm('HasRun', {
      ...common,
      meaning: 'OK since the first round of this stack. It has no action.',
      threshold: 0,
      missing: TreatMissingData.IGNORE,
    });
    const stopped = new CompositeAlarm(this, 'Stopped', {
      compositeAlarmName: `${this.stack}-Stopped`,
      alarmDescription: describedBy(this, RUNBOOK.notRunning, `No target group was measured for ${minutes} minutes.`),
      alarmRule: AlarmRule.allOf(AlarmRule.fromAlarm(silent, AlarmState.ALARM), AlarmRule.fromAlarm(heard, AlarmState.OK)),
    });
    tellChanges(stopped, alerts.page);
    this.all.push(stopped);
  }

  private alarm(id: string, spec: Spec): Alarm {
    const { metric, of = 1, outOf = of, threshold = 1, below, missing = TreatMissingData.NOT_BREACHING } = spec;
    const alarm = new Alarm(this, id, {
      alarmName: `${this.stack}-${id}`,
      alarmDescription: describedBy(this, spec.section, spec.meaning),
      metric,
      threshold,
      comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: of,
      evaluationPeriods: outOf,
      treatMissingData: missing,
    });
    for (const topic of spec.tell) tellChanges(alarm, topic);
    if (spec.tell.length > 0) this.all.push(alarm);
    return alarm;
  }
}

function tellChanges(alarm: AlarmBase, topic: ITopic): void {
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
}

function failing({ functions, alerts }: AlarmsProps): Record<string, Spec> {
  const errors = (fn: IFunction) => fn.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' });
  const common = { section: RUNBOOK.failing, of: 3, outOf: 5, tell: [alerts.page] };
  return {
    SweeperFails: {
      ...common,
      metric: errors(functions.Sweeper),
      meaning: 'The sweeper fails: no target is measured, or the responder is not invoked.',
    },
    ProberFails: { ...common, metric: errors(functions.Prober), meaning: 'The prober fails: the groups it probes are not judged.' },
    ...(functions.SecondProber === undefined
      ? {}
      : {
          SecondProberFails: {
            ...common,
            tell: [alerts.notify],
            metric: errors(functions.SecondProber),
            meaning: 'The prober in the second subnet fails: removals rest on the other views alone.',
          },
        }),
    ...(functions.Reviewer === undefined
      ? {}
      : {
          ReviewerFails: {
            ...common,
            of: 1,
            outOf: 1,
            tell: [alerts.notify],
            metric: errors(functions.Reviewer),
            meaning: 'The review failed: no digest of this period. Nothing else depends on it.',
          },
        }),
    ...(functions.Stopper === undefined
      ? {}
      : {
          StopperFails: {
            ...common,
            section: RUNBOOK.stopperFails,
            metric: errors(functions.Stopper),
            meaning: 'The function that stops fails: nothing is proposed, and what was stopped is not verified.',
          },
        }),
    ...(functions.Reporter === undefined
      ? {}
      : {
          ReporterFails: {
            ...common,
            tell: [alerts.notify],
            metric: errors(functions.Reporter),
            meaning: 'The report of a case was not written, at three attempts. Nothing else depends on it: "sickbay report" makes it.',
          },
        }),
    RestorerFails: {
      ...common,
      of: 1,
      outOf: 1,
      tell: [alerts.notify],
      metric: errors(functions.Restorer),
      meaning: 'The scheduled restore of an address failed at an attempt. The last one lies in a queue with a page of its own.',
    },
    ResponderFails: {
      ...common,
      metric: errors(functions.Responder),
      meaning: 'The responder fails: no target is removed, and what is out is restored when its lease ends.',
    },
  };
}

function looking({ metrics, alerts, intervalMinutes }: AlarmsProps): Record<string, Spec> {
  const minutes = MISSED_ROUNDS * intervalMinutes;
  const interval = Duration.minutes(intervalMinutes);
  return {
    Blind: {
      section: RUNBOOK.blind,
      meaning: `Rounds of at least one target group were blind for ${minutes} minutes: the prober cannot reach most targets, and detection is paused there.`,
      metric: metrics.ofStack(STACK_METRICS.blindGroups, 'Maximum', interval),
      of: MISSED_ROUNDS,
      missing: TreatMissingData.IGNORE,
      tell: [alerts.page],
    },
  };
}

function acting({ metrics, alerts, leaseCapS, intervalMinutes }: AlarmsProps): Record<string, Spec> {
  return {
    Blocked: {
      section: RUNBOOK.blocked,
      meaning: 'Targets should have been removed for several rounds and are not: a guardrail forbids it.',
      metric: metrics.ofStack(STACK_METRICS.blocked, 'Sum'),
      of: 3,
      outOf: 10,
      tell: [alerts.notify],
    },
    BreakerOpen: {
      section: RUNBOOK.breakerOpen,
      meaning: 'A breaker is open: no target is removed there until a person closes it.',
      metric: metrics.ofStack(STACK_METRICS.openBreakers, 'Maximum', Duration.minutes(intervalMinutes)),
      missing: TreatMissingData.IGNORE,
      tell: [alerts.page],
    },
    UnreadableRecords: {
      section: RUNBOOK.unreadableRecords,
      meaning: 'A record of a later version is stored: no target is removed, and what that record may have out is not watched.',
      metric: metrics.ofStack(STACK_METRICS.unreadableRecords, 'Maximum', Duration.minutes(intervalMinutes)),
      missing: TreatMissingData.IGNORE,
      tell: [alerts.page],
    },
    OutTooLong: {
      section: RUNBOOK.outTooLong,
      meaning: `A target is out for longer than ${leaseCapS} s, the longest lease: its cause is still there, or its task was not stopped.`,
      metric: metrics.ofStack(STACK_METRICS.longestOutMs, 'Maximum', Duration.minutes(intervalMinutes)),
      threshold: leaseCapS * 1000,
      of: 3,
      missing: TreatMissingData.IGNORE,
      tell: [alerts.page],
    },
  };
}

function telling({ metrics, alerts, intervalMinutes }: AlarmsProps): Record<string, Spec> {
  const both = alerts.all;
  return {
    AlertUnsent: {
      section: RUNBOOK.alertNotDelivered,
      meaning: 'An alert is on record and not published for over two minutes.',
      metric: metrics.ofStack(STACK_METRICS.unsentAlerts, 'Maximum', Duration.minutes(intervalMinutes)),
      of: 3,
      missing: TreatMissingData.IGNORE,
      tell: both,
    },
    PageUndelivered: {
      section: RUNBOOK.alertNotDelivered,
      meaning: 'SNS could not deliver a page to one of its subscribers.',
      metric: undelivered(alerts.page),
      tell: both,
    },
    NotifyUndelivered: {
      section: RUNBOOK.alertNotDelivered,
      meaning: 'SNS could not deliver a notification to one of its subscribers.',
      metric: undelivered(alerts.notify),
      tell: both,
    },
    SilentTopic: {
      section: RUNBOOK.silentTopic,
      meaning: 'The topic has no confirmed subscriber. Checked once an hour.',
      metric: metrics.ofStack(STACK_METRICS.silentTopics, 'Maximum', Duration.hours(1)),
      missing: TreatMissingData.IGNORE,
      tell: both,
    },
  };
}

function undelivered(topic: ITopic): Metric {
  return new Metric({
    namespace: 'AWS/SNS',
    metricName: 'NumberOfNotificationsFailed',
    dimensionsMap: { TopicName: topic.topicName },
    period: Duration.minutes(5),
    statistic: 'Sum',
  });
}
