import parsePrometheusTextFormat from 'parse-prometheus-text-format';

export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^[a-zA-Z_:][a-zA-Z0-9_:]*[ {]/;

/**
 * One line at a time, so that a line which is not in the format costs that line and not the page.
 * The parser needs its line ended.
 */
function parseLine(line: string): MetricSample[] {
  try {
    return parsePrometheusTextFormat(`${line}\n`).flatMap((family) => family.metrics.flatMap((metric) => toSample(family.name, metric)));
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Encountered invalid line')) return [];
    throw error;
  }
}

function toSample(name: string, metric: { readonly value?: string; readonly labels?: Record<string, string> }): MetricSample[] {
  const value = Number(metric.value);
  if (metric.value === undefined || metric.value === '' || !Number.isFinite(value)) return [];
  return [{ name, labels: metric.labels ?? {}, value }];
}

/**
 * The samples of a page in the Prometheus text format. Lines that are not samples, and values that
 * are not finite, are left out; never throws on text from a host.
 */
export function parseMetrics(text: string): MetricSample[] {
  return text.split('\n').flatMap((line) => (SAMPLE.test(line) ? parseLine(line) : []));
}
