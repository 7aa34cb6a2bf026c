/** The report as the deployed stack wrote it: into its bucket, after each event of the case. */
import type { Case } from '../../core/model';
import { reportKey } from '../../core/report/links';
import type { Cloud } from './cloud';

/** Undefined where none was written. */
export function bucketReport({ world, reportsBucket }: Cloud, incident: Case): string | undefined {
  return world.s3.object(reportsBucket, reportKey(incident.id))?.body.toString();
}

/** As `aws s3 cp` takes it. */
export function reportUri({ reportsBucket }: Cloud, incident: Case): string {
  return `s3://${reportsBucket}/${reportKey(incident.id)}`;
}

/** Whether every alert about the case links to the report. */
export function isLinked({ world }: Cloud, incident: Case): boolean {
  const about = world.sns.published.filter(({ attributes }) => attributes['caseId']?.StringValue === incident.id);
  return about.length > 0 && about.every(({ message }) => message.includes(`prefix=${reportKey(incident.id)}`));
}
