import { deliver } from '../alert/deliver';
import { errorFields } from '../aws/log';
import type { RespondPorts } from '../ports';

/** Moves closed cases whose alerts were delivered to the archive: copied first, then deleted. */
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
