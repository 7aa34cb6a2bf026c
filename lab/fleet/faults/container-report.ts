import { killByCommand } from '../engineer';
import { REPORT } from '../image';
import type { Fault } from './fault';

/**
 * Somebody starts the monthly report within the container of a task, which holds the rows that the
 * task's pages write.
 */
export const containerReport: Fault = {
  start: async (_, host) =>
    void (await host.sh('setsid "$SHOP/bin/$REPORT" --month previous </dev/null >/dev/null 2>&1 &', { REPORT: REPORT.program })),
  stop: (_, host) => killByCommand(host, `${REPORT.program} --month`),
};
