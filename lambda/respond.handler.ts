import type { Context } from 'aws-lambda';
import { owners } from './aws/owners';
import { parseRequest } from './act/request';
import { killSwitch } from './aws/kill-switch';
import { replacingPorts } from './aws/replacing';
import { registrations } from './aws/registrations';
import { scheduledRestores } from './aws/scheduled-restores';
import { caseEvents } from './aws/case-events';
import { tendTopics, type TopicSummary } from './alert/tend-topics';
import { snsTopics } from './aws/topic';
import * as clients from './aws/clients';
import { clock } from './aws/clock';
import { deployedConfig, optional, required } from './aws/environment';
import { log } from './aws/log';
import { embeddedMetrics } from './aws/metrics';
import { functionPageReader } from './aws/functions';
import type { RespondEvent } from './contract';
import { instanceStates } from './aws/instance-states';
import { targetRefs } from './aws/network-interfaces';
import { loadBalancing } from './aws/load-balancing';
import { accessLogs } from './aws/access-logs';
import { balancerMetrics } from './aws/balancer-metrics';
import { managedHosts, managedTaskHosts } from './aws/run-command';
import { obeyed } from './operator-entry';
import type { RespondPorts } from './ports';
import { deployment } from '../core/report/links';
import { caseRecords, leaseRecords } from './aws/case-records';
import { roundRecords } from './aws/round-records';
import { tellUnreadable } from './records/unreadable';
import { respond, type RespondSummary } from './respond';

const config = deployedConfig(__dirname);
const dynamo = clients.dynamo();
const metrics = embeddedMetrics(required('stack'));
const systemsManager = clients.systemsManager();
const balancing = clients.readLoadBalancing();
const autoScaling = clients.readAutoScaling();
const ec2 = clients.readInstances();
const states = instanceStates(ec2);
const refs = targetRefs(ec2);
const scheduler = clients.scheduler();
const cloudWatch = clients.cloudWatch();
const changeLoadBalancing = clients.changeLoadBalancing();
const scheduleGroup = required('scheduleGroup');
const scheduleDlqArn = required('scheduleDlqArn');
const prober = optional('proberFunction');

const documents = { full: required('inspectionDocument'), basic: required('basicInspectionDocument') };

const ports: RespondPorts = {
  clock,
  log,
  metrics,
  loadBalancing: loadBalancing(balancing),
  balancerMetrics: balancerMetrics(cloudWatch),
  ...(config.accessLogs === undefined ? {} : { accessLogs: accessLogs(clients.cloudWatchLogs(), clock, config.accessLogs) }),
  hosts: managedHosts(systemsManager, documents, clock),
  taskHosts: managedTaskHosts(systemsManager, documents, clock),
  ...(prober === undefined ? {} : { pages: functionPageReader(clients.functions(), prober) }),
  rounds: roundRecords(dynamo, required('roundsTable'), tellUnreadable(clock, log, metrics)),
  cases: caseRecords(dynamo, required('casesTable')),
  lease: leaseRecords(dynamo, required('casesTable')),
  scheduledRestores: scheduledRestores(scheduler, {
    group: scheduleGroup,
    roleArn: required('scheduleRoleArn'),
    dlqArn: scheduleDlqArn,
    restoreFunctionArn: required('restoreFunctionArn'),
  }),
  ...replacingPorts(config, { scheduler, changeLoadBalancing, cloudWatch }, { group: scheduleGroup, dlqArn: scheduleDlqArn }),
  owners: owners(autoScaling, balancing, refs),
  instanceStates: states,
  targetRefs: refs,
  registrations: registrations({
    changeLoadBalancing,
    changeAutoScaling: clients.changeAutoScaling(),
    readAutoScaling: autoScaling,
    instanceStates: states,
    targetRefs: refs,
  }),
  topic: snsTopics(clients.topic(), { page: required('pageTopicArn'), notify: required('notifyTopicArn') }, config.alertFormat),
  caseEvents: caseEvents(clients.eventBus()),
  deployment: deployment(required('stack'), {
    runbookBaseUrl: optional('runbookBaseUrl'),
    reportsBucket: optional('reportsBucket'),
    accountName: config.accountName,
  }),
  killSwitch: killSwitch(systemsManager, required('killSwitchParameter')),
};

/**
 * Woken asynchronously, without evidence: what is due is read from the records. An operator or a
 * schedule may send a request.
 */
export async function handler(
  event: RespondEvent,
  { invokedFunctionArn }: Pick<Context, 'invokedFunctionArn'>,
): Promise<RespondSummary | TopicSummary> {
  const { wish: request } = obeyed(event, invokedFunctionArn);
  if (request?.kind === 'test-alert' || request?.kind === 'check-topics') return tendTopics(ports, request);
  return respond(ports, config, request === undefined ? undefined : parseRequest(request));
}
