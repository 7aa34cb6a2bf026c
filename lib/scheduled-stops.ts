import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Config } from '../core/config';
import { grantKey, type Protection } from './protection';
import { KEPT, type ScheduledRestores } from './scheduled-restores';
import { stopStatements } from './service-permissions';

export interface ScheduledStopsProps {
  readonly config: Config;
  readonly scheduledRestores: ScheduledRestores;
  readonly protection: Protection;
}

/**
 * The role of the one-time schedules that stop a task without any of our code: it can stop tasks,
 * and nothing else. They are in the group of the scheduled restores, and are kept like it: without
 * it a task would run outside the load balancer for good.
 */
export class ScheduledStops extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { config, scheduledRestores, protection }: ScheduledStopsProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: scheduledRestores.scheduler() });
    const deadLetters = new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [scheduledRestores.deadLetters.queueArn] });
    const policy = new Policy(this, 'StopsTasks', { statements: [...stopStatements(this, config), deadLetters], roles: [this.role] });
    grantKey(protection, this.role);
    for (const kept of [this.role, policy]) kept.applyRemovalPolicy(KEPT);
  }
}
