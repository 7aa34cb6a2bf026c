/**
 * Shared contracts: metrics pages that are read over the network, of targets whose host cannot be
 * inspected. Everything is exported by core/model.ts, from which all others import.
 */
import type { HostCapture } from './diagnosing';

/** One page to read. */
export interface MetricsPage {
  /** Names it in the answer: the id of its target. */
  readonly host: string;
  /** An IP address of the network: never this machine's own, nor a link-local one. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly path: string;
  /** Absent: the address and port. */
  readonly hostHeader?: string;
}

/** Another event of `probe.handler`: read these pages, and tell of them what may be told. */
export interface PageRequest {
  readonly v: 1;
  readonly pages: readonly MetricsPage[];
  /** Names of metrics that are never left out for want of room. */
  readonly metricNames: readonly string[];
}

/**
 * The answer: each page in the form of an inspection (output version 1), redacted, or why it could
 * not be read. In the order of the request.
 */
export interface PageReport {
  readonly v: 1;
  readonly pages: readonly HostCapture[];
}
