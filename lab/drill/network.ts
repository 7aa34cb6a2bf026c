/**
 * The network that an operator of the shop already has: what `init` and `doctor` read. Nothing of
 * the fleet's real network follows from it.
 */
import type { World } from '../world/world';
import { SHOP_PORT } from '../fleet/hosts';

const PROBER = 'sg-0123456789abcdef0';
export const TARGETS = 'sg-0123456789abcdef1';
export const BALANCER = 'sg-0123456789abcdef2';

const SUBNETS: Readonly<Record<string, { readonly id: string; readonly cidr: string }>> = {
  'us-east-1a': { id: 'subnet-0123456789abcdef0', cidr: '10.0.1.0/24' },
  'us-east-1b': { id: 'subnet-0123456789abcdef1', cidr: '10.0.2.0/24' },
};

/** The subnet of a zone. */
export function subnetOf(zone: string): string | undefined {
  return SUBNETS[zone]?.id;
}

/**
 * Two subnets; groups of the targets, the load balancer and the prober, which the targets admit; an
 * account that was bootstrapped, and whoever operates it.
 */
export function furnishNetwork({ ec2: { network }, parameters, iam }: World, operator: string): void {
  for (const [AvailabilityZone, { id, cidr }] of Object.entries(SUBNETS))
    network.addSubnet({ SubnetId: id, AvailabilityZone, CidrBlock: cidr });
  addSecurityGroups(network);
  parameters.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '25', Type: 'String' });
  iam.addRole(operator);
}

function addSecurityGroups(network: World['ec2']['network']): void {
  network.addSecurityGroup({
    GroupId: TARGETS,
    GroupName: 'checkout-hosts',
    IpPermissions: [BALANCER, PROBER].map((GroupId) => ({
      IpProtocol: 'tcp',
      FromPort: SHOP_PORT,
      ToPort: SHOP_PORT,
      UserIdGroupPairs: [{ GroupId }],
    })),
  });
  const fromAnywhere = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  network.addSecurityGroup({ GroupId: BALANCER, GroupName: 'checkout-lb', IpPermissions: [fromAnywhere] });
  network.addSecurityGroup({ GroupId: PROBER, GroupName: 'sickbay-prober' });
}
