import type { Fault } from './fault';

const SETTLE_MS = 1_200;

/**
 * The host's pages take longer by an experiment that is switched elsewhere: on the host nothing
 * differs but the latency.
 */
export const slowWithoutCause: Fault = {
  start: (fleet, host) => fleet.database.settle(host.name, SETTLE_MS),
  stop: (fleet, host) => fleet.database.settle(host.name, 0),
};
