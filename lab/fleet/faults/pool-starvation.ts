import type { Fault } from './fault';

/**
 * The monthly report, which only this host still runs, holds the rows that the host's pages write.
 */
export const poolStarvation: Fault = {
  start: (fleet, host) => fleet.fireCron(host),
  stop: (fleet, host) => fleet.stopJob(host),
};
