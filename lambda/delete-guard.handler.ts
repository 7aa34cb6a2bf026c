import * as clients from './aws/clients';
import { required } from './aws/environment';
import { log } from './aws/log';
import { answerTo, type GuardPorts, type ResourceRequest } from './delete-guard';
import { loadBalancing } from './discover/load-balancing';
import { caseRecords } from './records/cases';

const casesTable = required('casesTable');
const ports: GuardPorts = {
  cases: caseRecords(clients.dynamo(), casesTable),
  casesTable,
  loadBalancing: loadBalancing(clients.readLoadBalancing()),
  log,
};

/** A custom resource: the answer goes to the address that CloudFormation gave. @throws when it does not take the answer. */
export async function handler(request: ResourceRequest): Promise<void> {
  const body = JSON.stringify(await answerTo(ports, request));
  // The address is signed for a request without a content type.
  const taken = await fetch(request.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!taken.ok) throw new Error(`CloudFormation did not take the answer: ${taken.status} ${await taken.text()}`);
}
