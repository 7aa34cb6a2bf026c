import { writeFile } from 'node:fs/promises';
import { resolverConfiguration } from '../image';
import { ADDRESSES } from '../network';
import type { Fault } from './fault';

/** On the fleet's network, with nobody there. */
const RETIRED_RESOLVER = '10.0.1.250';

/**
 * The host still asks a name server that was switched off, and only after a time-out the one that
 * answers.
 */
export const dns: Fault = {
  start: (_, host) =>
    writeFile(host.path('etc/resolv.conf'), `nameserver ${RETIRED_RESOLVER}\n${resolverConfiguration(ADDRESSES.resolver)}`),
  stop: (_, host) => writeFile(host.path('etc/resolv.conf'), resolverConfiguration(ADDRESSES.resolver)),
};
