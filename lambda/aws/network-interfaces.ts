/**
 * Who is behind an address: the network interface that has it, and what that is attached to. Asked
 * anew in each round, for an address is given to the next interface within minutes.
 */
import { paginateDescribeNetworkInterfaces, type EC2Client, type Filter, type NetworkInterface } from '@aws-sdk/client-ec2';
import { kubernetesTagOf } from '../../core/kubernetes';
import { isInstanceId, targetKey, type InstanceRef, type Target, type TargetRef } from '../../core/model';
import type { RefGroup, TargetRefs } from '../ports';

/** Values in one filter: EC2's documentation allows 200 in a request, the VPC's among them. */
const ADDRESSES_PER_CALL = 100;

/**
 * What RegisterTargets is given for an address outside of the VPC (TargetDescription, ELBv2 API
 * reference).
 */
const OUTSIDE_OF_VPC = 'all';

export function targetRefs(client: EC2Client): TargetRefs {
  return {
    of: (group, targets) => refsOf(client, group, targets),
    holds: async (address, ref) => {
      if (ref.interfaceId === undefined) return false;
      const found = await interfaces(client, [{ Name: 'network-interface-id', Values: [ref.interfaceId] }]);
      return found.some((one) => isHeldBy(one, address, ref));
    },
  };
}

async function refsOf(client: EC2Client, group: RefGroup, targets: readonly Target[]): Promise<Map<string, TargetRef>> {
  if (group.targetType !== 'ip') return new Map(targets.map((target) => [targetKey(target), withoutAddress(group, target)]));
  const asked = targets.filter((target) => isAskable(group, target));
  const found = await interfacesWith(
    client,
    group.vpcId ?? '',
    asked.map(({ id }) => id),
  );
  return new Map(
    targets.map((target) => [targetKey(target), asked.includes(target) ? refIn(group, target, found) : unknown(whyNotAsked(group))]),
  );
}

/** Of a target that is no address. */
function withoutAddress(group: RefGroup, { id }: Target): TargetRef {
  return isInstanceId(id) ? { kind: 'instance', instanceId: id } : unknown(`targets of type ${group.targetType} are not looked up`);
}

function isAskable(group: RefGroup, { availabilityZone }: Target): boolean {
  return group.vpcId !== undefined && availabilityZone !== OUTSIDE_OF_VPC;
}

function whyNotAsked({ vpcId }: RefGroup): string {
  return vpcId === undefined
    ? 'the VPC of its target group is not known'
    : "its address is outside of the target group's VPC (Availability Zone `all`): no network interface here has it";
}

function unknown(why: string): TargetRef {
  return { kind: 'unknown', why };
}

