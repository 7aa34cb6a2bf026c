import type {
  Dimension,
  GetMetricDataInput,
  GetMetricDataOutput,
  MetricDataQuery,
  MetricDataResult,
  MetricDatum,
  PutMetricDataInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from './aws-error';
import type { Clock } from './clock';

export interface DataPoint {
  readonly at: number;
  readonly value: number;
}

/** CloudWatch's metrics: what was put, and what the lab feeds in the services' name. */
export class Metrics {
  /** Every PutMetricData call, in order. */
  readonly put: { readonly at: number; readonly namespace: string; readonly data: readonly MetricDatum[] }[] = [];
  private readonly series = new Map<string, DataPoint[]>();

  constructor(private readonly clock: Clock) {}

  /** Enters a value a service measured, as AWS/ApplicationELB does for a load balancer. */
  feed(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, value: number, at = this.clock.now()): void {
    this.add(keyOf(namespace, name, Object.entries(dimensions)), { at, value });
  }

  putMetricData(input: PutMetricDataInput): Record<string, never> {
    const namespace = input.Namespace ?? '';
    const data = input.MetricData ?? [];
    if (namespace === '' || namespace.startsWith('AWS/')) {
      throw new AwsError('InvalidParameterValue', `Namespace: got '${namespace}', allowed a name that does not start with AWS/`);
    }
    if (data.length > 1000) throw new AwsError('InvalidParameterValue', `MetricData: got ${data.length}, allowed up to 1000`);
    this.put.push({ at: this.clock.now(), namespace, data });
    for (const datum of data) this.addDatum(namespace, datum);
    return {};
  }

  /** Metric queries only, no expressions. Newest first unless asked otherwise. */
  getMetricData(input: GetMetricDataInput): GetMetricDataOutput {
    const from = input.StartTime?.getTime() ?? 0;
    const to = input.EndTime?.getTime() ?? 0;
    if (from >= to) throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
    const results = (input.MetricDataQueries ?? []).map((query) => this.answer(query, from, to));
    return { MetricDataResults: input.ScanBy === 'TimestampAscending' ? results : results.map(newestFirst), Messages: [] };
  }

  private add(key: string, point: DataPoint): void {
    const points = this.series.get(key);
    if (points) points.push(point);
    else this.series.set(key, [point]);
  }

  private addDatum(namespace: string, datum: MetricDatum): void {
    const key = keyOf(namespace, datum.MetricName ?? '', pairs(datum.Dimensions));
    const at = datum.Timestamp?.getTime() ?? this.clock.now();
    for (const value of datum.Values ?? (datum.Value === undefined ? [] : [datum.Value])) this.add(key, { at, value });
  }

  private answer(query: MetricDataQuery, from: number, to: number): MetricDataResult {
    const { Metric, Period = 60, Stat = '' } = query.MetricStat ?? {};
    if (!Metric) throw new AwsError('ValidationError', `query ${query.Id}: the lab answers MetricStat queries only`);
    const points = this.series.get(keyOf(Metric.Namespace ?? '', Metric.MetricName ?? '', pairs(Metric.Dimensions))) ?? [];
    const within = points.filter(({ at }) => at >= from && at < to);
    const sorted = [...byPeriod(within, Period * 1000)].sort(([a], [b]) => a - b);
    return {
      Id: query.Id,
      Label: query.Label ?? Metric.MetricName,
      StatusCode: 'Complete',
      Timestamps: sorted.map(([start]) => new Date(start)),
      Values: sorted.map(([, values]) => statistic(Stat, values)),
    };
  }
}

/** The values of each period, by the period's start. */
function byPeriod(points: readonly DataPoint[], periodMs: number): Map<number, number[]> {
  const periods = new Map<number, number[]>();
  for (const { at, value } of points) {
    const start = at - (at % periodMs);
    const values = periods.get(start);
    if (values) values.push(value);
    else periods.set(start, [value]);
  }
  return periods;
}

/** One statistic over the values of a period; percentiles by nearest rank. */
function statistic(stat: string, values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const plain: Readonly<Record<string, number>> = {
    Sum: sum,
    Average: sum / values.length,
    SampleCount: values.length,
    Minimum: Math.min(...values),
    Maximum: Math.max(...values),
  };
  const known = plain[stat];
  if (known !== undefined) return known;
  const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(stat)?.[1]);
  const sorted = [...values].sort((a, b) => a - b);
  const ranked = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (ranked === undefined)
    throw new AwsError('ValidationError', `Stat: got ${stat}, allowed Sum, Average, SampleCount, Minimum, Maximum, p0 to p100`);
  return ranked;
}

function newestFirst(result: MetricDataResult): MetricDataResult {
  return { ...result, Timestamps: result.Timestamps?.toReversed(), Values: result.Values?.toReversed() };
}

function pairs(dimensions: Dimension[] | undefined): [string, string][] {
  return (dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]);
}

function keyOf(namespace: string, name: string, dimensions: readonly [string, string][]): string {
  return JSON.stringify([namespace, name, [...dimensions].sort(([a], [b]) => (a < b ? -1 : 1))]);
}
