import * as clients from './aws/clients';
import { required } from './aws/environment';
import { log } from './aws/log';
import { send, type ResourceRequest } from './custom-resource';
import { answerTo, type GuardPorts } from './delete-guard';
import { loadBalancing } from './aws/load-balancing';
import { caseRecords } from './aws/case-records';

const casesTable = required('casesTable');
const ports: GuardPorts = {
  cases: caseRecords(clients.dynamo(), casesTable),
  casesTable,
  loadBalancing: loadBalancing(clients.readLoadBalancing()),
  log,
};

/**
 * A custom resource: the answer goes to the address that CloudFormation gave. @throws when it does
 * not take the answer.
 */
export async function handler(request: ResourceRequest): Promise<void> {
  await send(request, await answerTo(ports, request));
}
