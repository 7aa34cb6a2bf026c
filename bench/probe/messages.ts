/** What the benchmark and its child processes say to each other. */
import type { ProbePlan, ProbeReport } from '../../core/model';

export interface ServerReady {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly http2Port: number;
  readonly https2Port: number;
}

/**
 * Delays in ms the server measured itself, per address it was asked at, in the order of the
 * answers.
 */
export type ServerLog = Readonly<Record<string, readonly number[]>>;

export interface FetchJob {
  readonly urls: readonly string[];
  readonly concurrency: number;
}

/** One request of a baseline: how long it took, in ms. */
export interface Timed {
  readonly address: string;
  readonly latencyMs: number;
}

export interface Worked<T> {
  readonly result: T;
  readonly cpuUs: number;
  readonly wallMs: number;
  readonly maxRssMb: number;
}

export type ProberJob = ProbePlan;
export type ProberDone = Worked<ProbeReport>;
export type FetchDone = Worked<readonly Timed[]>;
