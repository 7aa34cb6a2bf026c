import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENV, REVIEWS_KEY } from '../lambda/contract';
import { HandlerFunction } from './handler-function';
import { grantKey } from './protection';
import { inspecting } from './responder-permissions';
import type { ResponderProps } from './responder-props';
import { DESCRIBE_LOAD_BALANCING } from './sweeper';

export type ReviewerProps = Pick<
  ResponderProps,
  'config' | 'handed' | 'handlersDir' | 'records' | 'documents' | 'alerts' | 'protection' | 'stack'
>;

/** These actions name no resource (service authorization reference). */
const DESCRIBE = [
  ...DESCRIBE_LOAD_BALANCING,
  'ec2:DescribeNetworkInterfaces',
  'ssm:DescribeInstanceInformation',
  'ssm:GetCommandInvocation',
];

/** Lambda's most: every group is read, three at a time. */
const TIMEOUT_S = 900;

/**
 * The weekly review: it reads settings, hosts and records and tells the notify topic what has
 * changed. A function of its own, so that it never has the responder's lease, time or permissions:
 * an incident does not wait for it, and it may change nothing that serves users.
 */
export class Reviewer extends Construct {
  readonly function: IFunction;
  /** The latest audit; written by this function alone. */
  readonly reviews: Table;

  constructor(scope: Construct, id: string, props: ReviewerProps) {
    super(scope, id);
    const { records, documents, alerts, protection } = props;
    const { encryptionKey } = protection;
    this.reviews = new Table(this, 'Reviews', {
      partitionKey: { name: REVIEWS_KEY, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(encryptionKey === undefined
        ? { encryption: TableEncryption.DEFAULT }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
      // The next review tells everything anew.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const reviewer = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: audits without an incident and tells what has changed',
      handlersDir: props.handlersDir,
      protection,
      handler: 'review',
      config: props.handed,
      timeoutS: TIMEOUT_S,
      memorySize: 512,
      environment: {
        [ENV.roundsTable]: records.rounds.tableName,
        [ENV.casesTable]: records.cases.tableName,
        [ENV.reviewsTable]: this.reviews.tableName,
        [ENV.inspectionDocument]: documents.full.documentName,
        [ENV.basicInspectionDocument]: documents.basic.documentName,
        [ENV.notifyTopicArn]: alerts.notify.topicArn,
        [ENV.stack]: props.stack,
      },
    });
    for (const statement of this.permissions(props)) reviewer.role.addToPolicy(statement);
    grantKey(protection, reviewer.role);
    this.function = reviewer.function;
  }

  private permissions(props: ReviewerProps): PolicyStatement[] {
    const { rounds, cases } = props.records;
    return [
      new PolicyStatement({ actions: DESCRIBE, resources: ['*'] }),
      ...inspecting(Stack.of(this), props),
      new PolicyStatement({ actions: ['dynamodb:Query', 'dynamodb:GetItem'], resources: [rounds.tableArn] }),
      new PolicyStatement({ actions: ['dynamodb:Query'], resources: [cases.tableArn] }),
      new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [this.reviews.tableArn] }),
      new PolicyStatement({ actions: ['sns:Publish'], resources: [props.alerts.notify.topicArn] }),
    ];
  }
}
