import { restoreAddress, type AddressRestore } from './act/restore-address';
import * as clients from './aws/clients';
import { instanceStates } from './aws/instance-states';
import { log } from './aws/log';
import { targetRefs } from './aws/network-interfaces';
import { staticRegistration } from './aws/static';

const ec2 = clients.readInstances();
const registration = staticRegistration(clients.changeLoadBalancing(), instanceStates(ec2), targetRefs(ec2));

/** Started by a one-time schedule at the end of the lease of an address. */
export async function handler(event: AddressRestore): Promise<void> {
  await restoreAddress({ registration, log }, event);
}
