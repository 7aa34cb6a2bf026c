/**
 * What the adapters ask AWS, and what they make of answers that lack what is optional in its APIs.
 * Clients answer here; no socket is opened.
 */
import {
  AutoScalingClient,
  type AutoScalingGroup,
  type AutoScalingInstanceDetails,
  type TrafficSourceIdentifier,
} from '@aws-sdk/client-auto-scaling';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ParameterAlreadyExists, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { TargetGroup } from '../../../core/model';
import { asgRegistration } from '../../../lambda/aws/asg';
import { viewAutoScaling } from '../../../lambda/aws/auto-scaling-view';
import { killSwitch } from '../../../lambda/aws/kill-switch';
import { owners } from '../../../lambda/aws/owners';
import { parameterSwitches } from '../../../lambda/aws/parameter-switches';
import { registrations } from '../../../lambda/aws/registrations';
import { ReturnRefused } from '../../../lambda/act/return-refused';
import { scheduledRestores } from '../../../lambda/aws/scheduled-restores';
import { seen, stillRegistered } from '../../../lambda/act/target-health';
import { TargetNotRunning, TargetVanished } from '../../../lambda/act/vanished';
import type { Removal } from '../../../lambda/ports';
import { GROUP, NOW, situation } from '../../core/situation-builder';

const INTERNAL = GROUP.replace('/checkout/', '/internal/');

interface Asked {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Answers by the name of the command; an Error is thrown. */
function answering<Client extends { send: unknown }>(
  client: Client,
  answer: (asked: Asked) => unknown,
): Client & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Asked['input'] }) => {
    const call = { name: command.constructor.name.replace(/Command$/, ''), input: { ...command.input } };
    asked.push(call);
    const said = answer(call);
    if (said instanceof Error) throw said;
    return said;
  };
  return Object.assign(client, { send, asked });
}

const REGION = { region: 'us-east-1' };
const scaling = (answer: (asked: Asked) => unknown) => answering(new AutoScalingClient(REGION), answer);
const balancing = (answer: (asked: Asked) => unknown = () => ({})) => answering(new ElasticLoadBalancingV2Client(REGION), answer);
const ssm = (answer: (asked: Asked) => unknown) => answering(new SSMClient(REGION), answer);

const group = situation(new Map()).groups[0]?.group as TargetGroup;
const MEMBER: AutoScalingInstanceDetails = {
  InstanceId: 'i-1',
  AutoScalingGroupName: 'web',
  AvailabilityZone: 'a',
  LifecycleState: 'InService',
  HealthStatus: 'Healthy',
  ProtectedFromScaleIn: false,
};
const instance = (id: string, zone: string, state: string, weight?: string) => ({
  InstanceId: id,
  AvailabilityZone: zone,
  LifecycleState: state as 'InService',
  HealthStatus: 'Healthy',
  ProtectedFromScaleIn: false,
  ...(weight === undefined ? {} : { WeightedCapacity: weight }),
});

function groupOf(fields: Partial<AutoScalingGroup>): AutoScalingGroup {
  return {
    AutoScalingGroupName: 'web',
    MinSize: 1,
    MaxSize: 6,
    DesiredCapacity: 3,
    DefaultCooldown: 300,
    AvailabilityZones: ['a', 'b'],
    HealthCheckType: 'EC2',
    CreatedTime: new Date(0),
    ...fields,
  };
}

const forGroup =
  (found: AutoScalingGroup | undefined, more: Readonly<Record<string, unknown>> = {}) =>
  ({ name, input }: Asked): unknown => {
    if (more[name] !== undefined) return more[name];
    if (name !== 'DescribeAutoScalingGroups') return {};
    expect(input).toEqual({ AutoScalingGroupNames: ['web'] });
    return found === undefined ? {} : { AutoScalingGroups: [groupOf({ AutoScalingGroupName: 'another' }), found] };
  };

const view = (found: AutoScalingGroup | undefined, more: Readonly<Record<string, unknown>> = {}, member = MEMBER, elb = balancing()) =>
  viewAutoScaling(scaling(forGroup(found, more)), elb, { arn: GROUP }, member);

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

