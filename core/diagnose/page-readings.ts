/**
 * What the application's process tells of itself on its metrics page, where no host was looked
 * into: the process metrics that Prometheus' client libraries have in common ("Writing client
 * libraries", process metrics), and Micrometer's names for the same.
 */
import type { Inspection } from './inspection';
import type { MetricSample } from './metrics';

function sum(samples: readonly MetricSample[], names: RegExp): number | undefined {
  const found = samples.filter(({ name, value }) => names.test(name) && value >= 0);
  return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
}

/**
 * How much a counter of seconds grew in a second of the time between the two looks; undefined where
 * that is not told, or its process was started again meanwhile.
 */
function perSecond({ metrics, metricsBefore = [], facts }: Inspection, names: RegExp): number | undefined {
  const [before, after] = [sum(metricsBefore, names), sum(metrics, names)];
  const betweenMs = Number(facts.get('betweenMs'));
  if (before === undefined || after === undefined || after < before || !(betweenMs > 0)) return undefined;
  return ((after - before) * 1000) / betweenMs;
}

/** Cores that it uses. */
export function pageCores(inspection: Inspection): number | undefined {
  return perSecond(inspection, /^process_cpu_seconds_total$/);
}

/** Share of the time in which a JVM stood still to collect garbage (Micrometer). */
export function pageCollectorShare(inspection: Inspection): number | undefined {
  return perSecond(inspection, /^jvm_gc_pause_seconds_sum$/);
}

export function pageMemoryMb({ metrics }: Inspection): number | undefined {
  const bytes = sum(metrics, /^process_resident_memory_bytes$/);
  return bytes === undefined ? undefined : bytes / 1024 / 1024;
}

/** Descriptors that it has open, and how many it may have; a limit of 0 is none. */
export function pageDescriptors({ metrics }: Inspection): { readonly open: number; readonly limit: number } | undefined {
  const [open, limit] = [sum(metrics, /^process_(open_fds|files_open_files)$/), sum(metrics, /^process_(max_fds|files_max_files)$/)];
  return open === undefined || limit === undefined || limit <= 0 ? undefined : { open, limit };
}

/**
 * Share of its heap that a JVM has in use: of those memory pools that have a maximum (Micrometer
 * gives -1 where there is none).
 */
export function pageHeapUsed({ metrics }: Inspection): number | undefined {
  const limited = metrics.filter(({ name, labels, value }) => name === 'jvm_memory_max_bytes' && labels['area'] === 'heap' && value > 0);
  const ids = new Set(limited.map(({ labels }) => labels['id']));
  const used = metrics.filter(({ name, labels }) => name === 'jvm_memory_used_bytes' && labels['area'] === 'heap' && ids.has(labels['id']));
  if (limited.length === 0 || used.length === 0) return undefined;
  const total = (samples: readonly MetricSample[]): number => samples.reduce((all, { value }) => all + value, 0);
  return total(used) / total(limited);
}
