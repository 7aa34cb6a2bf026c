/** What is read of an Auto Scaling group, and of answers that lack what is optional in its APIs. */
import type { AutoScalingGroup, AutoScalingInstanceDetails, TrafficSourceIdentifier } from '@aws-sdk/client-auto-scaling';
import { viewAutoScaling } from '../../../lambda/aws/auto-scaling-view';
import { GROUP, INTERNAL } from '../../builders/groups';
import { scaling, balancing, MEMBER, instance, groupOf, view } from './clients-setup';

describe('an Auto Scaling group', () => {
  it('is the one of that name among those that are answered, and none when it is not there or cannot be read', async () => {
    expect((await view(groupOf({ MaxSize: 9 })))?.maxSize).toBe(9);
    expect(await view(undefined)).toBeUndefined();
    expect(
      await viewAutoScaling(
        scaling(() => ({ AutoScalingGroups: [] })),
        balancing(),
        { arn: GROUP },
        MEMBER,
      ),
    ).toBeUndefined();
    expect(
      await viewAutoScaling(
        scaling(() => new Error('no')),
        balancing(),
        { arn: GROUP },
        MEMBER,
      ),
    ).toBeUndefined();
  });

  it('of which nothing optional is told forbids Standby, and has nothing under way', async () => {
    const { InstanceId, AutoScalingGroupName } = MEMBER;
    const bare = { AutoScalingGroupName: 'web' } as AutoScalingGroup;
    expect(await view(bare, {}, { InstanceId, AutoScalingGroupName } as AutoScalingInstanceDetails)).toEqual({
      name: 'web',
      lifecycle: 'unknown',
      units: 1,
      minSize: Infinity,
      maxSize: 0,
      desired: 0,
      zones: [],
      inOtherZones: [],
      launchHooks: [],
      tags: {},
      suspendedProcesses: [],
      inTransition: [],
      refreshes: [],
      attachedHere: false,
      attached: [],
      unread: [],
    });
  });

  it('counts who is in service in each enabled zone, by weight, and names the others', async () => {
    const Instances = [
      instance('i-1', 'a', 'InService', '2'),
      instance('i-2', 'b', 'InService'),
      instance('i-3', 'b', 'Standby'),
      instance('i-4', 'c', 'InService'),
    ];
    const seenAs = await view(groupOf({ Instances }), {}, { ...MEMBER, WeightedCapacity: '2' });
    expect([seenAs?.units, seenAs?.inOtherZones]).toEqual([2, ['i-4']]);
    expect(seenAs?.zones).toEqual([
      { zone: 'a', units: { 'i-1': 2 } },
      { zone: 'b', units: { 'i-2': 1 } },
    ]);
  });

  it('names members between two states, but for the one that it is asked about', async () => {
    const Instances = [
      instance('i-1', 'a', 'EnteringStandby'),
      instance('i-2', 'a', 'InService'),
      instance('i-3', 'a', 'Standby'),
      instance('i-4', 'a', 'Pending:Wait'),
    ];
    expect((await view(groupOf({ Instances })))?.inTransition).toEqual(['i-4 Pending:Wait']);
  });

  it('names its tags and its suspended processes', async () => {
    const seenAs = await view(
      groupOf({ Tags: [{ Key: 'app', Value: 'web' }, { Key: 'empty' }], SuspendedProcesses: [{ ProcessName: 'Launch' }, {}] }),
    );
    expect(seenAs).toMatchObject({ tags: { app: 'web', empty: '' }, suspendedProcesses: ['Launch', 'a process'] });
  });

  it('has a refresh under way in every status that has not ended', async () => {
    const InstanceRefreshes = ['Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed', 'Pending', undefined].map(
      (Status) => ({ Status }),
    );
    expect((await view(groupOf({}), { DescribeInstanceRefreshes: { InstanceRefreshes } }))?.refreshes).toEqual(['Pending', 'unknown']);
  });

  it('says which refreshes, hooks and target groups could not be read', async () => {
    const unread = { DescribeInstanceRefreshes: new Error('no refreshes'), DescribeLifecycleHooks: new Error('no hooks') };
    expect(
      await view(
        groupOf({ TargetGroupARNs: [GROUP, INTERNAL] }),
        unread,
        MEMBER,
        balancing(() => new Error('no health')),
      ),
    ).toMatchObject({
      refreshes: ['unreadable: its instance refreshes: Error: no refreshes'],
      launchHooks: ['unreadable: its lifecycle hooks: Error: no hooks'],
      attachedHere: true,
      attached: [],
      unread: [`target group ${INTERNAL}: Error: no health`],
    });
  });

  it('has a launch hook in every one that is not said to run at an end', async () => {
    const hook = (LifecycleHookName: string, LifecycleTransition?: string) => ({
      LifecycleHookName,
      LifecycleTransition,
      DefaultResult: 'ABANDON',
      HeartbeatTimeout: 300,
    });
    const LifecycleHooks = [
      hook('ready', 'autoscaling:EC2_INSTANCE_LAUNCHING'),
      hook('drain', 'autoscaling:EC2_INSTANCE_TERMINATING'),
      hook('untold'),
    ];
    expect((await view(groupOf({}), { DescribeLifecycleHooks: { LifecycleHooks } }))?.launchHooks).toEqual([
      'ready (ABANDON after 300 s)',
      'untold (ABANDON after 300 s)',
    ]);
  });

  it('is attached to what it names as target groups, and as traffic sources of that kind, each once', async () => {
    const elb = balancing(({ name }) => {
      if (name === 'DescribeTags') return { TagDescriptions: [{ Tags: [{ Key: 'app', Value: 'web' }, { Key: 'empty' }] }] };
      return name === 'DescribeTargetGroupAttributes'
        ? { Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }] }
        : { TargetHealthDescriptions: [] };
    });
    const TrafficSources = [
      { Identifier: INTERNAL, Type: 'elbv2' },
      { Identifier: INTERNAL.replace('internal', 'untyped') },
      { Identifier: 'typed-only', Type: 'elbv2' },
      { Identifier: 'arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-1', Type: 'vpc-lattice' },
      { Type: 'elb' } as TrafficSourceIdentifier,
    ];
    const seenAs = await view(
      groupOf({ TargetGroupARNs: [GROUP, INTERNAL], TrafficSources, LoadBalancerNames: ['classic'] }),
      {},
      MEMBER,
      elb,
    );
    expect(seenAs?.attached.map(({ arn }) => arn)).toEqual([INTERNAL, INTERNAL.replace('internal', 'untyped'), 'typed-only']);
    expect(seenAs?.attached[0]).toEqual({
      arn: INTERNAL,
      lbView: [],
      attributes: { 'stickiness.enabled': 'true' },
      tags: { app: 'web', empty: '' },
    });
    expect(seenAs?.unread).toEqual([
      'classic: not a target group of ELBv2',
      'arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-1: not a target group of ELBv2',
      'a traffic source: not a target group of ELBv2',
    ]);
    expect(elb.asked.filter(({ name }) => name === 'DescribeTags').map(({ input }) => input)).toContainEqual({ ResourceArns: [INTERNAL] });
  });

  it('whose attached group tells neither tags nor attributes has none there', async () => {
    const elb = balancing(({ name }) => (name === 'DescribeTargetHealth' ? { TargetHealthDescriptions: [] } : {}));
    const seenAs = await view(groupOf({ TargetGroupARNs: [INTERNAL] }), {}, MEMBER, elb);
    expect(seenAs?.attached).toEqual([{ arn: INTERNAL, lbView: [], attributes: {}, tags: {} }]);
    const untagged = balancing(({ name }) => (name === 'DescribeTags' ? { TagDescriptions: [] } : { TargetHealthDescriptions: [] }));
    expect((await view(groupOf({ TargetGroupARNs: [INTERNAL] }), {}, MEMBER, untagged))?.attached).toHaveLength(1);
  });
});
