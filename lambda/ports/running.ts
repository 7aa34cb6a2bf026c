/** What every function has: a clock, a log and metrics. */
import type { Blocked } from '../../core/model';
import type { MetricName } from '../contract';

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Values of the whole stack, of one target group or of one reason, at one time. */
export interface Measurement {
  readonly at: number;
  readonly of?: { readonly group: string } | { readonly reason: Blocked };
  readonly values: Readonly<Partial<Record<MetricName, number>>>;
}

export interface Metrics {
  (measurement: Measurement): void;
}

export interface Log {
  (event: string, details: Readonly<Record<string, unknown>>): void;
}
