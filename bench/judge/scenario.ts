import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** A sample: ms of an answer 200, or T (timeout), R (reset), C (refused), `status@ms`. */
export type BenchSample = number | string;

export interface BenchTarget {
  readonly id: string;
  readonly az: string;
  readonly type: string | null;
  /** Sweep at which it was registered; below 0: long ago. */
  readonly reg: number;
}

/** One line of a scenario file; the format is described in `bench/README.md`. */
export interface Scenario {
  readonly id: string;
  readonly cls: string;
  readonly kind: 'healthy' | 'shared' | 'fault' | 'soft';
  /** Name of the latency profile and its scaled median, ms: for people. */
  readonly profile: string;
  readonly p50: number;
  /** Probes a target and sweep. */
  readonly n: number;
  readonly timeoutMs: number;
  readonly intervalS: number;
  readonly fleet: readonly BenchTarget[];
  readonly truth: {
    readonly verdict: string;
    /** Sick from the first sweep to before the second. */
    readonly faulty: Readonly<Record<string, readonly [number, number]>>;
    readonly ignore: readonly (readonly [string, number, number])[];
  };
  readonly note: Readonly<Record<string, unknown>>;
  readonly sweeps: readonly (readonly (readonly BenchSample[] | null)[])[];
}

/** One line of a prediction file: who would be ejected in this sweep. A missing sweep is nobody. */
export interface Prediction {
  readonly id: string;
  readonly sweep: number;
  readonly eject: readonly string[];
  readonly verdict?: string;
}

/** Reads a scenario file line by line; a name that ends in .gz is unpacked. */
export async function* readScenarios(file: string): AsyncGenerator<Scenario> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => input.destroy(error));
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield JSON.parse(line) as Scenario;
  }
}