describe('leaving Standby', () => {
  const removal: Removal = { owner: 'asg', target: { id: 'i-1', port: 80 }, autoScalingGroup: 'web' };
  const refusedBy = new Error('above the maximum');

  async function restored(
    lifecycles: readonly (string | undefined)[],
    fields: Partial<AutoScalingGroup> = {},
    state = 'running',
    refusal?: Error,
  ) {
    let looks = 0;
    const calls: string[] = [];
    const read = scaling(({ input }) => {
      expect(input).toEqual({ AutoScalingGroupNames: ['web'] });
      const lifecycle = lifecycles[Math.min(looks++, lifecycles.length - 1)];
      const mine = lifecycle === undefined ? [] : [instance('i-1', 'a', lifecycle)];
      return { AutoScalingGroups: [groupOf({ Instances: [instance('i-2', 'a', 'InService'), ...mine], ...fields })] };
    });
    const change = scaling(({ name }) => {
      calls.push(name);
      return refusal ?? {};
    });
    const direct = { restore: async () => void calls.push('register') };
    const registration = asgRegistration(read, change, direct, { of: async () => new Map([['i-1', state]]) });
    const error = await registration.restore(GROUP, removal).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { calls, error };
  }

  it('is one call for an instance that is on it and runs', async () => {
    expect(await restored(['Standby'])).toEqual({ calls: ['ExitStandby'], error: undefined });
  });

  it('is made for no instance that is stopped, or is stopping: its group would end it', async () => {
    for (const state of ['stopped', 'stopping']) {
      const { calls, error } = await restored(['Standby'], {}, state);
      expect(calls).toEqual([]);
      expect(error).toBeInstanceOf(TargetNotRunning);
      expect(String(error)).toContain(`its instance is ${state}: it is restored when it runs again`);
    }
  });

  it('that is refused is no failure when the scheduled restore was faster', async () => {
    expect(await restored(['Standby', 'Pending'], {}, 'running', refusedBy)).toEqual({ calls: ['ExitStandby'], error: undefined });
  });

  it('that is refused for want of room says so, with what AWS said, and any other refusal is thrown', async () => {
    const { error } = await restored(['Standby'], { DesiredCapacity: 6 }, 'running', refusedBy);
    expect(error).toBeInstanceOf(ReturnRefused);
    expect(error).toMatchObject({ name: 'ReturnRefused', cause: refusedBy });
    expect((await restored(['Standby'], { DesiredCapacity: 5 }, 'running', refusedBy)).error).toBe(refusedBy);
    expect((await restored(['Standby'], { DesiredCapacity: undefined, MaxSize: undefined }, 'running', refusedBy)).error).toBe(refusedBy);
  });

  it('is impossible for an instance that its group ends, or has no more', async () => {
    const ended = await restored(['Terminating:Wait']);
    expect(ended.error).toBeInstanceOf(TargetVanished);
    expect(String(ended.error)).toContain('i-1 is Terminating:Wait in the Auto Scaling group web');
    const absent = await restored([undefined]);
    expect(String(absent.error)).toContain('i-1 is no longer in the Auto Scaling group web');
    expect((await restored(['Warmed:Terminating'])).error).toBeUndefined();
  });

  it('of a group that is gone, or has no members, is of something that has vanished', async () => {
    for (const AutoScalingGroups of [undefined, [], [groupOf({})]]) {
      const registration = asgRegistration(
        scaling(() => ({ AutoScalingGroups })),
        scaling(() => ({})),
        { restore: async () => undefined },
        { of: async () => new Map() },
      );
      await expect(registration.restore(GROUP, removal)).rejects.toMatchObject({ name: 'TargetVanished' });
    }
  });

  it('needs the name of the group on record', async () => {
    const registration = asgRegistration(
      scaling(() => ({})),
      scaling(() => ({})),
      { restore: async () => undefined },
      { of: async () => new Map() },
    );
    const { autoScalingGroup: _name, ...nameless } = removal;
    await expect(registration.restore(GROUP, nameless)).rejects.toThrow('the removal of i-1 names no Auto Scaling group');
  });
});

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

  it('is not looked up for anything but instances', async () => {
    expect(
      await observed(
        scaling(() => ({})),
        { ...group, targetType: 'ip' },
      ),
    ).toEqual({ owner: 'unknown', why: 'targets of type ip are not looked up' });
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
      AutoScalingInstances: (input['InstanceIds'] as string[])
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
          const ids = (command.input['InstanceIds'] ?? []) as string[];
          return { AutoScalingInstances: ids.filter((id) => id === 'i-77').map((InstanceId) => ({ ...MEMBER, InstanceId })) };
        },
      }),
      balancing(),
    ).observe(group, [...many, ...many]);
    const calls = client.asked
      .filter(({ name }) => name === 'DescribeAutoScalingInstances')
      .map(({ input }) => (input['InstanceIds'] as string[]).length);
    expect(calls).toEqual([50, 50]);
    expect([seenAs.get('i-77')?.owner, seenAs.get('i-78')?.owner]).toEqual(['asg', 'static']);
  });
});

describe('each owner', () => {
  it('has its own way to take out and bring back', () => {
    const made = registrations({
      changeLoadBalancing: balancing(),
      readAutoScaling: scaling(() => ({})),
      changeAutoScaling: scaling(() => ({})),
      instanceStates: { of: async () => new Map() },
    });
    expect(Object.keys(made).sort()).toEqual(['asg', 'static']);
  });
});

