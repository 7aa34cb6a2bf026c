/** What a scheduled restore is in EventBridge Scheduler. */
import { ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { scheduledRestores } from '../../../lambda/aws/scheduled-restores';
import type { Removal } from '../../../lambda/ports';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { type Asked, answering, REGION } from './clients-setup';

describe('a scheduled restore', () => {
  const settings = {
    group: 'backs',
    roleArn: 'arn:aws:iam::1:role/back',
    dlqArn: 'arn:aws:sqs:us-east-1:1:dead',
    restoreFunctionArn: 'arn:aws:lambda:us-east-1:1:function:r',
  };
  const removal: Removal = { owner: 'static', target: { id: 'i-1', port: 8080 } };
  const scheduler = (answer: (asked: Asked) => unknown = () => ({})) => answering(new SchedulerClient(REGION), answer);

  it('is one call of AWS at its time, by whole seconds, repeated for an hour, and deletes itself', async () => {
    const client = scheduler();
    await scheduledRestores(client, settings).create('back', NOW - 1, GROUP, removal);
    expect(client.asked).toEqual([
      {
        name: 'CreateSchedule',
        input: {
          Name: 'back',
          GroupName: 'backs',
          ScheduleExpression: 'at(2026-01-01T12:00:00)',
          ScheduleExpressionTimezone: 'UTC',
          FlexibleTimeWindow: { Mode: 'OFF' },
          ActionAfterCompletion: 'DELETE',
          Target: {
            Arn: 'arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:registerTargets',
            RoleArn: settings.roleArn,
            Input: JSON.stringify({ TargetGroupArn: GROUP, Targets: [{ Id: 'i-1', Port: 8080 }] }),
            RetryPolicy: { MaximumRetryAttempts: 60, MaximumEventAgeInSeconds: 3600 },
            DeadLetterConfig: { Arn: settings.dlqArn },
          },
        },
      },
    ]);
  });

  it('is of the partition of its target group, and of none for what is no ARN', async () => {
    const client = scheduler();
    const onStandby: Removal = { ...removal, owner: 'asg', autoScalingGroup: 'web' };
    await scheduledRestores(client, settings).move('back', NOW, GROUP.replace('arn:aws:', 'arn:aws-cn:'), onStandby);
    expect(client.asked[0]).toMatchObject({
      name: 'UpdateSchedule',
      input: { Target: { Arn: 'arn:aws-cn:scheduler:::aws-sdk:autoscaling:exitStandby' } },
    });
    for (const arn of ['web', 'arn:'])
      await expect(scheduledRestores(client, settings).create('back', NOW, arn, removal)).rejects.toThrow(
        `got "${arn}", allowed: the ARN of a target group`,
      );
  });

  it('is there or not, and its end is no failure; any other failure is thrown', async () => {
    const none = new ResourceNotFoundException({ message: 'none', Message: 'none', $metadata: {} });
    const missing = scheduledRestores(
      scheduler(() => none),
      settings,
    );
    expect(await missing.exists('back')).toBe(false);
    await missing.cancel('back');
    const client = scheduler();
    expect(await scheduledRestores(client, settings).exists('back')).toBe(true);
    await scheduledRestores(client, settings).cancel('back');
    expect(client.asked).toEqual([
      { name: 'GetSchedule', input: { Name: 'back', GroupName: 'backs' } },
      { name: 'DeleteSchedule', input: { Name: 'back', GroupName: 'backs' } },
    ]);
    const failing = scheduledRestores(
      scheduler(() => new Error('throttled')),
      settings,
    );
    await expect(failing.cancel('back')).rejects.toThrow('throttled');
  });
});
