/** Who manages a registration, as it is seen from outside, and how each owner acts. */
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { targetKey, type TargetGroup, type TargetRef } from '../../../core/model';
import { owners } from '../../../lambda/aws/owners';
import { registrations } from '../../../lambda/aws/registrations';
import { membersOf } from '../../../lab/chaos/call-input';
import { type Asked, scaling, balancing, group, MEMBER, groupOf, forGroup } from './clients-setup';

describe('the owner of a target', () => {
  const target = { id: 'i-1', port: 8080 };
  const observed = async (client: AutoScalingClient, of: TargetGroup = group, who = target) =>
    (await owners(client, balancing()).observe(of, [who])).get(who.id);
  const member = { DescribeAutoScalingInstances: { AutoScalingInstances: [MEMBER] } };

  it.each(['elbv2.k8s.aws/cluster', 'ingress.k8s.aws/stack', 'service.k8s.aws/stack', 'kubernetes.io/cluster/prod'])(
    'is a controller that tags %s',
    async (key) => {
      const client = scaling(() => ({}));
      expect(await observed(client, { ...group, tags: { [key]: 'owned' } })).toEqual({
        owner: 'other',
        why: `the target group carries the tag ${key}: a Kubernetes controller manages it`,
      });
      expect(await observed(client, { ...group, tags: { [`my-${key}`]: 'owned' } })).toEqual({ owner: 'static' });
    },
  );

  it('is not looked up of what is neither an instance nor an address', async () => {
    expect(
      await observed(
        scaling(() => ({})),
        { ...group, targetType: 'alb' },
      ),
    ).toEqual({ owner: 'unknown', why: 'targets of type alb are not looked up' });
  });

  describe('that is an address', () => {
    const ADDRESS = { id: '10.0.0.7', port: 8080, availabilityZone: 'us-east-1a' };
    const HOST: TargetRef = { kind: 'instance', instanceId: 'i-1', interfaceId: 'eni-1', isPrimary: true };
    const ofRef = async (ref: TargetRef | undefined, client = scaling(() => ({ AutoScalingInstances: [] }))) => {
      const refs = { of: async () => new Map(ref === undefined ? [] : [[targetKey(ADDRESS), ref]]) };
      return (await owners(client, balancing(), refs).observe({ ...group, targetType: 'ip' }, [ADDRESS])).get(ADDRESS.id);
    };

    it('of an instance that no Auto Scaling group has is whoever declared it', async () => {
      expect(await ofRef(HOST)).toEqual({ owner: 'static' });
    });

    it('of a member of an Auto Scaling group is not told: that registers no addresses', async () => {
      const client = scaling(() => ({ AutoScalingInstances: [MEMBER] }));
      const host: TargetRef = { ...HOST, instanceId: MEMBER.InstanceId ?? '' };
      expect(await ofRef(host, client)).toMatchObject({ owner: 'other', why: expect.stringContaining('does not register addresses') });
    });

    it('of a task or a pod is another, and of nobody known is unknown', async () => {
      expect(await ofRef({ kind: 'pod', nodeId: 'i-1' })).toEqual({ owner: 'other', why: 'its address is that of a pod' });
      const task: TargetRef = { kind: 'ecs-task', taskArn: 'arn:task', cluster: 'shop', launchType: 'FARGATE' };
      expect(await ofRef(task)).toEqual({ owner: 'other', why: 'its address is that of an ECS task' });
      expect(await ofRef({ kind: 'unknown', why: 'on-premises' })).toEqual({ owner: 'unknown', why: 'on-premises' });
      expect(await ofRef(undefined)).toMatchObject({ owner: 'unknown' });
    });

    it('is unknown when Auto Scaling cannot be asked about its instance', async () => {
      expect(
        await ofRef(
          HOST,
          scaling(() => new Error('throttled')),
        ),
      ).toMatchObject({ owner: 'unknown' });
    });
  });

  it('is unknown when Auto Scaling cannot be asked, or its group cannot be read', async () => {
    expect(await observed(scaling(() => new Error('throttled')))).toEqual({
      owner: 'unknown',
      why: 'Auto Scaling could not be asked: Error: throttled',
    });
    expect(await observed(scaling(forGroup(undefined, member)))).toEqual({
      owner: 'unknown',
      why: 'its Auto Scaling group web could not be read',
    });
  });

  it('is its Auto Scaling group, unless ECS manages what runs there', async () => {
    expect(await observed(scaling(forGroup(groupOf({}), member)))).toMatchObject({ owner: 'asg', autoScaling: { name: 'web' } });
    expect(await observed(scaling(forGroup(groupOf({ Tags: [{ Key: 'AmazonECSManaged', Value: '' }] }), member)))).toEqual({
      owner: 'other',
      why: 'its Auto Scaling group web carries the tag AmazonECSManaged: ECS manages what runs on it',
    });
  });

  it('is unknown on a port that ECS may have mapped, and not on the own port of the group', async () => {
    const none = () => scaling(() => ({}));
    expect(await observed(none(), group, { ...target, port: 32_768 })).toEqual({
      owner: 'unknown',
      why: 'port 32768 looks like one that ECS maps by itself',
    });
    expect(await observed(none(), group, { ...target, port: 32_767 })).toEqual({ owner: 'static' });
    expect(await observed(none(), { ...group, port: 40_000 }, { ...target, port: 40_000 })).toEqual({ owner: 'static' });
  });

  it('is asked of fifty instances a call, each once', async () => {
    const client = scaling(({ input }) => ({
      AutoScalingInstances: (membersOf(input).InstanceIds ?? [])
        .filter((id) => id === 'i-77')
        .map((InstanceId) => ({ ...MEMBER, InstanceId })),
      AutoScalingGroups: [groupOf({})],
    }));
    const many = Array.from({ length: 100 }, (_, index) => ({ id: `i-${index}`, port: 8080 }));
    const seenAs = await owners(
      Object.assign(client, {
        send: async (command: { constructor: { name: string }; input: Asked['input'] }) => {
          const name = command.constructor.name.replace(/Command$/, '');
          client.asked.push({ name, input: command.input });
          if (name === 'DescribeAutoScalingGroups') return { AutoScalingGroups: [groupOf({})] };
          const { InstanceIds: ids = [] } = membersOf(command.input);
          return { AutoScalingInstances: ids.filter((id) => id === 'i-77').map((InstanceId) => ({ ...MEMBER, InstanceId })) };
        },
      }),
      balancing(),
    ).observe(group, [...many, ...many]);
    const calls = client.asked
      .filter(({ name }) => name === 'DescribeAutoScalingInstances')
      .map(({ input }) => membersOf(input).InstanceIds?.length);
    expect(calls).toEqual([50, 50]);
    expect([seenAs.get('i-77')?.owner, seenAs.get('i-78')?.owner]).toEqual(['asg', 'static']);
  });
});

describe('each owner', () => {
  it('has its own way to take out and bring back', () => {
    const made = registrations({
      targetRefs: { holds: async () => true },
      changeLoadBalancing: balancing(),
      readAutoScaling: scaling(() => ({})),
      changeAutoScaling: scaling(() => ({})),
      instanceStates: { of: async () => new Map() },
    });
    expect(Object.keys(made).sort()).toEqual(['asg', 'static']);
  });
});