/** The interfaces that have one of these addresses, or why that could not be read. */
async function interfacesWith(
  client: EC2Client,
  vpcId: string,
  addresses: readonly string[],
): Promise<readonly NetworkInterface[] | string> {
  const distinct = [...new Set(addresses.map(canonical))];
  const [v6, v4] = [distinct.filter(isIpv6), distinct.filter((address) => !isIpv6(address))];
  const vpc: Filter = { Name: 'vpc-id', Values: [vpcId] };
  const chunks = [...chunked('ipv6-addresses.ipv6-address', v6), ...chunked('addresses.private-ip-address', v4)];
  const found: NetworkInterface[] = [];
  try {
    for (const chunk of chunks) found.push(...(await interfaces(client, [chunk, vpc])));
    return found;
  } catch (error) {
    return `EC2 could not be asked who has its address: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

function chunked(name: string, values: readonly string[]): Filter[] {
  return Array.from({ length: Math.ceil(values.length / ADDRESSES_PER_CALL) }, (_, index) => ({
    Name: name,
    Values: values.slice(index * ADDRESSES_PER_CALL, (index + 1) * ADDRESSES_PER_CALL),
  }));
}

async function interfaces(client: EC2Client, filters: Filter[]): Promise<NetworkInterface[]> {
  const found: NetworkInterface[] = [];
  for await (const page of paginateDescribeNetworkInterfaces({ client }, { Filters: filters }))
    found.push(...(page.NetworkInterfaces ?? []));
  return found;
}

function refIn(group: RefGroup, target: Target, found: readonly NetworkInterface[] | string): TargetRef {
  if (typeof found === 'string') return unknown(found);
  const having = found.filter((one) => hasAddress(one, target.id));
  const [only, ...others] = having;
  if (only === undefined) return unknown("no network interface of the target group's VPC has its address");
  if (others.length > 0) return unknown(`several network interfaces have its address: ${having.map(idOf).join(', ')}`);
  return refOf(group, only, target.id);
}

/**
 * What ECS and the VPC CNI leave on an interface comes first: an address there belongs to a task or
 * to a pod, whatever instance the interface is attached to.
 */
function refOf(group: RefGroup, one: NetworkInterface, address: string): TargetRef {
  const { InterfaceType: type = 'interface', Attachment: attachment } = one;
  const nodeId = instanceIdOf(one);
  // Without the interface's id, which would make another reason of each task (a round tells each
  // reason once).
  if (isOfTask(one)) return unknown('its address is that of an ECS task');
  if (kubernetesTagOf(group.tags) !== undefined || isOfPod(one)) return { kind: 'pod', ...(nodeId === undefined ? {} : { nodeId }) };
  if (!HOST_INTERFACES.includes(type)) return unknown(`its network interface ${idOf(one)} is of type ${type}`);
  if (one.RequesterManaged === true) return unknown(`its network interface ${idOf(one)} is managed by ${one.RequesterId ?? 'AWS'}`);
  if (nodeId === undefined || attachment?.Status !== 'attached')
    return unknown(`its network interface ${idOf(one)} is attached to no instance`);
  if (attachment.InstanceOwnerId !== one.OwnerId)
    return unknown(`its network interface ${idOf(one)} is attached to an instance of another account`);
  if (!isPrimaryAddress(one, address))
    return unknown(`a secondary address of ${idOf(one)} of ${nodeId}: it can be moved without its instance, and pods have such ones`);
  const ref: InstanceRef = { kind: 'instance', instanceId: nodeId, interfaceId: idOf(one) };
  return isPrimaryInterface(one) ? { ...ref, isPrimary: true } : ref;
}

/** Interface types that an instance sends and receives on (NetworkInterface, EC2 API reference). */
const HOST_INTERFACES = ['interface', 'efa', 'trunk'];

/**
 * ECS describes the interface of a task that uses `awsvpc` by the ARN of its attachment
 * (`arn:aws:ecs:REGION:ACCOUNT:attachment/ID`: seen in public reports, not documented (I)), and
 * puts `aws:ecs:` tags on it where the service propagates tags (ECS developer guide, "Tagging").
 */
function isOfTask({ Description = '', TagSet = [] }: NetworkInterface): boolean {
  return /^arn:[^:]+:ecs:[^:]*:\d*:attachment\//.test(Description) || TagSet.some(({ Key = '' }) => Key.startsWith('aws:ecs:'));
}

/**
 * Tags of the VPC CNI on the interfaces that it made or manages: pods have their secondary
 * addresses (amazon-vpc-cni-k8s, README, "ENI tags related to Allocation"). It describes those that
 * it made as `aws-K8S-INSTANCE` and those of single pods as `aws-k8s-branch-eni` (I).
 */
const CNI_TAGS = ['node.k8s.amazonaws.com/instance_id', 'cluster.k8s.amazonaws.com/name', 'eks:eni:owner'];

/**
 * Every address of such an interface: at the primary one, the node's own, pods on the host's
 * network answer.
 */
function isOfPod({ Description = '', TagSet = [] }: NetworkInterface): boolean {
  return /^aws-k8s-/i.test(Description) || TagSet.some(({ Key = '' }) => CNI_TAGS.includes(Key));
}

/** The primary private IPv4 address, or the primary IPv6 address, of its interface. */
function isPrimaryAddress({ PrivateIpAddress, Ipv6Addresses = [] }: NetworkInterface, address: string): boolean {
  if (!isIpv6(address)) return PrivateIpAddress === address;
  return Ipv6Addresses.some((one) => one.IsPrimaryIpv6 === true && canonical(one.Ipv6Address ?? '') === canonical(address));
}

/**
 * The primary interface cannot be detached, and its primary private IPv4 address not be moved, as
 * long as the instance exists, running or not (EC2 user guide, "Elastic network interfaces").
 */
function isPrimaryInterface({ Attachment }: NetworkInterface): boolean {
  return Attachment?.DeviceIndex === 0 && (Attachment.NetworkCardIndex ?? 0) === 0;
}

function isHeldBy(one: NetworkInterface, address: string, { instanceId, interfaceId }: InstanceRef): boolean {
  return idOf(one) === interfaceId && instanceIdOf(one) === instanceId && isPrimaryInterface(one) && isPrimaryAddress(one, address);
}

function hasAddress({ PrivateIpAddress, PrivateIpAddresses = [], Ipv6Addresses = [] }: NetworkInterface, address: string): boolean {
  const wanted = canonical(address);
  const v4 = [PrivateIpAddress, ...PrivateIpAddresses.map((one) => one.PrivateIpAddress)];
  return [...v4, ...Ipv6Addresses.map((one) => one.Ipv6Address)].some((one) => one !== undefined && canonical(one) === wanted);
}

function idOf({ NetworkInterfaceId }: NetworkInterface): string {
  return NetworkInterfaceId ?? 'an interface without id';
}

function instanceIdOf({ Attachment }: NetworkInterface): string | undefined {
  const id = Attachment?.InstanceId;
  return id !== undefined && isInstanceId(id) ? id : undefined;
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}

/**
 * One IPv6 address has many spellings: the shortest, in lower case, as EC2 writes it (RFC 5952).
 */
function canonical(address: string): string {
  if (!isIpv6(address)) return address;
  const url = `http://[${address}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address.toLowerCase();
}
