import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { scheduledRestores } from '../../lambda/act/scheduled-restores';

const settings = {
  group: 'ways-back',
  roleArn: 'arn:aws:iam::123456789012:role/way-back',
  dlqArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
};
const target = { id: 'i-1', port: 8080 };

describe('the way back', () => {
  const scheduler = mockClient(SchedulerClient);
  beforeEach(() => void scheduler.reset());

  async function targetArn(groupArn: string, owner: 'static' | 'asg'): Promise<string | undefined> {
    await scheduledRestores(new SchedulerClient({ region: 'us-east-1' }), settings).create('sickbay-1', 0, groupArn, {
      owner,
      target,
      ...(owner === 'asg' ? { autoScalingGroup: 'web' } : {}),
    });
    return scheduler.commandCalls(CreateScheduleCommand)[0]?.args[0].input.Target?.Arn;
  }

  it.each([
    ['aws', 'us-east-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('calls AWS in the partition of its target group: %s', async (partition, region) => {
    const group = `arn:${partition}:elasticloadbalancing:${region}:123456789012:targetgroup/web/0123456789abcdef`;
    expect(await targetArn(group, 'static')).toBe(`arn:${partition}:scheduler:::aws-sdk:elasticloadbalancingv2:registerTargets`);
    scheduler.reset();
    expect(await targetArn(group, 'asg')).toBe(`arn:${partition}:scheduler:::aws-sdk:autoscaling:exitStandby`);
  });

  it('is not made for what is no ARN: nothing is removed without one', async () => {
    await expect(targetArn('web', 'static')).rejects.toThrow('got "web", allowed: the ARN of a target group');
  });
});
