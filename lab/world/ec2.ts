import type { DescribeInstancesRequest, DescribeInstancesResult, InstanceNetworkInterface } from '@aws-sdk/client-ec2';
import { AwsError } from './aws-error';
import type { Instance, Instances } from './instances';

/** Codes and names of states (InstanceState, EC2 API reference). */
const STATES = {
  running: { Code: 16, Name: 'running' },
  stopped: { Code: 80, Name: 'stopped' },
  terminated: { Code: 48, Name: 'terminated' },
} as const;

/** Values per filter (API reference: at most 200). */
const MAX_VALUES = 200;

/** The part of EC2 that says what the instances are. */
export class Ec2 {
  constructor(private readonly instances: Instances) {}

  /**
   * Instances by the filter `instance-id`: ids that nobody knows are left out, unlike with
   * `InstanceIds`.
   */
  describeInstances({ Filters = [], ...others }: DescribeInstancesRequest): DescribeInstancesResult {
    const [filter] = Filters;
    if (filter?.Name !== 'instance-id' || Filters.length > 1 || Object.values(others).some((value) => value !== undefined))
      throw new AwsError('InvalidParameterValue', 'the lab only knows one filter, instance-id');
    const ids = filter.Values ?? [];
    if (ids.length > MAX_VALUES) throw new AwsError('FilterLimitExceeded', `got ${ids.length} values, at most ${MAX_VALUES}`);
    return { Reservations: ids.flatMap((id) => this.reservation(this.instances.find(id))) };
  }

  private reservation(instance: Instance | undefined): NonNullable<DescribeInstancesResult['Reservations']> {
    const found = instance === undefined ? undefined : this.instances.stateOf(instance.id);
    if (instance === undefined || found === undefined || this.instances.isForgotten(instance.id)) return [];
    const { id, type, zone, address, ipv6 = [] } = instance;
    const placed = found === 'terminated' ? {} : { PrivateIpAddress: address, ...interfacesOf(ipv6) };
    return [
      {
        Instances: [
          { InstanceId: id, InstanceType: type as 'm7g.large', Placement: { AvailabilityZone: zone }, State: STATES[found], ...placed },
        ],
      },
    ];
  }
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
