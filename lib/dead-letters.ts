import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Protection } from './protection';
import { alarmName } from './runbook';

export interface DeadLettersProps {
  /**
   * What it means that something lies here, and where it says what to do: the alarm's description.
   */
  readonly description: string;
  readonly page: ITopic;
  readonly protection: Protection;
}

/** A queue for what was not delivered, and an alarm as soon as anything lies in it. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeadLettersProps) {
    super(scope, id);
    const { encryptionKey, enforceSsl } = props.protection;
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: enforceSsl,
      ...(encryptionKey === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
      retentionPeriod: Duration.days(14),
    });
    const alarm = this.queue
      .metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' })
      .createAlarm(this, 'Alarm', {
        alarmName: alarmName(this, 'NotEmpty'),
        alarmDescription: props.description,
        threshold: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        // SQS sends no metrics for a queue that has been empty for hours.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    alarm.addAlarmAction(new SnsAction(props.page));
    alarm.addOkAction(new SnsAction(props.page));
  }
}
