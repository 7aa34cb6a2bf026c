import {
  AutoScalingClient,
  AutoScalingServiceException,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeInstanceRefreshesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  paginateDescribeAutoScalingInstances,
} from '@aws-sdk/client-auto-scaling';
import { IDS, open, webGroup, type Opened } from './wire-setup';

let opened: Opened;
let client: AutoScalingClient;

beforeEach(async () => {
  opened = await open();
  client = new AutoScalingClient(opened.client);
  const groupArn = webGroup(opened.world);
  const sizes = { minSize: 2, maxSize: 4, desiredCapacity: 3 };
  opened.world.autoScaling.addGroup({ name: 'web-asg', ...sizes, instanceIds: IDS, targetGroupArns: [groupArn] });
});

afterEach(async () => {
  client.destroy();
  await opened.door.close();
});

test('groups and their instances are described', async () => {
  const { AutoScalingGroups } = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web-asg', 'none'] }));
  expect(AutoScalingGroups).toHaveLength(1);
  expect(AutoScalingGroups?.[0]).toMatchObject({ MinSize: 2, MaxSize: 4, DesiredCapacity: 3, CreatedTime: expect.any(Date) });
  const { AutoScalingInstances } = await client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [IDS[1], 'i-alone'] }));
  expect(AutoScalingInstances).toEqual([
    expect.objectContaining({
      InstanceId: IDS[1],
      AutoScalingGroupName: 'web-asg',
      LifecycleState: 'InService',
      ProtectedFromScaleIn: false,
    }),
  ]);
});

test('instances are paged', async () => {
  const sizes: number[] = [];
  for await (const page of paginateDescribeAutoScalingInstances({ client, pageSize: 2 }, {}))
    sizes.push(page.AutoScalingInstances?.length ?? 0);
  expect(sizes).toEqual([2, 1]);
});

test('an instance goes to standby and comes back', async () => {
  const which = { AutoScalingGroupName: 'web-asg', InstanceIds: [IDS[0]] };
  const { Activities } = await client.send(new EnterStandbyCommand({ ...which, ShouldDecrementDesiredCapacity: true }));
  expect(Activities?.[0]?.Description).toBe(`Moving EC2 instance to Standby: ${IDS[0]}`);
  expect(opened.calls.at(-1)).toMatchObject({
    action: 'autoscaling:EnterStandby',
    resource: opened.world.autoScaling.groupArn('web-asg'),
    mutating: true,
  });
  opened.clock.advance(300_000);
  await client.send(new ExitStandbyCommand(which));
  opened.clock.advance(1_000);
  const { AutoScalingInstances } = await client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [IDS[0]] }));
  expect(AutoScalingInstances?.[0]?.LifecycleState).toBe('InService');
});

test('going below the minimum is a ValidationError with the sizes', async () => {
  const InstanceIds = [IDS[0], IDS[1]];
  const refused = client.send(
    new EnterStandbyCommand({ AutoScalingGroupName: 'web-asg', InstanceIds, ShouldDecrementDesiredCapacity: true }),
  );
  await expect(refused).rejects.toBeInstanceOf(AutoScalingServiceException);
  await expect(refused).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining('min-size=2') });
});

test('an instance refresh shows while it is under way, also for a group that does not exist: an error', async () => {
  opened.world.autoScaling.startInstanceRefresh('web-asg');
  const { InstanceRefreshes } = await client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: 'web-asg' }));
  expect(InstanceRefreshes).toEqual([expect.objectContaining({ Status: 'InProgress' })]);
  const unknown = client.send(
    new EnterStandbyCommand({ AutoScalingGroupName: 'none', InstanceIds: [], ShouldDecrementDesiredCapacity: true }),
  );
  await expect(unknown).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining("'none' not found") });
});
