import { caseRecords } from './aws/case-records';
import * as clients from './aws/clients';
import { clock } from './aws/clock';
import { deployment } from '../core/report/links';
import { optional, required } from './aws/environment';
import { log } from './aws/log';
import { roundRecords } from './aws/round-records';
import { widget, type WidgetAnswer, type WidgetEvent, type WidgetPorts } from './widget';

const dynamo = clients.dynamo();
const ports: WidgetPorts = {
  clock,
  cases: caseRecords(dynamo, required('casesTable')),
  deployment: deployment(required('stack'), {
    runbookBaseUrl: optional('runbookBaseUrl'),
    reportsBucket: optional('reportsBucket'),
  }),
  // What the sweep tells by a metric is told here by the log: a look is no round.
  rounds: roundRecords(dynamo, required('roundsTable'), (summary) => log('record-unreadable', { says: summary })),
};

/** Invoked by CloudWatch for whoever looks at the dashboard. */
export async function handler(event: WidgetEvent): Promise<WidgetAnswer> {
  return widget(ports, event);
}
