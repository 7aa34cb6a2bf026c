import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../core/config';
import type { Alerts } from './alerts';
import { DeadLetters } from './dead-letters';
import { grantKey, type Protection } from './protection';
import { RUNBOOK, describedBy } from './runbook';
import { autoScalingGroupArns, restoreStatements } from './target-arns';

export interface ScheduledRestoresProps {
  readonly config: Config;
  readonly alerts: Alerts;
  readonly protection: Protection;
}

/**
 * Deleting the stack while a target is out must not take its scheduled restore away: schedules go
 * with their group, and need their role.
 */
export const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/**
 * Where the responder writes the scheduled restore before each removal: one-time schedules that
 * call ELB or Auto Scaling by themselves and need none of our code. Their role can put targets
 * back, and nothing else.
 */
export class ScheduledRestores extends Construct {
  readonly group: CfnScheduleGroup;
  readonly role: Role;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: ScheduledRestoresProps) {
    super(scope, id);
    // CloudFormation names it, so that a kept one is not in the way of a new stack.
    this.group = new CfnScheduleGroup(this, 'Group');
    this.deadLetters = new DeadLetters(this, 'DeadLetters', {
      description: describedBy(
        this,
        RUNBOOK.scheduledRestoreDead,
        'A scheduled restore could not be carried out: a target that Sickbay removed is still out.',
      ),
      page: props.alerts.page,
      protection: props.protection,
    }).queue;
    this.role = new Role(this, 'Role', { assumedBy: this.scheduler() });
    const policy = new Policy(this, 'PutsTargetsBack', { statements: this.permissions(props.config), roles: [this.role] });
    grantKey(props.protection, this.role);
    for (const kept of [this.group, this.role, policy]) kept.applyRemovalPolicy(KEPT);
  }

  /** Entries of addresses call it. Its policy is kept as the others of the role. */
  allow(restorer: IFunction): void {
    const statements = [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [restorer.functionArn] })];
    new Policy(this, 'CallsTheRestorer', { statements, roles: [this.role] }).applyRemovalPolicy(KEPT);
  }

  /**
   * In every mode: an entry that was written while the stack enforced fires after it went back to
   * `observe` as well.
   */
  private permissions(config: Config): PolicyStatement[] {
    return [
      ...restoreStatements(this, config),
      new PolicyStatement({ actions: ['autoscaling:ExitStandby'], resources: [autoScalingGroupArns(this)] }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
    ];
  }

  /** Scheduler, on behalf of this account's schedules in this group only. */
  scheduler(): ServicePrincipal {
    return new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': this.group.attrArn } },
    });
  }
}
