import type { BenchSample, Prediction, Scenario } from './scenario';

/**
 * What the usual methods know of one target in one sweep. A timeout is a latency at the limit;
 * other errors are none.
 */
interface Stats {
  readonly p50: number | undefined;
  readonly mean: number | undefined;
  /** Part of the samples that were answered well. */
  readonly ok: number;
}

type Sweep = ReadonlyMap<string, Stats>;
/** Who is listed, given the latest sweeps, newest last. */
type Method = (history: readonly Sweep[]) => string[];

export interface Baseline {
  readonly name: string;
  readonly method: Method;
  /** Sweeps in a row before a target is ejected. */
  readonly persist: number;
}

/** The methods in use elsewhere, in the persistence that suits each best. */
export const BASELINES: readonly Baseline[] = [
  { name: 'Envoy style: mean - 1.9 sd, 2 sweeps', method: envoyStyle, persist: 2 },
  { name: 'MAD 3.5, gated 1.6x + 10 ms, 3 sweeps', method: gatedMad, persist: 3 },
  { name: 'DBSCAN (Netflix, Datadog), 2 sweeps', method: dbscan, persist: 2 },
  { name: 'parapet: EWMA >= 3x median + 50 ms', method: parapet, persist: 1 },
];

const KEEP = 20;

export function predictWith(baseline: Baseline, scenario: Scenario): Prediction[] {
  const predictions: Prediction[] = [];
  let history: Sweep[] = [];
  let streaks = new Map<string, number>();
  scenario.sweeps.forEach((row, sweep) => {
    history = [...history, statsOf(scenario, row)].slice(-KEEP);
    streaks = new Map([...new Set(baseline.method(history))].map((id) => [id, (streaks.get(id) ?? 0) + 1]));
    const eject = [...streaks].filter(([, streak]) => streak >= baseline.persist).map(([id]) => id);
    if (eject.length > 0) predictions.push({ id: scenario.id, sweep, eject });
  });
  return predictions;
}

function statsOf(scenario: Scenario, row: Scenario['sweeps'][number]): Sweep {
  const stats = new Map<string, Stats>();
  row.forEach((samples, i) => {
    const id = scenario.fleet[i]?.id;
    if (samples !== null && id !== undefined) stats.set(id, targetStats(samples, scenario.timeoutMs));
  });
  return stats;
}

function targetStats(samples: readonly BenchSample[], timeoutMs: number): Stats {
  const latencies = samples.flatMap((x) => (typeof x === 'number' ? [x] : x === 'T' ? [timeoutMs] : []));
  const ok = samples.filter((x) => typeof x === 'number').length / samples.length;
  if (latencies.length === 0) return { p50: undefined, mean: undefined, ok };
  return { p50: middleOf(latencies), mean: meanOf(latencies), ok };
}

/**
 * Success rate and mean latency against the fleet's mean and standard deviation; at most 10 % of
 * five or more hosts.
 */
function envoyStyle(history: readonly Sweep[]): string[] {
  const now = [...(history.at(-1) ?? [])];
  if (now.length < 5) return [];
  const listed = new Map<string, number>();
  const oks = now.map(([, stats]) => stats.ok);
  const okLimit = meanOf(oks) - 1.9 * deviationOf(oks);
  for (const [id, { ok }] of now) if (ok < okLimit) listed.set(id, meanOf(oks) - ok);
  const timed = now.flatMap(([id, { mean }]) => (mean === undefined ? [] : [{ id, mean }]));
  const means = timed.map(({ mean }) => mean);
  const limit = meanOf(means) + 1.9 * deviationOf(means);
  for (const { id, mean } of timed.length >= 5 ? timed : [])
    if (mean > limit) listed.set(id, Math.max(listed.get(id) ?? 0, mean / meanOf(means)));
  const worst = [...listed].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  return worst.slice(0, Math.max(1, Math.floor(0.1 * now.length)));
}

/**
 * Median absolute deviation with gates of what is material, or half the samples failing; nobody
 * when over a quarter is listed.
 */
