import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  InstanceNetworkInterface,
  NetworkInterface,
} from '@aws-sdk/client-ec2';
import { LAB_ACCOUNT } from './account';
import { AwsError } from './aws-error';
import type { Instance, Instances } from './instances';
import { LAB_VPC, filtered, type Network } from './network';
import { pageOf } from './paging';

/** Codes and names of states (InstanceState, EC2 API reference). */
const STATES = {
  running: { Code: 16, Name: 'running' },
  stopped: { Code: 80, Name: 'stopped' },
  terminated: { Code: 48, Name: 'terminated' },
} as const;

/** Values per filter (API reference: at most 200). */
const MAX_VALUES = 200;

/**
 * Without MaxResults EC2 pages as it likes (API reference: "might return up to 1000"): here soon,
 * so that nobody reads the first page alone.
 */
const PAGE = 5;

/** The part of EC2 that says what the instances are, and what network they stand in. */
export class Ec2 {
  constructor(
    private readonly instances: Instances,
    readonly network: Network,
  ) {}

  /**
   * Instances by the filter `instance-id`, which leaves out ids that nobody knows, or by
   * `InstanceIds`, for which such an id is an error (API reference, DescribeInstances).
   */
  describeInstances({ Filters = [], InstanceIds = [], ...others }: DescribeInstancesRequest): DescribeInstancesResult {
    const [filter] = Filters;
    const isKnown = Filters.length === 0 ? InstanceIds.length > 0 : filter?.Name === 'instance-id' && InstanceIds.length === 0;
    if (!isKnown || Filters.length > 1 || Object.values(others).some((value) => value !== undefined))
      throw new AwsError('InvalidParameterValue', 'the lab only knows one filter, instance-id, and InstanceIds');
    const ids = filter?.Values ?? InstanceIds;
    if (ids.length > MAX_VALUES) throw new AwsError('FilterLimitExceeded', `got ${ids.length} values, at most ${MAX_VALUES}`);
    const found = ids.map((id) => this.reservation(this.instances.find(id)));
    const unknown = InstanceIds.filter((_, index) => found[index]?.length === 0);
    if (unknown.length > 0) throw new AwsError('InvalidInstanceID.NotFound', `The instance IDs '${unknown.join(', ')}' do not exist`);
    return { Reservations: found.flat() };
  }

  describeSubnets({ Filters = [], NextToken, MaxResults = PAGE }: DescribeSubnetsRequest): DescribeSubnetsResult {
    const found = filtered(this.network.subnets, Filters, {
      'subnet-id': ({ SubnetId }) => [SubnetId],
      'vpc-id': ({ VpcId }) => [VpcId],
    });
    const page = pageOf(found, NextToken, MaxResults, 'InvalidNextToken');
    return { Subnets: page.items, NextToken: page.next };
  }

  describeSecurityGroups({ Filters = [], NextToken, MaxResults = PAGE }: DescribeSecurityGroupsRequest): DescribeSecurityGroupsResult {
    const found = filtered(this.network.securityGroups, Filters, {
      'group-id': ({ GroupId }) => [GroupId],
      'group-name': ({ GroupName }) => [GroupName],
      'vpc-id': ({ VpcId }) => [VpcId],
    });
    const page = pageOf(found, NextToken, MaxResults, 'InvalidNextToken');
    return { SecurityGroups: page.items, NextToken: page.next };
  }

  describeNetworkInterfaces(input: DescribeNetworkInterfacesRequest): DescribeNetworkInterfacesResult {
    const { Filters = [], NextToken, MaxResults = PAGE } = input;
    const found = filtered([...this.network.interfaces, ...this.instances.existing().map(interfaceOf)], Filters, {
      'addresses.private-ip-address': ({ PrivateIpAddress, PrivateIpAddresses = [] }) => [
        PrivateIpAddress,
        ...PrivateIpAddresses.map((one) => one.PrivateIpAddress),
      ],
      'ipv6-addresses.ipv6-address': ({ Ipv6Addresses = [] }) => Ipv6Addresses.map((one) => one.Ipv6Address),
      'network-interface-id': ({ NetworkInterfaceId }) => [NetworkInterfaceId],
      'vpc-id': ({ VpcId }) => [VpcId],
    });
    const page = pageOf(found, NextToken, MaxResults, 'InvalidNextToken');
    return { NetworkInterfaces: page.items, NextToken: page.next };
  }

  private reservation(instance: Instance | undefined): NonNullable<DescribeInstancesResult['Reservations']> {
    const found = instance === undefined ? undefined : this.instances.stateOf(instance.id);
    if (instance === undefined || found === undefined || this.instances.isForgotten(instance.id)) return [];
    const { id, type, zone, address, ipv6 = [], tags } = instance;
    const placed = found === 'terminated' ? {} : { PrivateIpAddress: address, ...interfacesOf(ipv6), ...networkOf(instance) };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    return [
      {
        Instances: [
          {
            InstanceId: id,
            InstanceType: type,
            Placement: { AvailabilityZone: zone },
            State: STATES[found],
            Tags,
            ...placed,
          },
        ],
      },
    ];
  }
}

/** The id of an instance's primary network interface; none is used again. */
export function interfaceIdOf(instanceId: string): string {
  return `eni-${instanceId.slice('i-'.length)}`;
}

/**
 * The primary network interface, which an instance keeps while it is stopped and loses with its
 * termination.
 */
function interfaceOf({ id, address, ipv6 = [], zone, vpcId = LAB_VPC, subnetId, securityGroupIds = [] }: Instance): NetworkInterface {
  return {
    NetworkInterfaceId: interfaceIdOf(id),
    InterfaceType: 'interface',
    OwnerId: OWNER,
    RequesterManaged: false,
    Status: 'in-use',
    VpcId: vpcId,
    AvailabilityZone: zone,
    ...(subnetId === undefined ? {} : { SubnetId: subnetId }),
    Groups: securityGroupIds.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    Attachment: { InstanceId: id, InstanceOwnerId: OWNER, DeviceIndex: 0, NetworkCardIndex: 0, Status: 'attached' },
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
    Ipv6Addresses: ipv6.map((Ipv6Address, index) => ({ Ipv6Address, IsPrimaryIpv6: index === 0 })),
  };
}

const OWNER = LAB_ACCOUNT.accountId;

/** A terminated instance is in no VPC any more (EC2 user guide, "Terminate instances"; (I)). */
function networkOf({ vpcId = LAB_VPC, subnetId, securityGroupIds = [] }: Instance) {
  const SecurityGroups = securityGroupIds.map((GroupId) => ({ GroupId, GroupName: GroupId }));
  return { VpcId: vpcId, ...(subnetId === undefined ? {} : { SubnetId: subnetId }), SecurityGroups };
}

/**
 * The first address is the primary one, on the primary interface; another interface has one of its
 * own.
 */
function interfacesOf(ipv6: readonly string[]): { readonly NetworkInterfaces?: InstanceNetworkInterface[] } {
  if (ipv6.length === 0) return {};
  const Ipv6Addresses = ipv6.map((one, index) => ({ Ipv6Address: one, IsPrimaryIpv6: index === 0 }));
  return {
    NetworkInterfaces: [
      { Attachment: { DeviceIndex: 1 }, Ipv6Addresses: [{ Ipv6Address: 'fd00::bad', IsPrimaryIpv6: true }] },
      { Attachment: { DeviceIndex: 0 }, Ipv6Addresses },
    ],
  };
}
