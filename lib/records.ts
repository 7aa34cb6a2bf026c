import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { CASES_KEYS, ROUNDS_KEYS } from '../lambda/contract';
import type { Protection } from './protection';

/**
 * Two tables, one writer each: Rounds is the sweeper's and expires, Cases is the responder's and is
 * kept.
 */
export class Records extends Construct {
  readonly rounds: Table;
  readonly cases: Table;

  constructor(scope: Construct, id: string, { encryptionKey, pointInTimeRecovery }: Protection) {
    super(scope, id);
    const encryption =
      encryptionKey === undefined
        ? { encryption: TableEncryption.DEFAULT }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey };
    this.rounds = new Table(this, 'Rounds', {
      partitionKey: { name: ROUNDS_KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: ROUNDS_KEYS.sort, type: AttributeType.NUMBER },
      timeToLiveAttribute: ROUNDS_KEYS.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...encryption,
      // The next sweeps measure everything again.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.cases = new Table(this, 'Cases', {
      partitionKey: { name: CASES_KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: CASES_KEYS.sort, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...encryption,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      // The record of every decision outlives the stack.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
