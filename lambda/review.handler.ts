import * as clients from './aws/clients';
import { caseRecords } from './aws/case-records';
import { clock } from './aws/clock';
import { deployedConfig, required } from './aws/environment';
import { loadBalancing } from './aws/load-balancing';
import { log } from './aws/log';
import { targetRefs } from './aws/network-interfaces';
import { observedRounds } from './aws/observed-rounds';
import { reviewRecords } from './aws/review-records';
import { managedHosts } from './aws/run-command';
import { snsTopics } from './aws/topic';
import { review, type ReviewPorts, type ReviewSummary } from './review/review';

const config = deployedConfig(__dirname);
const dynamo = clients.dynamo();
const notify = required('notifyTopicArn');

const ports: ReviewPorts = {
  clock,
  log,
  loadBalancing: loadBalancing(clients.readLoadBalancing()),
  targetRefs: targetRefs(clients.readInstances()),
  hosts: managedHosts(
    clients.systemsManager(),
    { full: required('inspectionDocument'), basic: required('basicInspectionDocument') },
    clock,
  ),
  observed: (sinceAt, now) => observedRounds(dynamo, required('roundsTable'), sinceAt, now),
  cases: caseRecords(dynamo, required('casesTable')),
  reviews: reviewRecords(dynamo, required('reviewsTable')),
  // It tells what is for the record: its role may not publish on the topic that pages.
  topic: snsTopics(clients.topic(), { page: notify, notify }, config.alertFormat),
};

/** Started by the schedule. */
export async function handler(): Promise<ReviewSummary> {
  return review(ports, config, required('stack'));
}
