import { DIMENSION, METRICS_NAMESPACE } from '../contract';
import type { Measurement, Metrics } from '../ports';
import { writeLine } from './log';

/**
 * Metrics as lines of the log (CloudWatch embedded metric format): no API call, and none for the
 * function's role to be allowed.
 */
export function embeddedMetrics(stack: string, write: (line: object) => void = writeLine): Metrics {
  return (measurement) => write(embedded(stack, measurement));
}

function embedded(stack: string, { at, of, values }: Measurement): object {
  const dimensions = { [DIMENSION.stack]: stack, ...dimensionOf(of) };
  const metrics = Object.keys(values).map((name) => ({ Name: name, Unit: name.endsWith('Ms') ? 'Milliseconds' : 'Count' }));
  const directive = { Namespace: METRICS_NAMESPACE, Dimensions: [Object.keys(dimensions)], Metrics: metrics };
  return { _aws: { Timestamp: at, CloudWatchMetrics: [directive] }, ...dimensions, ...values };
}

function dimensionOf(of: Measurement['of']): Record<string, string> {
  if (of === undefined) return {};
  return 'group' in of ? { [DIMENSION.group]: of.group } : { [DIMENSION.reason]: of.reason };
}
