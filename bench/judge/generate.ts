import { Dice } from './dice';
import type { Scenario } from './scenario';
import { CLASSES } from './scenario-classes';

/** Scenarios of each class in one file. */
const COUNTS: Readonly<Record<string, number>> = {
  healthy_steady: 34,
  healthy_normal: 34,
  healthy_gc: 24,
  healthy_diurnal: 16,
  healthy_hetero: 26,
  healthy_az_rtt: 12,
  healthy_rollout: 20,
  healthy_scaleout: 18,
  healthy_noisy: 12,
  healthy_heavytail: 12,
  healthy_errors: 14,
  healthy_release_slower: 10,
  healthy_large: 5,
  shared_all_slow: 22,
  shared_intermittent: 10,
  shared_errors: 12,
  shared_az: 14,
  perm: 20,
  real_fault: 20,
  intermittent25: 18,
  tail_only: 10,
  ramp: 10,
  error_burst: 12,
  timeouts: 10,
  two_slow: 8,
  small_fleet: 16,
  large_fleet: 5,
  slow_in_hetero: 10,
  slow_in_diurnal: 8,
  never_warms: 6,
  on_off: 8,
  no_history: 8,
  soft_mild: 8,
  soft_slow_in_shared: 5,
};

/** All scenarios of a seed, one after the other, always the same ones. */
export function* generate(seed: number): Generator<Scenario> {
  for (const [cls, count] of Object.entries(COUNTS)) {
    const make = CLASSES[cls];
    if (make === undefined) throw new Error(`no scenario class "${cls}"`);
    for (let i = 0; i < count; i++) {
      yield make(new Dice(`${seed}/${cls}/${i}`), cls).emit(`${cls}-${String(i).padStart(3, '0')}`);
    }
  }
}

/**
 * One line of a scenario file, with numbers written as Python writes them (a float below 100 keeps
 * its point).
 */
export function toLine(scenario: Scenario): string {
  const { id, cls, kind, profile, n, timeoutMs, intervalS, fleet, truth } = scenario;
  const before = JSON.stringify({ id, cls, kind, profile }).slice(0, -1);
  const after = JSON.stringify({ n, timeoutMs, intervalS, fleet, truth }).slice(1, -1);
  return `${before},"p50":${pythonFloat(scenario.p50)},${after},"note":${noteText(scenario.note)},"sweeps":${sweepsText(scenario.sweeps)}}`;
}

function noteText(note: Scenario['note']): string {
  const parts = Object.entries(note).map(([key, value]) => {
    const isFloat = typeof value === 'object' && value !== null && 'float' in value;
    return `"${key}":${isFloat ? pythonFloat(Number(value.float)) : JSON.stringify(value)}`;
  });
  return `{${parts.join(',')}}`;
}

function sweepsText(sweeps: Scenario['sweeps']): string {
  const samples = (list: Scenario['sweeps'][number][number]): string =>
    list === null ? 'null' : `[${list.map((x) => (typeof x === 'string' ? `"${x}"` : x >= 100 ? String(x) : pythonFloat(x))).join(',')}]`;
  return `[${sweeps.map((row) => `[${row.map(samples).join(',')}]`).join(',')}]`;
}

function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
