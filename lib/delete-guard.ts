import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct, type IDependable } from 'constructs';
import { ENV } from '../lambda/contract';
import { HandlerFunction } from './handler-function';
import { grantKey, type Protection } from './protection';
import type { Records } from './records';

export interface DeleteGuardProps {
  readonly handlersDir: string;
  readonly records: Records;
  readonly protection: Protection;
  /**
   * Account and Region of the configured target groups, as `region:account`; undefined where tags
   * alone select them.
   */
  readonly place: string | undefined;
  /** Everything that a deletion must leave alone until this has agreed. */
  readonly guarded: readonly IDependable[];
}

const TIMEOUT_S = 60;

/**
 * Refuses to delete the stack while a target is out, and to deploy it where its target groups are
 * not. CloudFormation deletes it first, since it depends on everything else: nothing is gone when
 * it refuses.
 */
export class DeleteGuard extends Construct {
  constructor(scope: Construct, id: string, props: DeleteGuardProps) {
    super(scope, id);
    const guard = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: refuses to delete the stack while a target is out',
      handlersDir: props.handlersDir,
      protection: props.protection,
      handler: 'delete-guard',
      timeoutS: TIMEOUT_S,
      // 50 MiB after import (npm run bench:bundle), and a handful of calls.
      memorySize: 256,
      environment: { [ENV.casesTable]: props.records.cases.tableName },
    });
    guard.role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources: [props.records.cases.tableArn] }));
    // This action names no resource (service authorization reference).
    guard.role.addToPolicy(new PolicyStatement({ actions: ['elasticloadbalancing:DescribeTargetHealth'], resources: ['*'] }));
    grantKey(props.protection, guard.role);
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: guard.function.functionArn,
      resourceType: 'Custom::SickbayDeleteGuard',
      ...(props.place === undefined ? {} : { properties: { Place: props.place } }),
      // Without it CloudFormation waits an hour for a function that cannot answer.
      serviceTimeout: Duration.seconds(2 * TIMEOUT_S),
    });
    resource.node.addDependency(guard, ...props.guarded);
  }
}
