/**
 * The package brings no types. What it returns for a page in the Prometheus text format; it throws
 * "Encountered invalid line: ..." otherwise.
 */
declare module 'parse-prometheus-text-format' {
  interface Metric {
    readonly value?: string;
    readonly labels?: Record<string, string>;
  }
  export default function parsePrometheusTextFormat(text: string): { readonly name: string; readonly metrics: readonly Metric[] }[];
}