describe("the kill switch's parameter", () => {
  it('is created once, may be on or off alone, and overwrites nothing', async () => {
    const client = ssm(() => ({}));
    expect(await parameterSwitches(client).create('/sickbay/kill-switch', 'off')).toBe(true);
    expect(client.asked).toEqual([
      {
        name: 'PutParameter',
        input: {
          Name: '/sickbay/kill-switch',
          Value: 'off',
          Type: 'String',
          AllowedPattern: '^(off|on)$',
          Overwrite: false,
          Description: 'Sickbay removes targets only while this is "off"; set it to "on" to stop removals. Restores go on.',
        },
      },
    ]);
  });

  it('that is there is left as it is, and any other failure is thrown', async () => {
    const exists = new ParameterAlreadyExists({ message: 'there', $metadata: {} });
    expect(await parameterSwitches(ssm(() => exists)).create('a', 'off')).toBe(false);
    await expect(parameterSwitches(ssm(() => new Error('throttled'))).create('a', 'off')).rejects.toThrow('throttled');
  });

  it('is read, is absent where there is none, and any other failure is thrown', async () => {
    const client = ssm(() => ({ Parameter: { Value: 'on' } }));
    expect(await parameterSwitches(client).read('a')).toBe('on');
    expect(client.asked[0]?.input).toEqual({ Name: 'a' });
    expect(await parameterSwitches(ssm(() => ({}))).read('a')).toBeUndefined();
    expect(await parameterSwitches(ssm(() => new ParameterNotFound({ message: 'none', $metadata: {} }))).read('a')).toBeUndefined();
    await expect(parameterSwitches(ssm(() => new Error('throttled'))).read('a')).rejects.toThrow('throttled');
  });

  it('is found by a part of its name, over all pages, an empty one too', async () => {
    const pages = [{ Parameters: [{ Name: 'a' }, {}], NextToken: '1' }, { NextToken: '2' }, { Parameters: [{ Name: 'b' }] }];
    const client = ssm(() => pages[client.asked.length - 1]);
    expect(await parameterSwitches(client).named('kill')).toEqual(['a', 'b']);
    const filters = { ParameterFilters: [{ Key: 'Name', Option: 'Contains', Values: ['kill'] }] };
    expect(client.asked.map(({ input }) => input)).toMatchObject([filters, { ...filters, NextToken: '1' }, { ...filters, NextToken: '2' }]);
    expect(client.asked[0]?.input['NextToken']).toBeUndefined();
  });

  it('counts as on without a value', async () => {
    expect(
      (
        await killSwitch(
          ssm(() => ({})),
          'a',
        ).read()
      ).state,
    ).toBe('on');
  });
});

describe('target health', () => {
  const subject = { groupArn: GROUP, target: { id: 'i-1', port: 8080 } };
  const VIEW = situation(new Map()).groups[0]?.lbView ?? [];
  const notFound = Object.assign(new Error('gone'), { name: 'TargetGroupNotFoundException' });

  function looking(answer: (look: number) => unknown) {
    const waits: number[] = [];
    let looks = 0;
    const health = async () => {
      const said = answer(++looks);
      if (said instanceof Error) throw said;
      return said as typeof VIEW;
    };
    const ports = { clock: { now: () => NOW, sleep: async (ms: number) => void waits.push(ms) }, loadBalancing: { health } } as never;
    return { ports, waits, looks: () => looks };
  }

  it('is read ten times at most, half a second apart, and not before the first', async () => {
    const { ports, waits, looks } = looking(() => VIEW);
    expect(await seen(ports, subject, (registered) => !registered)).toBe(false);
    expect([looks(), waits]).toEqual([10, Array.from({ length: 9 }, () => 500)]);
    const first = looking(() => VIEW);
    expect(await seen(first.ports, subject, (registered) => registered)).toBe(true);
    expect([first.looks(), first.waits]).toEqual([1, []]);
  });

  it('that is empty, or of a group that was deleted, shows nothing; any other failure is thrown', async () => {
    expect(await seen(looking((look) => (look === 1 ? [] : VIEW)).ports, subject, (registered) => !registered)).toBe(false);
    expect(await seen(looking(() => notFound).ports, subject, (registered) => !registered)).toBe(false);
    expect(await stillRegistered(looking(() => notFound).ports, subject)).toBe(false);
    await expect(seen(looking(() => new Error('throttled')).ports, subject, () => true)).rejects.toThrow('throttled');
  });

  it('is read once more two seconds later before anything is cancelled', async () => {
    const { ports, waits } = looking(() => VIEW);
    expect([await stillRegistered(ports, subject), waits]).toEqual([true, [2000]]);
  });
});

describe('a scheduled restore', () => {
  const settings = { group: 'backs', roleArn: 'arn:aws:iam::1:role/back', dlqArn: 'arn:aws:sqs:us-east-1:1:dead' };
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
