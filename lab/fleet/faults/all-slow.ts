import type { Fault } from './fault';

/** The database is slow for everybody: no host is to blame. */
export const allSlow: Fault = {
  start: (fleet) => fleet.database.slow(true),
  stop: (fleet) => fleet.database.slow(false),
};