function gatedMad(history: readonly Sweep[]): string[] {
  const now = [...(history.at(-1) ?? [])];
  const timed = now.flatMap(([id, { p50 }]) => (p50 === undefined ? [] : [{ id, p50 }]));
  if (timed.length < 3) return [];
  const middle = middleOf(timed.map(({ p50 }) => p50));
  const mad = Math.max(1e-9, middleOf(timed.map(({ p50 }) => Math.abs(p50 - middle))));
  const usualOk = middleOf(now.map(([, { ok }]) => ok));
  const slow = timed
    .filter(({ p50 }) => (0.6745 * (p50 - middle)) / mad > 3.5 && p50 >= 1.6 * middle && p50 - middle >= 10)
    .map(({ id }) => id);
  const failing = now.filter(([, { ok }]) => ok <= 0.5 && usualOk > 0.9).map(([id]) => id);
  const listed = [...new Set([...slow, ...failing])];
  return listed.length <= Math.max(1, Math.floor(timed.length / 4)) ? listed : [];
}

/**
 * Series of the last five medians; who is in no large cluster around the median series, and slower.
 */
function dbscan(history: readonly Sweep[]): string[] {
  const window = history.slice(-5);
  const series = seriesOf(window);
  if (series.length < 3 || history.length < 2) return [];
  const middle = window.map((_, t) => middleOf(series.map(({ p50s }) => p50s[t] ?? 0)));
  const eps = 3 * middleOf(series.map(({ p50s }) => distance(p50s, middle)));
  const normal = largestCluster(series, middle, eps);
  return series.filter(({ id, p50s }) => normal.size > 0 && !normal.has(id) && sumOf(p50s) > sumOf(middle)).map(({ id }) => id);
}

interface Series {
  readonly id: string;
  readonly p50s: readonly number[];
}

function seriesOf(window: readonly Sweep[]): Series[] {
  return [...(window.at(-1) ?? [])].flatMap(([id]) => {
    const p50s = window.flatMap((sweep) => sweep.get(id)?.p50 ?? []);
    return p50s.length === window.length ? [{ id, p50s }] : [];
  });
}

/** Large fleets take what is within reach of the median series, which is the same in practice. */
function largestCluster(series: readonly Series[], middle: readonly number[], eps: number): Set<string> {
  if (series.length > 150) return new Set(series.filter(({ p50s }) => distance(p50s, middle) <= 2 * eps).map(({ id }) => id));
  const minPoints = series.length >= 6 ? 3 : 2;
  const near = new Map(series.map((a) => [a.id, series.filter((b) => distance(a.p50s, b.p50s) <= eps).map(({ id }) => id)]));
  const seen = new Set<string>();
  let largest = new Set<string>();
  for (const { id } of [...series].sort((a, b) => distance(a.p50s, middle) - distance(b.p50s, middle))) {
    if (seen.has(id) || (near.get(id)?.length ?? 0) < minPoints) continue;
    const cluster = reach(id, near, minPoints, seen);
    if (cluster.size > largest.size) largest = cluster;
  }
  return largest;
}

function reach(from: string, near: ReadonlyMap<string, readonly string[]>, minPoints: number, seen: Set<string>): Set<string> {
  const cluster = new Set([from]);
  const queue = [from];
  seen.add(from);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const neighbours = near.get(id) ?? [];
    if (neighbours.length < minPoints) continue;
    for (const other of neighbours.filter((candidate) => !seen.has(candidate))) {
      seen.add(other);
      cluster.add(other);
      queue.push(other);
    }
  }
  return cluster;
}

/**
 * EWMA of the median (weight 0.3) at least 3x the pool's median and 50 ms above it; nobody when
 * over 30 % is listed.
 */
function parapet(history: readonly Sweep[]): string[] {
  const ewmas = [...(history.at(-1) ?? [])].flatMap(([id]) => {
    const p50s = history.flatMap((sweep) => sweep.get(id)?.p50 ?? []);
    return p50s.length === 0 ? [] : [{ id, ewma: p50s.reduce((ewma, p50) => 0.7 * ewma + 0.3 * p50) }];
  });
  if (ewmas.length < 2) return [];
  const middle = middleOf(ewmas.map(({ ewma }) => ewma));
  const listed = ewmas.filter(({ ewma }) => ewma >= 3 * middle && ewma >= middle + 50).map(({ id }) => id);
  return listed.length <= 0.3 * ewmas.length ? listed : [];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / Math.max(1, values.length);
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}

function middleOf(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const half = ordered.length >> 1;
  const upper = ordered[half] ?? 0;
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? upper) + upper) / 2;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));
}
