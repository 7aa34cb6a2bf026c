import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client, InvalidTargetException } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { ReviewDigest, Target, TargetGroup } from '../../core/model';
import type { AutoScalingGroupSpec } from '../../lab/world/autoscaling-groups';
import { killSwitch } from '../../lambda/aws/kill-switch';
import { owners } from '../../lambda/aws/owners';
import { asgRegistration } from '../../lambda/aws/asg';
import { elbTarget, staticRegistration } from '../../lambda/aws/static';
import { ReturnRefused } from '../../lambda/act/return-refused';
import { TargetNotRunning, TargetVanished } from '../../lambda/act/vanished';
import { scheduledRestoreName } from '../../lambda/act/scheduled-restore-name';
import { scheduledRestores } from '../../lambda/aws/scheduled-restores';
import { CASE_STATE_CHANGE } from '../../core/model/case-event';
import { eventOf } from '../../core/report/case-event';
import { snsTopics } from '../../lambda/aws/topic';
import { instanceStates } from '../../lambda/aws/instance-states';
import { loadBalancing } from '../../lambda/aws/load-balancing';
import type { Registration } from '../../lambda/ports';
import { AwsError } from '../../lab/world/aws-error';
import { IDS, open, webGroup, type Opened } from '../lab/wire-setup';
import { groupOf } from '../builders/groups';

let opened: Opened;
let arn: string;
const clients: { destroy(): void }[] = [];

function client<T extends { destroy(): void }>(made: T): T {
  clients.push(made);
  return made;
}

beforeEach(async () => {
  opened = await open();
  arn = webGroup(opened.world);
});

afterEach(async () => {
  for (const made of clients.splice(0)) made.destroy();
  await opened.door.close();
});

const ec2States = () => instanceStates(client(new EC2Client(opened.client)));
const RESTORER = 'arn:aws:lambda:us-east-1:123456789012:function:restore';
/** An address that somebody has. */
const HELD = { holds: async () => true };
const target = { id: IDS[0], port: 8080 };
const removal = { owner: 'static' as const, target };

describe('static registration', () => {
  it('takes out and brings back exactly one target', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    await staticRegistration(elb, ec2States(), HELD).remove(arn, removal);
    const states = async () => (await loadBalancing(elb).health(arn)).map((entry) => entry.state);
    expect(await states()).toEqual(['draining', 'healthy', 'healthy']);
    await staticRegistration(elb, ec2States(), HELD).restore(arn, removal);
    expect((await states()).filter((state) => state !== 'healthy')).toEqual(['initial']);
  });

  it('says that a target has vanished when EC2 has forgotten its instance', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    opened.world.instances.terminate(IDS[0]);
    opened.world.instances.forget(IDS[0]);
    opened.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: target.id }] });
    opened.clock.advance(301_000);
    await expect(staticRegistration(elb, ec2States(), HELD).restore(arn, removal)).rejects.toThrow('not known to EC2 any more');
  });

  it('says that a stopped one does not run, which ELB answers as it does for one that is gone', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    await staticRegistration(elb, ec2States(), HELD).remove(arn, removal);
    opened.world.instances.stop(IDS[0]);
    await expect(staticRegistration(elb, ec2States(), HELD).restore(arn, removal)).rejects.toBeInstanceOf(TargetNotRunning);
    opened.world.instances.start(IDS[0]);
    await staticRegistration(elb, ec2States(), HELD).restore(arn, removal);
  });

  it('takes no target for gone that runs, or of which EC2 does not tell', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    jest.spyOn(opened.world.elb, 'registerTargets').mockImplementation(() => {
      throw new AwsError('InvalidTarget', 'not valid');
    });
    const silent = { of: () => Promise.reject(new Error('EC2 is silent')) };
    await expect(staticRegistration(elb, ec2States(), HELD).restore(arn, removal)).rejects.toBeInstanceOf(InvalidTargetException);
    await expect(staticRegistration(elb, silent, HELD).restore(arn, removal)).rejects.toThrow('EC2 is silent');
  });

  it('names no zone of an instance, which the call would refuse, whatever an older record says', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    await staticRegistration(elb, ec2States(), HELD).remove(arn, removal);
    await staticRegistration(elb, ec2States(), HELD).restore(arn, { ...removal, target: { ...target, availabilityZone: 'us-east-1a' } });
    expect((await loadBalancing(elb).health(arn)).map((entry) => entry.state)).toContain('initial');
  });

  it('names the zone of an address, by which ELB may not find it out itself', () => {
    const outside = { id: '10.9.0.1', port: 8080, availabilityZone: 'all' };
    expect(elbTarget(outside)).toEqual({ Id: '10.9.0.1', Port: 8080, AvailabilityZone: 'all' });
    expect(elbTarget({ id: 'i-0abc', port: 8080, availabilityZone: 'us-east-1a' })).toEqual({ Id: 'i-0abc', Port: 8080 });
  });

  it('says that a target has vanished when its instance is gone', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    await staticRegistration(elb, ec2States(), HELD).remove(arn, removal);
    opened.world.instances.terminate(IDS[0]);
    opened.clock.advance(301_000);
    await expect(staticRegistration(elb, ec2States(), HELD).restore(arn, removal)).rejects.toBeInstanceOf(TargetVanished);
  });
});

