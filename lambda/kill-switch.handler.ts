import { parameterSwitches } from './aws/parameter-switches';
import * as clients from './aws/clients';
import { log } from './aws/log';
import { send, type ResourceRequest } from './custom-resource';
import { keepKillSwitch } from './keep-kill-switch';

const ports = { switches: parameterSwitches(clients.systemsManager()), log };

/**
 * A custom resource: the answer goes to the address that CloudFormation gave. @throws when it does
 * not take the answer.
 */
export async function handler(request: ResourceRequest): Promise<void> {
  await send(request, await keepKillSwitch(ports, request));
}
