import type { Filter, NetworkInterface, SecurityGroup, Subnet } from '@aws-sdk/client-ec2';
import { AwsError } from './aws-error';

/** The VPC of everything that names none. */
export const LAB_VPC = 'vpc-0123456789abcdef0';

/**
 * The subnets, security groups and network interfaces of the world. They carry no traffic: the API
 * shows them.
 */
export class Network {
  readonly subnets: Subnet[] = [];
  readonly securityGroups: SecurityGroup[] = [];
  readonly interfaces: NetworkInterface[] = [];

  addSubnet(subnet: Subnet & { SubnetId: string }): string {
    this.subnets.push({
      VpcId: LAB_VPC,
      State: 'available',
      AvailabilityZone: 'us-east-1a',
      CidrBlock: '10.0.0.0/24',
      AvailableIpAddressCount: 240,
      MapPublicIpOnLaunch: false,
      Tags: [],
      ...subnet,
    });
    return subnet.SubnetId;
  }

  addSecurityGroup(group: SecurityGroup & { GroupId: string }): string {
    const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    this.securityGroups.push({
      VpcId: LAB_VPC,
      GroupName: group.GroupId,
      Description: '',
      IpPermissions: [],
      IpPermissionsEgress: everything,
      Tags: [],
      ...group,
    });
    return group.GroupId;
  }

  addInterface(one: NetworkInterface): void {
    this.interfaces.push({ VpcId: LAB_VPC, Status: 'in-use', Description: '', Groups: [], ...one });
  }

  removeInterface(interfaceId: string): void {
    const index = this.interfaces.findIndex((one) => one.NetworkInterfaceId === interfaceId);
    if (index >= 0) this.interfaces.splice(index, 1);
  }
}

/** What a filter of EC2 compares its values with, by the filter's name. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

/**
 * Items that meet every filter: one of its values each.
 * @throws AwsError InvalidParameterValue for a filter that the lab does not know.
 */
export function filtered<T>(items: readonly T[], filters: readonly Filter[], fields: FilterFields<T>): T[] {
  const wanted = filters.map(({ Name = '', Values = [] }) => {
    const field = fields[Name];
    if (field === undefined) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
    return (item: T) => field(item).some((value) => value !== undefined && Values.includes(value));
  });
  return items.filter((item) => wanted.every((meets) => meets(item)));
}