describe('the scheduled restore', () => {
  const settings = {
    group: 'backs',
    roleArn: 'arn:aws:iam::123456789012:role/back',
    dlqArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
    restoreFunctionArn: RESTORER,
  };

  it('registers the target by itself when its time has come, and is gone afterwards', async () => {
    opened.world.scheduler.createScheduleGroup({ Name: 'backs' });
    const back = scheduledRestores(client(new SchedulerClient(opened.client)), settings);
    const name = scheduledRestoreName(arn, target);
    await back.create(name, opened.clock.now() + 60_000, arn, removal);
    expect(await back.exists(name)).toBe(true);
    opened.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: target.id, Port: target.port }] });
    await back.move(name, opened.clock.now() + 600_000, arn, removal);
    await opened.clock.settle(400_000);
    expect(opened.world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions).toHaveLength(2);
    await opened.clock.settle(300_000);
    expect(opened.world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions).toHaveLength(3);
    expect(await back.exists(name)).toBe(false);
    await expect(back.cancel(name)).resolves.toBeUndefined();
  });

  it('has one name a target, whatever it went out for', () => {
    expect(scheduledRestoreName(arn, target)).toBe(scheduledRestoreName(arn, { ...target }));
    expect(scheduledRestoreName(arn, target)).not.toBe(scheduledRestoreName(arn, { ...target, port: 8081 }));
    expect(scheduledRestoreName(arn, target)).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });
});

