import type { Context } from 'aws-lambda';
import { deployment } from '../core/report/links';
import { caseEvents } from './aws/case-events';
import { caseRecords } from './aws/case-records';
import * as clients from './aws/clients';
import { clock } from './aws/clock';
import { deployedConfig, optional, required } from './aws/environment';
import { killSwitch } from './aws/kill-switch';
import { loadBalancing } from './aws/load-balancing';
import { log } from './aws/log';
import { roundRecords } from './aws/round-records';
import { managedHosts } from './aws/run-command';
import { stopExecutions } from './aws/stop-executions';
import { stopHosts } from './aws/stop-hosts';
import { scheduleEntries } from './aws/schedule-entries';
import { stopLease, stopRecords } from './aws/stop-records';
import { calendarOpen, serves, tagged } from './aws/stop-world';
import { snsTopics } from './aws/topic';
import type { StopEvent, StopSummary } from './stop/contract';
import { peersRunning } from './stop/peers-running';
import type { StopPorts } from './stop/ports';
import { askedStop } from './stop/request';
import { stopCulprits } from './stop/stop';

const config = deployedConfig(__dirname);
const dynamo = clients.dynamo();
const systemsManager = clients.systemsManager();
const balancing = clients.readLoadBalancing();
const rounds = roundRecords(dynamo, required('roundsTable'), (says) => log('record-unreadable', { says }));
const inspections = managedHosts(
  systemsManager,
  { full: required('inspectionDocument'), basic: required('basicInspectionDocument') },
  clock,
);
const stopSwitch = killSwitch(systemsManager, required('stopSwitchParameter'));

const ports: StopPorts = {
  clock,
  log,
  cases: caseRecords(dynamo, required('casesTable')),
  rounds,
  // The SDK may repeat each of these: a plan reads, an undo and a start are idempotent.
  hosts: stopHosts(systemsManager, { plan: required('stopPlanDocument'), undo: required('stopUndoDocument') }, clock),
  peersRunning: peersRunning(inspections, rounds, config),
  executions: stopExecutions(systemsManager, required('stopRunbook')),
  stops: stopRecords(dynamo, required('stopsTable')),
  lease: stopLease(dynamo, required('stopsTable')),
  stopSwitch: {
    read: async () => {
      const read = await stopSwitch.read();
      return { on: read.state !== 'off', why: read.state === 'off' ? 'off' : (read.why ?? 'on') };
    },
  },
  serves: serves(loadBalancing(balancing)),
  tagged: tagged(balancing, clients.readInstances(), config.stack),
  calendarOpen: calendarOpen(systemsManager, config.stop?.changeCalendars ?? []),
  undoSchedules: scheduleEntries(clients.scheduler(), required('stopScheduleGroup')),
  topic: snsTopics(clients.topic(), { page: required('pageTopicArn'), notify: required('notifyTopicArn') }, config.alertFormat),
  caseEvents: caseEvents(clients.eventBus()),
  deployment: deployment(required('stack'), {
    runbookBaseUrl: optional('runbookBaseUrl'),
    reportsBucket: optional('reportsBucket'),
    accountName: config.accountName,
  }),
};

/** Started by the schedule each minute; what people ask comes through the alias for operators. */
export async function handler(event: StopEvent, { invokedFunctionArn }: Pick<Context, 'invokedFunctionArn'>): Promise<StopSummary> {
  return stopCulprits(ports, config, askedStop(event, invokedFunctionArn));
}
