/**
 * The prober's pace, and what a planner may count on. All rates are for one whole vCPU (a Lambda
 * function has one at 1,769 MB).
 */

import type { ProbeVersion } from '../../core/model';

export type ProbeProtocol = 'HTTP' | 'HTTPS';

/** What sets the cost of a probe: what it speaks, and whether over TLS. */
export type Pace = 'HTTP' | 'HTTPS' | 'HTTP2' | 'HTTPS2';

export function paceOf({ protocol, version }: { readonly protocol: ProbeProtocol; readonly version?: ProbeVersion }): Pace {
  return version === undefined ? protocol : `${protocol}2`;
}

/**
 * Rest after each start. Measured (docs/accuracy.md): at 800 starts a second a raw request costs
 * about a quarter of a core and the worst per-target median is off by 0.3 ms; a full TLS handshake
 * costs 1.8 to 3.2 ms of CPU, so above about 150 a second handshakes queue behind each other.
 * Node's HTTP/2 costs about twice as much a request as the raw one.
 */
export const REST_MS: Readonly<Record<Pace, number>> = { HTTP: 1000 / 800, HTTPS: 1000 / 150, HTTP2: 1000 / 400, HTTPS2: 1000 / 125 };

/**
 * What is planned for: the pace above less about an eighth, for the control probe, late timers and
 * a slower core.
 */
export const STARTS_PER_SECOND: Readonly<Record<Pace, number>> = { HTTP: 700, HTTPS: 130, HTTP2: 350, HTTPS2: 110 };

/**
 * Probes queue in a sick target's pool like its users' requests: never more than this many at once.
 */
export const MAX_IN_FLIGHT_PER_TARGET = 2;

/**
 * Samples of one target start at least this far apart, so that one short pause (a collection, the
 * 100 ms period of a container's CPU quota) does not colour all of them.
 */
export const SAMPLE_GAP_MS = 100;

/** The gap that still lets all samples start inside the window. */
export function sampleGapMs(samples: number, startWindowMs: number): number {
  return Math.min(SAMPLE_GAP_MS, startWindowMs / Math.max(1, samples));
}
