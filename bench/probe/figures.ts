import type { Sample } from '../../core/model';
import type { ServerLog, Timed } from './messages';

export interface SampleErrors {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Nearest-rank quantile; NaN for no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function sampleErrors(errors: readonly number[]): SampleErrors {
  return { p50: round3(quantile(errors, 0.5)), p95: round3(quantile(errors, 0.95)), p99: round3(quantile(errors, 0.99)) };
}

/**
 * Error of what a target is judged by: its median measured, less the median of what its server says
 * it waited.
 */
export function targetMedianErrors(pairs: readonly Pair[]): { readonly p50: number; readonly p99: number } {
  const byAddress = new Map<string, Pair[]>();
  for (const pair of pairs) byAddress.set(pair.address, [...(byAddress.get(pair.address) ?? []), pair]);
  const errors = [...byAddress.values()].map((own) => median(own.map((p) => p.measuredMs)) - median(own.map((p) => p.trueMs)));
  return { p50: round3(quantile(errors, 0.5)), p99: round3(quantile(errors, 0.99)) };
}

export interface Pair {
  readonly address: string;
  readonly measuredMs: number;
  readonly trueMs: number;
}

export function errorsOf(pairs: readonly Pair[]): number[] {
  return pairs.map((pair) => pair.measuredMs - pair.trueMs);
}

/**
 * Each measurement with what the server says it waited. Both are in order at one address; probes
 * that warmed up come first in the server's log and are passed over.
 * @throws Error when the server did not see what was measured.
 */
export function paired(timed: readonly Timed[], log: ServerLog): Pair[] {
  const byAddress = new Map<string, Timed[]>();
  for (const one of timed) byAddress.set(one.address, [...(byAddress.get(one.address) ?? []), one]);
  return [...byAddress].flatMap(([address, own]) => {
    const waited = (log[address] ?? []).slice(-own.length);
    if (waited.length !== own.length) throw new Error(`${address}: ${own.length} measured, ${waited.length} in the server's log`);
    return own.map((one, index) => ({ address, measuredMs: one.latencyMs, trueMs: waited[index] ?? Number.NaN }));
  });
}

/**
 * The samples' latencies without their handshakes, in the order of their starts.
 * @throws Error when a probe failed: nothing here should.
 */
export function withoutHandshake(samples: readonly Sample[]): Timed[] {
  return [...samples]
    .sort((a, b) => a.offsetMs - b.offsetMs)
    .map((sample) => {
      if ('error' in sample) throw new Error(`probe of ${sample.target.id} failed: ${JSON.stringify(sample.error)}`);
      return { address: sample.target.id, latencyMs: sample.latencyMs - (sample.phases?.tlsMs ?? 0) };
    });
}

export function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/**
 * Several runs' figures as one: each number is the median of the runs' numbers. All runs have the
 * same shape.
 */
export function medianOfRuns<T>(runs: readonly T[]): T {
  const [first] = runs;
  if (typeof first === 'number') return round3(median(runs as readonly number[])) as T;
  if (Array.isArray(first)) return first.map((_, index) => medianOfRuns(runs.map((run) => (run as unknown[])[index]))) as T;
  if (typeof first !== 'object' || first === null) return first as T;
  const keys = Object.keys(first) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, medianOfRuns(runs.map((run) => run[key]))])) as T;
}
