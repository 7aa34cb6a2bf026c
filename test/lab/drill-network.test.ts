import { letsIn } from '../../bin/account/traffic';
import { accountNetwork } from '../../bin/account/ec2';
import { EC2Client } from '@aws-sdk/client-ec2';
import { drillConfig } from '../../lab/drill/config';
import { TARGETS, furnishNetwork, subnetOf } from '../../lab/drill/network';
import { SHOP_PORT } from '../../lab/fleet/hosts';
import { open, type Opened } from '../lab/wire-setup';

let opened: Opened;
beforeEach(async () => void (opened = await open()));
afterEach(() => opened.door.close());

test('the drill’s account has the network that the drill’s configuration names, and its targets admit the prober', async () => {
  furnishNetwork(opened.world, 'operator');
  const { subnetIds, securityGroupIds } = drillConfig({}).network;
  const network = accountNetwork(new EC2Client(opened.client));
  expect((await network.subnets(subnetIds)).map(({ id }) => id)).toEqual(subnetIds);
  expect([...(await network.securityGroups(securityGroupIds)).keys()]).toEqual(securityGroupIds);
  const targets = [...(await network.securityGroups([TARGETS])).values()];
  expect(letsIn(targets, SHOP_PORT, { securityGroupIds, cidrs: [] })).toBe('yes');
  expect([subnetOf('us-east-1a'), subnetOf('us-east-1c')]).toEqual([subnetIds[0], undefined]);
});
