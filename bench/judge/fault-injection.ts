import { type FleetSimulation, roundHalfEven } from './fleet-simulation';
import { quantileAt } from './profiles';

/** A float as Python prints it: benchmark files are compared byte by byte. */
export function float(value: number, digits: number): { float: number } {
  return { float: Number(value.toFixed(digits)) };
}

/** Milliseconds that a slow-down by `factor` adds, at least a material 20. */
export function addedMs(sim: FleetSimulation, factor: number): number {
  return Math.max(sim.p50 * (factor - 1), 20);
}

/** Slow for good: by added milliseconds or by a factor. */
export function slowForGood(sim: FleetSimulation, k: number, on: number, given?: number, soft = false): void {
  const { dice } = sim;
  let factor = given ?? dice.logUniform(1.9, 15);
  if (dice.chance(0.5) && !soft) {
    const ms = addedMs(sim, factor);
    sim.changes.push((t, target, x) =>
      target === k && t >= on && t < sim.sweeps && typeof x === 'number' ? x + ms * dice.uniform(0.8, 1.2) : x,
    );
    sim.note['add_ms'] = float(ms, 1);
  } else {
    if (sim.p50 * (factor - 1) < 20 && !soft) factor = 1 + 20 / sim.p50;
    const level = Math.log(factor);
    sim.levels.push((t, target) => (target === k && t >= on && t < sim.sweeps ? level : 0));
    sim.note['factor'] = float(factor, 2);
  }
  sim.mark(k, on);
}

/** Latencies measured after a real injected fault. */
export function realFault(sim: FleetSimulation, k: number, on: number): void {
  const { dice } = sim;
  const kind = dice.pick(Object.keys(sim.profile.faults).sort());
  const table = sim.profile.faults[kind] ?? [];
  sim.note['fault'] = kind;
  sim.changes.push((t, target, x) => (target === k && t >= on && typeof x === 'number' ? quantileAt(table, dice.unit()) * sim.scale : x));
  sim.mark(k, on);
}

/** A part of the requests is slow. */
export function slowAtTimes(sim: FleetSimulation, k: number, on: number, givenPart?: number, givenFactor?: number): void {
  const { dice } = sim;
  const part = givenPart ?? dice.uniform(0.25, 0.35);
  const factor = givenFactor ?? dice.logUniform(4, 20);
  const ms = Math.max(addedMs(sim, factor), sim.p50 * 3, 60);
  sim.changes.push((t, target, x) =>
    target === k && on <= t && t < sim.sweeps && typeof x === 'number' && dice.chance(part) ? x + ms * dice.uniform(0.6, 1.6) : x,
  );
  sim.note['p'] = float(part, 2);
  sim.note['add_ms'] = roundHalfEven(ms);
  sim.mark(k, on);
}

/** A part of the requests fails. */
export function failing(sim: FleetSimulation, k: number, on: number, part: number, kinds: readonly string[], end?: number): void {
  const { dice } = sim;
  const off = end ?? sim.sweeps;
  sim.changes.push((t, target, x) => (target === k && on <= t && t < off && dice.chance(part) ? dice.pick(kinds) : x));
  sim.note['p'] = float(part, 2);
  sim.mark(k, on, off);
}

/** Warms up exponentially from `factor` times its level. */
export function warmUp(sim: FleetSimulation, k: number, from: number, sweeps: number, factor: number): void {
  sim.levels.push((t, target) =>
    target === k && from <= t && t < from + sweeps ? Math.log(1 + (factor - 1) * Math.exp(-1.6 * (t - from))) : 0,
  );
}
