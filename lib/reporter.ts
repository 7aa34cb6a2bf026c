import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EVENT_SOURCE, EVENT_TYPE } from '../core/model/case-event';
import { REPORTS_FOLDER } from '../core/report/links';
import { ENV } from '../lambda/contract';
import { HandlerFunction } from './handler-function';
import { grantKey, type Protection } from './protection';
import type { Records } from './records';
import { runbookBaseUrlOf } from './runbook';

export interface ReporterProps {
  /** Days that a report is kept. */
  readonly keepDays: number;
  readonly records: Records;
  readonly handlersDir: string;
  readonly protection: Protection;
  /** The stack's name in its events. */
  readonly stack: string;
}

/** The rounds of some hours are read, and S3 is asked once. */
const TIMEOUT_S = 60;

/**
 * Writes the report of a case into a bucket whenever an event tells of it. A function of its own,
 * behind the alert: the responder, which removes and restores, neither waits for it nor may write
 * there (docs/decisions/0031-reports-in-a-bucket.md).
 */
export class Reporter extends Construct {
  readonly function: IFunction;
  /**
   * Nobody reads it through a link that works without a sign-in: no website, no public access, no
   * pre-signed address. It outlives the stack, as the record of decisions does, and empties itself.
   */
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { keepDays, records, handlersDir, protection, stack }: ReporterProps) {
    super(scope, id);
    this.bucket = this.reports(keepDays, protection);
    const runbook = runbookBaseUrlOf(this);
    const reporter = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: writes the report of a case into the bucket',
      handlersDir,
      protection,
      handler: 'report',
      timeoutS: TIMEOUT_S,
      memorySize: 512,
      environment: {
        [ENV.roundsTable]: records.rounds.tableName,
        [ENV.casesTable]: records.cases.tableName,
        [ENV.reportsBucket]: this.bucket.bucketName,
        [ENV.reportsHost]: this.bucket.bucketRegionalDomainName,
        [ENV.stack]: stack,
        ...(runbook === undefined ? {} : { [ENV.runbookBaseUrl]: runbook }),
      },
      // After one minute, and after two more (Lambda developer guide, "How Lambda handles errors
      // and retries with asynchronous invocation"); to write a report twice changes nothing.
      retry: { attempts: 2, maxAge: Duration.minutes(10) },
    });
    for (const statement of this.permissions(records)) reporter.role.addToPolicy(statement);
    grantKey(protection, reporter.role);
    this.function = reporter.function;
    this.startOn(stack);
  }

  private reports(keepDays: number, { encryptionKey, enforceSsl }: Protection): Bucket {
    return new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: enforceSsl,
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      lifecycleRules: [{ id: 'ReportsExpire', expiration: Duration.days(keepDays) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** It reads the records and writes reports; it reads no report. */
  private permissions({ rounds, cases }: Records): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['dynamodb:Query'], resources: [rounds.tableArn, cases.tableArn] }),
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${REPORTS_FOLDER}/*`)],
        // The name of a bucket that was deleted is free for anybody.
        conditions: { StringEquals: { 's3:ResourceAccount': Stack.of(this).account } },
      }),
    ];
  }

  /** Events of this stack alone. */
  private startOn(stack: string): Rule {
    return new Rule(this, 'OnCase', {
      description: 'Sickbay: a report after each event of a case',
      eventPattern: { source: [EVENT_SOURCE], detailType: [EVENT_TYPE], detail: { stack: [stack] } },
      targets: [new LambdaFunction(this.function, { retryAttempts: 10, maxEventAge: Duration.hours(1) })],
    });
  }
}
