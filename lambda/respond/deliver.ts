/** Alerts on their way out, and closed cases on theirs to the archive. */
import { sent, unsent } from '../../core/case-transitions';
import type { Case } from '../../core/model';
import { errorFields } from '../aws/log';
import type { RespondPorts } from '../ports';

/**
 * At least once: an alert is on record before it is sent, and marked as sent after the topic took
 * it.
 */
export async function deliver(ports: RespondPorts, incident: Case): Promise<Case> {
  let current = incident;
  for (const entry of unsent(incident)) {
    await ports.topic.publish(entry, { caseId: incident.id, groupArn: incident.groupArn });
    current = await ports.cases.put(sent(current, entry.id, ports.clock.now()));
  }
  return current;
}

/** Closed cases whose alerts are out go to the archive: copied first, dropped second. */
export async function settleClosed(ports: RespondPorts, failures: unknown[]): Promise<void> {
  for (const incident of (await ports.cases.open()).filter((candidate) => candidate.state === 'closed')) {
    try {
      const told = await deliver(ports, incident);
      await ports.cases.archive(told);
      await ports.cases.drop(told);
    } catch (error) {
      ports.log('archiving-failed', { caseId: incident.id, ...errorFields(error) });
      failures.push(error);
    }
  }
}
