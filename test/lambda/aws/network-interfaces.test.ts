/** Who has an address, over the lab's EC2, which answers as the API reference has it. */
import { EC2Client, type NetworkInterface } from '@aws-sdk/client-ec2';
import { targetKey, type InstanceRef, type Target, type TargetRef } from '../../../core/model';
import { targetRefs } from '../../../lambda/aws/network-interfaces';
import type { RefGroup } from '../../../lambda/ports';
import { AwsError } from '../../../lab/world/aws-error';
import { LAB_VPC } from '../../../lab/world/network';
import { open, type Opened } from '../../lab/wire-setup';
import { containing } from '../../builders/text';

let opened: Opened;
let ec2: EC2Client;

beforeEach(async () => {
  opened = await open();
  ec2 = new EC2Client(opened.client);
});

afterEach(async () => {
  ec2.destroy();
  await opened.door.close();
});

const GROUP: RefGroup = { arn: 'arn:tg', targetType: 'ip', vpcId: LAB_VPC, tags: {} };
const KUBERNETES: RefGroup = { ...GROUP, tags: { 'elbv2.k8s.aws/cluster': 'prod' } };
const HOST = 'i-0aaaaaaaaaaaaaaa1';
const ACCOUNT = '123456789012';

const address = (id: string, availabilityZone = 'us-east-1a'): Target => ({ id, port: 8080, availabilityZone });
const refOf = async (target: Target, group = GROUP): Promise<TargetRef | undefined> =>
  (await targetRefs(ec2).of(group, [target])).get(targetKey(target));
const addHost = () => opened.world.instances.add({ id: HOST, address: '10.0.0.1', ipv6: ['fd00::1', 'fd00::2'], zone: 'us-east-1a' });

/** An interface of the host that is not its primary one. */
const add = (one: NetworkInterface) =>
  opened.world.ec2.network.addInterface({
    NetworkInterfaceId: 'eni-2',
    InterfaceType: 'interface',
    OwnerId: ACCOUNT,
    PrivateIpAddress: '10.0.0.20',
    Attachment: { InstanceId: HOST, InstanceOwnerId: ACCOUNT, DeviceIndex: 1, Status: 'attached' },
    ...one,
  });

const PRIMARY: InstanceRef = { kind: 'instance', instanceId: HOST, interfaceId: `eni-${HOST.slice(2)}`, isPrimary: true };
const why = (text: string) => ({ kind: 'unknown', why: containing(text) });