describe('registration of an Auto Scaling group', () => {
  const onStandby = { owner: 'asg' as const, target, autoScalingGroup: 'shop' };
  const DRAIN_MS = 300_000;

  beforeEach(() => addAutoScaling());

  function registration(): Registration {
    const made = client(new AutoScalingClient(opened.client));
    return asgRegistration(
      made,
      made,
      staticRegistration(client(new ElasticLoadBalancingV2Client(opened.client)), ec2States(), HELD),
      ec2States(),
    );
  }

  const calls = () => opened.calls.filter((call) => call.mutating && call.service === 'autoscaling').map((call) => call.action);
  const desired = () => opened.world.autoScaling.describeAutoScalingGroups({}).AutoScalingGroups?.[0]?.DesiredCapacity;
  const states = () =>
    (opened.world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions ?? []).map(
      (entry) => entry.TargetHealth?.State,
    );

  it('puts one instance on standby and brings it back, with the desired capacity it had', async () => {
    await registration().remove(arn, onStandby);
    expect([desired(), states()]).toEqual([2, ['draining', 'healthy', 'healthy']]);
    opened.clock.advance(DRAIN_MS);
    await registration().restore(arn, onStandby);
    opened.clock.advance(1_000);
    expect([desired(), states().filter((state) => state === 'initial')]).toEqual([3, ['initial']]);
    expect(calls()).toEqual(['autoscaling:EnterStandby', 'autoscaling:ExitStandby']);
  });

  it('makes no call for an instance that drains still, or is back already', async () => {
    await registration().remove(arn, onStandby);
    await registration().restore(arn, onStandby);
    opened.clock.advance(DRAIN_MS);
    opened.world.autoScaling.exitStandby({ AutoScalingGroupName: 'shop', InstanceIds: [target.id] });
    await registration().restore(arn, onStandby);
    opened.clock.advance(1_000);
    await registration().restore(arn, onStandby);
    expect([desired(), calls()]).toEqual([3, ['autoscaling:EnterStandby']]);
  });

  it('registers an instance that is in service and that somebody deregistered meanwhile', async () => {
    await registration().remove(arn, onStandby);
    opened.clock.advance(DRAIN_MS);
    await registration().restore(arn, onStandby);
    opened.clock.advance(1_000);
    opened.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: target.id }] });
    opened.clock.advance(DRAIN_MS);
    expect(states()).toHaveLength(2);
    await registration().restore(arn, onStandby);
    expect(states()).toHaveLength(3);
  });

  it('is refused, in one attempt, what is on standby already', async () => {
    await registration().remove(arn, onStandby);
    await expect(registration().remove(arn, onStandby)).rejects.toMatchObject({ name: 'ValidationError' });
    expect(desired()).toBe(2);
  });

  it('says that an instance has vanished which the group no longer has', async () => {
    await registration().remove(arn, onStandby);
    opened.world.autoScaling.terminate('shop', target.id);
    await expect(registration().restore(arn, onStandby)).rejects.toBeInstanceOf(TargetVanished);
  });

  it('leaves a stopped instance on standby: its group would end it', async () => {
    await registration().remove(arn, onStandby);
    opened.clock.advance(DRAIN_MS);
    opened.world.instances.stop(target.id);
    await expect(registration().restore(arn, onStandby)).rejects.toBeInstanceOf(TargetNotRunning);
    expect(calls()).toEqual(['autoscaling:EnterStandby']);
  });

  it('says what a person has to change when there is no room under the maximum, and comes back once there is', async () => {
    await registration().remove(arn, onStandby);
    opened.clock.advance(DRAIN_MS);
    opened.world.autoScaling.resize('shop', { maxSize: 2 });
    const refused = registration().restore(arn, onStandby);
    await expect(refused).rejects.toBeInstanceOf(ReturnRefused);
    await expect(refused).rejects.toThrow(`shop has no room for ${target.id}: desired capacity 2, maximum 2. Raise the maximum`);
    opened.world.autoScaling.resize('shop', { maxSize: 3 });
    await registration().restore(arn, onStandby);
    expect(desired()).toBe(3);
  });

  it('says that a launch hook holds the instance on its way back, and makes no call', async () => {
    opened.world.autoScaling.addHook('shop', { name: 'ready', defaultResult: 'ABANDON', heartbeatS: 300 });
    await registration().remove(arn, onStandby);
    opened.clock.advance(DRAIN_MS);
    await registration().restore(arn, onStandby);
    opened.clock.advance(1_000);
    await expect(registration().restore(arn, onStandby)).rejects.toThrow('a launch hook of shop holds');
    opened.clock.advance(300_000);
    await expect(registration().restore(arn, onStandby)).rejects.toBeInstanceOf(TargetVanished);
    expect(calls()).toEqual(['autoscaling:EnterStandby', 'autoscaling:ExitStandby']);
  });

  it('does not take another refusal for want of room', async () => {
    await registration().remove(arn, onStandby);
    opened.clock.advance(DRAIN_MS);
    const real = client(new AutoScalingClient(opened.client));
    const change = refusing(real, (name) => name === 'ExitStandbyCommand');
    const asked = asgRegistration(
      real,
      change,
      staticRegistration(client(new ElasticLoadBalancingV2Client(opened.client)), ec2States(), HELD),
      ec2States(),
    );
    await expect(asked.restore(arn, onStandby)).rejects.toThrow('AccessDenied');
  });

  it('comes back by its Scheduler entry alone', async () => {
    opened.world.scheduler.createScheduleGroup({ Name: 'backs' });
    const back = scheduledRestores(client(new SchedulerClient(opened.client)), {
      group: 'backs',
      roleArn: 'arn:aws:iam::123456789012:role/back',
      dlqArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
      restoreFunctionArn: RESTORER,
    });
    await back.create('back', opened.clock.now() + 600_000, arn, onStandby);
    await registration().remove(arn, onStandby);
    await opened.clock.settle(700_000);
    expect([desired(), states().length, opened.world.autoScaling.members('shop').get(target.id)]).toEqual([3, 3, 'InService']);
  });
});

