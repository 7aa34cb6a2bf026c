import { SchedulerClient, type CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { scheduledRestores } from '../../lambda/aws/scheduled-restores';
import type { Removal } from '../../lambda/ports';
import { answered } from './aws/answered';

const settings = {
  group: 'ways-back',
  roleArn: 'arn:aws:iam::123456789012:role/way-back',
  dlqArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
  restoreFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:restore',
};
const target = { id: 'i-1', port: 8080 };

describe('the scheduled restore', () => {
  type Made = Pick<CreateScheduleCommandInput, 'Target'>;

  /** What the adapter sends. */
  async function made(groupArn: string, owner: 'static' | 'asg', of: Partial<Removal> = {}): Promise<readonly Made[]> {
    const inputs: Made[] = [];
    const client = new SchedulerClient({ region: 'us-east-1' });
    client.middlewareStack.use(
      answered((input) => {
        if ('Target' in input) inputs.push(input);
        return {};
      }),
    );
    await scheduledRestores(client, settings).create('sickbay-1', 0, groupArn, {
      owner,
      target,
      ...(owner === 'asg' ? { autoScalingGroup: 'web' } : {}),
      ...of,
    });
    return inputs;
  }

  it.each([
    ['aws', 'us-east-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('calls AWS in the partition of its target group: %s', async (partition, region) => {
    const group = `arn:${partition}:elasticloadbalancing:${region}:123456789012:targetgroup/web/0123456789abcdef`;
    const sdk = `arn:${partition}:scheduler:::aws-sdk`;
    expect(await made(group, 'static')).toMatchObject([{ Target: { Arn: `${sdk}:elasticloadbalancingv2:registerTargets` } }]);
    expect(await made(group, 'asg')).toMatchObject([{ Target: { Arn: `${sdk}:autoscaling:exitStandby` } }]);
  });

  it('of an address goes through the function that looks who has it, and names nothing else', async () => {
    const address = { id: '10.0.0.7', port: 8080, availabilityZone: 'us-east-1a' };
    const targetRef = { kind: 'instance' as const, instanceId: 'i-0a', interfaceId: 'eni-0a', isPrimary: true as const };
    const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
    const [entry] = await made(group, 'static', { target: address, targetRef });
    expect(entry).toMatchObject({ Target: { Arn: settings.restoreFunctionArn, RoleArn: settings.roleArn } });
    expect(JSON.parse(entry?.Target?.Input ?? '')).toEqual({ groupArn: group, target: address, targetRef });
    await expect(made(group, 'static', { target: address })).rejects.toThrow('is not on record');
  });

  it('is not made for what is no ARN: nothing is removed without one', async () => {
    await expect(made('web', 'static')).rejects.toThrow('got "web", allowed: the ARN of a target group');
  });
});
