/** One probe as a round keeps it. */
import type { PackedPhases, Sample } from '../../core/model';

/** Where the time went, or the phase in which it failed; null where that is not known. */
export function packedPhases(sample: Sample): PackedPhases | null {
  if ('error' in sample) return sample.error.phase ?? null;
  if (sample.phases === undefined) return null;
  const { connectMs, tlsMs = 0, waitMs, bodyMs } = sample.phases;
  return [tenths(connectMs), tenths(tlsMs), tenths(waitMs), tenths(bodyMs)];
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** A latency to a tenth of a millisecond, an error by its kind. */
export function packedSample(sample: Sample): number | string {
  if ('latencyMs' in sample) return tenths(sample.latencyMs);
  return sample.error.status === undefined ? sample.error.kind : `status@${sample.error.status}`;
}