/** The client, refusing some commands as AWS does without a permission. */
function refusing<Client extends { send: (command: never) => Promise<unknown> }>(
  real: Client,
  refuses: (name: string, input: Readonly<Record<string, unknown>>) => boolean,
): Client {
  const send = (command: { readonly input: Readonly<Record<string, unknown>> }) =>
    refuses(command.constructor.name, command.input) ? Promise.reject(new Error('AccessDenied')) : real.send(command as never);
  return Object.assign(Object.create(real) as Client, { send });
}

function addAutoScaling(fields: Partial<AutoScalingGroupSpec> = {}): void {
  const sizes = { minSize: 1, maxSize: 3, desiredCapacity: 3 };
  opened.world.autoScaling.addGroup({ name: 'shop', ...sizes, instanceIds: IDS, targetGroupArns: [arn], ...fields });
}

describe('owners', () => {
  const group = groupOf({ port: 8080 });
  const observer = () => owners(client(new AutoScalingClient(opened.client)), client(new ElasticLoadBalancingV2Client(opened.client)));
  const observe = async (asked: TargetGroup = group, of: Target = target) => (await observer().observe(asked, [of])).get(of.id);

  it('are static where no Auto Scaling group has the instance', async () => {
    expect(await observe()).toEqual({ owner: 'static' });
  });

  it('are the Auto Scaling group where one has it, with all that Standby rests on', async () => {
    addAutoScaling({ tags: { 'sickbay:enforce': 'Sickbay' } });
    opened.world.autoScaling.setSuspended('shop', 'Terminate', true);
    opened.world.autoScaling.startInstanceRefresh('shop');
    expect(await observe()).toMatchObject({
      owner: 'asg',
      autoScaling: {
        name: 'shop',
        lifecycle: 'InService',
        units: 1,
        minSize: 1,
        maxSize: 3,
        desired: 3,
        inOtherZones: [],
        launchHooks: [],
        tags: { 'sickbay:enforce': 'Sickbay' },
        suspendedProcesses: ['Terminate'],
        inTransition: [],
        refreshes: ['InProgress'],
        attachedHere: false,
        attached: [{ arn, attributes: { 'deregistration_delay.timeout_seconds': '300' } }],
        unread: [],
      },
    });
  });

  it('are asked about a target group that is attached, without reading it again', async () => {
    addAutoScaling();
    expect(await observe({ ...group, arn })).toMatchObject({ autoScaling: { attachedHere: true, attached: [], unread: [] } });
  });

  it('count who is in service in each enabled zone, and name who is in another', async () => {
    const [first, second, third] = IDS;
    const zone = opened.world.instances.find(first)?.zone ?? '';
    addAutoScaling({ zones: [zone, 'us-east-1z'] });
    opened.world.autoScaling.enterStandby({ AutoScalingGroupName: 'shop', InstanceIds: [third], ShouldDecrementDesiredCapacity: true });
    const zones = [
      { zone, units: { [first]: 1, [second]: 1 } },
      { zone: 'us-east-1z', units: {} },
    ];
    expect(await observe()).toMatchObject({ autoScaling: { zones, inOtherZones: [] } });
    addAutoScaling({ zones: ['us-east-1z'] });
    expect(await observe()).toMatchObject({ autoScaling: { zones: [{ zone: 'us-east-1z', units: {} }], inOtherZones: IDS } });
  });

  it('name the hooks that run at a launch, and no others; and say so when they cannot be read', async () => {
    const hook = { defaultResult: 'CONTINUE' as const, heartbeatS: 60 };
    addAutoScaling({
      hooks: [
        { name: 'ready', ...hook },
        { name: 'drained', on: 'TERMINATING', ...hook },
      ],
    });
    expect(await observe()).toMatchObject({ autoScaling: { launchHooks: ['ready (CONTINUE after 60 s)'] } });
    const asked = owners(
      refusing(client(new AutoScalingClient(opened.client)), (name) => name === 'DescribeLifecycleHooksCommand'),
      client(new ElasticLoadBalancingV2Client(opened.client)),
    );
    const seen = (await asked.observe(group, [target])).get(target.id);
    expect(seen).toMatchObject({ autoScaling: { launchHooks: [expect.stringContaining('unreadable: its lifecycle hooks')] } });
  });

  it('count a refresh that has ended as none, and name members that come or go', async () => {
    addAutoScaling();
    opened.world.autoScaling.startInstanceRefresh('shop');
    opened.world.autoScaling.endInstanceRefresh('shop');
    opened.world.autoScaling.enterStandby({ AutoScalingGroupName: 'shop', InstanceIds: [IDS[1]], ShouldDecrementDesiredCapacity: true });
    expect(await observe()).toMatchObject({ autoScaling: { refreshes: [], inTransition: [`${IDS[1]} EnteringStandby`] } });
  });

  it('say which attached group and which refreshes could not be read', async () => {
    const other = webGroup(opened.world, 'internal');
    addAutoScaling({ targetGroupArns: [arn, other] });
    const asked = owners(
      refusing(client(new AutoScalingClient(opened.client)), (name) => name === 'DescribeInstanceRefreshesCommand'),
      refusing(client(new ElasticLoadBalancingV2Client(opened.client)), (_, input) => input['TargetGroupArn'] === other),
    );
    const seen = (await asked.observe(group, [target])).get(target.id);
    expect(seen).toMatchObject({
      autoScaling: { refreshes: [expect.stringContaining('unreadable')], unread: [expect.stringContaining(other)] },
    });
  });

  it('are ECS where its tag is on the Auto Scaling group, and unknown on a port that it may have mapped', async () => {
    expect((await observe(group, { ...target, port: 49_153 }))?.owner).toBe('unknown');
    addAutoScaling({ tags: { AmazonECSManaged: '' } });
    expect((await observe())?.owner).toBe('other');
  });

  it('are unknown, and nobody fails, when Auto Scaling cannot be asked', async () => {
    const nobody = new AutoScalingClient({ ...opened.client, endpoint: 'http://127.0.0.1:1' });
    const asked = owners(client(nobody), client(new ElasticLoadBalancingV2Client(opened.client)));
    expect((await asked.observe(group, [target])).get(target.id)?.owner).toBe('unknown');
  });

  it('are somebody else where a Kubernetes controller tagged the group, and unknown for other target types', async () => {
    expect((await observe({ ...group, tags: { 'elbv2.k8s.aws/cluster': 'shop' } }))?.owner).toBe('other');
    expect((await observe({ ...group, targetType: 'ip' }))?.owner).toBe('unknown');
  });
});

