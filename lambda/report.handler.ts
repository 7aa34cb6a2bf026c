import { deployment } from '../core/report/links';
import { caseRecords } from './aws/case-records';
import * as clients from './aws/clients';
import { clock } from './aws/clock';
import { optional, required } from './aws/environment';
import { log } from './aws/log';
import { reportBucket } from './aws/report-bucket';
import { roundsBetween } from './aws/rounds-between';
import { writeReport, type CaseStateChangeEvent, type ReportPorts, type ReportSummary } from './report/write-report';

const dynamo = clients.dynamo();
const bucket = required('reportsBucket');

const ports: ReportPorts = {
  clock,
  log,
  cases: caseRecords(dynamo, required('casesTable')),
  rounds: (groupArn, span) => roundsBetween(dynamo, required('roundsTable'), groupArn, span),
  bucket: reportBucket(dynamo.config, { bucket, host: required('reportsHost') }),
  deployment: deployment(required('stack'), { runbookBaseUrl: optional('runbookBaseUrl') }),
};

/** Started by the rule on the stack's own events. */
export async function handler(event: CaseStateChangeEvent): Promise<ReportSummary> {
  return writeReport(ports, event);
}
