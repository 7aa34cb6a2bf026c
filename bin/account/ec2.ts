/** Instances and the network they stand in, for commands. Reads alone. */
import {
  paginateDescribeInstances,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  type EC2Client,
  type Instance,
  type IpPermission,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';

export interface AccountInstance {
  readonly id: string;
  /** As EC2 names it: `running`, `stopped`. */
  readonly state: string;
  readonly type?: string;
  readonly zone?: string;
  readonly address?: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly securityGroupIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The network interface behind an IP address: what is there can be told by its description. */
export interface AccountInterface {
  readonly address: string;
  readonly description: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly zone?: string;
  readonly instanceId?: string;
  readonly securityGroupIds: readonly string[];
}

export interface AccountSubnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string | undefined;
  readonly freeAddresses: number;
  readonly name: string | undefined;
}

/** A rule of a security group: what it lets in, or out. */
export interface TrafficRule {
  /** `tcp`, `udp`, a number, or `-1` for everything. */
  readonly protocol: string;
  /** Both undefined where every port is meant. */
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly cidrs: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly prefixListIds: readonly string[];
}

export interface AccountSecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string | undefined;
  readonly ingress: readonly TrafficRule[];
  readonly egress: readonly TrafficRule[];
}

export interface AccountNetwork {
  /** By id; ids that EC2 does not know are absent. */
  instances(ids: readonly string[]): Promise<Map<string, AccountInstance>>;
  /** The interfaces that have these private addresses in a VPC, by address. */
  interfaces(addresses: readonly string[], vpcId: string): Promise<Map<string, AccountInterface>>;
  subnetsOf(vpcIds: readonly string[]): Promise<AccountSubnet[]>;
  subnets(ids: readonly string[]): Promise<AccountSubnet[]>;
  /** By id; ids that EC2 does not know are absent. */
  securityGroups(ids: readonly string[]): Promise<Map<string, AccountSecurityGroup>>;
  securityGroupsOf(vpcIds: readonly string[]): Promise<AccountSecurityGroup[]>;
}

/** Values in one filter (EC2's documentation allows 200). */
const VALUES = 200;

/**
 * By filters and not by ids: there one id that EC2 does not know fails the call for all.
 */
export function accountNetwork(client: EC2Client): AccountNetwork {
  return {
    instances: async (ids) => byKey(await instancesBy(client, ids), ({ id }) => id),
    interfaces: async (addresses, vpcId) => byKey(await interfacesBy(client, addresses, vpcId), ({ address }) => address),
    subnetsOf: (vpcIds) => subnetsBy(client, 'vpc-id', vpcIds),
    subnets: (ids) => subnetsBy(client, 'subnet-id', ids),
    securityGroups: async (ids) => byKey(await securityGroupsBy(client, 'group-id', ids), ({ id }) => id),
    securityGroupsOf: (vpcIds) => securityGroupsBy(client, 'vpc-id', vpcIds),
  };
}

function byKey<T>(items: readonly T[], key: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}

/** The values each once, as many as one filter takes at a time. */
function filters(name: string, values: readonly string[]): { Name: string; Values: string[] }[] {
  const all = [...new Set(values)];
  return Array.from({ length: Math.ceil(all.length / VALUES) }, (_, index) => ({
    Name: name,
    Values: all.slice(index * VALUES, (index + 1) * VALUES),
  }));
}

async function instancesBy(client: EC2Client, ids: readonly string[]): Promise<AccountInstance[]> {
  const found: AccountInstance[] = [];
  for (const filter of filters('instance-id', ids))
    for await (const page of paginateDescribeInstances({ client }, { Filters: [filter] }))
      found.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map(instanceOf)));
  return found;
}

function instanceOf(one: Instance): AccountInstance {
  return {
    id: one.InstanceId ?? '',
    state: one.State?.Name ?? 'unknown',
    ...given({
      type: one.InstanceType,
      zone: one.Placement?.AvailabilityZone,
      address: one.PrivateIpAddress,
      vpcId: one.VpcId,
      subnetId: one.SubnetId,
    }),
    securityGroupIds: (one.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    tags: Object.fromEntries((one.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}

async function interfacesBy(client: EC2Client, addresses: readonly string[], vpcId: string): Promise<AccountInterface[]> {
  const found: AccountInterface[] = [];
  for (const filter of filters('addresses.private-ip-address', addresses))
    for await (const page of paginateDescribeNetworkInterfaces({ client }, { Filters: [filter, { Name: 'vpc-id', Values: [vpcId] }] }))
      for (const one of page.NetworkInterfaces ?? []) {
        const own = [one.PrivateIpAddress, ...(one.PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress)];
        for (const address of new Set(own.filter((candidate) => candidate !== undefined && addresses.includes(candidate))))
          found.push({
            address: address ?? '',
            description: one.Description ?? '',
            ...given({ vpcId: one.VpcId, subnetId: one.SubnetId, zone: one.AvailabilityZone, instanceId: one.Attachment?.InstanceId }),
            securityGroupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
          });
      }
  return found;
}

async function subnetsBy(client: EC2Client, name: 'vpc-id' | 'subnet-id', values: readonly string[]): Promise<AccountSubnet[]> {
  const found: AccountSubnet[] = [];
  for (const filter of filters(name, values))
    for await (const page of paginateDescribeSubnets({ client }, { Filters: [filter] }))
      for (const one of page.Subnets ?? [])
        found.push({
          id: one.SubnetId ?? '',
          vpcId: one.VpcId ?? '',
          zone: one.AvailabilityZone ?? '',
          cidr: one.CidrBlock,
          freeAddresses: one.AvailableIpAddressCount ?? 0,
          name: one.Tags?.find(({ Key }) => Key === 'Name')?.Value,
        });
  return found;
}

async function securityGroupsBy(
  client: EC2Client,
  name: 'vpc-id' | 'group-id',
  values: readonly string[],
): Promise<AccountSecurityGroup[]> {
  const found: AccountSecurityGroup[] = [];
  for (const filter of filters(name, values))
    for await (const page of paginateDescribeSecurityGroups({ client }, { Filters: [filter] }))
      found.push(...(page.SecurityGroups ?? []).map(securityGroupOf));
  return found;
}

function securityGroupOf(one: SecurityGroup): AccountSecurityGroup {
  return {
    id: one.GroupId ?? '',
    name: one.GroupName ?? '',
    vpcId: one.VpcId,
    ingress: (one.IpPermissions ?? []).map(trafficRule),
    egress: (one.IpPermissionsEgress ?? []).map(trafficRule),
  };
}

function trafficRule(permission: IpPermission): TrafficRule {
  const { IpProtocol: protocol = '-1', FromPort: fromPort, ToPort: toPort } = permission;
  return {
    protocol,
    fromPort,
    toPort,
    cidrs: [
      ...(permission.IpRanges ?? []).flatMap(({ CidrIp }) => CidrIp ?? []),
      ...(permission.Ipv6Ranges ?? []).flatMap(({ CidrIpv6 }) => CidrIpv6 ?? []),
    ],
    securityGroupIds: (permission.UserIdGroupPairs ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    prefixListIds: (permission.PrefixListIds ?? []).flatMap(({ PrefixListId }) => PrefixListId ?? []),
  };
}

type Given<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the keys that have no value. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
