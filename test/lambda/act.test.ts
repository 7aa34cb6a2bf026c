import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { TargetGroup } from '../../core/model';
import { killSwitch } from '../../lambda/act/kill-switch';
import { owners } from '../../lambda/act/owners';
import { TargetVanished, staticRegistration } from '../../lambda/act/static';
import { wayBack, wayBackName } from '../../lambda/act/way-back';
import { snsTopic } from '../../lambda/alert/topic';
import { loadBalancing } from '../../lambda/discover/load-balancing';
import { IDS, open, webGroup, type Opened } from '../lab/wire-setup';

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

const target = { id: IDS[0], port: 8080 };

describe('static registration', () => {
  it('takes out and brings back exactly one target', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    await staticRegistration(elb).remove(arn, target);
    const states = async () => (await loadBalancing(elb).health(arn)).map((entry) => entry.state);
    expect(await states()).toEqual(['draining', 'healthy', 'healthy']);
    await staticRegistration(elb).restore(arn, target);
    expect((await states()).filter((state) => state !== 'healthy')).toEqual(['initial']);
  });

  it('says that a target has vanished when its instance is gone', async () => {
    const elb = client(new ElasticLoadBalancingV2Client(opened.client));
    await staticRegistration(elb).remove(arn, target);
    opened.world.instances.terminate(IDS[0]);
    opened.clock.advance(301_000);
    await expect(staticRegistration(elb).restore(arn, target)).rejects.toBeInstanceOf(TargetVanished);
  });
});

describe('the way back', () => {
  const settings = { group: 'backs', roleArn: 'arn:aws:iam::123456789012:role/back', dlqArn: 'arn:aws:sqs:us-east-1:123456789012:dead' };

  it('registers the target by itself when its time has come, and is gone afterwards', async () => {
    opened.world.scheduler.createScheduleGroup({ Name: 'backs' });
    const back = wayBack(client(new SchedulerClient(opened.client)), settings);
    const name = wayBackName(arn, target);
    await back.create(name, opened.clock.now() + 60_000, arn, target);
    expect(await back.exists(name)).toBe(true);
    opened.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: target.id, Port: target.port }] });
    await back.move(name, opened.clock.now() + 600_000, arn, target);
    await opened.clock.settle(400_000);
    expect(opened.world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions).toHaveLength(2);
    await opened.clock.settle(300_000);
    expect(opened.world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions).toHaveLength(3);
    expect(await back.exists(name)).toBe(false);
    await expect(back.cancel(name)).resolves.toBeUndefined();
  });

  it('has one name a target, whatever it went out for', () => {
    expect(wayBackName(arn, target)).toBe(wayBackName(arn, { ...target }));
    expect(wayBackName(arn, target)).not.toBe(wayBackName(arn, { ...target, port: 8081 }));
    expect(wayBackName(arn, target)).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });
});

describe('owners', () => {
  const group = { arn: 'g', targetType: 'instance', tags: {} } as unknown as TargetGroup;

  it('are static where no Auto Scaling group has the instance', async () => {
    const seen = await owners(client(new AutoScalingClient(opened.client))).observe(group, [target]);
    expect(seen.get(target.id)).toEqual({ owner: 'static' });
  });

  it('are the Auto Scaling group where one has it', async () => {
    opened.world.autoScaling.addGroup({
      name: 'shop',
      minSize: 1,
      maxSize: 3,
      desiredCapacity: 1,
      instanceIds: [IDS[0]],
      targetGroupArns: [arn],
    });
    const seen = await owners(client(new AutoScalingClient(opened.client))).observe(group, [target]);
    expect(seen.get(target.id)?.owner).toBe('asg');
  });

  it('are somebody else where a Kubernetes controller tagged the group, and unknown for other target types', async () => {
    const asked = owners(client(new AutoScalingClient(opened.client)));
    const kubernetes = { ...group, tags: { 'elbv2.k8s.aws/cluster': 'shop' } };
    expect((await asked.observe(kubernetes, [target])).get(target.id)?.owner).toBe('other');
    expect((await asked.observe({ ...group, targetType: 'ip' }, [target])).get(target.id)?.owner).toBe('unknown');
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

describe('the topic', () => {
  it('gets subject, body and what a filter needs, and cuts what nobody reads', async () => {
    const topicArn = opened.world.sns.addTopic('alerts');
    const entry = { id: 'case/eject/1', at: 1, severity: 'page' as const, subject: 'Sickbay: web: slow', body: 'x'.repeat(70_000) };
    await snsTopic(client(new SNSClient(opened.client)), topicArn).publish(entry, { caseId: 'case', groupArn: arn });
    const [message] = opened.world.sns.published;
    expect(message?.subject).toBe(entry.subject);
    expect(message?.message.length).toBeLessThan(61_000);
    expect(message?.message).toMatch(/cut at 60000 characters\)$/);
    expect(message?.attributes['severity']?.StringValue).toBe('page');
    expect(message?.attributes['alertId']?.StringValue).toBe('case/eject/1');
  });
});
