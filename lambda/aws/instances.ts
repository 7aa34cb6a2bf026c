/**
 * Where instances are, and what they are: ELB gives neither address nor zone for targets of type
 * instance.
 */
import { paginateDescribeInstances, type EC2Client, type Instance } from '@aws-sdk/client-ec2';
import type { InstanceFacts } from '../../core/model';
import type { Instances } from '../ports';

/** Values in one filter (EC2's documentation allows 200). */
const IDS_PER_CALL = 200;

/** A tag's value has up to 256 characters, and a round keeps one for each target. */
const NAME_MAX = 64;

export function instances(client: EC2Client): Instances {
  return {
    describe: async (ids) => {
      const facts = new Map<string, InstanceFacts>();
      for (let start = 0; start < ids.length; start += IDS_PER_CALL) await describe(client, ids.slice(start, start + IDS_PER_CALL), facts);
      return facts;
    },
  };
}

/**
 * By a filter and not by `InstanceIds`: there one id that EC2 has forgotten fails the call for all.
 */
async function describe(client: EC2Client, ids: readonly string[], facts: Map<string, InstanceFacts>): Promise<void> {
  const filter = { Name: 'instance-id', Values: [...ids] };
  for await (const page of paginateDescribeInstances({ client }, { Filters: [filter] }))
    for (const instance of (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []))
      if (instance.InstanceId !== undefined && instance.State?.Name === 'running') facts.set(instance.InstanceId, factsOf(instance));
}

function factsOf(instance: Instance): InstanceFacts {
  const { PrivateIpAddress: address, Placement, InstanceType: type } = instance;
  const zone = Placement?.AvailabilityZone;
  const ipv6 = primaryIpv6(instance);
  const name = instance.Tags?.find(({ Key }) => Key === 'Name')?.Value?.slice(0, NAME_MAX);
  return {
    ...(address === undefined ? {} : { address }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    ...(zone === undefined ? {} : { zone }),
    ...(type === undefined ? {} : { type }),
    ...(name === undefined || name === '' ? {} : { name }),
  };
}

/**
 * The address by which an IPv6 target group reaches an instance: the primary one of its primary
 * network interface (Application Load Balancers guide, "IP address type": such instances must have
 * a primary IPv6 address). Without the mark none is taken: another one may be another service's.
 */
function primaryIpv6({ NetworkInterfaces = [] }: Instance): string | undefined {
  const primary = NetworkInterfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
  return primary?.Ipv6Addresses?.find(({ IsPrimaryIpv6 }) => IsPrimaryIpv6 === true)?.Ipv6Address;
}
