import type { ConfigInput } from '../../core/config';
import type { Meter } from './metered-dynamo';
import type { Probed } from './simulated-prober';

/** What the process with the functions is started with. */
export interface Start {
  readonly elbEndpoint: string;
  readonly dynamoEndpoint: string;
  readonly config: ConfigInput;
  readonly startAt: number;
  /** Instances that are slow from the beginning. */
  readonly sick: readonly string[];
}

export type Job = { readonly run: 'start'; readonly start: Start } | { readonly run: 'sweep' | 'respond' };

/** One run of a function. */
export interface Run {
  readonly summary: unknown;
  /** What it waited for: its pace, and its prober's round. */
  readonly waitedMs: number;
  /** Processor time of the whole process, on this machine's core. */
  readonly cpuMs: number;
  /** The process's largest resident set so far. */
  readonly peakRssMb: number;
  readonly meter: Omit<Meter, 'itemBytes'> & { readonly itemBytes: { readonly median: number; readonly max: number } };
  readonly probed: Probed;
  readonly clientSamples: number;
  readonly woken: number;
}