describe('the kill switch', () => {
  const read = async () => killSwitch(client(new SSMClient(opened.client)), '/sickbay/kill-switch').read();
  const put = (Value: string) =>
    opened.world.parameters.putParameter({ Name: '/sickbay/kill-switch', Value, Type: 'String', Overwrite: true });

  it.each([
    ['off', { state: 'off' }],
    ['on', { state: 'on' }],
    ['maybe', { state: 'on', why: 'got "maybe"; allowed: off, on' }],
  ])('reads %s', async (value, expected) => {
    put(value);
    expect(await read()).toEqual(expected);
  });

  it('is on when it cannot be read, with the reason', async () => {
    expect(await read()).toEqual({ state: 'on', why: 'unreadable: ParameterNotFound' });
  });
});

describe('the topics', () => {
  const entry = { id: 'case/eject/1', at: 1, severity: 'page' as const, subject: 'Sickbay: web: slow', body: 'x'.repeat(70_000) };
  const context = { caseId: 'case', groupArn: 'arn' };
  const opening = () => {
    const arns = { page: opened.world.sns.addTopic('page'), notify: opened.world.sns.addTopic('notify') };
    return { arns, topic: snsTopics(client(new SNSClient(opened.client)), arns) };
  };

  it('get subject, body and what a filter needs, and what nobody reads is cut', async () => {
    await opening().topic.publish(entry, context);
    const [message] = opened.world.sns.published;
    expect(message?.subject).toBe(entry.subject);
    expect(message?.message.length).toBeLessThan(61_000);
    expect(message?.message).toMatch(/cut at 60000 characters\)$/);
    expect(message?.attributes['severity']?.StringValue).toBe('page');
    expect(message?.attributes['alertId']?.StringValue).toBe('case/eject/1');
  });

  it('get the alerts of their severity each', async () => {
    const { arns, topic } = opening();
    await topic.publish(entry, context);
    await topic.publish({ ...entry, severity: 'notify' }, context);
    expect(opened.world.sns.published.map(({ topicArn }) => topicArn)).toEqual([arns.page, arns.notify]);
  });

  it('get each their own format', async () => {
    const { arns } = opening();
    const topic = snsTopics(client(new SNSClient(opened.client)), arns, { page: 'text', notify: 'amazon-q' });
    await topic.publish({ ...entry, body: 'slow' }, context);
    await topic.publish({ ...entry, body: 'slow', severity: 'notify' }, context);
    const [page, notify] = opened.world.sns.published.map(({ message }) => message);
    expect(page).toBe('slow');
    expect(JSON.parse(notify ?? '')).toMatchObject({ version: '1.0', source: 'custom', metadata: { threadId: 'case' } });
  });

  it('of format json get the event, which an alert without one is made into', async () => {
    const { arns } = opening();
    const topic = snsTopics(client(new SNSClient(opened.client)), arns, { page: 'json', notify: 'json' });
    const event = { ...eventOf({ ...entry, body: 'slow' }, context), status: 'resolved' as const };
    await topic.publish({ ...entry, body: 'slow', event }, context);
    await topic.publish({ ...entry, body: 'slow' }, context);
    const [given, made] = opened.world.sns.published;
    expect(JSON.parse(given?.message ?? '')).toEqual(event);
    expect(given?.attributes['status']?.StringValue).toBe('resolved');
    expect(CASE_STATE_CHANGE.safeParse(JSON.parse(made?.message ?? '')).data).toMatchObject({ dedupKey: 'case', head: { done: 'slow' } });
  });

  it('of format json get a weekly review in its own shape', async () => {
    const { arns } = opening();
    const topic = snsTopics(client(new SNSClient(opened.client)), arns, { page: 'text', notify: 'json' });
    const digest = { type: 'Sickbay Weekly Review', version: 1 } as ReviewDigest;
    await topic.publish({ ...entry, severity: 'notify', digest }, { caseId: 'review' });
    expect(JSON.parse(opened.world.sns.published[0]?.message ?? '')).toEqual(digest);
  });

  it('say how many hear them', async () => {
    const { arns, topic } = opening();
    opened.world.sns.subscribe(arns.page, 'email', 'ops@example.com');
    expect(await topic.audience('page')).toEqual({ confirmed: 1, pending: 0 });
    expect(await topic.audience('notify')).toEqual({ confirmed: 0, pending: 0 });
  });
});