describe('an address of the VPC', () => {
  it('that is the primary one of an instance is that instance', async () => {
    addHost();
    expect(await refOf(address('10.0.0.1'))).toEqual(PRIMARY);
    expect(await refOf(address('fd00::1'))).toEqual(PRIMARY);
    expect(await refOf(address('FD00:0:0:0:0:0:0:1'))).toEqual(PRIMARY);
  });

  it('that the instance may lose is not its identity', async () => {
    addHost();
    expect(await refOf(address('fd00::2'))).toEqual(why('a secondary address'));
    add({ PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.20', Primary: true }, { PrivateIpAddress: '10.0.0.21' }] });
    expect(await refOf(address('10.0.0.21'))).toEqual(why('a secondary address'));
    expect(await refOf(address('10.0.0.20'))).toEqual({ kind: 'instance', instanceId: HOST, interfaceId: 'eni-2' });
  });

  it('that a stopped instance keeps is its own, and nobody has it after the termination', async () => {
    addHost();
    opened.world.instances.stop(HOST);
    expect(await refOf(address('10.0.0.1'))).toEqual(PRIMARY);
    opened.world.instances.terminate(HOST);
    expect(await refOf(address('10.0.0.1'))).toEqual(why('no network interface'));
  });

  it('that was given to another instance is that one', async () => {
    addHost();
    opened.world.instances.terminate(HOST);
    opened.world.instances.add({ id: 'i-0bbbbbbbbbbbbbbb2', address: '10.0.0.1', zone: 'us-east-1a' });
    expect(await refOf(address('10.0.0.1'))).toMatchObject({ instanceId: 'i-0bbbbbbbbbbbbbbb2' });
  });

  it('that only an interface of another VPC has belongs to nobody here', async () => {
    opened.world.instances.add({ id: HOST, address: '10.0.0.1', zone: 'us-east-1a', vpcId: 'vpc-other' });
    expect(await refOf(address('10.0.0.1'))).toEqual(why('no network interface'));
  });

  it('that two interfaces claim belongs to nobody known', async () => {
    addHost();
    add({ PrivateIpAddress: '10.0.0.1' });
    expect(await refOf(address('10.0.0.1'))).toEqual(why('several network interfaces'));
  });

  it.each([
    ['a load balancer', { InterfaceType: 'network_load_balancer' as const }, 'of type network_load_balancer'],
    ['a managed service', { RequesterManaged: true, RequesterId: 'amazon-rds' }, 'managed by amazon-rds'],
    ['no instance', { Attachment: { AttachmentId: 'a', Status: 'attached' as const } }, 'attached to no instance'],
    ['an instance that it leaves', { Attachment: { InstanceId: HOST, Status: 'detaching' as const } }, 'attached to no instance'],
    [
      'an instance of another account',
      { Attachment: { InstanceId: HOST, InstanceOwnerId: '999999999999', Status: 'attached' as const } },
      'of another account',
    ],
    ['an ECS task, by its description', { Description: `arn:aws:ecs:us-east-1:${ACCOUNT}:attachment/0a` }, 'an ECS task'],
    ['an ECS task, by its tags', { TagSet: [{ Key: 'aws:ecs:serviceName', Value: 'shop' }] }, 'an ECS task'],
  ])('of %s is unknown', async (_, one, text) => {
    add(one);
    expect(await refOf(address('10.0.0.20'))).toEqual(why(text));
  });

  it('of every task of ECS is unknown for one reason, which a round tells once', async () => {
    for (const id of ['10.0.0.20', '10.0.0.21'])
      add({ NetworkInterfaceId: `eni-${id}`, Description: `arn:aws:ecs:us-east-1:${ACCOUNT}:attachment/${id}`, PrivateIpAddress: id });
    expect(await refOf(address('10.0.0.20'))).toEqual(await refOf(address('10.0.0.21')));
  });
});

describe('a pod', () => {
  it.each([
    ['the tag of its node', { TagSet: [{ Key: 'node.k8s.amazonaws.com/instance_id', Value: HOST }] }],
    ['the tag of its owner', { TagSet: [{ Key: 'eks:eni:owner', Value: 'amazon-vpc-cni' }] }],
    ['its description', { Description: `aws-K8S-${HOST}` }],
  ])('has a secondary address of an interface that the VPC CNI marks by %s', async (_, one) => {
    add({ ...one, PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.20', Primary: true }, { PrivateIpAddress: '10.0.0.21' }] });
    expect(await refOf(address('10.0.0.21'))).toEqual({ kind: 'pod', nodeId: HOST });
  });

  it('is whatever a Kubernetes controller registers, its node’s own address too', async () => {
    addHost();
    expect(await refOf(address('10.0.0.1'), KUBERNETES)).toEqual({ kind: 'pod', nodeId: HOST });
  });

  it('of a branch interface has no node that EC2 knows', async () => {
    add({ InterfaceType: 'branch', Description: 'aws-k8s-branch-eni', Attachment: {} });
    expect(await refOf(address('10.0.0.20'))).toEqual({ kind: 'pod' });
  });
});

describe('what cannot be told', () => {
  it('is an address outside of the VPC: EC2 is not asked', async () => {
    expect(await refOf(address('192.168.0.7', 'all'))).toEqual(why('outside of the target group'));
    expect(opened.calls).toHaveLength(0);
  });

  it('is everything, where EC2 does not answer', async () => {
    addHost();
    jest.spyOn(opened.world.ec2, 'describeNetworkInterfaces').mockImplementation(() => {
      throw new AwsError('UnauthorizedOperation', 'no');
    });
    expect(await refOf(address('10.0.0.1'))).toEqual(why('EC2 could not be asked'));
    await expect(targetRefs(ec2).holds('10.0.0.1', PRIMARY)).rejects.toThrow('no');
  });

  it('is a target of a group whose VPC is not known', async () => {
    const { vpcId: _, ...group } = GROUP;
    expect(await refOf(address('10.0.0.1'), group)).toEqual(why('the VPC of its target group is not known'));
  });
});

describe('many addresses', () => {
  it('are asked for by the hundred, and read to the last page', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `i-${String(index).padStart(17, '0')}`);
    for (const [index, id] of ids.entries()) opened.world.instances.add({ id, address: `10.0.1.${index}`, zone: 'us-east-1a' });
    const targets = ids.map((_, index) => address(`10.0.1.${index}`));
    const found = await targetRefs(ec2).of(GROUP, targets);
    expect(targets.map((target) => found.get(targetKey(target)))).toEqual(ids.map((instanceId) => expect.objectContaining({ instanceId })));
  });
});

describe('whether an instance still has its address', () => {
  const holds = () => targetRefs(ec2).holds('10.0.0.1', PRIMARY);

  it('is asked of its interface, whose id is never used again', async () => {
    addHost();
    expect(await holds()).toBe(true);
    opened.world.instances.terminate(HOST);
    expect(await holds()).toBe(false);
    opened.world.instances.add({ id: 'i-0bbbbbbbbbbbbbbb2', address: '10.0.0.1', zone: 'us-east-1a' });
    expect(await holds()).toBe(false);
  });

  it('is no for another address of the interface, and where the interface is not known', async () => {
    addHost();
    expect(await targetRefs(ec2).holds('10.0.0.2', PRIMARY)).toBe(false);
    expect(await targetRefs(ec2).holds('10.0.0.1', { kind: 'instance', instanceId: HOST })).toBe(false);
  });
});
