import { caseRecords } from './aws/case-records';
import * as clients from './aws/clients';
import { clock } from './aws/clock';
import { required } from './aws/environment';
import { log } from './aws/log';
import { roundRecords } from './aws/round-records';
import { widget, type WidgetAnswer, type WidgetEvent, type WidgetPorts } from './widget';

const dynamo = clients.dynamo();
const ports: WidgetPorts = {
  clock,
  cases: caseRecords(dynamo, required('casesTable')),
  // What the sweep tells by a metric is told here by the log: a look is no round.
  rounds: roundRecords(dynamo, required('roundsTable'), (summary) => log('record-unreadable', { says: summary })),
};

/** Invoked by CloudWatch for whoever looks at the dashboard. */
export async function handler(event: WidgetEvent): Promise<WidgetAnswer> {
  return widget(ports, event);
}
